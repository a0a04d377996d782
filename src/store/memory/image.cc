#include "store/memory/image.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/memory/row_tree.h"
#include "store/row_check.h"
#include "store/value_order.h"
#include "throughline/store.h"

namespace throughline {
namespace {

constexpr int kByAccount = 0;  // the index of the journal

TableSchema JournalTable() {
  TableSchema journal;
  journal.name = "journal";
  for (const char* name : {"seq", "account", "version", "recorded_at", "actor", "policy"}) {
    journal.columns.push_back({name, ColumnType::kInteger});
  }
  journal.columns.push_back({"request", ColumnType::kText});
  journal.columns.push_back({"events", ColumnType::kBlob});
  journal.indexes.push_back({"journal_by_account", {1, 2}});
  return journal;
}

std::array<Value, 8> ValuesOf(const JournalEntry& entry) {
  return {entry.seq,   entry.account, entry.version, entry.recorded_at,
          entry.actor, entry.policy,  entry.request, entry.events};
}

JournalEntry EntryOf(std::span<const Value> row) {
  const auto integer = [&](size_t i) { return *std::get_if<int64_t>(&row[i]); };
  const auto bytes = [&](size_t i) { return *std::get_if<std::string_view>(&row[i]); };
  return {integer(0), integer(1), integer(2), integer(3),
          integer(4), integer(5), bytes(6),   bytes(7)};
}

// Where a row stands to the range of a scan: before it, in it, or behind it in the index's order.
class RangeSide {
 public:
  RangeSide(const Scan& scan, const TableSchema& table)
      : scan_(scan), columns_(PositionColumns(table, scan.index)) {}

  int operator()(std::span<const Value> row) const {
    for (size_t i = 0; i < scan_.prefix.size(); ++i) {
      const int side = CompareValues(At(row, i), scan_.prefix[i]);
      if (side != 0) return side;
    }
    if (!IsNull(scan_.lower) || !IsNull(scan_.upper)) {
      const int side = SideOfBounds(At(row, scan_.prefix.size()));
      if (side != 0) return side;
    }
    return scan_.after.empty() ? 0 : SideOfAfter(row);
  }

 private:
  const Value& At(std::span<const Value> row, size_t i) const {
    return row[static_cast<size_t>(columns_[i])];
  }

  int SideOfBounds(const Value& value) const {
    if (IsNull(value)) return -1;
    if (!IsNull(scan_.lower) && CompareValues(value, scan_.lower) < 0) return -1;
    if (!IsNull(scan_.upper) && CompareValues(value, scan_.upper) > 0) return 1;
    return 0;
  }

  // What the scan has passed counts as outside, the position itself included.
  int SideOfAfter(std::span<const Value> row) const {
    int side = 0;
    for (size_t i = 0; side == 0 && i < columns_.size(); ++i) {
      side = CompareValues(At(row, i), scan_.after[i]);
    }
    if (scan_.descending) return side >= 0 ? 1 : 0;
    return side <= 0 ? -1 : 0;
  }

  const Scan& scan_;
  std::vector<int> columns_;
};

bool InIndex(const IndexSchema& index, std::span<const Value> row) {
  return !IsNull(row[static_cast<size_t>(index.columns[0])]);
}

}  // namespace

ImageShape::ImageShape(Schema schema) : schema_(std::move(schema)), journal_(JournalTable()) {
  for (TableNumber number = 0; number <= journal(); ++number) {
    first_tree_.push_back(orders_.size());
    for (int index = kPrimaryKey; index < static_cast<int>(table(number).indexes.size()); ++index) {
      orders_.push_back(PositionColumns(table(number), index));
    }
  }
}

RowPtr Image::Find(TableNumber table, std::span<const Value> key) const {
  const size_t tree = shape_->Tree(table, kPrimaryKey);
  return trees_[tree].Find(shape_->Order(tree), key);
}

absl::StatusOr<bool> Image::Get(TableNumber table, std::span<const Value> key,
                                StoredRow& row) const {
  if (absl::Status status = CheckKey(schema(), table, key); !status.ok()) return status;
  const RowPtr found = Find(table, key);
  if (found == nullptr) return false;
  row.Assign(found->values());
  return true;
}

absl::Status Image::ScanRows(const Scan& scan, const RowVisitor& visitor) const {
  if (absl::Status status = CheckScan(schema(), scan); !status.ok()) return status;
  Visit(scan, visitor);
  return absl::OkStatus();
}

void Image::Visit(const Scan& scan, const RowVisitor& visitor) const {
  // No index holds rows whose first indexed column is null.
  trees_[shape_->Tree(scan.table, scan.index)].Visit(RangeSide(scan, shape_->table(scan.table)),
                                                     scan.descending, visitor);
}

void Image::VisitEntries(const Scan& scan, const JournalVisitor& visitor) const {
  Visit(scan, [&](std::span<const Value> row) { return visitor(EntryOf(row)); });
}

absl::Status Image::ReadJournal(int64_t after, const JournalVisitor& visitor) const {
  const Value position[] = {after};
  Scan scan;
  scan.table = shape_->journal();
  scan.after = position;
  VisitEntries(scan, visitor);
  return absl::OkStatus();
}

absl::Status Image::ReadStream(int64_t account, int64_t after, bool descending,
                               const JournalVisitor& visitor) const {
  const Value prefix[] = {account};
  // Behind every entry of that version, or in front of it.
  const int64_t seq = std::numeric_limits<int64_t>::max();
  const Value position[] = {
      account,
      after,
      descending ? -seq : seq,
  };
  Scan scan;
  scan.table = shape_->journal();
  scan.index = kByAccount;
  scan.prefix = prefix;
  scan.descending = descending;
  if (!descending || after != 0) scan.after = position;
  VisitEntries(scan, visitor);
  return absl::OkStatus();
}

absl::StatusOr<bool> Image::ReadEntry(int64_t seq, const JournalVisitor& visitor) const {
  const Value key[] = {seq};
  const RowPtr found = Find(shape_->journal(), key);
  if (found == nullptr) return false;
  visitor(EntryOf(found->values()));
  return true;
}

ReadTransaction::Tail Image::JournalTail() const {
  ReadTransaction::Tail tail;
  Scan scan;
  scan.table = shape_->journal();
  scan.descending = true;
  VisitEntries(scan, [&](const JournalEntry& entry) {
    tail = {entry.seq, entry.recorded_at};
    return false;
  });
  return tail;
}

absl::Status Image::Append(const JournalEntry& entry, uint64_t edit) {
  const Value key[] = {entry.seq};
  const Value position[] = {entry.account, entry.version};
  bool taken = Find(shape_->journal(), key) != nullptr;
  Scan scan;
  scan.table = shape_->journal();
  scan.index = kByAccount;
  scan.prefix = position;
  Visit(scan, [&](std::span<const Value>) {
    taken = true;
    return false;
  });
  if (taken) {
    return absl::AlreadyExistsError("journal: seq " + std::to_string(entry.seq) + " or version " +
                                    std::to_string(entry.version) + " of account " +
                                    std::to_string(entry.account) + " is taken");
  }
  auto row = std::make_shared<StoredRow>();
  row->Assign(ValuesOf(entry));
  Replace(shape_->journal(), nullptr, std::move(row), edit);
  return absl::OkStatus();
}

absl::Status Image::Put(TableNumber table, std::span<const Value> values, uint64_t edit) {
  if (absl::Status status = CheckRow(schema(), table, values); !status.ok()) return status;
  auto row = std::make_shared<StoredRow>();
  row->Assign(values);
  Replace(table, Find(table, values), std::move(row), edit);
  return absl::OkStatus();
}

absl::Status Image::Erase(TableNumber table, std::span<const Value> key, uint64_t edit) {
  if (absl::Status status = CheckKey(schema(), table, key); !status.ok()) return status;
  Replace(table, Find(table, key), nullptr, edit);
  return absl::OkStatus();
}

absl::Status Image::EraseAll(TableNumber table) {
  if (absl::Status status = CheckTable(schema(), table); !status.ok()) return status;
  const size_t first = shape_->Tree(table, kPrimaryKey);
  const size_t count = shape_->table(table).indexes.size() + 1;
  for (size_t tree = first; tree < first + count; ++tree) trees_[tree] = RowTree();
  return absl::OkStatus();
}

void Image::Replace(TableNumber table, const RowPtr& old, const RowPtr& row, uint64_t edit) {
  const std::vector<IndexSchema>& indexes = shape_->table(table).indexes;
  for (int index = kPrimaryKey; index < static_cast<int>(indexes.size()); ++index) {
    const auto stands_here = [&](const RowPtr& any) {
      return any != nullptr &&
             (index == kPrimaryKey || InIndex(indexes[static_cast<size_t>(index)], any->values()));
    };
    const size_t tree = shape_->Tree(table, index);
    const RowOrder order = shape_->Order(tree);
    const bool stays = stands_here(row) && stands_here(old) &&
                       CompareRows(order, old->values(), row->values()) == 0;
    if (stands_here(old) && !stays) trees_[tree].Erase(order, old->values(), edit);
    if (stands_here(row)) trees_[tree].Put(order, row, edit);
  }
}

}  // namespace throughline
