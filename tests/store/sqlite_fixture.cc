#include "store/sqlite_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "store/conformance.h"
#include "throughline/sqlite_store.h"
#include "throughline/store.h"

namespace throughline {

using conformance::Commit;
using conformance::Entry;
using conformance::Item;
using conformance::kItem;
using conformance::PutRow;
using conformance::TestSchema;
using conformance::Write;
using testing::HasSubstr;

std::string Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void WriteFile(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

struct stat StatOf(const std::string& path) {
  struct stat info = {};
  EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  return info;
}

void RunSql(const std::string& path, const std::string& sql, bool crash) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(db);
  if (!crash) sqlite3_close(db);
}

SqliteTest::SqliteTest() {
  options_.path = folder_.path() + "/ledger";
  options_.busy_timeout_ms = 50;
}

std::unique_ptr<Store> SqliteTest::Open(bool create) const {
  std::unique_ptr<Store> store = Make();
  const absl::Status status = store->Open(TestSchema(), create);
  EXPECT_OK(status) << status.message();
  return store;
}

void SqliteTest::MakeLedger() const {
  const std::unique_ptr<Store> store = Open();
  auto writer = Write(*store);
  PutRow(*writer, kItem, Item(1));
  EXPECT_OK(writer->Append(Entry(1, 1, 1, std::string(50'000, 'e'))));
  Commit(std::move(writer));
}

void SqliteTest::ExpectRefused(absl::StatusCode code, const std::string& message) const {
  const std::string before = Content(options_.path);
  const struct stat info = StatOf(options_.path);
  for (const bool create : {false, true}) {
    const absl::Status status = Make()->Open(TestSchema(), create);
    EXPECT_EQ(status.code(), code) << status.message();
    EXPECT_THAT(std::string(status.message()), HasSubstr(message));
    EXPECT_THAT(std::string(status.message()), HasSubstr(options_.path));
  }
  EXPECT_TRUE(Content(options_.path) == before);
  EXPECT_EQ(StatOf(options_.path).st_mtim.tv_nsec, info.st_mtim.tv_nsec);
  EXPECT_EQ(StatOf(options_.path).st_size, info.st_size);
}

int64_t SqliteTest::LogSize() const {
  std::error_code missing;
  const auto size = std::filesystem::file_size(options_.path + "-wal", missing);
  return missing ? 0 : static_cast<int64_t>(size);
}

std::set<std::string> SqliteTest::Files() const {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

}  // namespace throughline
