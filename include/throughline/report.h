#ifndef THROUGHLINE_REPORT_H_
#define THROUGHLINE_REPORT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "throughline/lifecycle.h"
#include "throughline/money.h"
#include "throughline/policy.h"
#include "throughline/read.h"
#include "throughline/store.h"
#include "throughline/table.h"

namespace throughline {

// Bytes that a snapshot takes. A refreshed one shares most of them with those before it.
struct SnapshotMemory {
  int64_t event_columns = 0;  // what events say: at most 40 bytes for each event of the journal
  int64_t entities = 0;       // accounts, leads, opportunities and their sources
  int64_t dictionaries = 0;   // texts, and what touches have in common
  int64_t indexes = 0;        // which account is of which group, and how each record stands
};

// All facts up to one seq, in memory, immutable. All reports of one snapshot agree with one
// another. Thread-safe.
class Snapshot {
 public:
  // Reads the whole journal in one consistent transaction, or what was committed up to `seq`.
  // INVALID_ARGUMENT for a seq that is not there yet; store errors as they are; DATA_LOSS names a
  // commit whose events cannot be read.
  static absl::StatusOr<std::shared_ptr<const Snapshot>> Take(
      Store& store, std::optional<int64_t> seq = std::nullopt);

  virtual ~Snapshot() = default;
  virtual int64_t seq() const = 0;       // the last commit it holds
  virtual Time recorded_at() const = 0;  // of that commit
  virtual int64_t events() const = 0;
  virtual const Policy& policy() const = 0;  // in force at `seq`
  virtual SnapshotMemory memory() const = 0;

  // A snapshot of the same ledger as it is now: itself if nothing was committed since. It reads the
  // groups that changed, and shares the rest with this one, which stays as it is. INVALID_ARGUMENT
  // if the store ends before this snapshot, or its commit of that seq is not the snapshot's: it is
  // of another ledger; errors else as of Take.
  virtual absl::StatusOr<std::shared_ptr<const Snapshot>> Refresh(Store& store) const = 0;

 private:
  friend class FactSnapshot;  // the only kind there is
  Snapshot() = default;
};

// Which of a record's three sources a report goes by (docs/episodes-and-sources.md).
enum class SourceChoice : uint8_t { kOriginal = 0, kFirst = 1, kLatest = 2 };
THROUGHLINE_ENUM_NAMES(SourceChoice, {SourceChoice::kOriginal, "original"},
                       {SourceChoice::kFirst, "first"}, {SourceChoice::kLatest, "latest"});

// One condition of a report: "owner" is "Ann Bell". Conditions on the same dimension are
// alternatives, those on different ones must all hold.
struct ReportFilter {
  // "owner", "team", "partner", "source", "channel", "campaign", "lead_type", "opportunity_type",
  // "currency", "month", "quarter", "sourced", "stage", "left_stage", "reason", "outcome",
  // "account", "record", "contact" or "attribute:NAME", NAME being declared in the policy and not
  // personal (docs/reports.md says what each is of a lead and of an opportunity).
  std::string dimension;
  // As tables show it: "webinar", "2024-03", "new_business"; "" or "(blank)" for none. Of owners
  // and campaigns also the id, or an external id: "crm:U-3".
  std::string value;
};

// What a report is to be made of.
struct ReportRequest {
  AsOfRequest as_of;
  SourceChoice source = SourceChoice::kOriginal;
  // The period, by days of the policy's time zone, both inclusive: of what, each report says.
  // Absent: from the beginning, to the end of what counts.
  std::optional<Date> from;
  std::optional<Date> to;
  std::vector<ReportFilter> filters;
  std::vector<std::string> group_by;  // dimensions, at most 3: a row for each of their values
  Currency currency;  // what amounts are converted into, by the ledger's rates; none: into nothing
  // Days, each 1 to 366, of reports that go by them.
  std::optional<int64_t> last_days;    // quarter_end: how long the end of a quarter is; absent: 14
  std::optional<int64_t> return_days;  // quarter_end: how soon a closed lead came back; absent: 90
  std::optional<int64_t> late_days;    // slippage: how late is logged late; absent: 14
};

// The reports there are, by name, with what they tell.
struct ReportInfo {
  std::string_view name;
  std::string_view about;
};
std::vector<ReportInfo> Reports();

// Runs a report of those that Reports() lists; docs/reports.md tells what each counts.
//
// INVALID_ARGUMENT for an unknown name, dimension, value of a filter, or one that the report does
// not go by; days that it does not go by, or out of their range; a period that ends before it
// begins; a `through` after the last moment the snapshot knows of; a `seq` that is not the
// snapshot's; an amount whose currency has no rate into the one asked for, at its day.
// OUT_OF_RANGE: an amount is too large in that currency. FAILED_PRECONDITION: the policy's time
// zone is not on this machine. Takes time by the events of the snapshot, some 100 million a second
// (docs/reports.md), and cannot be stopped. Thread-safe, as all of these are.
absl::StatusOr<Table> RunReport(const Snapshot& snapshot, std::string_view name,
                                const ReportRequest& request);

// The leads, opportunities and touches behind one number of RunReport's table, as a table with the
// columns "kind", "id" and "account", in that order, sorted by them; each record is there once,
// also if the column counts times. `row` counts from 0. Of a share: what its definition counts, the
// whole or the part. Of a sum: what has an amount of its currency. OUT_OF_RANGE for a row that the
// table has not; INVALID_ARGUMENT for an unknown column, or one that counts nothing; errors else as
// of RunReport.
absl::StatusOr<Table> ReportRows(const Snapshot& snapshot, std::string_view name,
                                 const ReportRequest& request, size_t row, std::string_view column);

// --- A report of several ledgers. ---
//
// No group of accounts spans two shards, and all shards have the same owners, campaigns, costs,
// rates and policy: what each has counted adds up. Say `through` and `known_at` in the request, so
// that all shards mean the same.

// Which part of a snapshot: of `count` parts, the one numbered `index` from 0. A group belongs to
// one of them, by the id of its first account.
struct Shard {
  uint32_t index = 0;
  uint32_t count = 1;
};

// What a report has counted in a shard, as bytes that any process can merge: also on another
// machine, but only with this version of the library. Errors as of RunReport; INVALID_ARGUMENT
// unless index < count.
absl::StatusOr<std::string> ReportPartial(const Snapshot& snapshot, std::string_view name,
                                          const ReportRequest& request, const Shard& shard = {});

// Partials of one report, as one. INVALID_ARGUMENT: there are none, they are of different reports,
// requests, times or policies, a shard is there twice, or one is damaged.
absl::StatusOr<std::string> MergePartials(std::span<const std::string> partials);

// The table of a partial. Its `seq` is 0 if the partial was merged of several. INVALID_ARGUMENT if
// it is damaged, or lacks a shard of a snapshot that it has others of.
absl::StatusOr<Table> FinishReport(std::string_view partial);

}  // namespace throughline

#endif  // THROUGHLINE_REPORT_H_
