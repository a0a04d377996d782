#ifndef THROUGHLINE_CAPI_INPUT_COLUMN_H_
#define THROUGHLINE_CAPI_INPUT_COLUMN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "throughline.h"
#include "throughline/command.h"
#include "throughline/error.h"
#include "to_model.h"

namespace throughline::capi {

// A column that a caller gave, checked: every cell of it can be read.
struct InputColumn {
  std::string_view member;  // "attributes" of "attributes.industry"
  std::string_view inner;   // "industry"
  bool days = false;        // TL_UNIT_DAYS
  int64_t stride = 1;       // 0: one cell for all rows
  const int64_t* integers = nullptr;
  const int64_t* offsets = nullptr;
  const char* bytes = nullptr;
  const uint8_t* given = nullptr;

  bool Has(int64_t row) const { return given == nullptr || given[row * stride] != 0; }
  bool is_text() const { return offsets != nullptr; }
  int64_t Integer(int64_t row) const { return integers[row * stride]; }
  std::string_view Text(int64_t row) const {
    const int64_t* offset = offsets + row * stride;
    return {bytes + offset[0], static_cast<size_t>(offset[1] - offset[0])};
  }
};

// `index` is its place among the columns, for errors; `rows` the number of commands.
absl::Status TakeInputColumn(const tl_input_column& in, int64_t index, int64_t rows,
                             InputColumn& out);

// The error of a cell: "stage[17]: why".
absl::Status CellFault(const InputColumn& column, int64_t row, std::string_view why);

// TakeCell(column, row, out): the value of a cell that is given.
absl::Status TakeCell(const InputColumn& column, int64_t row, std::string& out);
absl::Status TakeCell(const InputColumn& column, int64_t row, bool& out);
absl::Status TakeCell(const InputColumn& column, int64_t row, int64_t& out);
absl::Status TakeCell(const InputColumn& column, int64_t row, Date& out);
absl::Status TakeCell(const InputColumn& column, int64_t row, Time& out);
absl::Status TakeCell(const InputColumn& column, int64_t row, Moment& out);
absl::Status TakeCell(const InputColumn& column, int64_t row, Money& out);
absl::Status TakeCell(const InputColumn& column, int64_t row, Currency& out);
absl::Status TakeCell(const InputColumn& column, int64_t row, EventRef& out);
absl::Status TakeCell(const InputColumn& column, int64_t row, ExternalId& out);
absl::Status TakeCell(const InputColumn& column, int64_t row, std::vector<Attribute>& out);
absl::Status TakeCell(const InputColumn& column, int64_t row, Identity& out);
absl::Status TakeReference(const InputColumn& column, int64_t row, int64_t& id, ExternalId& out);
absl::Status TakeFactKey(const InputColumn& column, int64_t row, uint64_t& out);

template <class Tag>
absl::Status TakeCell(const InputColumn& column, int64_t row, Ref<Tag>& out) {
  return TakeReference(column, row, out.id.value, out.external);
}

template <NamedEnum Enum>
absl::Status TakeCell(const InputColumn& column, int64_t row, Enum& out) {
  if (column.is_text()) {
    const std::string_view text = column.Text(row);
    if (text.empty() || FromName(text, out)) return absl::OkStatus();
    return CellFault(column, row, "is not one of its names");
  }
  const int64_t value = column.Integer(row);
  const Where where{column.member, row};
  if (!std::in_range<int32_t>(value)) return NoSuchValue(where, value);
  return Take(where, static_cast<int32_t>(value), out);
}
absl::Status TakeCell(const InputColumn& column, int64_t row, Mode& out);

template <class T>
absl::Status TakeCell(const InputColumn& column, int64_t row, std::optional<T>& out) {
  if (column.is_text() && column.Text(row).empty()) return absl::OkStatus();
  return TakeCell(column, row, out.emplace());
}

// A column adds an item to the list.
template <class T>
absl::Status TakeCell(const InputColumn& column, int64_t row, std::vector<T>& out) {
  if (column.is_text() && column.Text(row).empty()) return absl::OkStatus();
  return TakeCell(column, row, out.emplace_back());
}

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_INPUT_COLUMN_H_
