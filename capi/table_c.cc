// Tables: their columns, cells and texts.

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "handles.h"
#include "table_handle.h"
#include "to_c.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

absl::Status CheckColumn(const tl_table* table, int64_t column) {
  absl::Status status = CheckGiven("table", table);
  return status.ok() ? CheckIndex(column, table->table->columns.size()) : status;
}

template <class T>
const T* DataOf(const std::vector<T>& values, bool wanted) {
  return wanted ? values.data() : nullptr;
}

tl_column ColumnOf(const TableColumn& data) {
  tl_column column{};
  column.kind = static_cast<int32_t>(data.kind);
  column.name = TextOf(data.name);
  column.unit = TextOf(data.unit);
  column.definition = TextOf(data.definition);
  column.row_count = static_cast<int64_t>(data.rows());
  column.integers = DataOf(data.integers, HoldsIntegers(data.kind));
  column.reals = DataOf(data.reals, data.kind == ColumnKind::kReal);
  column.offsets = DataOf(data.offsets, data.kind == ColumnKind::kText);
  column.bytes = data.kind == ColumnKind::kText ? data.bytes.data() : nullptr;
  column.given = DataOf(data.given, !data.given.empty());
  column.bar = data.bar ? 1 : 0;
  return column;
}

tl_cell CellOf(const TableColumn& column, size_t row) {
  tl_cell cell{};
  if (!column.IsGiven(row)) return cell;
  cell.kind = static_cast<int32_t>(column.kind);
  if (HoldsIntegers(column.kind)) cell.integer = column.integers[row];
  if (column.kind == ColumnKind::kReal) cell.real = column.reals[row];
  if (column.kind == ColumnKind::kText) {
    const std::string_view text = column.TextAt(row);
    cell.text = {text.data(), text.size()};
  }
  return cell;
}

absl::Status CheckRange(const Table& table, int64_t first, int64_t count) {
  const auto rows = static_cast<int64_t>(table.rows());
  if (first >= 0 && count >= 0 && first <= rows && count <= rows - first) return absl::OkStatus();
  return absl::OutOfRangeError("the rows are not all in the table");
}

// The column from `first` on, copied as the type of `out`.
template <class T>
absl::Status CopyColumn(const tl_table* table, int64_t column, int64_t first, int64_t count, T* out,
                        uint8_t* out_given) {
  absl::Status status = CheckColumn(table, column);
  if (status.ok()) status = CheckRange(*table->table, first, count);
  if (status.ok() && count > 0) status = CheckGiven("out_values", out);
  if (!status.ok()) return status;
  const TableColumn& data = table->table->columns[static_cast<size_t>(column)];
  const auto copy = [&](const auto& values) {
    std::transform(values.begin() + first, values.begin() + first + count, out,
                   [](auto value) { return static_cast<T>(value); });
  };
  if (HoldsIntegers(data.kind)) {
    copy(data.integers);
  } else if (std::is_same_v<T, double> && data.kind == ColumnKind::kReal) {
    copy(data.reals);
  } else {
    return absl::FailedPreconditionError("the column holds something else");
  }
  if (out_given == nullptr) return absl::OkStatus();
  for (int64_t i = 0; i < count; ++i) out_given[i] = data.IsGiven(static_cast<size_t>(first + i));
  return absl::OkStatus();
}

absl::Status TakeTables(const tl_table* const* tables, int64_t count, std::vector<Table>& out) {
  if (count < 0) return NoSuchValue({"count"}, count);
  absl::Status status = CheckListSize({"tables"}, tables, static_cast<size_t>(count));
  for (int64_t i = 0; status.ok() && i < count; ++i) {
    if (tables[i] == nullptr) return Fault({"tables", i}, "is NULL");
    out.push_back(*tables[i]->table);
  }
  return status;
}

// write(table) gives a text.
template <class Write>
tl_status WriteTable(const tl_table* table, tl_string** out, tl_error* error,
                     Write&& write) noexcept {
  ClearHandle(out);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("table", table);
    if (status.ok()) status = CheckGiven("out_text", out);
    if (status.ok()) *out = MakeString(write(*table->table)).release();
    return status;
  });
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_table_get_info(const tl_table* table, tl_table_info* out_info,
                            tl_error* error) noexcept {
  ClearStruct(out_info);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("table", table);
    if (status.ok()) status = CheckOut("out_info", out_info);
    if (!status.ok()) return status;
    tl_table_info info{};
    info.report = TextOf(table->table->report);
    info.finding = TextOf(table->table->finding);
    info.row_count = static_cast<int64_t>(table->table->rows());
    info.column_count = static_cast<int64_t>(table->table->columns.size());
    info.parameter_count = static_cast<int64_t>(table->table->parameters.size());
    info.as_of = AnswerOf(table->table->as_of);
    WriteStruct(info, out_info);
    return absl::OkStatus();
  });
}

tl_status tl_table_column(const tl_table* table, int64_t column, tl_column* out_column,
                          tl_error* error) noexcept {
  ClearStruct(out_column);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckColumn(table, column);
    if (status.ok()) status = CheckOut("out_column", out_column);
    if (!status.ok()) return status;
    WriteStruct(ColumnOf(table->table->columns[static_cast<size_t>(column)]), out_column);
    return status;
  });
}

tl_status tl_table_cell(const tl_table* table, int64_t row, int64_t column, tl_cell* out_cell,
                        tl_error* error) noexcept {
  ClearStruct(out_cell);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckColumn(table, column);
    if (status.ok()) status = CheckIndex(row, table->table->rows());
    if (status.ok()) status = CheckOut("out_cell", out_cell);
    if (!status.ok()) return status;
    const TableColumn& data = table->table->columns[static_cast<size_t>(column)];
    WriteStruct(CellOf(data, static_cast<size_t>(row)), out_cell);
    return absl::OkStatus();
  });
}

tl_status tl_table_copy_integers(const tl_table* table, int64_t column, int64_t first,
                                 int64_t count, int64_t* out_values, uint8_t* out_given,
                                 tl_error* error) noexcept {
  return Guarded(error,
                 [&] { return CopyColumn(table, column, first, count, out_values, out_given); });
}

tl_status tl_table_copy_reals(const tl_table* table, int64_t column, int64_t first, int64_t count,
                              double* out_values, uint8_t* out_given, tl_error* error) noexcept {
  return Guarded(error,
                 [&] { return CopyColumn(table, column, first, count, out_values, out_given); });
}

tl_status tl_table_parameter(const tl_table* table, int64_t index, tl_text* out_name,
                             tl_text* out_value, tl_error* error) noexcept {
  if (out_name != nullptr) *out_name = {};
  if (out_value != nullptr) *out_value = {};
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("table", table);
    if (status.ok()) status = CheckGiven("out_name", out_name);
    if (status.ok()) status = CheckGiven("out_value", out_value);
    if (status.ok()) status = CheckIndex(index, table->table->parameters.size());
    if (!status.ok()) return status;
    const auto& [name, value] = table->table->parameters[static_cast<size_t>(index)];
    *out_name = TextOf(name);
    *out_value = TextOf(value);
    return absl::OkStatus();
  });
}

tl_status tl_table_text(const tl_table* table, int32_t width, tl_string** out_text,
                        tl_error* error) noexcept {
  return WriteTable(table, out_text, error,
                    [&](const Table& whole) { return ToText(whole, std::max(width, 0)); });
}

tl_status tl_table_csv(const tl_table* table, tl_string** out_text, tl_error* error) noexcept {
  return WriteTable(table, out_text, error, [](const Table& whole) { return ToCsv(whole); });
}

tl_status tl_table_markdown(const tl_table* table, tl_string** out_text, tl_error* error) noexcept {
  return WriteTable(table, out_text, error, [](const Table& whole) { return ToMarkdown(whole); });
}

tl_status tl_table_json(const tl_table* table, int32_t indent, tl_string** out_text,
                        tl_error* error) noexcept {
  constexpr int32_t kMaxIndent = 64;
  return WriteTable(table, out_text, error, [&](const Table& whole) {
    return ToJson(whole, std::clamp(indent, int32_t{-1}, kMaxIndent));
  });
}

tl_status tl_table_html(const tl_table* table, tl_string** out_text, tl_error* error) noexcept {
  return WriteTable(table, out_text, error, [](const Table& whole) { return ToHtml(whole); });
}

tl_status tl_tables_html(const tl_table* const* tables, int64_t count, const char* title,
                         size_t title_size, tl_string** out_text, tl_error* error) noexcept {
  ClearHandle(out_text);
  return Guarded(error, [&]() -> absl::Status {
    std::vector<Table> all;
    std::string_view text;
    absl::Status status = CheckGiven("out_text", out_text);
    if (status.ok()) status = ViewOf({"title"}, title, title_size, text);
    if (status.ok()) status = TakeTables(tables, count, all);
    if (status.ok()) *out_text = MakeString(ToHtml(all, text)).release();
    return status;
  });
}

void tl_table_free(tl_table* table) noexcept { delete table; }
