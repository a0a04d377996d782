#ifndef THROUGHLINE_LEDGER_ROW_TEXT_H_
#define THROUGHLINE_LEDGER_ROW_TEXT_H_

#include <string>

#include "store/row_mapping.h"
#include "store/schema.h"
#include "throughline/store.h"

// Rows in words, for reports of what is wrong with them.

namespace throughline {

std::string ValueText(const Value& value);

// "lead 5", "account_domain 3,acme.com".
std::string RowName(TableNumber table, std::span<const Value> key);

// "stage is 7, should be 3" for the first column that differs.
std::string DifferenceText(TableNumber table, std::span<const Value> is,
                           std::span<const Value> should_be);

template <class Row>
std::string NameOfRow(const Row& row) {
  const auto key = KeyValuesOf(row);
  return RowName(kTableOf<Row>, key);
}

template <class Row>
std::string DifferenceOf(const Row& is, const Row& should_be) {
  RowValues<Row> is_values;
  RowValues<Row> should_be_values;
  ToValues(is, is_values);
  ToValues(should_be, should_be_values);
  return DifferenceText(kTableOf<Row>, is_values.columns, should_be_values.columns);
}

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_ROW_TEXT_H_
