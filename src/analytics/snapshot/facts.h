#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_FACTS_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_FACTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "analytics/snapshot/column.h"
#include "analytics/snapshot/standing.h"
#include "core/fold.h"
#include "throughline/event.h"

// The journal as reports need it, in few bytes, for any (through, known_at). What a revision does
// is settled when the facts are made, by the core's ApplyRevisions: an event that was amended
// becomes facts for each of its versions. Ids of entities fit 32 bits: a ledger numbers them from
// 1, and more do not fit the memory of any machine.

namespace throughline {

inline constexpr Time kForever{std::numeric_limits<int64_t>::max()};

enum class FactKind : uint8_t {
  kOpened,     // value: stage; detail: number of the lead type, or the opportunity type
  kMoved,      // value: stage; detail: reason
  kAssigned,   // value: owner
  kHandedOff,  // value: owner
  kValued,     // value: place among the amounts
  kExpected,   // value: the day of the expected close, as bits of an int32_t
  kBooked,     // value: place among the amounts
  kLinked,     // value: place among the origins
  kConcerns,   // value: contact
  kConverted,  // value: the opportunity that a lead became
  kFromLead,   // value: a lead that an opportunity came from
  kTagged,     // value: the first place among the tags; detail: how many
  kRole,       // value: contact; detail: 1, or 0 if it no longer has one
};

// Bits of `marks`.
inline constexpr uint8_t kDayOnly = 1;  // only the day of occurred_at is known
inline constexpr uint8_t kEnds = 2;     // found wrong at some time: EndOf says when

// What an event says of a record.
struct RecordFact {
  Time occurred_at;
  Time known_at;
  EventId event;
  uint32_t value = 0;
  uint16_t detail = 0;
  FactKind kind = FactKind::kOpened;
  uint8_t marks = 0;
};
static_assert(sizeof(RecordFact) == 32);

struct Touch {
  Time occurred_at;
  Time known_at;
  EventId event;
  uint32_t contact = 0;  // id; 0: anonymous
  uint32_t shape = 0;    // number
  uint32_t record = 0;   // id of the lead or opportunity it is about; 0: none
  bool of_lead = false;  // which of the two
  uint8_t marks = 0;
};
static_assert(sizeof(Touch) == 40);

// A lead, an opportunity, or the account itself, of which attributes are said.
struct FactRecord {
  int64_t id = 0;
  uint32_t first_fact = 0;
  EntityKind kind = EntityKind::kNone;
};

// Touches of an account stand in this order, each class in the order of events.
enum class TouchClass : uint8_t { kResponse, kBoth, kFollowUp, kOther };
inline constexpr size_t kTouchClasses = 4;

struct FactAccount {
  int64_t id = 0;
  Time known_at = kForever;  // when the ledger knew that there is such an account
  uint32_t first_record = 0;
  uint32_t first_standing = 0;
  uint32_t first_touch[kTouchClasses] = {0, 0, 0, 0};
};

// Two accounts became one, or no longer are.
struct MergeFact {
  Time known_at;
  EventId event;
  uint32_t account = 0;  // place in the block: the one whose name shows
  uint32_t merged = 0;
  bool parts = false;
  uint8_t marks = 0;
};

// The same of two persons of an account.
struct PersonFact {
  Time occurred_at;
  Time known_at;
  EventId event;
  uint32_t account = 0;  // place in the block
  uint32_t contact = 0;  // id
  uint32_t merged = 0;
  bool parts = false;
  uint8_t marks = 0;
};

// Until when a version of an event that was revised counted.
struct Ending {
  EventId event;
  Time known_at;  // from then on
  Time known_until;
};

// The facts of whole groups, one behind the other: of each its accounts, of each of these its
// records and touches, of each record its facts, in the order of events. Each list of beginnings
// ends with the end of the last.
struct Block {
  std::vector<uint32_t> group_accounts{0};  // of each group: its first account
  Column<FactAccount> accounts = Column<FactAccount>(1, FactAccount());
  Column<FactRecord> records = Column<FactRecord>(1, FactRecord());
  Column<RecordFact> facts;
  Column<Touch> touches;
  Column<Money> amounts;
  Column<Origin> origins;
  Column<uint32_t> tags;            // numbers
  std::vector<Ending> endings;      // by event, then known_at
  std::vector<MergeFact> merges;    // by the group's first account, in the order of events
  std::vector<PersonFact> persons;  // the same

  // Of leads and opportunities, in the order of records; they point into the other columns. Made
  // last, by AddStandings.
  Column<Standing> standings;

  Block() = default;
  Block(Block&&) = default;
  Block& operator=(Block&&) = default;

  size_t groups() const { return group_accounts.size() - 1; }
};

// When it was found that a fact or a touch with the mark kEnds is wrong.
template <class Item>
Time EndOf(const Item& item, const Block& block) {
  const auto key = [](const auto& each) { return std::pair(each.event, each.known_at); };
  return std::ranges::lower_bound(block.endings, key(item), {}, key)->known_until;
}

// Whether whoever asks then knows of it, and not that it is wrong.
template <class Item>
bool IsKnown(const Item& item, const Block& block, Time known_at) {
  return item.known_at <= known_at && ((item.marks & kEnds) == 0 || known_at < EndOf(item, block));
}

// Whether a fact or a touch counts.
template <class Item>
bool Counts(const Item& item, const Block& block, const AsOf& as_of) {
  return item.occurred_at <= as_of.through && IsKnown(item, block, as_of.known_at);
}

// The tags of a fact that is kTagged.
inline std::span<const uint32_t> TagsOf(const RecordFact& fact, const Block& block) {
  return {block.tags.data() + fact.value, fact.detail};
}

// A group of a block: a view.
class Group {
 public:
  Group(const Block& block, size_t number) : block_(&block), number_(number) {}

  const Block& block() const { return *block_; }
  size_t first_account() const { return block_->group_accounts[number_]; }
  size_t end_account() const { return block_->group_accounts[number_ + 1]; }
  int64_t id() const { return block_->accounts[first_account()].id; }  // of its first account

  std::span<const MergeFact> merges() const { return Within(block_->merges); }
  std::span<const PersonFact> persons() const { return Within(block_->persons); }

  std::span<const FactRecord> records() const { return RecordsOf(first_account(), end_account()); }
  std::span<const FactRecord> RecordsOf(size_t account) const {
    return RecordsOf(account, account + 1);
  }
  std::span<const Standing> standings() const {
    return {block_->standings.data() + block_->accounts[first_account()].first_standing,
            block_->standings.data() + block_->accounts[end_account()].first_standing};
  }
  std::span<const RecordFact> FactsOf(const FactRecord& record) const {
    return {block_->facts.data() + record.first_fact,
            block_->facts.data() + (&record + 1)->first_fact};
  }
  // Those of the classes from `first` to `last`.
  std::span<const Touch> TouchesOf(size_t account, TouchClass first = TouchClass::kResponse,
                                   TouchClass last = TouchClass::kOther) const {
    const size_t end = static_cast<size_t>(last) + 1;
    const uint32_t to = end == kTouchClasses ? block_->accounts[account + 1].first_touch[0]
                                             : block_->accounts[account].first_touch[end];
    const uint32_t from = block_->accounts[account].first_touch[static_cast<size_t>(first)];
    return {block_->touches.data() + from, block_->touches.data() + to};
  }

 private:
  std::span<const FactRecord> RecordsOf(size_t from, size_t to) const {
    return {block_->records.data() + block_->accounts[from].first_record,
            block_->records.data() + block_->accounts[to].first_record};
  }

  // Of items in the order of groups, those of this one.
  template <class Item>
  std::span<const Item> Within(const std::vector<Item>& items) const {
    if (items.empty()) return {};
    const auto begin = std::ranges::lower_bound(items, first_account(), {}, &Item::account);
    const auto end = std::find_if(begin, items.end(),
                                  [&](const Item& item) { return item.account >= end_account(); });
    return {begin, end};
  }

  const Block* block_;
  size_t number_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_FACTS_H_
