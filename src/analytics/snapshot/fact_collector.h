#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_FACT_COLLECTOR_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_FACT_COLLECTOR_H_

#include <cstdint>
#include <vector>

#include "analytics/snapshot/dictionaries.h"
#include "analytics/snapshot/fact_log.h"
#include "analytics/snapshot/facts.h"
#include "analytics/snapshot/id_numbers.h"
#include "model/event_view.h"

namespace throughline {

// An event of an account's stream, and from when to when it counts.
struct EventVersionView {
  const EventView& event;
  EventId id;
  int64_t stream = 0;
  Time known_at;
  Time known_until = kForever;
};

// Collects what events say, and makes a block of it. The events of an account come in the order of
// ids; versions of those that were revised, which take their places, behind them.
class FactCollector {
 public:
  // Whose lock the caller holds. They outlive the collector.
  explicit FactCollector(Dictionaries& dictionaries) : dictionaries_(dictionaries) {}

  void Add(const EventVersionView& version);

  // What was collected of these events, which are sorted, counts for nothing: versions of them
  // follow.
  void Drop(const std::vector<EventId>& events);

  // Calls visit(id) with each account that an event is of, or names in a merge.
  template <class Visit>
  void ForEachAccount(Visit&& visit) const {
    for (const Account& account : accounts_) visit(account.id);
  }

  // True if an id did not fit 32 bits.
  bool overflowed() const { return overflowed_; }

  Block Finish() &&;

 private:
  struct Extractor;
  friend class BlockBuilder;

  static uint32_t AboutTouch(uint32_t account, TouchClass touch_class) {
    return account * kTouchClasses + static_cast<uint32_t>(touch_class);
  }
  void EndRun();
  // Ids as the block has them.
  uint32_t Narrow(int64_t id);
  uint32_t AccountOf(int64_t id);
  uint32_t RecordOf(EntityKind kind, int64_t id, int64_t stream);
  uint32_t AddMoney(const Money& amount);

  Dictionaries& dictionaries_;
  FactLog<RecordFact> facts_;  // about the number of a record
  FactLog<Touch> touches_;     // about what AboutTouch() says
  int64_t run_ = 0;            // the stream of the last event
  std::vector<Ending> endings_;
  struct Record {
    int64_t id;
    uint32_t account;
    EntityKind kind;
  };
  struct Account {
    int64_t id;
    Time known_at;
  };
  Column<Record> records_;
  Column<Account> accounts_;
  Column<Money> amounts_;
  Column<Origin> origins_;
  Column<uint32_t> tags_;
  std::vector<MergeFact> merges_;
  std::vector<PersonFact> persons_;
  IdNumbers account_numbers_, lead_numbers_, opportunity_numbers_, account_records_;
  bool overflowed_ = false;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_FACT_COLLECTOR_H_
