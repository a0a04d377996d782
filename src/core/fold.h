#ifndef THROUGHLINE_CORE_FOLD_H_
#define THROUGHLINE_CORE_FOLD_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "core/evolve.h"
#include "core/rows.h"
#include "throughline/time.h"

namespace throughline {

// Which facts count: those that happened by `through`, as far as they were known by `known_at`.
struct AsOf {
  Time through = kMaxTime;
  Time known_at = kMaxTime;
};

// INVALID_ARGUMENT if a `seq` that is asked for is not within 0..last.
absl::Status CheckSeq(const std::optional<int64_t>& seq, int64_t last);

// What became of an event: does it count, and with which date and content.
struct EffectiveEvent {
  RecordedEvent event;
  bool voided = false;  // voided, or a retracted touch
  bool amended = false;
  EventId revised_by;  // the latest amend, void or retract event that concerns it
};

// Applies amend, void and retract events to a stream, in the order of event ids. Events known after
// `known_at` are left out; voided ones stay, marked. (A void of a void restores.)
std::vector<EffectiveEvent> ApplyRevisions(std::span<const RecordedEvent> history, Time known_at);

// The same, of a history and what is about to follow it, without copying events but those that are
// amended. Both outlive this.
class EffectiveHistory {
 public:
  struct Item {
    const RecordedEvent* event;
    bool voided = false;
    bool amended = false;
    EventId revised_by;
  };

  explicit EffectiveHistory(std::span<const RecordedEvent> history,
                            std::span<const RecordedEvent> added = {}, Time known_at = kMaxTime);
  EffectiveHistory(const EffectiveHistory&) = delete;  // its items point into it
  EffectiveHistory& operator=(const EffectiveHistory&) = delete;

  const std::vector<Item>& items() const { return items_; }

  // The events that count, by groups, as SplitByGroup. Good as long as this and the two histories.
  std::vector<std::vector<const RecordedEvent*>> Groups() const;

 private:
  void Add(std::span<const RecordedEvent> events, Time known_at);
  void Apply(const Item& revision, Item& target);
  void Amend(const Amended& amendment, Item& target);

  std::vector<Item> items_;
  std::deque<RecordedEvent> amended_;
};

// Which accounts of a history are one company by its merges, as far as they stand.
class MergedGroups {
 public:
  MergedGroups() = default;
  explicit MergedGroups(std::span<const EffectiveEvent> events);

  // To be told of events in order.
  void Add(const EventPayload& payload);

  // The one that the account is an alias of in the end; itself if it is none.
  AccountId RootOf(AccountId account) const { return aliases_.RootOf(account); }

 private:
  Aliases<AccountId> aliases_;
};

// A history of several accounts by groups, each in the order of event ids.
std::vector<std::vector<EffectiveEvent>> SplitByGroup(std::vector<EffectiveEvent> events);

// The rows of one group, from nothing, as far as things happened by `through`.
Rows FoldGroup(std::span<const EffectiveEvent> group, Time through);

// The rows of whole streams, from nothing. `history` is in the order of event ids; of accounts that
// are merged it has all.
Rows Fold(std::span<const RecordedEvent> history, const AsOf& as_of = {});

}  // namespace throughline

#endif  // THROUGHLINE_CORE_FOLD_H_
