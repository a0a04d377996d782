#ifndef THROUGHLINE_IMPORT_H_
#define THROUGHLINE_IMPORT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/command.h"
#include "throughline/ledger.h"

namespace throughline {

// How an import is to be done.
struct ImportOptions {
  Mode mode = Mode::kObserve;               // of facts that do not say their own
  std::string rejects_path;                 // where faults go, as CSV; empty: they are only counted
  std::string temporary_directory;          // for sorting; empty: $TMPDIR or /tmp
  size_t memory_bytes = size_t{192} << 20;  // for sorting; more is spilled to disk. Less than 64
                                            // KiB counts as 64 KiB

  // Called now and then, from the calling thread: step "reading" with bytes read of bytes in all
  // (0: unknown), then "writing" with facts written of facts read.
  std::function<void(std::string_view step, int64_t done, int64_t total)> progress;
};

// What became of an import.
struct ImportReport {
  int64_t rows = 0;      // lines of input, without headers and empty ones
  int64_t facts = 0;     // facts in those of them that could be read
  int64_t imported = 0;  // facts that added events
  int64_t known = 0;     // facts already in the ledger, or said twice
  int64_t rejected =
      0;               // faults of a row or of one fact of it, in the rejects file if there is one
  int64_t events = 0;  // events written
  int64_t commits = 0;
  std::map<std::string, int64_t> warnings;  // breaches by name, and other oddities, counted
  std::vector<std::string> samples;  // the first 20 rejects and 3 warnings of each kind, in words
};

// Imports files of facts. `map_json` empty: JSON lines (docs/fact-format.md), or exports of other
// ledgers, whose events are decided anew (docs/export-and-restore.md); else CSV files as the
// mapping says (docs/import.md). The path "-" is the standard input. Facts are sorted by account,
// time and line, what belongs to no company and contacts first; one commit per account and batch.
// Repeatable: what is known is skipped. A bad row is put aside and the rest is loaded.
//
// What was in the rejects file is replaced, and only its owner can read it; without faults none is
// made, and one of an earlier import is removed.
//
// INVALID_ARGUMENT for a fault in the mapping, with its path; for a path given twice, more than
// 16,384 of them, or one that is the rejects file too; for an export that is damaged, or of this
// very ledger. NOT_FOUND for a missing file. Store errors as they are: what was committed before
// them stays, and importing again goes on from there.
absl::StatusOr<ImportReport> ImportFiles(Ledger& ledger, std::span<const std::string> paths,
                                         std::string_view map_json, const ImportOptions& options);

// Imports facts that are parsed already, e.g. by a caller with a format of its own. Sorting,
// commits and repeatability as above. Facts without a key of their own get one from their content.
// In samples and rejects they are numbered from 1.
absl::StatusOr<ImportReport> ImportFacts(Ledger& ledger, std::span<const Request> facts,
                                         const ImportOptions& options);

}  // namespace throughline

#endif  // THROUGHLINE_IMPORT_H_
