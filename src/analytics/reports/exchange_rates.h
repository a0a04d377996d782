#ifndef THROUGHLINE_ANALYTICS_REPORTS_EXCHANGE_RATES_H_
#define THROUGHLINE_ANALYTICS_REPORTS_EXCHANGE_RATES_H_

#include <map>
#include <utility>

#include "absl/status/statusor.h"
#include "core/rows.h"
#include "throughline/money.h"

namespace throughline {

// The ledger's rates, by day.
class ExchangeRates {
 public:
  explicit ExchangeRates(const Rows& reference);

  // At the newest rate of the two currencies that is valid on `day`, either way round, half a minor
  // unit rounded away from zero. INVALID_ARGUMENT if there is none; OUT_OF_RANGE beyond kMaxMinor.
  absl::StatusOr<Money> Convert(const Money& amount, Currency to, Date day) const;

 private:
  using Pair = std::pair<Currency, Currency>;
  // Null if there is none.
  const int64_t* FindRate(const Pair& pair, Date day) const;

  std::map<Pair, std::map<Date, int64_t>> rates_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_EXCHANGE_RATES_H_
