#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analytics/number_text.h"
#include "analytics/reports.h"

// Which reports the facts of this ledger carry, and what they lack.

namespace throughline {
namespace {

// How many of some records have what a report needs of them.
struct Need {
  const char* one;
  const char* many;
  const char* one_lacks;  // what is said of one that has it not, and of several
  const char* many_lack;
  int64_t has = 0;
  int64_t of = 0;

  void Count(bool known) {
    ++of;
    if (known) ++has;
  }
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

// A record that opened beyond the first stage and stood still says nothing of its way.
bool HasStageDates(const Projection& projection, size_t record, const AsOf& as_of,
                   const std::string& first_stage) {
  int64_t entered = 0;
  const RecordState state = StateOf(projection, record, as_of, [&](uint32_t) { ++entered; });
  return entered > 1 || projection.stages[state.stage].key == first_stage;
}

bool HasSource(const Projection& projection, const RecordState& state) {
  return !projection.channels[state.sources.original].empty();
}

void CountRecord(const Projection& projection, size_t record, const AsOf& as_of, Needs& needs) {
  const RecordState state = StateOf(projection, record, as_of);
  if (!state.exists) return;
  const Policy& policy = *projection.policy;
  if (projection.records[record].kind == EntityKind::kLead) {
    needs.lead_dates.Count(HasStageDates(projection, record, as_of, policy.first_lead_stage().key));
    needs.lead_sources.Count(HasSource(projection, state));
    return;
  }
  needs.deal_dates.Count(
      HasStageDates(projection, record, as_of, policy.first_opportunity_stage().key));
  needs.deal_sources.Count(HasSource(projection, state));
  needs.amounts.Count(state.amount != nullptr);
  if (projection.stages[state.stage].phase == Phase::kWon) {
    needs.won_amounts.Count(state.amount != nullptr);
  }
}

bool HasTouch(const Projection& projection, uint32_t account, const AsOf& as_of) {
  for (const RecordChange& touch : projection.touches[account]) {
    if (Counts(touch, as_of)) return true;
  }
  return false;
}

Needs CountNeeds(const Projection& projection, const AsOf& as_of) {
  Needs needs;
  uint32_t last = UINT32_MAX;  // the records of an account stand together
  for (size_t record = 0; record < projection.records.size(); ++record) {
    CountRecord(projection, record, as_of, needs);
    const uint32_t account = projection.records[record].account;
    if (account == last || !StateOf(projection, record, as_of).exists) continue;
    last = account;
    needs.touches.Count(HasTouch(projection, account, as_of));
  }
  return needs;
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

}  // namespace

Table CoverageReport(const Projection& projection, const AsOf& as_of) {
  const Needs needs = CountNeeds(projection, as_of);
  Table table;
  table.columns = {
      {"about", ColumnKind::kText, "", "The report; with what is asked of it, where that matters."},
      {"supported", ColumnKind::kText, "",
       "Whether the facts carry it: exactly, partly (it runs, and leaves out or misdates what is "
       "said under why), or not."},
      {"why", ColumnKind::kText, "", "What is missing, and of how many records."},
  };
  table.rows = {
      RowOf("pipeline: counts and amounts", {&needs.amounts}),
      RowOf("pipeline: days in a stage", {&needs.lead_dates, &needs.deal_dates}),
      RowOf("funnel", {&needs.lead_dates, &needs.deal_dates}),
      RowOf("sources: leads and deals", {&needs.lead_sources, &needs.deal_sources}),
      RowOf("sources: won amounts", {&needs.won_amounts}),
      RowOf("trace", {&needs.touches, &needs.deal_sources}),
  };
  table.finding = Finding(table, needs);
  return table;
}

}  // namespace throughline
