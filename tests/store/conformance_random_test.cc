// Random transactions against a store and against a model that is too simple to be wrong.

#include <gtest/gtest.h>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "store/conformance.h"
#include "throughline/store.h"

namespace throughline::conformance {
namespace {

// Rows by their key. Cells compare as the store orders them: null is the first alternative.
using Table = std::map<Row, Row>;
using Model = std::vector<Table>;

constexpr int kTransactions = 400;
constexpr int kMostOperations = 12;

struct OwnedScan {
  TableNumber table = 0;
  int index = kPrimaryKey;
  Row prefix;
  Row after;
  Cell lower;
  Cell upper;
  bool descending = false;
};

void PrintTo(const OwnedScan& scan, std::ostream* out) {
  *out << "table " << scan.table << " index " << scan.index << " prefix "
       << testing::PrintToString(scan.prefix) << " after " << testing::PrintToString(scan.after)
       << " bounds " << testing::PrintToString(Row{scan.lower, scan.upper})
       << (scan.descending ? " descending" : "");
}

bool IsNull(const Cell& cell) { return std::holds_alternative<std::monostate>(cell); }

Row PositionOf(const TableSchema& table, int index, const Row& row) {
  Row position;
  if (index != kPrimaryKey) {
    for (const int column : table.indexes[static_cast<size_t>(index)].columns) {
      position.push_back(row[static_cast<size_t>(column)]);
    }
  }
  position.insert(position.end(), row.begin(), row.begin() + table.key_columns);
  return position;
}

bool InRange(const OwnedScan& scan, const Row& position) {
  if (scan.index != kPrimaryKey && IsNull(position[0])) return false;
  if (!std::equal(scan.prefix.begin(), scan.prefix.end(), position.begin())) return false;
  if (!scan.after.empty()) {
    if (scan.descending ? position >= scan.after : position <= scan.after) return false;
  }
  if (IsNull(scan.lower) && IsNull(scan.upper)) return true;
  const Cell& bounded = position[scan.prefix.size()];
  return !IsNull(bounded) && (IsNull(scan.lower) || bounded >= scan.lower) &&
         (IsNull(scan.upper) || bounded <= scan.upper);
}

Rows ScanModel(const Schema& schema, const Model& model, const OwnedScan& scan) {
  const TableSchema& table = schema.tables[static_cast<size_t>(scan.table)];
  std::map<Row, Row> found;
  for (const auto& [key, row] : model[static_cast<size_t>(scan.table)]) {
    Row position = PositionOf(table, scan.index, row);
    if (InRange(scan, position)) found.emplace(std::move(position), row);
  }
  Rows rows;
  for (auto& [position, row] : found) rows.push_back(std::move(row));
  if (scan.descending) std::reverse(rows.begin(), rows.end());
  return rows;
}

Rows ScanStore(ReadTransaction& transaction, const OwnedScan& scan) {
  const Row bounds = {scan.lower, scan.upper};
  const std::vector<Value> prefix = ToValues(scan.prefix);
  const std::vector<Value> after = ToValues(scan.after);
  const std::vector<Value> bound_values = ToValues(bounds);
  return ScanAll(transaction, {.table = scan.table,
                               .index = scan.index,
                               .prefix = prefix,
                               .after = after,
                               .lower = bound_values[0],
                               .upper = bound_values[1],
                               .descending = scan.descending});
}

// Makes rows out of few values, so that keys meet and columns tie.
class Generator {
 public:
  explicit Generator(uint64_t seed) : schema_(TestSchema()), random_(seed) {}

  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  TableNumber AnyTable() { return Below(static_cast<int>(schema_.tables.size())); }

  Cell AnyCell(const ColumnSchema& column) {
    if (column.nullable && Below(4) == 0) return kNull;
    switch (column.type) {
      case ColumnType::kInteger:
        return Below(20) == 0 ? (Below(2) == 0 ? kMinInteger : kMaxInteger)
                              : static_cast<int64_t>(Below(8)) - 3;
      case ColumnType::kReal:
        return (Below(8) - 3) / 2.0;
      case ColumnType::kText:
      case ColumnType::kBlob:
        break;
    }
    static const std::string texts[] = {"",     "a",  "b", "ab", std::string("a\0", 2),
                                        "\xff", "aa", "B", "a b"};
    return texts[static_cast<size_t>(Below(std::size(texts)))];
  }

  Row AnyRow(TableNumber table) {
    Row row;
    for (const ColumnSchema& column : schema_.tables[static_cast<size_t>(table)].columns) {
      row.push_back(AnyCell(column));
    }
    return row;
  }

  OwnedScan AnyScan() {
    OwnedScan scan;
    scan.table = AnyTable();
    const TableSchema& table = schema_.tables[static_cast<size_t>(scan.table)];
    scan.index = Below(static_cast<int>(table.indexes.size()) + 1) - 1;
    scan.descending = Below(2) == 0;
    const Row like = PositionOf(table, scan.index, AnyRow(scan.table));
    const size_t fixed = static_cast<size_t>(Below(static_cast<int>(like.size()) + 1));
    scan.prefix.assign(like.begin(), like.begin() + static_cast<std::ptrdiff_t>(fixed));
    if (Below(2) == 0) scan.after = PositionOf(table, scan.index, AnyRow(scan.table));
    // Most often a position within the prefix, unless a key column stands in it twice.
    if (!scan.after.empty() && Below(4) > 0 && scan.table != kPair) {
      std::copy(scan.prefix.begin(), scan.prefix.end(), scan.after.begin());
    }
    const size_t bounded = fixed < like.size() ? fixed : 0;
    if (fixed < like.size() && Below(2) == 0) scan.lower = like[bounded];
    if (fixed < like.size() && Below(2) == 0) {
      scan.upper = PositionOf(table, scan.index, AnyRow(scan.table))[bounded];
    }
    return scan;
  }

  const Schema& schema() const { return schema_; }

 private:
  Schema schema_;
  std::mt19937_64 random_;
};

uint64_t Seed() {
  const char* given = std::getenv("THROUGHLINE_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

class RandomTest : public StoreTest {
 protected:
  RandomTest() : seed_(Seed()), any_(seed_), model_(any_.schema().tables.size()) {
    RecordProperty("seed", std::to_string(seed_));
  }

  void Compare(ReadTransaction& transaction, const Model& model, int scans) {
    for (TableNumber table = 0; table < static_cast<int>(model.size()); ++table) {
      ASSERT_EQ(TableRows(transaction, table), ScanModel(any_.schema(), model, {.table = table}));
    }
    for (int i = 0; i < scans; ++i) {
      const OwnedScan scan = any_.AnyScan();
      ASSERT_EQ(ScanStore(transaction, scan), ScanModel(any_.schema(), model, scan))
          << testing::PrintToString(scan);
    }
  }

  void ChangeOnce(WriteTransaction& writer, Model& model) {
    const TableNumber number = any_.AnyTable();
    Table& table = model[static_cast<size_t>(number)];
    const Row row = any_.AnyRow(number);
    const Row key(row.begin(),
                  row.begin() + any_.schema().tables[static_cast<size_t>(number)].key_columns);
    const int choice = any_.Below(100);
    if (choice < 25) {
      const auto known = table.find(key);
      ASSERT_EQ(GetRow(writer, number, key), known == table.end() ? Row() : known->second);
    }
    if (choice < 75) {
      PutRow(writer, number, row);
      table[key] = row;
    } else if (choice < 98) {
      EraseRow(writer, number, key);
      table.erase(key);
    } else {
      EXPECT_OK(writer.EraseAll(number));
      table.clear();
    }
  }

  // A transaction, and whether it was kept.
  void Transact() {
    auto writer = Write(*store_);
    Model changed = model_;
    for (int i = any_.Below(kMostOperations); i >= 0; --i) ChangeOnce(*writer, changed);
    Compare(*writer, changed, 2);
    if (any_.Below(4) == 0) return;
    Commit(std::move(writer));
    model_ = std::move(changed);
  }

  const uint64_t seed_;
  Generator any_;
  Model model_;
};

INSTANTIATE_STORE_TEST(RandomTest);

TEST_P(RandomTest, EqualsTheModel) {
  SCOPED_TRACE("THROUGHLINE_TEST_SEED=" + std::to_string(seed_));
  // Snapshots that stay while others write, with what they must go on to see.
  std::vector<std::pair<std::unique_ptr<ReadTransaction>, Model>> snapshots;
  for (int i = 0; i < kTransactions; ++i) {
    Transact();
    if (HasFailure()) return;
    if (GetParam().snapshots && any_.Below(10) == 0) {
      snapshots.emplace_back(Read(*store_), model_);
    }
    if (snapshots.size() > 5) {
      Compare(*snapshots.front().first, snapshots.front().second, 10);
      snapshots.erase(snapshots.begin());
    }
    Compare(*Read(*store_), model_, 10);
    if (GetParam().shared && any_.Below(50) == 0) {
      snapshots.clear();
      store_ = nullptr;
      store_ = OpenAnother();
      Compare(*Read(*store_), model_, 10);
    }
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace throughline::conformance
