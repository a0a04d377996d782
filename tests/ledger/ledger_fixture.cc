#include "ledger/ledger_fixture.h"

#include <unistd.h>

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "ledger/journal_stream.h"
#include "ledger/ledger_impl.h"
#include "ledger/row_text.h"
#include "store/schema.h"
#include "throughline/json.h"
#include "throughline/memory_store.h"
#include "throughline/sqlite_store.h"

namespace throughline {

std::string NameOfStore(const testing::TestParamInfo<StoreKind>& info) {
  return info.param == StoreKind::kMemory ? "Memory" : "Sqlite";
}

TemporaryFolder::TemporaryFolder() {
  static std::atomic<int> count{0};
  path_ = std::filesystem::path(testing::TempDir()) /
          ("throughline_ledger_" + std::to_string(getpid()) + "_" + std::to_string(++count));
  std::filesystem::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::unique_ptr<Store> SqliteFile(const std::string& path) {
  SqliteOptions options;
  options.path = path;
  options.synchronous = SqliteOptions::kNormal;
  options.busy_timeout_ms = 120'000;
  return *NewSqliteStore(options);
}

std::function<void(void*, size_t)> CountingBytes() {
  return [next = uint8_t{0}](void* bytes, size_t size) mutable {
    auto* out = static_cast<uint8_t*>(bytes);
    for (size_t i = 0; i < size; ++i) out[i] = next++;
  };
}

std::vector<std::string> DumpRows(Store& store, bool derived_only) {
  std::vector<std::string> dump;
  auto transaction = *store.BeginRead();
  const std::vector<TableSchema>& tables = LedgerSchema().tables;
  for (TableNumber table = 0; table < std::ssize(tables); ++table) {
    if (derived_only && !tables[table].derived) continue;
    Scan scan;
    scan.table = table;
    EXPECT_TRUE(transaction
                    ->ScanRows(scan,
                               [&](std::span<const Value> row) {
                                 std::string line = tables[table].name;
                                 for (const Value& v : row)
                                   absl::StrAppend(&line, "|", ValueText(v));
                                 dump.push_back(std::move(line));
                                 return true;
                               })
                    .ok());
  }
  return dump;
}

std::vector<std::string> DumpJournal(Store& store) {
  std::vector<std::string> dump;
  auto transaction = *store.BeginRead();
  EXPECT_TRUE(transaction
                  ->ReadJournal(0,
                                [&](const JournalEntry& entry) {
                                  dump.push_back(ToJson(*CommitOf(entry)));
                                  return true;
                                })
                  .ok());
  return dump;
}

LedgerTest::LedgerTest() { ledger_ = Create(NewStore()); }

std::unique_ptr<Store> LedgerTest::NewStore(std::string_view name) {
  return GetParam() == StoreKind::kMemory ? NewMemoryStore() : SqliteFile(folder_.File(name));
}

LedgerOptions LedgerTest::Options() {
  LedgerOptions options;
  options.clock = clock_.AsFunction();
  return options;
}

std::unique_ptr<Ledger> LedgerTest::Create(std::unique_ptr<Store> store, LedgerOptions options) {
  if (!options.clock) options.clock = clock_.AsFunction();
  auto ledger = LedgerImpl::Create(std::move(store), std::move(options), "", CountingBytes());
  if (!ledger.ok()) {
    ADD_FAILURE() << ledger.status();
    return nullptr;
  }
  return *std::move(ledger);
}

Receipt LedgerTest::Must(const Command& command, const Context& context) {
  absl::StatusOr<Receipt> receipt = ledger_->Execute(command, context);
  if (receipt.ok()) return *receipt;
  ADD_FAILURE() << receipt.status();
  return {};
}

absl::Status LedgerTest::Refused(const Command& command, const Context& context) {
  absl::StatusOr<Receipt> receipt = ledger_->Execute(command, context);
  EXPECT_FALSE(receipt.ok()) << "accepted as commit " << (receipt.ok() ? receipt->seq : 0);
  return receipt.status();
}

AccountId LedgerTest::OpenAccount(std::string name) {
  AccountOpen open;
  open.name = std::move(name);
  return AccountId{Must(open).id};
}

Context At(std::string_view when, Mode mode) {
  Context context;
  context.occurred_at = *ParseMoment(when);
  context.mode = mode;
  return context;
}

Context RequestId(std::string id) {
  Context context;
  context.request_id = std::move(id);
  return context;
}

}  // namespace throughline
