#ifndef THROUGHLINE_CORE_EARLIER_H_
#define THROUGHLINE_CORE_EARLIER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "core/past.h"

// What had opened when a record did, and how it stood then. Two classes answer the same questions:
// one for a single place in history, one for all places of an account of many records.

namespace throughline {

struct Closing {
  const Past* record = nullptr;
  Time at;
};

// The records as they stood at one place. Each question goes through all of them.
class EarlierAt {
 public:
  // In the order of PastOf. They outlive this.
  EarlierAt(std::vector<const Past*> records, PlaceInHistory place)
      : records_(std::move(records)), place_(place) {}

  // Null if it had not opened.
  const Past* Lead(LeadId id) const;

  // 0 if there were none.
  int64_t HighestEpisode() const;

  // That of the open ones that opened last, and that of the closed ones that closed last: won, or
  // without being won. Of equal times, the later one in the order of records.
  const Past* LatestOpen() const;
  Closing LatestClosed(bool won) const;

  // When the last closed record of episodes before this one closed.
  std::optional<Time> EndBefore(int64_t episode) const;

 private:
  std::vector<const Past*> records_;
  PlaceInHistory place_;
};

// The same while places come one after the other: a question takes a logarithm of the number of
// records. To go back takes as long as beginning anew.
class EarlierSweep {
 public:
  // As PastOf gives them; they outlive this.
  explicit EarlierSweep(std::span<const Past> past)
      : past_(past), has_(past.size()), standings_(past.size()) {}

  // One of them has opened, and has its lineage.
  void Add(const Past& record);

  // Where the questions are asked.
  void MoveTo(const PlaceInHistory& place);

  const Past* Lead(LeadId id) const;
  int64_t HighestEpisode() const { return highest_episode_; }
  const Past* LatestOpen() const;
  Closing LatestClosed(bool won) const;
  std::optional<Time> EndBefore(int64_t episode) const;

 private:
  using ByTime = std::set<std::pair<Time, size_t>>;
  struct Change {
    PlaceInHistory since;
    size_t record;
  };
  struct IsLater {
    bool operator()(const Change& a, const Change& b) const { return Before(b.since, a.since); }
  };

  void Enter(size_t record);
  void Leave(size_t record);
  void Close(int64_t episode, Time at);
  void Reopen(int64_t episode, Time at);

  std::span<const Past> past_;
  PlaceInHistory place_{kMinTime, {}};
  std::vector<size_t> added_;
  std::vector<bool> has_;                   // which those are
  std::vector<const Standing*> standings_;  // of those added, as of place_; null: not there
  std::priority_queue<Change, std::vector<Change>, IsLater> changes_;  // behind place_
  int64_t highest_episode_ = 0;
  ByTime open_, ended_, won_;
  std::map<int64_t, std::multiset<Time>> closings_;  // by episode
  std::set<std::pair<Time, int64_t>> ends_;          // the last closing of each episode
};

}  // namespace throughline

#endif  // THROUGHLINE_CORE_EARLIER_H_
