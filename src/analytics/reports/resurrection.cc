#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/statistics.h"

// Closed records whose account came back: after how long, from where, worth how much; and signs of
// life that nobody has taken up yet.

namespace throughline {
namespace resurrection {
namespace {

enum CountPlace : size_t { kReengaged, kSamePerson, kOpportunities, kWon, kSignsOfLife };
constexpr const char* kCountNames[] = {"reengaged", "same_person", "opportunities", "won",
                                       "signs_of_life"};

// A closed or parked record of an account that responded since.
class Signs {
 public:
  Signs(const ReportScope& scope, const Group& group) : scope_(scope), group_(group) {
    ForEachRecord(group, scope.as_of(), [&](const RecordInGroup& record) {
      newest_opened_ = std::max(newest_opened_, record.state.opened_at);
      if (scope.StageOf(record.state.stage).kind == StageKind::kOpen) open_ = true;
    });
  }

  // Whether anybody responded since it was closed or parked, and nobody took that up: no work is
  // open, and none was opened since.
  bool SeenOf(const RecordInGroup& record) const {
    const ReportedStage& stage = scope_.StageOf(record.state.stage);
    const bool dead = stage.kind == StageKind::kClosed && stage.phase != Phase::kWon;
    if (open_ || (!dead && stage.kind != StageKind::kParked)) return false;
    for (const size_t account : MergedWith(group_, record.account(), scope_.as_of().known_at)) {
      for (const Touch& touch :
           group_.TouchesOf(account, TouchClass::kResponse, TouchClass::kBoth)) {
        const bool since = touch.occurred_at > std::max(record.state.entered_at, newest_opened_);
        if (since && Counts(touch, group_.block(), scope_.as_of())) return true;
      }
    }
    return false;
  }

 private:
  const ReportScope& scope_;
  const Group& group_;
  bool open_ = false;
  Time newest_opened_ = kMinTime;
};

void AddColumns(const ReportContext& context, const Currencies& currencies, FinishedReport& to) {
  for (const TableColumn& column : context.group_columns) to.AddColumn(column);
  to.AddColumn({"reengaged", ColumnKind::kInteger, "records",
                "Leads and opportunities that opened in the period on an account whose latest "
                "record was dead, disqualified or lost, within the policy's window.",
                /*bar=*/true},
               {"reengaged"});
  to.AddColumn({"same_person", ColumnKind::kInteger, "records",
                "Those leads among them that came through the person whom the dead lead was about; "
                "the others came through somebody new: grouped by contact, it says through whom."},
               {"same_person"});
  to.AddColumn({"dormant_days", ColumnKind::kReal, "days",
                "Half of them had been closed for longer than this."},
               {"dormancy"});
  to.AddColumn({"opportunities", ColumnKind::kInteger, "opportunities",
                "The opportunities among them, and those that their leads were converted into."},
               {"opportunities"});
  to.AddColumn({"won", ColumnKind::kInteger, "opportunities", "Those of them that are won."},
               {"won"});
  to.AddAmounts("won_amount", "Sum of the amounts of those won deals that are", currencies,
                {"won_amount"});
  to.AddColumn({"unknown_amounts", ColumnKind::kInteger, "opportunities",
                "Won deals whose amount is not known; no sum contains them."},
               {UnknownOf("won_amount")});
  to.AddColumn(
      {"signs_of_life", ColumnKind::kInteger, "records",
       "Dead, disqualified, lost and parked records, by their own source, of accounts that "
       "responded since, in any period, with no work open or opened for it: worth a call."},
      {"signs_of_life"});
}

class Resurrection final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"resurrection", "closed records that came back, and signs of life in others"};
  }

  std::vector<std::string> dimensions() const override { return {"channel"}; }

  Measures measures(const ReportScope&) const override {
    return {{std::begin(kCountNames), std::end(kCountNames)}, {"won_amount"}, {"dormancy"}};
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    const Signs signs(scope, group);
    scope.ForEachRecord(group, [&](const RecordInGroup& record) {
      tally.Begin(record);
      if (signs.SeenOf(record)) tally.Count(tally.RowOf(scope.KeyOf(record)), kSignsOfLife);
      if (IsReengaged(record) && scope.InPeriod(record.state.opened_at)) {
        CountReengaged(scope, record, tally);
      }
    });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    const Currencies currencies = counted.CurrenciesOfSums();
    FinishedReport finished;
    finished.table.finding = Finding(counted);
    AddColumns(context, currencies, finished);
    std::vector<size_t> rows = counted.RowsByKey();
    std::ranges::stable_sort(rows, std::greater(), [&](size_t row) {
      return counted.count(row, kCountNames[kReengaged]);
    });
    for (const size_t row : rows) AddRow(counted, row, currencies, finished);
    if (context.group_columns.size() == 1) {
      finished.table.charts = {
          {.title = "What came back", .x = "channel", .y = {"reengaged", "won", "signs_of_life"}}};
    }
    return finished;
  }

 private:
  static bool IsReengaged(const RecordInGroup& record) {
    return record.state.origin != nullptr && record.state.origin->link == Link::kReengages;
  }

  // The record that it re-engages, as it was when this one opened.
  static FoundRecord PreviousOf(const ReportScope& scope, const RecordInGroup& record) {
    const Origin& origin = *record.state.origin;
    return FindRecord(record.group,
                      origin.previous_is_lead ? EntityKind::kLead : EntityKind::kOpportunity,
                      origin.previous, {record.state.opened_at, scope.as_of().known_at});
  }

  static void CountReengaged(const ReportScope& scope, const RecordInGroup& record, Tally& tally) {
    const size_t row = tally.RowOf(scope.KeyOf(record));
    const FoundRecord previous = PreviousOf(scope, record);
    tally.Count(row, kReengaged);
    if (previous) {
      const RecordState& before = previous.state;
      const int64_t dormant = record.state.opened_at.micros - before.entered_at.micros;
      tally.Add(row, 0, Sample{std::max<int64_t>(dormant, 0), 1});
      const bool same = record.IsLead() && previous.record->kind == EntityKind::kLead &&
                        record.state.contact != 0 && record.state.contact == before.contact;
      if (same) tally.Count(row, kSamePerson);
    }
    if (!record.IsLead()) {
      CountOpportunity(scope, record.state, row, tally);
    } else if (record.state.opportunity != 0) {
      const FoundRecord deal = FindRecord(record.group, EntityKind::kOpportunity,
                                          record.state.opportunity, scope.as_of());
      if (!deal) return;
      tally.Begin(RecordInGroup{record.group, *deal.record, deal.state});
      CountOpportunity(scope, deal.state, row, tally);
    }
  }

  static void CountOpportunity(const ReportScope& scope, const RecordState& state, size_t row,
                               Tally& tally) {
    tally.Count(row, kOpportunities);
    if (scope.StageOf(state.stage).phase != Phase::kWon) return;
    tally.Count(row, kWon);
    Money kept;
    tally.Add(row, 0, scope.Convert(state.amount, state.entered_at, kept, tally));
  }

  static void AddRow(const ReportCounts& counted, size_t row, const Currencies& currencies,
                     FinishedReport& to) {
    const auto count = [&](CountPlace place) { return counted.count(row, kCountNames[place]); };
    const AmountSums& amounts = counted.sum(row, "won_amount");
    std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
    cells.insert(cells.end(), {count(kReengaged), count(kSamePerson),
                               MedianDays(counted.samples(row, "dormancy")), count(kOpportunities),
                               count(kWon)});
    AddAmountCells(amounts, currencies, cells);
    cells.insert(cells.end(), {amounts.unknown(), count(kSignsOfLife)});
    to.AddRow({{row}, ""}, cells);
  }

  static std::string Finding(const ReportCounts& counted) {
    const int64_t back = counted.Total(kCountNames[kReengaged]);
    const int64_t won = counted.Total(kCountNames[kWon]);
    const int64_t signs = counted.Total(kCountNames[kSignsOfLife]);
    if (back + signs == 0) {
      return "Too little data: nothing that was closed has come back, or shows signs of life.";
    }
    const Cell median = MedianDays(counted.AllSamples("dormancy"));
    const auto* days = std::get_if<double>(&median);
    return absl::StrCat(Counted(back, "record", "records"), " came back from the dead",
                        days == nullptr ? ""
                                        : absl::StrCat(", half of them after more than ",
                                                       GroupedReal(*days, 0), " days"),
                        ", and ", Counted(won, "deal", "deals"), " of theirs were won; ",
                        GroupedInteger(signs), " more show signs of life.");
  }
};

}  // namespace
}  // namespace resurrection

const ReportKind& ResurrectionReport() {
  static const resurrection::Resurrection report;
  return report;
}

}  // namespace throughline
