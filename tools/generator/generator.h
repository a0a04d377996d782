#ifndef THROUGHLINE_TOOLS_GENERATOR_GENERATOR_H_
#define THROUGHLINE_TOOLS_GENERATOR_GENERATOR_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/command.h"
#include "throughline/lifecycle.h"
#include "throughline/money.h"
#include "throughline/time.h"

// The demo data: two years (2023 and 2024) of a company that sells to companies, as facts, with the
// truth about every lead and opportunity known. The same options give the same facts on every
// machine. Memory does not grow with the number of facts.
//
// What belongs to no company comes first: owners, campaigns, their cost, exchange rates. Then one
// account after the other, each in the order in which its facts were entered: those entered late
// stand behind what happened after them, as in a CRM's export. The times of an account's facts
// differ by a second or more. Facts are keyed "g:1", "g:2" ... in the order they are given.
//
// All external ids are of the system "crm": accounts "A-7", contacts "C-7-1", leads "L-7-1",
// opportunities "O-7-1", owners "U-3", campaigns "WEB-1".

namespace throughline {

inline constexpr int64_t kFewestEvents = 100;
inline constexpr int64_t kMostEvents = 10'000'000;

struct GeneratorOptions {
  int64_t events = 100'000;  // about how many facts in all: kFewestEvents..kMostEvents
  uint64_t seed = 1;
};

// INVALID_ARGUMENT if `events` is out of range.
absl::Status CheckOptions(const GeneratorOptions& options);

// Where a record came from. Without touch it is what the record's opener claimed, if anything.
struct GeneratedSource {
  bool touch = false;
  Time at;               // of the touch; of the opening for a claim
  std::string channel;   // "": no known source
  std::string campaign;  // external key, "": none
  friend bool operator==(const GeneratedSource&, const GeneratedSource&) = default;
};

// What the library must find out about one lead or opportunity once all facts are known.
struct GeneratedTruth {
  EntityKind kind = EntityKind::kNone;  // lead or opportunity
  std::string account;                  // external keys, without "crm:"
  std::string record;
  Time opened_at;
  Link link = Link::kNone;
  EntityKind previous_kind = EntityKind::kNone;
  std::string previous;  // the record linked to
  int64_t episode = 0;
  GeneratedSource original;
  GeneratedSource latest;

  OpportunityType type = OpportunityType::kNone;
  std::string stage;                 // where it stands at the end
  std::vector<std::string> entered;  // stages in the order it entered them, some more than once
  std::optional<Time> closed_at;     // while won, lost, dead or disqualified
  std::optional<Money> amount;       // of an opportunity; absent: unknown
  std::optional<Money> booked;
};

// Sums over all that was generated.
struct GeneratedTotals {
  int64_t facts = 0;
  int64_t accounts = 0;
  int64_t contacts = 0;
  int64_t touches = 0;  // those that count: not retracted, not voided
  int64_t responses = 0;
  int64_t leads = 0;
  int64_t opportunities = 0;
  int64_t largest_account = 0;      // facts of the account that has most
  int64_t entered_late = 0;         // a week or more after they occurred
  int64_t dead = 0;                 // closings of leads as dead
  int64_t dead_at_quarter_end = 0;  // of these, in the last five days of a quarter
  int64_t won_without_amount = 0;
  std::map<std::string, int64_t> commands;  // facts of each kind
  std::map<std::string, int64_t> stages;    // records that stand in each stage
  std::map<std::string, int64_t> links;     // records of each link; "" is the first of a chain
  std::map<std::string, int64_t> leads_by_source;  // by channel of the original source
  std::map<std::string, int64_t> won_by_source;
  std::map<std::string, int64_t> won_minor;  // amounts won, by currency
};

using FactSink = std::function<void(const Command&, const Context&)>;
using TruthSink = std::function<void(const GeneratedTruth&)>;

// Gives every fact to `facts`; and, if there is a `truth`, what is true of an account's records
// after the last fact of that account. Both are called from the calling thread. Errors:
// CheckOptions.
absl::StatusOr<GeneratedTotals> GenerateFacts(const GeneratorOptions& options,
                                              const FactSink& facts, const TruthSink& truth = {});

// Writes the facts as JSON lines (docs/fact-format.md) to a new or emptied file; "-" is the
// standard output. `progress`, if there is one, is called now and then with facts written of facts
// in all. UNAVAILABLE if the file cannot be written; else as CheckOptions, and no file is made.
absl::StatusOr<GeneratedTotals> WriteFacts(
    const GeneratorOptions& options, const std::string& path,
    const std::function<void(int64_t done, int64_t total)>& progress = {});

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_GENERATOR_GENERATOR_H_
