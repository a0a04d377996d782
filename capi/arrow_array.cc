// The cells of a table as Arrow has them: the same memory where it can be.

#include <array>
#include <utility>

#include "arrow_table.h"

namespace throughline::capi {
namespace {

// What a buffer without a byte points to: some consumers do not take NULL for it.
alignas(64) constexpr std::array<uint8_t, 64> kNothing{};

struct ArrayParts {
  ArrayParts(std::shared_ptr<const ArrowTable> owner, size_t count)
      : table(std::move(owner)), children(count) {}
  std::shared_ptr<const ArrowTable> table;
  std::array<const void*, 3> buffers{};
  ArrowChildren<ArrowArray> children;
};

// A bit for each row of which is_set(row).
template <class IsSet>
std::vector<uint8_t> Bits(size_t rows, IsSet&& is_set) {
  std::vector<uint8_t> bits((rows + 7) / 8);
  for (size_t row = 0; row < rows; ++row) {
    if (is_set(row)) bits[row / 8] = static_cast<uint8_t>(bits[row / 8] | 1U << row % 8);
  }
  return bits;
}

ArrowColumn MakeArrowColumn(const TableColumn& data, size_t rows) {
  ArrowColumn column;
  for (const uint8_t given : data.given) column.null_count += given == 0 ? 1 : 0;
  if (column.null_count > 0)
    column.validity = Bits(rows, [&](size_t i) { return data.IsGiven(i); });
  if (data.kind == ColumnKind::kDate) {
    column.days.reserve(rows);
    for (const int64_t day : data.integers) column.days.push_back(static_cast<int32_t>(day));
  } else if (data.kind == ColumnKind::kBoolean) {
    column.truth = Bits(rows, [&](size_t i) { return data.integers[i] != 0; });
  }
  return column;
}

template <class T>
const void* BufferOf(const std::vector<T>& values) {
  return values.empty() ? static_cast<const void*>(kNothing.data()) : values.data();
}

// The cells; the offsets, where they are texts.
const void* CellsOf(const TableColumn& data, const ArrowColumn& column) {
  switch (data.kind) {
    case ColumnKind::kReal:
      return BufferOf(data.reals);
    case ColumnKind::kText:
      return BufferOf(data.offsets);
    case ColumnKind::kDate:
      return BufferOf(column.days);
    case ColumnKind::kBoolean:
      return BufferOf(column.truth);
    default:
      return BufferOf(data.integers);
  }
}

void Fill(ArrowArray& out, std::unique_ptr<ArrayParts> parts, int64_t null_count,
          int64_t n_buffers) {
  out = {};
  out.length = static_cast<int64_t>(parts->table->table->rows());
  out.null_count = null_count;
  out.n_buffers = n_buffers;
  out.buffers = parts->buffers.data();
  out.n_children = parts->children.size();
  out.children = parts->children.pointers();
  out.release = ReleaseParts<ArrowArray, ArrayParts>;
  out.private_data = parts.release();
}

// A column keeps the table by itself, so it may outlive the others.
void ExportColumn(const std::shared_ptr<const ArrowTable>& table, size_t i, ArrowArray& out) {
  const TableColumn& data = table->table->columns[i];
  const ArrowColumn& column = table->columns[i];
  auto parts = std::make_unique<ArrayParts>(table, 0);
  if (column.null_count > 0) parts->buffers[0] = column.validity.data();
  parts->buffers[1] = CellsOf(data, column);
  parts->buffers[2] = data.bytes.data();
  Fill(out, std::move(parts), column.null_count, data.kind == ColumnKind::kText ? 3 : 2);
}

}  // namespace

std::shared_ptr<const ArrowTable> MakeArrowTable(std::shared_ptr<const Table> table) {
  auto made = std::make_shared<ArrowTable>();
  made->columns.reserve(table->columns.size());
  for (const TableColumn& data : table->columns) {
    made->columns.push_back(MakeArrowColumn(data, table->rows()));
  }
  made->table = std::move(table);
  return made;
}

void ExportArray(const std::shared_ptr<const ArrowTable>& table, ArrowArray& out) {
  const size_t columns = table->columns.size();
  auto parts = std::make_unique<ArrayParts>(table, columns);
  for (size_t i = 0; i < columns; ++i) ExportColumn(table, i, parts->children[i]);
  Fill(out, std::move(parts), 0, 1);
}

}  // namespace throughline::capi
