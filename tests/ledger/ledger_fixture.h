#ifndef THROUGHLINE_TESTS_LEDGER_LEDGER_FIXTURE_H_
#define THROUGHLINE_TESTS_LEDGER_LEDGER_FIXTURE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "throughline/error.h"
#include "throughline/ledger.h"
#include "throughline/store.h"

namespace throughline {

enum class StoreKind { kMemory, kSqlite };

std::string NameOfStore(const testing::TestParamInfo<StoreKind>& info);

// A folder that is gone with this object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  std::string File(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::unique_ptr<Store> SqliteFile(const std::string& path);

// Ticks by a second each time it is read, from 2024-10-04 on. Thread-safe.
class TestClock {
 public:
  Time Now() { return Time{micros_.fetch_add(kMicrosPerSecond)}; }
  void Set(Time time) { micros_ = time.micros; }
  std::function<Time()> AsFunction() {
    return [this] { return Now(); };
  }

 private:
  std::atomic<int64_t> micros_{StartOf(Date{20'000}).micros};
};

// Salts and keys that are the same in each run.
std::function<void(void*, size_t)> CountingBytes();

// Every row of every table, and every commit, in words: equal for equal ledgers.
std::vector<std::string> DumpRows(Store& store, bool derived_only = false);
std::vector<std::string> DumpJournal(Store& store);

// A ledger in a store of the test's parameter, with a clock of its own.
class LedgerTest : public testing::TestWithParam<StoreKind> {
 protected:
  LedgerTest();

  // A new store; SQLite's stands in a file of the test's folder.
  std::unique_ptr<Store> NewStore(std::string_view name = "ledger.db");
  std::unique_ptr<Ledger> Create(std::unique_ptr<Store> store, LedgerOptions options = {});
  LedgerOptions Options();

  // Runs a command that must be accepted.
  Receipt Must(const Command& command, const Context& context = {});

  // Runs one that must be refused.
  absl::Status Refused(const Command& command, const Context& context = {});

  AccountId OpenAccount(std::string name);
  int64_t LastSeq() { return *ledger_->store().LastSeq(); }

  TestClock clock_;
  TemporaryFolder folder_;
  std::unique_ptr<Ledger> ledger_;
};

Context At(std::string_view when, Mode mode = Mode::kEnforce);
Context RequestId(std::string id);

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_LEDGER_LEDGER_FIXTURE_H_
