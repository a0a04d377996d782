#ifndef THROUGHLINE_EXPORT_H_
#define THROUGHLINE_EXPORT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/ledger.h"
#include "throughline/store.h"

// A ledger as a file: all of it as JSON lines, from which it can be restored, or its tables as CSV
// (docs/export-and-restore.md). Both hold personal data, and an export the ledger's secret key too:
// files are made for their owner only, as the ledger is.

namespace throughline {

// What was written.
struct ExportReport {
  int64_t seq = 0;      // of the last commit that it shows
  int64_t commits = 0;  // in the journal; 0 of tables
  int64_t rows = 0;     // of tables
};

// Called now and then, from the calling thread: step "exporting" with commits (of tables: tables)
// done of all, "restoring" with bytes read of bytes in all (0: unknown), then "deriving" once, when
// all was read.
using ExportProgress = std::function<void(std::string_view step, int64_t done, int64_t total)>;

// Takes the next bytes, which are the caller's after the call. An error ends the export, which
// returns it.
using ByteSink = std::function<absl::Status(std::string_view bytes)>;

// The next bytes, which must stay valid until the next call; empty: the end. An error ends the
// restoring, which returns it.
using ByteSource = std::function<absl::StatusOr<std::string_view>()>;

// Writes the whole ledger as JSON lines: what cannot be derived from the journal, then every
// commit, then a line that tells how much it was. Shows one state of the ledger, whoever writes
// meanwhile; holds one line in memory. The same ledger gives the same bytes.
//
// DATA_LOSS if a row or commit is damaged beyond writing; else errors of the store and of the sink.
// What was written before an error lacks its last line: nobody takes it for an export.
//
// Thread-safe. The sink is called by this thread and must not write to the ledger's store.
absl::StatusOr<ExportReport> ExportLedger(Ledger& ledger, const ByteSink& sink,
                                          const ExportProgress& progress = nullptr);

// The same into a file, which gets its name when it is whole and on the disk: until then, and after
// an error, what had that name stays as it was. "-" is the standard output. Errors of the file by
// errno, with its path.
absl::StatusOr<ExportReport> ExportFile(Ledger& ledger, const std::string& path,
                                        const ExportProgress& progress = nullptr);

// Makes an empty store the ledger of an export: the same commits, byte for byte, the same vault,
// the same answers to request ids, the same next ids. Derived rows are derived anew. One
// transaction: there is all of it, or no ledger. What is read is checked, but whether it is true is
// not: Verify tells.
//
//   INVALID_ARGUMENT     it is no export, it is damaged or cut short: "line 12:
//                        events[0].data.stage: ..." tells where; the detail's field names the
//                        member
//   FAILED_PRECONDITION  a later version of the library wrote it; or as Store::Open
//   ALREADY_EXISTS       the store holds a ledger, be there no record in it yet
//   other                errors of the store and of the source
//
// After an error the store holds no ledger, but maybe the empty tables for one, in which to try
// again. Only if it is UNAVAILABLE may all of it be there: the message says so then. The clock of
// `options` does not matter to restoring.
absl::StatusOr<std::unique_ptr<Ledger>> RestoreLedger(std::unique_ptr<Store> store,
                                                      const ByteSource& source,
                                                      LedgerOptions options = {});

// The same from a file; "-" is the standard input. NOT_FOUND if there is none; the path stands
// before every message about what it holds. Nothing is done to the store before the first line was
// read.
absl::StatusOr<std::unique_ptr<Ledger>> RestoreFile(std::unique_ptr<Store> store,
                                                    const std::string& path,
                                                    LedgerOptions options = {},
                                                    const ExportProgress& progress = nullptr);

// Writes the tables of the current state and of the vault, each to a file NAME.csv in `directory`,
// which is made if it is missing: a line with the names of the columns, then a row a line, by
// primary key. Columns are those of the table (row.h), written for people: times and days as ISO
// 8601 (UTC), amounts as decimals, enums by their names, events as "seq:ordinal", bytes in hex.
// NULL and an empty text are empty. All files show one state of the ledger.
//
// Each file gets its name when it is whole; after an error some may be new and some old. Errors of
// the store, and of files by errno, with the path. Thread-safe.
absl::StatusOr<ExportReport> ExportTables(Ledger& ledger, const std::string& directory,
                                          const ExportProgress& progress = nullptr);

}  // namespace throughline

#endif  // THROUGHLINE_EXPORT_H_
