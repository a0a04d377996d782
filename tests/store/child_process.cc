#include "store/child_process.h"

#include <gtest/gtest.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <functional>

namespace throughline {

void Channel::Send(int64_t number) const {
  EXPECT_EQ(write(out_, &number, sizeof(number)), static_cast<ssize_t>(sizeof(number)));
}

bool Channel::Receive(int64_t& number) const {
  return read(in_, &number, sizeof(number)) == static_cast<ssize_t>(sizeof(number));
}

void Channel::Wait() const {
  int64_t ignored = 0;
  EXPECT_TRUE(Receive(ignored));
}

void Channel::Close() const {
  close(in_);
  close(out_);
}

ChildProcess::ChildProcess(const std::function<void(Channel&)>& work) : channel_(-1, -1) {
  int to_child[2];
  int to_parent[2];
  EXPECT_EQ(pipe(to_child), 0);
  EXPECT_EQ(pipe(to_parent), 0);
  std::fflush(nullptr);
  process_ = fork();
  EXPECT_GE(process_, 0);
  if (process_ == 0) {
    close(to_child[1]);
    close(to_parent[0]);
    Channel channel(to_child[0], to_parent[1]);
    work(channel);
    std::fflush(nullptr);
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  close(to_child[0]);
  close(to_parent[1]);
  channel_ = Channel(to_parent[0], to_child[1]);
}

ChildProcess::~ChildProcess() {
  if (process_ > 0) Kill();
  channel_.Close();
}

void ChildProcess::Kill() {
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

bool ChildProcess::EndedWell() {
  int status = 0;
  EXPECT_EQ(waitpid(process_, &status, 0), process_);
  process_ = -1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace throughline
