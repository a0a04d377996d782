#ifndef THROUGHLINE_ANALYTICS_REPORTS_REPORT_SCOPE_H_
#define THROUGHLINE_ANALYTICS_REPORTS_REPORT_SCOPE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "analytics/reports/compared_periods.h"
#include "analytics/reports/dimensions.h"
#include "analytics/reports/exchange_rates.h"
#include "analytics/reports/milestones.h"
#include "analytics/reports/tally.h"
#include "analytics/stage_ladder.h"
#include "throughline/report.h"

namespace throughline {

// What a report is of, as far as it means the same in every shard.
struct ReportContext {
  AsOfAnswer as_of;
  ReportRequest request;
  std::shared_ptr<const Policy> policy;
  std::vector<ReportedStage> stages;       // the policy's in their order, then others
  std::vector<TableColumn> group_columns;  // for each dimension that rows go by
  // What was spent in the period, by the campaign's label: the same in every shard.
  std::map<std::string, AmountSums> campaign_costs;

  // Whether the request neither leaves anything out nor takes anything apart. Else there is nothing
  // to say of what belongs to no record: costs, responses.
  bool IsOfAll() const { return request.filters.empty() && request.group_by.empty(); }
};

// The declared attributes that say something of a lead: its own and its account's.
std::vector<std::string> AskableAttributes(const Policy& policy);

// "owner=Ann, source=(blank)"; "" of none.
std::string FiltersText(const std::vector<ReportFilter>& filters);

// What of a snapshot a report counts.
class ReportScope {
 public:
  // INVALID_ARGUMENT and FAILED_PRECONDITION as of RunReport. The facts outlive it.
  // Rows go by `own` dimensions and then those of the request.
  static absl::StatusOr<ReportScope> Of(const SnapshotFacts& facts, ReportRequest request,
                                        const std::vector<std::string>& own);

  // Fills the context's costs. INVALID_ARGUMENT: one has no rate into the currency asked for.
  absl::Status SumCosts();

  const SnapshotFacts& facts() const { return *facts_; }
  const Dictionaries& dictionaries() const { return *facts_->dictionaries; }
  const ReportContext& context() const { return context_; }
  const AsOf& as_of() const { return as_of_; }
  const Dimensions& dimensions() const { return *dimensions_; }
  const Calendar& calendar() const { return dimensions_->calendar(); }
  const StageLadder& ladder() const { return ladder_; }
  const Milestones& milestones() const { return milestones_; }
  // Numbers of the texts of AskableAttributes; 0 where nothing ever had it.
  const std::vector<uint32_t>& askable_attributes() const { return askable_attributes_; }

  // The place of a stage among the context's, by the number that facts have; and the stage.
  uint32_t PlaceOf(uint32_t number) const { return facts_->stage_places[number]; }
  const ReportedStage& StageAt(uint32_t place) const { return facts_->stages[place]; }
  const ReportedStage& StageOf(uint32_t number) const { return StageAt(PlaceOf(number)); }

  // Of a stage by its number.
  int RungOf(uint32_t number) const { return ladder_.RungOf(PlaceOf(number)); }

  bool InPeriod(Time time) const { return period_from_ <= time && time < period_until_; }
  // The period and the one before it; without `from`, the fiscal quarter so far.
  const ComparedPeriods& compared() const { return compared_; }
  Time period_from() const { return period_from_; }

  bool Passes(const RecordInGroup& record) const { return filters_.empty() || Matches(record); }
  Tally::Key KeyOf(const RecordInGroup& record) const;
  std::vector<std::string> LabelsOf(const Tally::Key& key) const;

  // The amount in the currency asked for, as of a day; `kept` holds it. Null stays null. An error
  // goes to the tally.
  const Money* Convert(const Money* amount, Time at, Money& kept, Tally& tally) const;

  // Calls visit(RecordInGroup) with each lead and opportunity that is there and passes the filters.
  template <class Visit>
  void ForEachRecord(const Group& group, Visit&& visit) const {
    throughline::ForEachRecord(group, as_of_, [&](const RecordInGroup& record) {
      if (Passes(record)) visit(record);
    });
  }
  // The same, and before that entered(EnteredStage) with each stage that it entered, in order. What
  // was entered before a FactKind::kOpened no longer counts, or is another record's.
  template <class Entered, class Visit>
  void ForEachRecord(const Group& group, Entered&& entered, Visit&& visit) const {
    for (const Standing& standing : group.standings()) {
      const FactRecord& record = group.block().records[standing.record];
      if (standing.IsAsOf(as_of_)) {
        const RecordInGroup in_group{group, record, standing.state, &standing};
        if (!standing.state.exists || !Passes(in_group)) continue;
        ForEachEntry(in_group, entered);
        visit(in_group);
        continue;
      }
      const RecordState state = StateOf(group, record, as_of_, entered);
      if (!state.exists) continue;
      const RecordInGroup in_group{group, record, state};
      if (Passes(in_group)) visit(in_group);
    }
  }
  // Calls visit(record, highest) with the highest rung that it ever stood on, kNoRung if none.
  template <class Visit>
  void ForEachClimb(const Group& group, Visit&& visit) const {
    ForEachRecord(group, [&](const RecordInGroup& record) {
      int highest = StageLadder::kNoRung;
      ForEachStage(record, as_of_,
                   [&](uint32_t stage) { highest = std::max(highest, RungOf(stage)); });
      visit(record, highest);
    });
  }

 private:
  struct Filter {
    Dimension dimension;
    std::vector<uint32_t> values;
  };

  ReportScope(const SnapshotFacts& facts, Dimensions dimensions);

  absl::Status Resolve(ReportRequest request, const AsOfAnswer& as_of);
  absl::Status ResolveDimensions(const std::vector<std::string>& own);
  absl::Status ResolvePeriod();
  absl::Status ResolveFilters();
  bool Matches(const RecordInGroup& record) const;

  const SnapshotFacts* facts_;
  std::shared_ptr<const Dimensions> dimensions_;
  std::shared_ptr<const ExchangeRates> rates_;
  StageLadder ladder_;
  Milestones milestones_;
  std::vector<uint32_t> askable_attributes_;
  ReportContext context_;
  AsOf as_of_;
  Time period_from_ = kMinTime;
  Time period_until_ = kForever;
  ComparedPeriods compared_;
  std::vector<Filter> filters_;
  std::vector<Dimension> group_by_;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_REPORT_SCOPE_H_
