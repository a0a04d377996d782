#include "store/sqlite_host_fixture.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/sqlite_host_store.h"
#include "throughline/store.h"

namespace throughline {
namespace {

class StoreWithConnection final : public Store {
 public:
  explicit StoreWithConnection(const std::string& path)
      : host_(path), store_(NewHostStore(host_)) {}

  absl::Status Open(const Schema& schema, bool create) override {
    return store_->Open(schema, create);
  }
  absl::StatusOr<std::unique_ptr<ReadTransaction>> BeginRead() override {
    return store_->BeginRead();
  }
  absl::StatusOr<std::unique_ptr<WriteTransaction>> BeginWrite() override {
    return store_->BeginWrite();
  }
  absl::StatusOr<bool> EraseTraces() override { return store_->EraseTraces(); }
  absl::StatusOr<int64_t> LastSeq() override { return store_->LastSeq(); }

 private:
  HostConnection host_;
  std::unique_ptr<Store> store_;
};

}  // namespace

HostConnection::HostConnection(const std::string& path, int busy_timeout_ms) {
  EXPECT_EQ(sqlite3_open(path.c_str(), &db_), SQLITE_OK);
  sqlite3_busy_timeout(db_, busy_timeout_ms);
  // To change the mode SQLite waits for nobody.
  static std::mutex& changing = *new std::mutex;
  const std::lock_guard<std::mutex> lock(changing);
  Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
}

HostConnection::~HostConnection() {
  EXPECT_EQ(sqlite3_close(db_), SQLITE_OK) << "statements are left on the host's connection";
}

int HostConnection::Try(const std::string& sql) const {
  return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
}

void HostConnection::Run(const std::string& sql) const {
  EXPECT_EQ(Try(sql), SQLITE_OK) << sql << ": " << sqlite3_errmsg(db_);
}

int64_t HostConnection::Integer(const std::string& sql) const {
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
      << sql << ": " << sqlite3_errmsg(db_);
  const int64_t value =
      sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
  sqlite3_finalize(statement);
  return value;
}

std::unique_ptr<Store> NewHostStore(const HostConnection& host, const std::string& prefix) {
  absl::StatusOr<std::unique_ptr<Store>> store = NewSqliteHostStore(
      {.connection = host.db(), .libversion = &sqlite3_libversion, .prefix = prefix});
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

std::unique_ptr<Store> NewHostStoreOn(const std::string& path) {
  return std::make_unique<StoreWithConnection>(path);
}

}  // namespace throughline
