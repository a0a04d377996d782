#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_CHANGE_HISTORY_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_CHANGE_HISTORY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/import/salesforce/salesforce_id.h"
#include "model/hash_map.h"
#include "throughline/money.h"
#include "throughline/time.h"

namespace throughline::salesforce {

// Texts as small numbers; 0 is the empty one.
class TextTable {
 public:
  TextTable() { Number(""); }
  uint32_t Number(std::string_view text);
  const std::string& Text(uint32_t number) const { return texts_[number]; }

 private:
  std::vector<std::string> texts_;
  HashMap<std::string, uint32_t> numbers_;
};

// A row of a history object.
struct Change {
  enum class Kind : uint8_t {
    kState,   // OpportunityHistory: all of it as it was from then on
    kStage,   // LeadHistory, OpportunityFieldHistory: one field
    kOwner,   // with ids, not names
    kAmount,  // `amount` and `close_date` are the values before
    kCloseDate,
  };
  SalesforceId record;
  Kind kind = Kind::kState;
  bool day = false;
  uint32_t file = 0;
  uint32_t from = 0;  // texts: names of stages, ids of owners
  uint32_t to = 0;
  Time at;
  uint64_t line = 0;
  std::optional<Money> amount;
  std::optional<Date> close_date;

  Moment moment() const { return {at, day}; }
};

// What the history objects of an export say, by record. Add, then Sort once, then ask.
class ChangeHistory {
 public:
  void Add(const Change& change) { changes_.push_back(change); }
  void Sort();
  size_t size() const { return changes_.size(); }

  // Oldest first.
  std::span<const Change> Of(SalesforceId record, Change::Kind kind) const;

  // The one that stood on this line; null if there is none.
  const Change* At(SalesforceId record, Change::Kind kind, uint32_t file, uint64_t line) const;

 private:
  std::vector<Change> changes_;
};

}  // namespace throughline::salesforce

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_CHANGE_HISTORY_H_
