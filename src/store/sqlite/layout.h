#ifndef THROUGHLINE_STORE_SQLITE_LAYOUT_H_
#define THROUGHLINE_STORE_SQLITE_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "throughline/store.h"

// The schema as SQL. Made once per store, shared by its connections.

namespace throughline {

// How a scan bounds the column behind those that it fixes.
enum class Bound : uint8_t { kNone, kInclusive, kExclusive };
enum class Nulls : uint8_t { kAny, kOnly, kNone };

// One range of one index: what determines the text of its query.
struct RangeForm {
  TableNumber table = 0;
  int index = kPrimaryKey;
  int fixed = 0;  // how many leading columns of the position are given
  Bound lower = Bound::kNone;
  Bound upper = Bound::kNone;
  Nulls nulls = Nulls::kAny;  // of the bounded column; kOnly goes without bounds
  bool descending = false;

  uint64_t Key() const;  // different for different forms
};

class Layout {
 public:
  // All names in the database begin with `prefix`.
  explicit Layout(Schema schema, std::string prefix = {});

  // A name as it stands in the database.
  std::string Named(std::string_view name) const { return prefix_ + std::string(name); }

  const Schema& schema() const { return schema_; }
  const TableSchema& table(TableNumber table) const {
    return schema_.tables[static_cast<size_t>(table)];
  }

  // The columns that an index orders by, each once.
  const std::vector<int>& Order(TableNumber table, int index) const {
    return tables_[static_cast<size_t>(table)].orders[static_cast<size_t>(index) + 1];
  }

  // The columns outside the key that some index holds, and those that none does.
  const std::vector<int>& Indexed(TableNumber table) const {
    return tables_[static_cast<size_t>(table)].indexed;
  }
  const std::vector<int>& Plain(TableNumber table) const {
    return tables_[static_cast<size_t>(table)].plain;
  }

  // The tables and indexes, the journal included; one statement each.
  std::vector<std::string> CreateSql() const;

  // What CreateSql makes.
  std::vector<std::string> Names() const;

  std::string AppendSql(size_t entries) const;  // in one statement
  std::string TailSql() const;
  std::string ReadJournalSql() const;
  std::string ReadEntrySql() const;
  std::string ReadStreamSql(bool descending) const;

  // Parameters: the key.
  std::string GetSql(TableNumber number) const;
  std::string GetIndexedSql(TableNumber number) const;
  std::string EraseSql(TableNumber number) const;
  std::string EraseAllSql(TableNumber number) const;

  // Takes all rows out of a table and puts them back in.
  std::vector<std::string> RewriteSql(TableNumber number) const;

  // Parameters: the row. Does nothing if the key is taken.
  std::string InsertSql(TableNumber number) const;

  // Sets the plain columns and those indexed ones whose bit, by place in Indexed(), is set.
  // Parameters: the row, of which unset columns are not used. Empty if there is nothing to set.
  std::string UpdateSql(TableNumber number, uint64_t changed) const;

  // Parameters: the fixed columns, then the lower, then the upper bound.
  std::string RangeSql(const RangeForm& form, uint64_t wanted = kAllColumns) const;

 private:
  struct Table {
    std::vector<std::vector<int>> orders;  // of the primary key, then of each index
    std::vector<int> indexed;
    std::vector<int> plain;
  };

  std::string CreateTableSql(TableNumber number) const;
  std::string CreateIndexSql(TableNumber number, int index) const;
  std::string ColumnList(TableNumber number, uint64_t wanted = kAllColumns) const;
  std::string KeyCondition(TableNumber number) const;
  std::string QuotedName(std::string_view name) const;
  std::string FromJournal(std::string_view condition) const;

  Schema schema_;
  std::string prefix_;
  std::vector<Table> tables_;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_LAYOUT_H_
