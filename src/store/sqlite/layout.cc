#include "store/sqlite/layout.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/row_check.h"
#include "throughline/store.h"

namespace throughline {
namespace {

constexpr char kJournal[] = "journal";

// Names may be SQL keywords.
std::string Quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

std::string Parameter(int number) { return "?" + std::to_string(number); }

std::string_view TypeName(ColumnType type) {
  switch (type) {
    case ColumnType::kInteger:
      return "INTEGER";
    case ColumnType::kReal:
      return "REAL";
    case ColumnType::kText:
      return "TEXT";
    case ColumnType::kBlob:
      break;
  }
  return "BLOB";
}

// `part(i)` for each i below `count`, with `separator` between them.
template <class Part>
std::string Join(size_t count, std::string_view separator, const Part& part) {
  std::string joined;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) joined += separator;
    joined += part(i);
  }
  return joined;
}

// A single integer key is SQLite's row number; other tables are stored in the order of their key.
bool KeyIsRowNumber(const TableSchema& table) {
  return table.key_columns == 1 && table.columns[0].type == ColumnType::kInteger;
}

std::vector<int> WithoutRepeats(const std::vector<int>& columns) {
  std::vector<int> once;
  for (const int column : columns) {
    if (std::find(once.begin(), once.end(), column) == once.end()) once.push_back(column);
  }
  return once;
}

const ColumnSchema& ColumnOf(const TableSchema& table, int column) {
  return table.columns[static_cast<size_t>(column)];
}

std::string Comparison(const std::string& column, std::string_view comparison, Bound bound,
                       int parameter) {
  std::string term = " AND " + column;
  term.append(comparison).append(bound == Bound::kInclusive ? "=" : "");
  return term + Parameter(parameter);
}

}  // namespace

uint64_t RangeForm::Key() const {
  uint64_t key = static_cast<uint64_t>(table);
  for (const int part : {index + 1, fixed, static_cast<int>(lower), static_cast<int>(upper),
                         static_cast<int>(nulls), static_cast<int>(descending)}) {
    key = key << 8 | static_cast<uint64_t>(part);
  }
  return key;
}

Layout::Layout(Schema schema, std::string prefix)
    : schema_(std::move(schema)), prefix_(std::move(prefix)) {
  for (const TableSchema& schema_table : schema_.tables) {
    Table& table = tables_.emplace_back();
    std::vector<bool> indexed(schema_table.columns.size());
    for (int index = kPrimaryKey; index < static_cast<int>(schema_table.indexes.size()); ++index) {
      table.orders.push_back(WithoutRepeats(PositionColumns(schema_table, index)));
      if (index == kPrimaryKey) continue;
      for (const int column : table.orders.back()) indexed[static_cast<size_t>(column)] = true;
    }
    for (int column = schema_table.key_columns;
         column < static_cast<int>(schema_table.columns.size()); ++column) {
      (indexed[static_cast<size_t>(column)] ? table.indexed : table.plain).push_back(column);
    }
  }
}

std::vector<std::string> Layout::CreateSql() const {
  std::vector<std::string> statements = {
      "CREATE TABLE " + QuotedName(kJournal) +
      "(seq INTEGER PRIMARY KEY, account INTEGER NOT NULL, version INTEGER NOT NULL,"
      " recorded_at INTEGER NOT NULL, actor INTEGER NOT NULL, policy INTEGER NOT NULL,"
      " request TEXT NOT NULL, events BLOB NOT NULL, UNIQUE(account, version))"};
  for (TableNumber number = 0; number < static_cast<int>(schema_.tables.size()); ++number) {
    statements.push_back(CreateTableSql(number));
    for (int index = 0; index < static_cast<int>(table(number).indexes.size()); ++index) {
      statements.push_back(CreateIndexSql(number, index));
    }
  }
  return statements;
}

std::vector<std::string> Layout::Names() const {
  std::vector<std::string> names = {Named(kJournal)};
  for (const TableSchema& table : schema_.tables) {
    names.push_back(Named(table.name));
    for (const IndexSchema& index : table.indexes) names.push_back(Named(index.name));
  }
  return names;
}

std::string Layout::QuotedName(std::string_view name) const { return Quoted(Named(name)); }

// OR FAIL: the entries before one that is refused stay, which spares SQLite a savepoint.
std::string Layout::AppendSql(size_t entries) const {
  std::string sql = "INSERT OR FAIL INTO " + QuotedName(kJournal) +
                    "(seq,account,version,recorded_at,actor,policy,request,events) VALUES";
  for (size_t i = 0; i < entries; ++i) sql += i == 0 ? "(?,?,?,?,?,?,?,?)" : ",(?,?,?,?,?,?,?,?)";
  return sql;
}

std::string Layout::TailSql() const {
  return "SELECT seq,recorded_at FROM " + QuotedName(kJournal) + " ORDER BY seq DESC LIMIT 1";
}

std::string Layout::FromJournal(std::string_view condition) const {
  return "SELECT * FROM " + QuotedName(kJournal) + std::string(condition);
}

std::string Layout::ReadJournalSql() const { return FromJournal(" WHERE seq>?1 ORDER BY seq"); }

std::string Layout::ReadEntrySql() const { return FromJournal(" WHERE seq=?1"); }

std::string Layout::ReadStreamSql(bool descending) const {
  return FromJournal(descending ? " WHERE account=?1 AND version<=?2 ORDER BY version DESC"
                                : " WHERE account=?1 AND version>?2 ORDER BY version");
}

std::string Layout::CreateTableSql(TableNumber number) const {
  const TableSchema& schema = table(number);
  const bool row_number = KeyIsRowNumber(schema);
  const std::string columns = Join(schema.columns.size(), ", ", [&](size_t i) {
    const ColumnSchema& column = schema.columns[i];
    std::string declared = Quoted(column.name) + " ";
    declared += TypeName(column.type);
    if (row_number && i == 0) return declared + " PRIMARY KEY";
    return declared + (column.nullable ? "" : " NOT NULL");
  });
  std::string sql = "CREATE TABLE " + QuotedName(schema.name) + "(" + columns;
  if (row_number) return sql + ")";
  return sql + ", PRIMARY KEY(" +
         Join(static_cast<size_t>(schema.key_columns), ", ",
              [&](size_t i) { return Quoted(schema.columns[i].name); }) +
         ")) WITHOUT ROWID";
}

std::string Layout::CreateIndexSql(TableNumber number, int index) const {
  const TableSchema& schema = table(number);
  const IndexSchema& declared = schema.indexes[static_cast<size_t>(index)];
  const auto name = [&](size_t i) { return Quoted(ColumnOf(schema, declared.columns[i]).name); };
  std::string sql = "CREATE INDEX " + QuotedName(declared.name) + " ON " + QuotedName(schema.name) +
                    "(" + Join(declared.columns.size(), ", ", name) + ")";
  if (ColumnOf(schema, declared.columns[0]).nullable) sql += " WHERE " + name(0) + " IS NOT NULL";
  return sql;
}

std::string Layout::ColumnList(TableNumber number, uint64_t wanted) const {
  const TableSchema& schema = table(number);
  return Join(schema.columns.size(), ",", [&](size_t i) {
    return (wanted >> i & 1) != 0 ? Quoted(schema.columns[i].name) : "NULL";
  });
}

std::string Layout::KeyCondition(TableNumber number) const {
  const TableSchema& schema = table(number);
  return " WHERE " + Join(static_cast<size_t>(schema.key_columns), " AND ", [&](size_t i) {
           return Quoted(schema.columns[i].name) + "=" + Parameter(static_cast<int>(i) + 1);
         });
}

std::string Layout::GetSql(TableNumber number) const {
  return "SELECT " + ColumnList(number) + " FROM " + QuotedName(table(number).name) +
         KeyCondition(number);
}

std::string Layout::GetIndexedSql(TableNumber number) const {
  const TableSchema& schema = table(number);
  const std::vector<int>& indexed = Indexed(number);
  const std::string columns = indexed.empty() ? "1" : Join(indexed.size(), ",", [&](size_t i) {
    return Quoted(ColumnOf(schema, indexed[i]).name);
  });
  return "SELECT " + columns + " FROM " + QuotedName(schema.name) + KeyCondition(number);
}

std::string Layout::EraseSql(TableNumber number) const {
  return "DELETE FROM " + QuotedName(table(number).name) + KeyCondition(number);
}

std::string Layout::EraseAllSql(TableNumber number) const {
  return "DELETE FROM " + QuotedName(table(number).name);
}

std::vector<std::string> Layout::RewriteSql(TableNumber number) const {
  const std::string name = QuotedName(table(number).name);
  const std::string kept = "temp." + Quoted(Named("kept_rows"));
  const std::string all = "SELECT " + ColumnList(number) + " FROM ";
  return {"CREATE TABLE " + kept + " AS " + all + "main." + name, "DELETE FROM main." + name,
          "INSERT INTO main." + name + " " + all + kept + " ORDER BY rowid", "DROP TABLE " + kept};
}

std::string Layout::InsertSql(TableNumber number) const {
  const TableSchema& schema = table(number);
  return "INSERT INTO " + QuotedName(schema.name) + "(" + ColumnList(number) + ") VALUES(" +
         Join(schema.columns.size(), ",",
              [&](size_t i) { return Parameter(static_cast<int>(i) + 1); }) +
         ") ON CONFLICT DO NOTHING";
}

std::string Layout::UpdateSql(TableNumber number, uint64_t changed) const {
  const TableSchema& schema = table(number);
  std::vector<int> columns = Plain(number);
  const std::vector<int>& indexed = Indexed(number);
  for (size_t i = 0; i < indexed.size(); ++i) {
    if ((changed >> i & 1) != 0) columns.push_back(indexed[i]);
  }
  if (columns.empty()) return {};
  return "UPDATE " + QuotedName(schema.name) + " SET " +
         Join(columns.size(), ",",
              [&](size_t i) {
                return Quoted(ColumnOf(schema, columns[i]).name) + "=" + Parameter(columns[i] + 1);
              }) +
         KeyCondition(number);
}

std::string Layout::RangeSql(const RangeForm& form, uint64_t wanted) const {
  const TableSchema& schema = table(form.table);
  const std::vector<int>& order = Order(form.table, form.index);
  const auto name = [&](size_t i) { return Quoted(ColumnOf(schema, order[i]).name); };
  const size_t fixed = static_cast<size_t>(form.fixed);
  std::string where = " WHERE 1";
  for (size_t i = 0; i < fixed; ++i) {
    // The first column is never null here, and a partial index is only used for "=".
    const bool may_be_null = i > 0 && ColumnOf(schema, order[i]).nullable;
    where += " AND " + name(i) + (may_be_null ? " IS " : "=") + Parameter(static_cast<int>(i) + 1);
  }
  int parameter = form.fixed;
  if (form.lower != Bound::kNone) where += Comparison(name(fixed), ">", form.lower, ++parameter);
  if (form.upper != Bound::kNone) where += Comparison(name(fixed), "<", form.upper, ++parameter);
  if (form.nulls == Nulls::kOnly) where += " AND " + name(fixed) + " IS NULL";
  if (form.nulls == Nulls::kNone) where += " AND " + name(fixed) + " IS NOT NULL";
  std::string from = " FROM " + QuotedName(schema.name);
  if (form.index != kPrimaryKey) {
    from += " INDEXED BY " + QuotedName(schema.indexes[static_cast<size_t>(form.index)].name);
  }
  const std::string order_by =
      Join(order.size(), ",", [&](size_t i) { return name(i) + (form.descending ? " DESC" : ""); });
  return "SELECT " + ColumnList(form.table, wanted) + from + where + " ORDER BY " + order_by;
}

}  // namespace throughline
