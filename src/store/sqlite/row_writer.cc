#include "store/sqlite/row_writer.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/row_check.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/row_memo.h"
#include "store/sqlite/session.h"
#include "store/sqlite/statement.h"
#include "throughline/store.h"

namespace throughline {

std::span<const Value> RowWriter::KeyOf(TableNumber table, std::span<const Value> row) const {
  return row.first(static_cast<size_t>(session_.layout().table(table).key_columns));
}

void RowWriter::NoteRead(TableNumber table, std::span<const Value> row) {
  indexed_.clear();
  for (const int column : session_.layout().Indexed(table)) {
    indexed_.push_back(row[static_cast<size_t>(column)]);
  }
  memo_.Remember(table, KeyOf(table, row), indexed_);
}

void RowWriter::NoteAbsent(TableNumber table, std::span<const Value> key) {
  memo_.RememberAbsent(table, key);
}

absl::Status RowWriter::Put(TableNumber table, std::span<const Value> row) {
  if (absl::Status status = CheckRow(session_.layout().schema(), table, row); !status.ok()) {
    return status;
  }
  const std::span<const Value> key = KeyOf(table, row);
  const RowMemo::Entry* known = memo_.Find(table, key);
  std::span<const Value> indexed;
  if (known != nullptr && known->exists) {
    indexed = known->indexed.values();
  } else {
    absl::StatusOr<bool> inserted = Insert(table, row);
    if (!inserted.ok()) return inserted.status();
    // Not noted: a row is seldom put again in the transaction that inserts it.
    if (*inserted) return absl::OkStatus();
    if (absl::Status status = ReadIndexed(table, key, read_); !status.ok()) return status;
    indexed = read_.values();
  }
  const uint64_t changed = Changed(table, row, indexed);
  if (absl::Status status = Update(table, row, changed); !status.ok()) return status;
  if (changed != 0 || known == nullptr) NoteRead(table, row);
  return absl::OkStatus();
}

absl::Status RowWriter::Erase(TableNumber table, std::span<const Value> key) {
  if (absl::Status status = CheckKey(session_.layout().schema(), table, key); !status.ok()) {
    return status;
  }
  absl::StatusOr<StatementUse> use =
      session_.connection().Use(Of(table).erase, [&] { return session_.layout().EraseSql(table); });
  if (!use.ok()) return use.status();
  BindAll(table, **use, key);
  memo_.RememberAbsent(table, key);
  return Finish(**use);
}

absl::Status RowWriter::EraseAll(TableNumber table) {
  if (absl::Status status = CheckTable(session_.layout().schema(), table); !status.ok()) {
    return status;
  }
  memo_.ForgetTable(table);
  return session_.Run(Of(table).erase_all, session_.layout().EraseAllSql(table));
}

absl::Status RowWriter::Rewrite(TableNumber table) {
  if (absl::Status status = CheckTable(session_.layout().schema(), table); !status.ok()) {
    return status;
  }
  // Prepared anew each time: seldom used, and the temporary table is another one.
  for (const std::string& sql : session_.layout().RewriteSql(table)) {
    absl::Status status = session_.connection().Execute(sql.c_str());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

uint64_t RowWriter::Changed(TableNumber table, std::span<const Value> row,
                            std::span<const Value> indexed) const {
  const std::vector<int>& columns = session_.layout().Indexed(table);
  uint64_t changed = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (row[static_cast<size_t>(columns[i])] != indexed[i]) changed |= uint64_t{1} << i;
  }
  return changed;
}

StatementSlot& RowWriter::UpdateSlot(TableNumber table, uint64_t& changed) {
  std::vector<std::pair<uint64_t, StatementSlot>>& updates = Of(table).updates;
  if (updates.empty()) updates.reserve(kMaxUpdateForms + 1);
  for (const uint64_t form : {changed, kAllColumns}) {
    for (auto& [set, slot] : updates) {
      if (set == form) {
        changed = form;
        return slot;
      }
    }
    if (updates.size() < kMaxUpdateForms) break;
  }
  if (updates.size() >= kMaxUpdateForms) changed = kAllColumns;
  return updates.emplace_back(changed, StatementSlot()).second;
}

absl::StatusOr<bool> RowWriter::Insert(TableNumber table, std::span<const Value> row) {
  absl::StatusOr<StatementUse> use = session_.connection().Use(
      Of(table).insert, [&] { return session_.layout().InsertSql(table); });
  if (!use.ok()) return use.status();
  BindAll(table, **use, row);
  if (absl::Status status = Finish(**use); !status.ok()) return status;
  return sqlite3_changes(session_.connection().handle()) == 1;
}

absl::Status RowWriter::ReadIndexed(TableNumber table, std::span<const Value> key,
                                    StoredRow& indexed) {
  absl::StatusOr<StatementUse> use = session_.connection().Use(
      Of(table).get_indexed, [&] { return session_.layout().GetIndexedSql(table); });
  if (!use.ok()) return use.status();
  Statement& statement = **use;
  BindAll(table, statement, key);
  const int code = statement.Step();
  if (code != SQLITE_ROW) return session_.connection().Error(code, "reading a row to update");
  const TableSchema& schema = session_.layout().table(table);
  indexed_.clear();
  for (const int column : session_.layout().Indexed(table)) {
    indexed_.push_back(statement.Column(static_cast<int>(indexed_.size()),
                                        schema.columns[static_cast<size_t>(column)]));
  }
  indexed.Assign(indexed_);
  return absl::OkStatus();
}

absl::Status RowWriter::Update(TableNumber table, std::span<const Value> row, uint64_t changed) {
  StatementSlot& slot = UpdateSlot(table, changed);
  const Layout& layout = session_.layout();
  if (changed == 0 && layout.Plain(table).empty()) return absl::OkStatus();
  absl::StatusOr<StatementUse> use =
      session_.connection().Use(slot, [&] { return layout.UpdateSql(table, changed); });
  if (!use.ok()) return use.status();
  Statement& statement = **use;
  const TableSchema& schema = layout.table(table);
  const auto bind = [&](int column) {
    const size_t i = static_cast<size_t>(column);
    statement.Bind(column + 1, row[i], schema.columns[i].type);
  };
  for (int column = 0; column < schema.key_columns; ++column) bind(column);
  for (const int column : layout.Plain(table)) bind(column);
  const std::vector<int>& indexed = layout.Indexed(table);
  for (size_t i = 0; i < indexed.size(); ++i) {
    if ((changed >> i & 1) != 0) bind(indexed[i]);
  }
  if (absl::Status status = Finish(statement); !status.ok()) return status;
  if (sqlite3_changes(session_.connection().handle()) == 1) return absl::OkStatus();
  return absl::InternalError(session_.connection().path() + ": a row to update was gone");
}

void RowWriter::BindAll(TableNumber table, Statement& statement,
                        std::span<const Value> values) const {
  const TableSchema& schema = session_.layout().table(table);
  for (size_t i = 0; i < values.size(); ++i) {
    statement.Bind(static_cast<int>(i) + 1, values[i], schema.columns[i].type);
  }
}

absl::Status RowWriter::Finish(Statement& statement) {
  const int code = statement.Step();
  return code == SQLITE_DONE ? absl::OkStatus() : session_.connection().Error(code);
}

}  // namespace throughline
