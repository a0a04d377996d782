#include "analytics/amount_sums.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "model/abseil_text.h"
#include "model/text.h"

namespace throughline {

double MajorUnits(absl::int128 minor, Currency currency) {
  return static_cast<double>(minor) / std::pow(10.0, MinorDigits(currency));
}

void AmountSums::Add(const Money* amount) {
  if (amount == nullptr) {
    ++unknown_;
  } else {
    sums_[amount->currency] += amount->minor;
  }
}

void AmountSums::Add(const AmountSums& other) {
  for (const auto& [currency, sum] : other.sums_) sums_[currency] += sum;
  unknown_ += other.unknown_;
}

Cell AmountSums::Of(Currency currency) const {
  if (unknown_ > 0 && !any_known()) return Cell();
  const auto sum = sums_.find(currency);
  return sum == sums_.end() ? 0.0 : MajorUnits(sum->second, currency);
}

void AddCurrencies(const AmountSums& amounts, Currencies& currencies) {
  for (const auto& [currency, sum] : amounts.sums()) currencies.insert(currency);
}

void AddAmountColumns(std::string_view name, std::string_view definition,
                      const Currencies& currencies, std::vector<TableColumn>& columns) {
  for (const Currency currency : currencies) {
    const std::string code(currency.view());
    columns.push_back({absl::StrCat(ToAbsl(name), "_", LowerAscii(code)), ColumnKind::kReal, code,
                       absl::StrCat(ToAbsl(definition), " in ", code, ".")});
  }
}

std::vector<std::string> AmountColumns(std::string_view name,
                                       const std::vector<TableColumn>& columns) {
  std::vector<std::string> names;
  for (const TableColumn& column : columns) {
    if (column.name == absl::StrCat(ToAbsl(name), "_", LowerAscii(column.unit))) {
      names.push_back(column.name);
    }
  }
  return names;
}

void AddAmountCells(const AmountSums& amounts, const Currencies& currencies,
                    std::vector<Cell>& row) {
  for (const Currency currency : currencies) row.push_back(amounts.Of(currency));
}

std::string AmountsText(const AmountSums& amounts) {
  std::string text;
  for (const auto& [currency, sum] : amounts.sums()) {
    absl::StrAppend(&text, text.empty() ? "" : " and ",
                    GroupedReal(MajorUnits(sum, currency), MinorDigits(currency)), " ",
                    ToAbsl(currency.view()));
  }
  return text;
}

}  // namespace throughline
