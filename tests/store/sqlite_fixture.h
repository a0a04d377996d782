#ifndef THROUGHLINE_TESTS_STORE_SQLITE_FIXTURE_H_
#define THROUGHLINE_TESTS_STORE_SQLITE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "store/conformance.h"
#include "throughline/sqlite_store.h"
#include "throughline/store.h"

namespace throughline {

std::string Content(const std::string& path);
void WriteFile(const std::string& path, const std::string& content);
struct stat StatOf(const std::string& path);

// Runs SQL on a connection of its own. `crash`: as if the process ended without closing.
void RunSql(const std::string& path, const std::string& sql, bool crash = false);

// A ledger file in a folder of its own.
class SqliteTest : public testing::Test {
 protected:
  SqliteTest();

  std::unique_ptr<Store> Make() const { return *NewSqliteStore(options_); }
  std::unique_ptr<Store> Open(bool create = true) const;

  // A ledger with an item and an entry in it, closed.
  void MakeLedger() const;

  // Expects that opening fails so, whether or not it may create, and leaves the file alone.
  void ExpectRefused(absl::StatusCode code, const std::string& message) const;

  int64_t LogSize() const;
  std::set<std::string> Files() const;  // in the folder

  conformance::TemporaryFolder folder_;
  SqliteOptions options_;
};

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_STORE_SQLITE_FIXTURE_H_
