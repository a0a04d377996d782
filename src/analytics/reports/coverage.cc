#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/snapshot/lead_work.h"

// Which reports the facts of this ledger carry, and what they lack.

namespace throughline {
namespace coverage {
namespace {

// What reports need of records: of some, that each has something.
enum Need : size_t {
  kLeadDates,
  kDealDates,
  kAmounts,
  kWonAmounts,
  kLeadSources,
  kDealSources,
  kLeadCampaigns,
  kTouches,
  kWonTouches,
  kHandOffs,
  kFollowUps,
  kReasons,
  kCloseDates,
  kOwners,
};

struct NeedText {
  const char* name;
  const char* one;
  const char* many;
  const char* lacks;      // what is said of one that has it not
  const char* many_lack;  // and of several
  bool may_lack = false;  // it is no gap that some have it not, only that none has
};

constexpr char kStoodStill[] =
    "begins in a later stage and never moves: when it came there, and by which stages, is not "
    "known";
constexpr char kAllStoodStill[] =
    "begin in a later stage and never move: when they came there, and by which stages, is not "
    "known";
constexpr char kNoTouch[] = "has no touch: whether marketing came first is not known";
constexpr char kHaveNoTouch[] = "have no touch: whether marketing came first is not known";

constexpr NeedText kNeeds[] = {
    {"lead_dates", "lead", "leads", kStoodStill, kAllStoodStill},
    {"deal_dates", "opportunity", "opportunities", kStoodStill, kAllStoodStill},
    {"amounts", "opportunity", "opportunities", "has no amount", "have no amount"},
    {"won_amounts", "won deal", "won deals", "has no amount", "have no amount"},
    {"lead_sources", "lead", "leads", "has no known source", "have no known source"},
    {"deal_sources", "opportunity", "opportunities", "has no known source", "have no known source"},
    {"lead_campaigns", "lead", "leads", "has no campaign", "have no campaign", true},
    {"touches", "account with a lead or an opportunity", "accounts with a lead or an opportunity",
     kNoTouch, kHaveNoTouch},
    {"won_touches", "won deal", "won deals", "is of an account without touches",
     "are of accounts without touches"},
    {"hand_offs", "accepted lead", "accepted leads", "was never handed off, as far as is recorded",
     "were never handed off, as far as is recorded"},
    {"follow_ups", "lead handed off", "leads handed off", "has no follow-up",
     "have no follow-up: calls, meetings and personal messages seem not to be recorded", true},
    {"reasons", "closed lead", "closed leads", "has no reason", "have no reason"},
    {"close_dates", "opportunity", "opportunities", "has no close date", "have no close date"},
    {"owners", "accepted lead or opportunity", "accepted leads and opportunities", "has no owner",
     "have no owner"},
};

struct Question {
  const char* about;
  std::vector<Need> needs;
};

const std::vector<Question>& Questions() {
  static const std::vector<Question> questions = {
      {"pipeline: counts and amounts", {kAmounts}},
      {"pipeline: days in a stage", {kLeadDates, kDealDates}},
      {"movement", {kAmounts, kCloseDates}},
      {"funnel", {kLeadDates, kDealDates}},
      {"cohorts and velocity", {kLeadDates, kDealDates}},
      {"fall_off", {kReasons, kLeadDates}},
      {"sources: leads and deals", {kLeadSources, kDealSources}},
      {"sources: won amounts", {kWonAmounts}},
      {"campaigns", {kLeadCampaigns, kWonAmounts}},
      {"attribution", {kWonTouches, kWonAmounts}},
      {"follow_up and whereabouts", {kHandOffs, kFollowUps}},
      {"win_rate and quarter_end", {kLeadDates}},
      {"slippage: pushed close dates", {kCloseDates}},
      {"resurrection", {kTouches}},
      {"reps", {kOwners}},
      {"trace", {kTouches, kDealSources}},
  };
  return questions;
}

// How many have it, and of how many.
struct NeedCount {
  int64_t has = 0, of = 0;
};

NeedCount CountOf(const ReportCounts& counted, Need need) {
  return {counted.Total(MeasureName(kNeeds[need].name, "has")),
          counted.Total(MeasureName(kNeeds[need].name, "of"))};
}

// "1 of 3 leads has no known source"; empty if it is no gap.
std::string LackOf(const NeedText& text, const NeedCount& count) {
  const int64_t without = count.of - count.has;
  if (without == 0 || (text.may_lack && count.has > 0)) return "";
  return absl::StrCat(GroupedInteger(without), " of ", Counted(count.of, text.one, text.many), " ",
                      without == 1 ? text.lacks : text.many_lack);
}

std::vector<Cell> RowOf(const ReportCounts& counted, const Question& question) {
  std::vector<std::string> lacks;
  int64_t has = 0, of = 0;
  for (const Need need : question.needs) {
    const NeedCount count = CountOf(counted, need);
    has += count.has;
    of += count.of;
    std::string lack = LackOf(kNeeds[need], count);
    if (!lack.empty()) lacks.push_back(std::move(lack));
  }
  std::string why = absl::StrJoin(lacks, "; ");
  const char* supported = lacks.empty() ? "exactly" : has == 0 ? "not" : "partly";
  if (of == 0) {
    supported = "not";
    why = absl::StrCat("there are no ", kNeeds[question.needs.front()].many);
  } else if (lacks.empty()) {
    why = "all that it needs is known";
  }
  return {std::string(question.about), std::string(supported), why};
}

std::string Finding(const Table& table, const ReportCounts& counted) {
  if (CountOf(counted, kLeadDates).of + CountOf(counted, kDealDates).of == 0) {
    return "Too little data: there are no leads and no opportunities.";
  }
  int64_t exactly = 0;
  for (size_t row = 0; row < table.rows(); ++row) {
    if (table.columns[1].TextAt(row) == "exactly") ++exactly;
  }
  return absl::StrCat(GroupedInteger(exactly), " of ",
                      Counted(static_cast<int64_t>(table.rows()), "question", "questions"),
                      " can be answered exactly from what the ledger knows.");
}

// What a record went through.
struct Way {
  int64_t stages = 0;  // that it entered
  int highest = StageLadder::kNoRung;
};

// Counts what the records of a group have, one after another.
class NeedCounter {
 public:
  NeedCounter(const ReportScope& scope, Tally& tally) : scope_(scope), tally_(tally) {}

  void Count(const RecordInGroup& record, const Way& way) {
    row_ = tally_.RowOf(scope_.KeyOf(record));
    tally_.Begin(record);
    const RecordState& state = record.state;
    CountAccount(record);
    Count(record.IsLead() ? kLeadDates : kDealDates, HasDates(record, way));
    const bool has_source = state.origin != nullptr && state.origin->original.channel != 0;
    Count(record.IsLead() ? kLeadSources : kDealSources, has_source);
    if (record.IsLead()) {
      CountLead(record, way);
    } else {
      CountDeal(record);
    }
  }

 private:
  // One that opened beyond the first stage and stood still says nothing of its way.
  bool HasDates(const RecordInGroup& record, const Way& way) const {
    const Policy& policy = scope_.facts().policy();
    const Stage& first =
        record.IsLead() ? policy.first_lead_stage() : policy.first_opportunity_stage();
    return way.stages > 1 || scope_.StageOf(record.state.stage).key == first.key;
  }

  void CountLead(const RecordInGroup& lead, const Way& way) {
    const RecordState& state = lead.state;
    Count(kLeadCampaigns, state.origin != nullptr && state.origin->original.campaign != 0);
    const int accepted = scope_.milestones().accepted;
    if (accepted != StageLadder::kNoRung && way.highest >= accepted) {
      Count(kHandOffs, state.handed_off_at.has_value());
      Count(kOwners, state.owner != 0);
    }
    if (state.handed_off_at) Count(kFollowUps, FollowedUpAt(lead, scope_.as_of()).has_value());
    if (scope_.StageOf(state.stage).kind == StageKind::kClosed) Count(kReasons, state.reason != 0);
  }

  void CountDeal(const RecordInGroup& deal) {
    const RecordState& state = deal.state;
    Count(kAmounts, state.amount != nullptr);
    Count(kCloseDates, state.close_date.has_value());
    Count(kOwners, state.owner != 0);
    if (scope_.StageOf(state.stage).phase != Phase::kWon) return;
    Count(kWonAmounts, state.amount != nullptr);
    Count(kWonTouches, has_touch_);
  }

  // Once for each account with a record; records of an account stand together.
  void CountAccount(const RecordInGroup& record) {
    if (record.account() == account_) return;
    account_ = record.account();
    has_touch_ = HasTouch(record.group, account_);
    Count(kTouches, has_touch_);
  }

  bool HasTouch(const Group& group, size_t account) const {
    const auto touches = group.TouchesOf(account);
    return std::ranges::any_of(
        touches, [&](const Touch& touch) { return Counts(touch, group.block(), scope_.as_of()); });
  }

  void Count(Need need, bool has) {
    tally_.Count(row_, 2 * need + 1);
    if (has) tally_.Count(row_, 2 * need);
  }

  const ReportScope& scope_;
  Tally& tally_;
  size_t row_ = 0;
  size_t account_ = SIZE_MAX;
  bool has_touch_ = false;
};

class Coverage final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"coverage", "which reports the facts carry exactly, partly or not, and why"};
  }

  bool groups() const override { return false; }

  Measures measures(const ReportScope&) const override {
    Measures measures;
    for (const NeedText& need : kNeeds) {
      measures.counts.push_back(MeasureName(need.name, "has"));
      measures.counts.push_back(MeasureName(need.name, "of"));
    }
    return measures;
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    NeedCounter counter(scope, tally);
    Way way;
    const auto enter = [&](const EnteredStage& entry) {
      if (entry.fact.kind == FactKind::kOpened) way = Way();
      ++way.stages;
      way.highest = std::max(way.highest, scope.RungOf(entry.stage));
    };
    scope.ForEachRecord(group, enter, [&](const RecordInGroup& record) {
      if (scope.InPeriod(record.state.opened_at)) counter.Count(record, way);
    });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext&) const override {
    FinishedReport finished;
    finished.AddColumn({"about", ColumnKind::kText, "",
                        "The report; with what is asked of it, where that matters."});
    finished.AddColumn({"supported", ColumnKind::kText, "",
                        "Whether the facts carry it: exactly, partly (it runs, and leaves out or "
                        "misdates what is said under why), or not."});
    finished.AddColumn({"why", ColumnKind::kText, "", "What is missing, and of how many records."});
    for (const Question& question : Questions()) {
      finished.AddRow({}, RowOf(counted, question));
    }
    finished.table.finding = Finding(finished.table, counted);
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
