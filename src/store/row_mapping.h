#ifndef THROUGHLINE_STORE_ROW_MAPPING_H_
#define THROUGHLINE_STORE_ROW_MAPPING_H_

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "store/attribute_json.h"
#include "store/schema.h"
#include "throughline/field.h"
#include "throughline/ids.h"
#include "throughline/money.h"
#include "throughline/store.h"
#include "throughline/time.h"

// Rows as the values of their columns, and back, driven by the field lists (row.h tells the rules).
//
//   RowValues<LeadRow> values;
//   ToValues(row, values);
//   transaction.Put(kTableOf<LeadRow>, values.columns);
//   transaction.Get(kTableOf<LeadRow>, KeyValues(lead_id), stored);
//   FromValues(stored.values(), row);

namespace throughline {
namespace row_internal {

template <class T>
inline constexpr bool kIsId = std::is_same_v<T, EventId>;
template <class Tag>
inline constexpr bool kIsId<Id<Tag>> = true;

template <class T>
inline constexpr bool kIsOptionalColumn = false;
template <class T>
inline constexpr bool kIsOptionalColumn<std::optional<T>> = true;

template <class T>
constexpr size_t ColumnCount() {
  if constexpr (HasFields<T>) {
    return std::apply(
        []<class... Fields>(const Fields&...) {
          return (ColumnCount<typename Fields::MemberType>() + ...);
        },
        kFieldsOf<T>);
  } else if constexpr (std::is_same_v<T, Money> || std::is_same_v<T, std::optional<Money>>) {
    return 2;  // minor, currency
  } else {
    return 1;
  }
}

template <std::integral T>
int64_t IntegerOf(T value) {
  return static_cast<int64_t>(value);
}
inline int64_t IntegerOf(Time time) { return time.micros; }
inline int64_t IntegerOf(Date date) { return date.days; }
inline int64_t IntegerOf(EventId id) { return id.packed; }
template <class Tag>
int64_t IntegerOf(Id<Tag> id) {
  return id.value;
}
template <class Enum>
requires std::is_enum_v<Enum> int64_t IntegerOf(Enum value) { return static_cast<int64_t>(value); }

inline std::string_view TextOf(std::string_view text) { return text; }
inline std::string_view TextOf(const Currency& currency) { return currency.view(); }

}  // namespace row_internal

// A single value: text as a view of it, everything else as an integer. Never null.
template <class T>
Value ValueOf(const T& value) {
  if constexpr (std::is_convertible_v<const T&, std::string_view> || std::is_same_v<T, Currency>) {
    return Value(std::in_place_type<std::string_view>, row_internal::TextOf(value));
  } else {
    return Value(std::in_place_type<int64_t>, row_internal::IntegerOf(value));
  }
}

// --- Rows to values. ---

// The values of one row. Views point into the row, and into this: keep both, and do not move them.
template <class Row>
struct RowValues {
  std::array<Value, row_internal::ColumnCount<Row>()> columns;
  std::string json;  // of the attributes
};

namespace row_internal {

// Writes the columns of one member from `out` on; returns where it stopped.
template <class T>
Value* PutColumns(const T& value, Value* out, std::string& json) {
  if constexpr (HasFields<T>) {
    ForEachField<T>([&](const auto& field) { out = PutColumns(value.*field.member, out, json); });
    return out;
  } else if constexpr (std::is_same_v<T, Money>) {
    *out++ = ValueOf(value.minor);
    *out++ = ValueOf(value.currency);
    return out;
  } else if constexpr (kIsOptionalColumn<T>) {
    if (value.has_value()) return PutColumns(*value, out, json);
    for (size_t i = 0; i < ColumnCount<T>(); ++i) *out++ = Value();
    return out;
  } else if constexpr (std::is_same_v<T, std::vector<Attribute>>) {
    json.clear();
    if (!value.empty()) AppendAttributeJson(value, json);
    *out = ValueOf(value.empty() ? kNoAttributes : std::string_view(json));
    return out + 1;
  } else if constexpr (kIsId<T>) {
    *out = value ? ValueOf(value) : Value();
    return out + 1;
  } else {
    *out = ValueOf(value);
    return out + 1;
  }
}

}  // namespace row_internal

template <class Row>
void ToValues(const Row& row, RowValues<Row>& values) {
  row_internal::PutColumns(row, values.columns.data(), values.json);
  for (size_t i = 0; i < Row::kKeyFields; ++i) {
    if (std::holds_alternative<std::monostate>(values.columns[i])) values.columns[i] = int64_t{0};
  }
}

// --- Values to rows. ---

namespace row_internal {

inline bool GetColumn(const Value& value, std::string& text) {
  const auto* view = std::get_if<std::string_view>(&value);
  if (view == nullptr) return false;
  text.assign(*view);
  return true;
}

inline bool GetColumn(const Value& value, Currency& currency) {
  const auto* view = std::get_if<std::string_view>(&value);
  if (view == nullptr || (!view->empty() && view->size() != sizeof(currency.code))) return false;
  currency = Currency{};
  view->copy(currency.code, view->size());
  return true;
}

inline bool GetColumn(const Value& value, std::vector<Attribute>& attributes) {
  const auto* view = std::get_if<std::string_view>(&value);
  return view != nullptr && ParseAttributeJson(*view, attributes);
}

// Everything that is an integer in SQL.
template <class T>
bool GetColumn(const Value& value, T& member) {
  const auto* integer = std::get_if<int64_t>(&value);
  if constexpr (kIsId<T>) {
    member = T{integer == nullptr ? 0 : *integer};
    return integer != nullptr || std::holds_alternative<std::monostate>(value);
  } else if constexpr (std::is_enum_v<T>) {
    if (integer == nullptr || !std::in_range<std::underlying_type_t<T>>(*integer)) return false;
    member = static_cast<T>(*integer);
    return true;
  } else if constexpr (std::is_same_v<T, Date>) {
    if (integer == nullptr || !std::in_range<int32_t>(*integer)) return false;
    member = Date{static_cast<int32_t>(*integer)};
    return true;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (integer == nullptr || !(*integer == 0 || *integer == 1)) return false;
    member = *integer == 1;
    return true;
  } else {
    if (integer == nullptr) return false;
    member = T{*integer};
    return true;
  }
}

// Reads the columns of one member from `in` on and moves it; false at a value of a wrong type.
template <class T>
bool TakeColumns(const Value*& in, T& member) {
  if constexpr (HasFields<T>) {
    return std::apply(
        [&](const auto&... field) { return (TakeColumns(in, member.*field.member) && ...); },
        kFieldsOf<T>);
  } else if constexpr (std::is_same_v<T, Money>) {
    return TakeColumns(in, member.minor) && TakeColumns(in, member.currency);
  } else if constexpr (kIsOptionalColumn<T>) {
    if (!std::holds_alternative<std::monostate>(*in)) return TakeColumns(in, member.emplace());
    member.reset();
    for (size_t i = 0; i < ColumnCount<T>(); ++i, ++in) {
      if (!std::holds_alternative<std::monostate>(*in)) return false;
    }
    return true;
  } else {
    if (!GetColumn(*in, member)) return false;
    ++in;
    return true;
  }
}

}  // namespace row_internal

// DATA_LOSS that names the table and the column.
absl::Status DamagedRow(TableNumber table, size_t column);

// DATA_LOSS if the values are not those of a row.
template <class Row>
absl::Status FromValues(std::span<const Value> values, Row& row) {
  const Value* in = values.data();
  if (values.size() == row_internal::ColumnCount<Row>() && row_internal::TakeColumns(in, row)) {
    return absl::OkStatus();
  }
  return DamagedRow(kTableOf<Row>, static_cast<size_t>(in - values.data()));
}

// --- Keys. ---

// The values of a key, or of the leading columns of an index, from its parts:
// KeyValues(opportunity_id, lead_id). Views point into the parts.
template <class... Parts>
std::array<Value, sizeof...(Parts)> KeyValues(const Parts&... parts) {
  return {ValueOf(parts)...};
}

namespace row_internal {

template <class Row, size_t... kIndex>
auto MakeKeyValues(const Row& row, std::index_sequence<kIndex...>) {
  return KeyValues(row.*std::get<kIndex>(kFieldsOf<Row>).member...);
}

}  // namespace row_internal

// The values of the primary key of a row; views point into the row.
template <class Row>
std::array<Value, Row::kKeyFields> KeyValuesOf(const Row& row) {
  return row_internal::MakeKeyValues(row, std::make_index_sequence<Row::kKeyFields>());
}

}  // namespace throughline

#endif  // THROUGHLINE_STORE_ROW_MAPPING_H_
