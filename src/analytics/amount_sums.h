#ifndef THROUGHLINE_ANALYTICS_AMOUNT_SUMS_H_
#define THROUGHLINE_ANALYTICS_AMOUNT_SUMS_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "throughline/money.h"
#include "throughline/table.h"

namespace throughline {

// In units of the currency, not its cents.
double MajorUnits(absl::int128 minor, Currency currency);

// Amounts of money, summed exactly and by currency, and how many more are not known: an unknown
// amount is never zero.
class AmountSums {
 public:
  void Add(const Money* amount);  // null: not known
  void Add(const AmountSums& other);
  void AddMinor(Currency currency, absl::int128 minor) { sums_[currency] += minor; }
  void AddUnknown(int64_t count) { unknown_ += count; }

  int64_t unknown() const { return unknown_; }
  bool any_known() const { return !sums_.empty(); }
  const std::map<Currency, absl::int128>& sums() const { return sums_; }

  // In units of the currency, not its cents; 0 if there is nothing to sum, empty if there is but no
  // amount is known.
  Cell Of(Currency currency) const;

 private:
  std::map<Currency, absl::int128> sums_;
  int64_t unknown_ = 0;
};

using Currencies = std::set<Currency>;
void AddCurrencies(const AmountSums& amounts, Currencies& currencies);

// A column for each currency: "amount_eur", "amount_usd". Reports do not convert: each column holds
// one currency, and can be summed.
void AddAmountColumns(std::string_view name, std::string_view definition,
                      const Currencies& currencies, std::vector<TableColumn>& columns);
void AddAmountCells(const AmountSums& amounts, const Currencies& currencies,
                    std::vector<Cell>& row);

// The names of the columns that AddAmountColumns added under this name.
std::vector<std::string> AmountColumns(std::string_view name,
                                       const std::vector<TableColumn>& columns);

// "1,234.50 EUR and 20.00 USD"; "" if none is known.
std::string AmountsText(const AmountSums& amounts);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_AMOUNT_SUMS_H_
