#include "store/sqlite/writer.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/row_check.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/statement.h"
#include "throughline/store.h"

namespace throughline {

std::optional<uint32_t> Writer::DataVersion() {
  // Cheaper than the pragma of that name; unlike it, counts this connection's commits too.
  unsigned version = 0;
  const int code = sqlite3_file_control(session_.connection().handle(), "main",
                                        SQLITE_FCNTL_DATA_VERSION, &version);
  return code == SQLITE_OK ? std::optional<uint32_t>(version) : std::nullopt;
}

absl::StatusOr<bool> Writer::EmptyLog() {
  const int code = sqlite3_wal_checkpoint_v2(session_.connection().handle(), "main",
                                             SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code == SQLITE_OK) return true;
  const int kind = code & 0xff;
  if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED) return false;
  return session_.connection().Error(code, "emptying the write-ahead log");
}

absl::Status Writer::AppendAll(std::span<const JournalEntry> entries) {
  for (const JournalEntry& entry : entries) {
    if (absl::Status status = CheckEntry(entry); !status.ok()) return status;
  }
  while (!entries.empty()) {
    const auto some = entries.first(std::min(entries.size(), kEntriesPerStatement));
    if (absl::Status status = AppendSome(some); !status.ok()) return status;
    entries = entries.subspan(some.size());
  }
  return absl::OkStatus();
}

absl::Status Writer::AppendSome(std::span<const JournalEntry> entries) {
  const size_t count = entries.size();
  absl::StatusOr<StatementUse> use = session_.connection().Use(
      appends_[count - 1], [&] { return session_.layout().AppendSql(count); });
  if (!use.ok()) return use.status();
  Statement& statement = **use;
  int parameter = 0;
  for (const JournalEntry& entry : entries) {
    for (const int64_t number :
         {entry.seq, entry.account, entry.version, entry.recorded_at, entry.actor, entry.policy}) {
      statement.BindInteger(++parameter, number);
    }
    statement.BindBytes(++parameter, entry.request, ColumnType::kText);
    statement.BindBytes(++parameter, entry.events, ColumnType::kBlob);
  }
  const int code = statement.Step();
  if (code == SQLITE_DONE) return absl::OkStatus();
  if ((code & 0xff) != SQLITE_CONSTRAINT) return session_.connection().Error(code);
  const auto appended = static_cast<size_t>(sqlite3_changes(session_.connection().handle()));
  const JournalEntry& entry = entries[std::min(appended, count - 1)];
  return absl::AlreadyExistsError("journal: seq " + std::to_string(entry.seq) + " or version " +
                                  std::to_string(entry.version) + " of account " +
                                  std::to_string(entry.account) + " is taken");
}

}  // namespace throughline
