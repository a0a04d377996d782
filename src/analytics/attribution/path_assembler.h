#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_PATH_ASSEMBLER_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_PATH_ASSEMBLER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analytics/attribution/company_touches.h"
#include "analytics/attribution/credited_records.h"
#include "analytics/attribution/ledger_columns.h"
#include "analytics/attribution/touch_keys.h"
#include "analytics/reports/report_scope.h"
#include "analytics/reports/tally.h"

namespace throughline {

// Whether companies that aged out have paths, and after how many days.
bool HasAgedOut(const PathRequest& request);
int64_t AgedOutDays(const PathRequest& request, const Policy& policy);

// Makes paths of groups, one after another.
class PathAssembler {
 public:
  // The scope outlives it. `stages` as of CreditedRecords.
  PathAssembler(const ReportScope& scope, const PathRequest& request,
                const std::vector<std::string>& stages);

  // Memory for so many paths and touches: growing would copy them.
  void Reserve(size_t paths, size_t touches);
  void Take(const Group& group);

  // An amount that could not be converted.
  const absl::Status& status() const { return errors_.status(); }
  int64_t unknown_amounts() const { return unknown_amounts_; }
  std::vector<Currency> currencies() const { return currencies_; }
  std::shared_ptr<LedgerColumns> Finish();

 private:
  void TakeCompany(const Group& group, const AccountPlaces& accounts);
  void TakeRecord(const Group& group, const PathRecord& record,
                  std::span<const Touch* const> touches);
  void TakeAgedOut(const AccountPlaces& accounts, std::span<const Touch* const> touches);
  void AddTouches(const PathFrame& frame, std::span<const Touch* const> touches,
                  const std::optional<std::vector<uint32_t>>& contacts);
  void AddTouch(const Touch& touch);
  void Mark(const PathFrame& frame, size_t begin);
  void MarkOne(Time at, uint16_t mark, size_t begin);
  void EndPath(int64_t record, PathOutcome outcome);
  void AddAmount(const PathRecord& record);
  void AddNoAmount();
  uint8_t CurrencyNumber(Currency currency);

  const ReportScope& scope_;
  const PathRequest& request_;
  size_t stages_;
  bool money_;
  bool has_aged_out_;
  int64_t aged_out_micros_;
  std::vector<TouchShape> shapes_;      // the dictionary's, close together
  std::vector<uint16_t> direct_marks_;  // by shape
  CreditedRecords records_;
  CompanyTouches touches_;
  TouchKeys keys_;
  Tally errors_{Measures{}};
  int64_t unknown_amounts_ = 0;
  std::vector<Currency> currencies_;
  std::shared_ptr<LedgerColumns> columns_ = std::make_shared<LedgerColumns>();
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_PATH_ASSEMBLER_H_
