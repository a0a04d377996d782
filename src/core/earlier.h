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
// one for who asks once, one for who goes through the history of an account of many records.

namespace throughline {

struct Closing {
  const Past* record = nullptr;
  Time at;
};

// Of the records as they stood at a place. Each question goes through all of them.
class EarlierRecords {
 public:
  // In the order of PastOf. They outlive this.
  explicit EarlierRecords(std::vector<const Past*> records) : records_(std::move(records)) {}

  // Null if it had not opened.
  const Past* Lead(LeadId id) const;

  // 0 if there were none.
  int64_t HighestEpisode() const;

  // That of the open ones that opened last, and that of the closed ones that closed last: won, or
  // without being won. Of equal times, the later one in the order of records.
  const Past* LatestOpen(const PlaceInHistory& place) const;
  Closing LatestClosed(const PlaceInHistory& place, bool won) const;

  // When the last closed record of episodes before this one closed.
  std::optional<Time> EndBefore(const PlaceInHistory& place, int64_t episode) const;

 private:
  std::vector<const Past*> records_;
};

// The same for questions about places that come one after the other: each takes a logarithm of the
// number of records, and EndBefore a step for each later episode. For a place before that of an
// earlier question all records are gone through.
class EarlierSweep {
 public:
  // As PastOf gives them; they outlive this.
  explicit EarlierSweep(std::span<const Past> past)
      : past_(past), has_(past.size()), standings_(past.size()) {}

  // One of them has opened, and has its lineage.
  void Add(const Past& record);

  const Past* Lead(LeadId id) const;
  int64_t HighestEpisode() const { return highest_episode_; }
  const Past* LatestOpen(const PlaceInHistory& place);
  Closing LatestClosed(const PlaceInHistory& place, bool won);
  std::optional<Time> EndBefore(const PlaceInHistory& place, int64_t episode);

 private:
  using ByTime = std::set<std::pair<Time, size_t>>;
  struct Change {
    PlaceInHistory since;
    size_t record;
  };
  struct IsLater {
    bool operator()(const Change& a, const Change& b) const { return Before(b.since, a.since); }
  };

  // Goes on to this place; false if that would be back.
  bool MoveTo(const PlaceInHistory& place);
  EarlierRecords Added() const;
  void Enter(size_t record);
  void Leave(size_t record);
  void Close(int64_t episode, Time at);
  void Reopen(int64_t episode, Time at);

  std::span<const Past> past_;
  PlaceInHistory place_{kMinTime, {}};
  std::vector<bool> has_;                   // which of them were added
  std::vector<const Standing*> standings_;  // of those added, as of place_; null: not there
  std::priority_queue<Change, std::vector<Change>, IsLater> changes_;  // behind place_
  int64_t highest_episode_ = 0;
  ByTime open_, ended_, won_;
  std::map<int64_t, std::multiset<Time>> closings_;  // by episode
  std::set<std::pair<Time, int64_t>> ends_;          // the last closing of each episode
};

}  // namespace throughline

#endif  // THROUGHLINE_CORE_EARLIER_H_
