#include "store/conformance.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite_host_fixture.h"
#include "throughline/memory_store.h"
#include "throughline/sqlite_store.h"
#include "throughline/store.h"

namespace throughline::conformance {
namespace {

std::unique_ptr<Store> MakeSqlite(const std::string& folder,
                                  SqliteOptions::Synchronous synchronous) {
  SqliteOptions options;
  options.path = folder + "/ledger";
  options.synchronous = synchronous;
  options.busy_timeout_ms = 20'000;
  auto store = NewSqliteStore(options);
  EXPECT_OK(store.status());
  return *std::move(store);
}

}  // namespace

std::vector<StoreKind> AllStores() {
  return {
      {"Memory", [](const std::string&) { return NewMemoryStore(); }},
      {"SqliteFull",
       [](const std::string& folder) { return MakeSqlite(folder, SqliteOptions::kFull); }, true},
      {"SqliteNormal",
       [](const std::string& folder) { return MakeSqlite(folder, SqliteOptions::kNormal); }, true},
      {.name = "SqliteHost",
       .make = [](const std::string& folder) { return NewHostStoreOn(folder + "/host.db"); },
       .shared = true,
       .snapshots = false},
  };
}

std::string NameOf(const testing::TestParamInfo<StoreKind>& info) { return info.param.name; }

std::vector<Value> ToValues(const Row& row) {
  std::vector<Value> values;
  for (const Cell& cell : row) {
    if (const auto* text = std::get_if<std::string>(&cell)) {
      values.emplace_back(std::string_view(*text));
    } else if (const auto* number = std::get_if<int64_t>(&cell)) {
      values.emplace_back(*number);
    } else if (const auto* real = std::get_if<double>(&cell)) {
      values.emplace_back(*real);
    } else {
      values.emplace_back();
    }
  }
  return values;
}

Row ToRow(std::span<const Value> values) {
  Row row;
  for (const Value& value : values) {
    if (const auto* text = std::get_if<std::string_view>(&value)) {
      row.emplace_back(std::string(*text));
    } else if (const auto* number = std::get_if<int64_t>(&value)) {
      row.emplace_back(*number);
    } else if (const auto* real = std::get_if<double>(&value)) {
      row.emplace_back(*real);
    } else {
      row.emplace_back();
    }
  }
  return row;
}

void PrintTo(const Row& row, std::ostream* out) {
  *out << '(';
  for (const Cell& cell : row) {
    if (&cell != row.data()) *out << ", ";
    if (const auto* text = std::get_if<std::string>(&cell)) {
      *out << testing::PrintToString(text->size() > 40 ? text->substr(0, 40) + "..." : *text);
    } else if (const auto* number = std::get_if<int64_t>(&cell)) {
      *out << *number;
    } else if (const auto* real = std::get_if<double>(&cell)) {
      *out << *real << "r";
    } else {
      *out << "null";
    }
  }
  *out << ')';
}

Schema TestSchema(int version) {
  using enum ColumnType;
  TableSchema item{.name = "item",
                   .columns = {{"id", kInteger},
                               {"account", kInteger},
                               {"owner", kInteger, true},
                               {"stage", kInteger},
                               {"score", kReal, true},
                               {"name", kText},
                               {"note", kBlob, true},
                               {"due", kInteger, true}},
                   .indexes = {{"item_by_account", {kAccount}},
                               {"item_by_owner_stage", {kOwner, kStage}},
                               {"item_by_stage_due", {kStage, kDue}},
                               {"item_by_name", {kName}},
                               {"item_by_score", {kScore}}}};
  TableSchema pair{.name = "pair",
                   .columns = {{"system", kText}, {"number", kInteger}, {"value", kText, true}},
                   .key_columns = 2,
                   .indexes = {{"pair_by_number", {1}}, {"pair_by_value_system", {2, 0}}}};
  TableSchema mark{.name = "mark", .columns = {{"a", kInteger}, {"b", kInteger}}, .key_columns = 2};
  // Names that are words of SQL.
  TableSchema order{.name = "order",
                    .columns = {{"group", kText}, {"select", kBlob, true}},
                    .indexes = {{"index", {1}}},
                    .derived = false};
  return {.version = version, .tables = {item, pair, mark, order}};
}

Row Item(int64_t id, int64_t account) {
  return {id, account, kNull, int64_t{0}, kNull, std::string(), kNull, kNull};
}

JournalEntry Entry(int64_t seq, int64_t account, int64_t version, std::string_view events) {
  return {.seq = seq,
          .account = account,
          .version = version,
          .recorded_at = seq * 1000,
          .events = events};
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = testing::TempDir() + "throughline_store_XXXXXX";
  EXPECT_NE(mkdtemp(pattern.data()), nullptr);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Row GetRow(ReadTransaction& transaction, TableNumber table, const Row& key) {
  StoredRow row;
  const absl::StatusOr<bool> found = transaction.Get(table, ToValues(key), row);
  EXPECT_OK(found.status()) << found.status().message();
  return found.ok() && *found ? ToRow(row.values()) : Row();
}

Rows ScanAll(ReadTransaction& transaction, const Scan& scan, size_t limit) {
  Rows rows;
  const absl::Status status = transaction.ScanRows(scan, [&](std::span<const Value> row) {
    rows.push_back(ToRow(row));
    return rows.size() < limit;
  });
  EXPECT_OK(status) << status.message();
  return rows;
}

Rows TableRows(ReadTransaction& transaction, TableNumber table) {
  return ScanAll(transaction, Scan{.table = table});
}

void PutRow(WriteTransaction& transaction, TableNumber table, const Row& row) {
  const absl::Status status = transaction.Put(table, ToValues(row));
  EXPECT_OK(status) << status.message();
}

void EraseRow(WriteTransaction& transaction, TableNumber table, const Row& key) {
  const absl::Status status = transaction.Erase(table, ToValues(key));
  EXPECT_OK(status) << status.message();
}

std::vector<int64_t> Seqs(ReadTransaction& transaction, int64_t after) {
  std::vector<int64_t> seqs;
  EXPECT_OK(transaction.ReadJournal(after, [&](const JournalEntry& entry) {
    seqs.push_back(entry.seq);
    return true;
  }));
  return seqs;
}

std::unique_ptr<ReadTransaction> Read(Store& store) {
  absl::StatusOr<std::unique_ptr<ReadTransaction>> transaction = store.BeginRead();
  EXPECT_OK(transaction.status()) << transaction.status().message();
  return *std::move(transaction);
}

std::unique_ptr<WriteTransaction> Write(Store& store) {
  absl::StatusOr<std::unique_ptr<WriteTransaction>> transaction = store.BeginWrite();
  EXPECT_OK(transaction.status()) << transaction.status().message();
  return *std::move(transaction);
}

void Commit(std::unique_ptr<WriteTransaction> transaction) {
  const absl::Status status = transaction->Commit();
  EXPECT_OK(status) << status.message();
}

void StoreTest::SetUp() {
  store_ = GetParam().make(folder_.path());
  ASSERT_OK(store_->Open(TestSchema(), /*create=*/true));
}

std::unique_ptr<Store> StoreTest::OpenAnother() const {
  std::unique_ptr<Store> another = GetParam().make(folder_.path());
  const absl::Status status = another->Open(TestSchema(), /*create=*/false);
  EXPECT_OK(status) << status.message();
  return another;
}

}  // namespace throughline::conformance
