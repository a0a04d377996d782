#ifndef THROUGHLINE_REPORT_H_
#define THROUGHLINE_REPORT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "throughline/lifecycle.h"
#include "throughline/policy.h"
#include "throughline/read.h"
#include "throughline/store.h"
#include "throughline/table.h"

namespace throughline {

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

 private:
  friend class ProjectedSnapshot;  // the only kind there is
  Snapshot() = default;
};

// Which of a record's three sources a report goes by (docs/episodes-and-sources.md).
enum class SourceChoice : uint8_t { kOriginal = 0, kFirst = 1, kLatest = 2 };
THROUGHLINE_ENUM_NAMES(SourceChoice, {SourceChoice::kOriginal, "original"},
                       {SourceChoice::kFirst, "first"}, {SourceChoice::kLatest, "latest"});

// What a report is to be made of.
struct ReportRequest {
  AsOfRequest as_of;
  SourceChoice source = SourceChoice::kOriginal;
};

// The reports there are, by name, with what they tell.
struct ReportInfo {
  std::string_view name;
  std::string_view about;
};
std::vector<ReportInfo> Reports();

// Runs a report: "pipeline" (how many, how much, at every stage), "funnel" (how many entered and
// reached every stage), "sources" (what came from where, and what was won of it), "coverage" (which
// of these the facts carry exactly, partly or not, and why).
// INVALID_ARGUMENT for an unknown name, a `through` after the last moment the snapshot knows of, or
// a `seq` that is not the snapshot's.
absl::StatusOr<Table> RunReport(const Snapshot& snapshot, std::string_view name,
                                const ReportRequest& request);

}  // namespace throughline

#endif  // THROUGHLINE_REPORT_H_
