#ifndef THROUGHLINE_TESTS_STORE_CHILD_PROCESS_H_
#define THROUGHLINE_TESTS_STORE_CHILD_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>

namespace throughline {

// One end of a pair of pipes: numbers sent here arrive at the other end.
class Channel {
 public:
  Channel(int in, int out) : in_(in), out_(out) {}
  void Send(int64_t number) const;
  bool Receive(int64_t& number) const;  // waits; false: the other process has ended
  void Wait() const;                    // for any number
  void Close() const;

 private:
  int in_;
  int out_;
};

// A copy of this process that runs `work`, then ends: well if no expectation failed in it. To be
// made while no store is open here: SQLite's connections do not outlive a fork.
class ChildProcess {
 public:
  explicit ChildProcess(const std::function<void(Channel&)>& work);
  ~ChildProcess();  // kills it if it still runs
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  Channel& channel() { return channel_; }
  void Kill();       // kill -9, and waits until it is gone
  bool EndedWell();  // waits

 private:
  pid_t process_ = -1;
  Channel channel_;
};

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_STORE_CHILD_PROCESS_H_
