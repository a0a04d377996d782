#include "ledger/row_text.h"

#include <cstdint>
#include <string_view>
#include <variant>

#include "absl/strings/str_cat.h"

namespace throughline {
namespace {

constexpr size_t kLongestText = 60;

}  // namespace

std::string ValueText(const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return absl::StrCat(*number);
  if (const auto* real = std::get_if<double>(&value)) return absl::StrCat(*real);
  const auto* text = std::get_if<std::string_view>(&value);
  if (text == nullptr) return "null";
  if (text->size() > kLongestText) return absl::StrCat("a text of ", text->size(), " bytes");
  return absl::StrCat("'", std::string(*text), "'");
}

std::string RowName(TableNumber table, std::span<const Value> key) {
  std::string name = LedgerSchema().tables[static_cast<size_t>(table)].name;
  for (size_t i = 0; i < key.size(); ++i) {
    const auto* text = std::get_if<std::string_view>(&key[i]);
    absl::StrAppend(&name, i == 0 ? " " : ",",
                    text == nullptr ? ValueText(key[i]) : std::string(*text));
  }
  return name;
}

std::string DifferenceText(TableNumber table, std::span<const Value> is,
                           std::span<const Value> should_be) {
  const TableSchema& schema = LedgerSchema().tables[static_cast<size_t>(table)];
  for (size_t i = 0; i < is.size(); ++i) {
    if (is[i] == should_be[i]) continue;
    return absl::StrCat(schema.columns[i].name, " is ", ValueText(is[i]), ", should be ",
                        ValueText(should_be[i]));
  }
  return "differs";
}

}  // namespace throughline
