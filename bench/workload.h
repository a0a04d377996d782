#ifndef THROUGHLINE_BENCH_WORKLOAD_H_
#define THROUGHLINE_BENCH_WORKLOAD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "throughline/ledger.h"
#include "throughline/sqlite_store.h"

// What the benchmarks work on. Everything here ends the program on an error: a benchmark that could
// not do its work has no figure.

namespace throughline {

[[noreturn]] void Die(const std::string& why);

inline void Check(const absl::Status& status) {
  if (!status.ok()) Die(status.ToString());
}
template <class T>
T Take(absl::StatusOr<T> value) {
  Check(value.status());
  return *std::move(value);
}

// A folder that goes away with the program.
const std::string& BenchFolder();

// The files of a database, as they stand.
void CopyDatabase(const std::string& from, const std::string& to);
void RemoveDatabase(const std::string& path);

std::unique_ptr<Ledger> CreateLedger(const std::string& path, SqliteOptions options = {});
std::unique_ptr<Ledger> OpenLedger(const std::string& path, SqliteOptions options = {});

// About so many generated facts, parsed; made once per size.
const std::vector<Request>& GeneratedFacts(int64_t events);

// Opens so many accounts in an empty ledger, with one owned lead each, in stage "working".
void ImportLeads(Ledger& ledger, int64_t leads);

// A ledger with so many accounts, one owned lead each, in stage "working": its path, made once.
const std::string& LedgerOfLeads(int64_t leads);

// A ledger with about so many imported events; made once per size. And one that holds the same
// events a commit each.
const std::string& ImportedLedger(int64_t events);
const std::string& CommitPerEventLedger(int64_t events);

}  // namespace throughline

#endif  // THROUGHLINE_BENCH_WORKLOAD_H_
