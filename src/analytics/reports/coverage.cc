#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"

// Which reports the facts of this ledger carry, and what they lack.

namespace throughline {
namespace coverage {
namespace {

// How many of some records have what a report needs of them.
struct Need {
  const char* one;
  const char* many;
  const char* one_lacks;  // what is said of one that has it not, and of several
  const char* many_lack;
  int64_t has = 0;
  int64_t of = 0;

  // "1 of 3 leads has no known source"; empty if none lacks it.
  std::string Lack() const {
    const int64_t without = of - has;
    if (without == 0) return "";
    return absl::StrCat(GroupedInteger(without), " of ", Counted(of, one, many), " ",
                        without == 1 ? one_lacks : many_lack);
  }
};

constexpr char kStoodStill[] =
    "begins in a later stage and never moves: when it came there, and by which stages, is not "
    "known";
constexpr char kAllStoodStill[] =
    "begin in a later stage and never move: when they came there, and by which stages, is not "
    "known";

struct Needs {
  Need lead_dates{"lead", "leads", kStoodStill, kAllStoodStill};
  Need deal_dates{"opportunity", "opportunities", kStoodStill, kAllStoodStill};
  Need amounts{"opportunity", "opportunities", "has no amount", "have no amount"};
  Need won_amounts{"won deal", "won deals", "has no amount", "have no amount"};
  Need lead_sources{"lead", "leads", "has no known source", "have no known source"};
  Need deal_sources{"opportunity", "opportunities", "has no known source", "have no known source"};
  Need touches{"account with a lead or an opportunity", "accounts with a lead or an opportunity",
               "has no touch: whether marketing came first is not known",
               "have no touch: whether marketing came first is not known"};
};

// Places among the counts: of each need how many have it, and behind it of how many.
enum NeedPlace : size_t {
  kLeadDates = 0,
  kDealDates = 2,
  kAmounts = 4,
  kWonAmounts = 6,
  kLeadSources = 8,
  kDealSources = 10,
  kTouches = 12,
};
constexpr const char* kNeedNames[] = {"lead_dates",   "deal_dates",   "amounts", "won_amounts",
                                      "lead_sources", "deal_sources", "touches"};

Needs NeedsOf(const ReportCounts& counted) {
  Needs needs;
  Need* const all[] = {&needs.lead_dates,   &needs.deal_dates,   &needs.amounts, &needs.won_amounts,
                       &needs.lead_sources, &needs.deal_sources, &needs.touches};
  for (size_t i = 0; i < std::size(all); ++i) {
    for (size_t row = 0; row < counted.rows(); ++row) {
      all[i]->has += counted.count(row, MeasureName(kNeedNames[i], "has"));
      all[i]->of += counted.count(row, MeasureName(kNeedNames[i], "of"));
    }
  }
  return needs;
}

bool HasTouch(const Group& group, size_t account, const AsOf& as_of) {
  for (const Touch& touch : group.TouchesOf(account)) {
    if (Counts(touch, group.block(), as_of)) return true;
  }
  return false;
}

std::vector<Cell> RowOf(const char* report, std::initializer_list<const Need*> needs) {
  std::vector<std::string> lacks;
  int64_t has = 0, of = 0;
  for (const Need* need : needs) {
    has += need->has;
    of += need->of;
    std::string lack = need->Lack();
    if (!lack.empty()) lacks.push_back(std::move(lack));
  }
  std::string why = absl::StrJoin(lacks, "; ");
  const char* supported = lacks.empty() ? "exactly" : has == 0 ? "not" : "partly";
  if (of == 0) {
    supported = "not";
    why = absl::StrCat("there are no ", (*needs.begin())->many);
  } else if (lacks.empty()) {
    why = "all that it needs is known";
  }
  return {std::string(report), std::string(supported), why};
}

std::string Finding(const Table& table, const Needs& needs) {
  if (needs.lead_dates.of + needs.deal_dates.of == 0) {
    return "Too little data: there are no leads and no opportunities.";
  }
  int64_t exactly = 0;
  for (const auto& row : table.rows) {
    if (std::get<std::string>(row[1]) == "exactly") ++exactly;
  }
  return absl::StrCat(GroupedInteger(exactly), " of ",
                      Counted(static_cast<int64_t>(table.rows.size()), "question", "questions"),
                      " can be answered exactly from what the ledger knows.");
}

// Counts a record's needs.
class NeedCounter {
 public:
  NeedCounter(const ReportScope& scope, Tally& tally) : scope_(scope), tally_(tally) {}

  // `stages` that it entered.
  void Count(const RecordInGroup& record, int64_t stages) {
    row_ = tally_.RowOf(scope_.KeyOf(record));
    tally_.Begin(record);
    const RecordState& state = record.state;
    const bool has_source = state.origin != nullptr && state.origin->original.channel != 0;
    // One that opened beyond the first stage and stood still says nothing of its way.
    const Policy& policy = scope_.facts().policy();
    const Stage& first =
        record.IsLead() ? policy.first_lead_stage() : policy.first_opportunity_stage();
    const bool has_dates = stages > 1 || scope_.StageOf(state.stage).key == first.key;
    Count(record.IsLead() ? kLeadDates : kDealDates, has_dates);
    Count(record.IsLead() ? kLeadSources : kDealSources, has_source);
    if (record.IsLead()) return;
    Count(kAmounts, state.amount != nullptr);
    if (scope_.StageOf(state.stage).phase == Phase::kWon) {
      Count(kWonAmounts, state.amount != nullptr);
    }
  }

  // Once for each account with a record.
  void CountAccount(const RecordInGroup& record) {
    if (record.account() == account_) return;
    account_ = record.account();
    Count(kTouches, HasTouch(record.group, account_, scope_.as_of()));
  }

 private:
  void Count(NeedPlace need, bool has) {
    tally_.Count(row_, need + 1);
    if (has) tally_.Count(row_, need);
  }

  const ReportScope& scope_;
  Tally& tally_;
  size_t row_ = 0;
  size_t account_ = SIZE_MAX;  // records of an account stand together
};

class Coverage final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"coverage", "which reports the facts carry exactly, partly or not, and why"};
  }

  bool groups() const override { return false; }

  Measures measures(const ReportScope&) const override {
    Measures measures;
    for (const char* name : kNeedNames) {
      measures.counts.push_back(MeasureName(name, "has"));
      measures.counts.push_back(MeasureName(name, "of"));
    }
    return measures;
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    NeedCounter counter(scope, tally);
    int64_t stages = 0;
    const auto enter = [&](const StageEntry& entry) {
      stages = entry.fact.kind == FactKind::kOpened ? 1 : stages + 1;
    };
    scope.ForEachRecord(group, enter, [&](const RecordInGroup& record) {
      if (!scope.InPeriod(record.state.opened_at)) return;
      counter.Count(record, stages);
      counter.CountAccount(record);
    });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext&) const override {
    const Needs needs = NeedsOf(counted);
    FinishedReport finished;
    finished.AddColumn({"about", ColumnKind::kText, "",
                        "The report; with what is asked of it, where that matters."});
    finished.AddColumn({"supported", ColumnKind::kText, "",
                        "Whether the facts carry it: exactly, partly (it runs, and leaves out or "
                        "misdates what is said under why), or not."});
    finished.AddColumn({"why", ColumnKind::kText, "", "What is missing, and of how many records."});
    const auto add = [&](const char* about, std::initializer_list<const Need*> of) {
      finished.AddRow({}, RowOf(about, of));
    };
    add("pipeline: counts and amounts", {&needs.amounts});
    add("pipeline: days in a stage", {&needs.lead_dates, &needs.deal_dates});
    add("funnel", {&needs.lead_dates, &needs.deal_dates});
    add("sources: leads and deals", {&needs.lead_sources, &needs.deal_sources});
    add("sources: won amounts", {&needs.won_amounts});
    add("trace", {&needs.touches, &needs.deal_sources});
    finished.table.finding = Finding(finished.table, needs);
    return finished;
  }
};

}  // namespace
}  // namespace coverage

const ReportKind& CoverageReport() {
  static const coverage::Coverage report;
  return report;
}

}  // namespace throughline
