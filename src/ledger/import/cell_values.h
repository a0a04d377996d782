#ifndef THROUGHLINE_LEDGER_IMPORT_CELL_VALUES_H_
#define THROUGHLINE_LEDGER_IMPORT_CELL_VALUES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ledger/import/value_template.h"
#include "model/fact_values.h"
#include "throughline/command.h"

// One function per type of member: reads the text that a mapping has made into it. The JSON fact
// format's readers are in model/fact_values.h; these also know how the file writes dates and
// numbers. Errors are INVALID_ARGUMENT and name the member.

namespace throughline {

// A text that is not empty, and how it is written.
struct CellText {
  Place place;
  std::string_view text;
  const ValueTemplate& value;
  const RowCells& row;
};

absl::Status ReadCell(const CellText& cell, std::string& value);
absl::Status ReadCell(const CellText& cell, bool& value);
absl::Status ReadCell(const CellText& cell, int64_t& value);
absl::Status ReadCell(const CellText& cell, EventRef& value);
absl::Status ReadCell(const CellText& cell, ExternalId& value);
absl::Status ReadCell(const CellText& cell, Date& value);
absl::Status ReadCell(const CellText& cell, Time& value);
absl::Status ReadCell(const CellText& cell, Moment& value);
absl::Status ReadCell(const CellText& cell, Money& value);
absl::Status ReadCell(const CellText& cell, Currency& value);

// An exchange rate, times 10^9.
absl::Status ReadRate(const CellText& cell, int64_t& value);

// A record's number, or "system:key".
absl::Status ReadReference(const CellText& cell, int64_t& id, ExternalId& external);

template <class Tag>
absl::Status ReadCell(const CellText& cell, Ref<Tag>& value) {
  return ReadReference(cell, value.id.value, value.external);
}

template <NamedEnum Enum>
absl::Status ReadCell(const CellText& cell, Enum& value) {
  if (FromName(cell.text, value)) return absl::OkStatus();
  return NotOneOf(cell.place, cell.text, NamesOf<Enum>());
}

template <class T>
absl::Status ReadCell(const CellText& cell, std::optional<T>& value) {
  return ReadCell(cell, value.emplace());
}

// What the mapping has to know of a member to read its template.
template <class T>
struct CellTraits {
  static constexpr ValueType kType = ValueType::kText;
};
template <>
struct CellTraits<Date> {
  static constexpr ValueType kType = ValueType::kDay;
};
template <>
struct CellTraits<Time> {
  static constexpr ValueType kType = ValueType::kTime;
};
template <>
struct CellTraits<Moment> {
  static constexpr ValueType kType = ValueType::kTime;
};
template <>
struct CellTraits<Money> {
  static constexpr ValueType kType = ValueType::kMoney;
};
template <class T>
struct CellTraits<std::optional<T>> : CellTraits<T> {};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_CELL_VALUES_H_
