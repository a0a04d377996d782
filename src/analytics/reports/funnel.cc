#include <algorithm>
#include <bit>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports/report_kind.h"
#include "analytics/snapshot/lead_work.h"
#include "model/abseil_text.h"

// How many entered and reached every stage.

namespace throughline {
namespace funnel {
namespace {

// The stages that a record was in, by place, as bits.
class Entered {
 public:
  explicit Entered(size_t stages) : words_((stages + 63) / 64) {}

  void Clear() { std::ranges::fill(words_, 0); }
  void Add(uint32_t place) { words_[place / 64] |= uint64_t{1} << place % 64; }
  bool Has(uint32_t place) const { return (words_[place / 64] >> place % 64 & 1) != 0; }

  template <class Visit>
  void ForEach(Visit&& visit) const {
    for (size_t i = 0; i < words_.size(); ++i) {
      for (uint64_t bits = words_[i]; bits != 0; bits &= bits - 1) {
        visit(static_cast<uint32_t>(64 * i) + static_cast<uint32_t>(std::countr_zero(bits)));
      }
    }
  }

 private:
  absl::InlinedVector<uint64_t, 2> words_;
};

// What happens to leads beside their stages: nothing but the event itself tells of it. No key of a
// stage has a space.
enum Happening : size_t { kHandOff, kAcceptance, kFollowUp };
constexpr const char* kHappenings[] = {"hand-off event", "acceptance event", "follow-up event"};
constexpr const char* kTotals[] = {"leads", "opportunities", "converted", "won"};

// A stage as records went through it, and how many went on to the next rung, if there is one.
struct Passage {
  int64_t entered = 0;
  int64_t reached = 0;
  std::optional<int64_t> went_on;
};

// The key of the stage on the next rung; "" if there is none.
std::string NextRung(const std::vector<ReportedStage>& stages, const StageLadder& ladder,
                     size_t place) {
  const int rung = ladder.RungOf(static_cast<uint32_t>(place));
  if (rung == StageLadder::kNoRung) return "";
  for (size_t i = 0; i < stages.size(); ++i) {
    const bool same_side = stages[i].OfLeads() == stages[place].OfLeads();
    if (same_side && ladder.RungOf(static_cast<uint32_t>(i)) == rung + 1) return stages[i].key;
  }
  return "";
}

Passage PassageOf(const ReportCounts& counted, size_t row, const std::vector<ReportedStage>& stages,
                  const StageLadder& ladder, size_t place) {
  Passage passage;
  passage.entered = counted.count(row, MeasureName("entered", stages[place].key));
  passage.reached = counted.count(row, MeasureName("reached", stages[place].key));
  const std::string next = NextRung(stages, ladder, place);
  if (!next.empty()) passage.went_on = counted.count(row, MeasureName("reached", next));
  return passage;
}

void AddColumns(const ReportContext& context, FinishedReport& to) {
  for (const TableColumn& column : context.group_columns) to.AddColumn(column);
  to.AddColumn(
      {"stage", ColumnKind::kText, "", "Stage of the policy, by its key, in the policy's order."});
  to.AddColumn({"phase", ColumnKind::kText, "",
                "Phase the stage belongs to: marketing, lead, opportunity, won or lost."});
  to.AddColumn({"entered", ColumnKind::kInteger, "records",
                "Leads (marketing and lead phases) or opportunities (other phases) that were in "
                "this very stage at some time, each counted once; in the last rows, leads of which "
                "an event says so: that they were handed off, accepted, followed up."},
               {"entered"});
  to.AddColumn({"reached", ColumnKind::kInteger, "records",
                "Those that were in this stage or in a later one; for parked and closed stages, "
                "the same as entered.",
                /*bar=*/true},
               {"reached"});
  to.AddColumn({"conversion", ColumnKind::kReal, "share",
                "Of those that reached this stage, the share that reached the next one so far; "
                "empty where nothing comes next or nobody came."},
               {"reached"});
}

std::string Converted(int64_t part, int64_t whole, std::string_view what, std::string_view did) {
  if (whole == 0) return absl::StrCat("there are no ", ToAbsl(what));
  return absl::StrCat("of ", GroupedInteger(whole), " ", ToAbsl(what), ", ", GroupedInteger(part),
                      " (", Percent(part, whole), ") ", ToAbsl(did));
}

// Where the smallest share goes on; "" if nobody was lost, or too few came by to tell.
std::string SteepestFall(const std::vector<ReportedStage>& stages,
                         const std::vector<Passage>& passages) {
  const Passage* worst = nullptr;
  for (const Passage& p : passages) {
    if (!p.went_on || p.reached < kEnoughRecords || *p.went_on == p.reached) continue;
    // As fractions: went_on / reached < that of the worst so far.
    if (worst == nullptr || *p.went_on * worst->reached < *worst->went_on * p.reached) worst = &p;
  }
  if (worst == nullptr) return "";
  const auto stage = static_cast<size_t>(worst - passages.data());
  return absl::StrCat("; the fewest went on from ", stages[stage].key, ": ",
                      GroupedInteger(*worst->went_on), " of ", GroupedInteger(worst->reached), " (",
                      Percent(*worst->went_on, worst->reached), ")");
}

// Of all rows together.
std::string Finding(const ReportCounts& counted, const std::vector<ReportedStage>& stages,
                    const StageLadder& ladder) {
  const int64_t leads = counted.Total("leads"), deals = counted.Total("opportunities"),
                converted = counted.Total("converted"), won = counted.Total("won");
  std::vector<Passage> passages(stages.size());
  for (size_t row = 0; row < counted.rows(); ++row) {
    for (size_t i = 0; i < stages.size(); ++i) {
      const Passage passage = PassageOf(counted, row, stages, ladder, i);
      passages[i].reached += passage.reached;
      if (passage.went_on) passages[i].went_on = passages[i].went_on.value_or(0) + *passage.went_on;
    }
  }
  if (std::max(leads, deals) < kEnoughRecords) {
    return absl::StrCat("Too little data: ", Counted(leads, "lead", "leads"), " and ",
                        Counted(deals, "opportunity", "opportunities"), ".");
  }
  std::string text = absl::StrCat(Converted(converted, leads, "leads", "were converted"), "; ",
                                  Converted(won, deals, "opportunities", "were won"),
                                  SteepestFall(stages, passages), ".");
  text[0] = absl::ascii_toupper(static_cast<unsigned char>(text[0]));
  return text;
}

class Funnel final : public ReportKind {
 public:
  ReportInfo info() const override {
    return {"funnel", "how many leads and opportunities entered and reached each stage"};
  }

  Measures measures(const ReportScope& scope) const override {
    Measures measures;
    for (const char* name : {"entered", "reached"}) {
      for (const ReportedStage& s : scope.facts().stages) {
        measures.counts.push_back(MeasureName(name, s.key));
      }
    }
    for (const char* name : kTotals) measures.counts.emplace_back(name);
    for (const char* name : {"entered", "reached"}) {
      for (const char* happening : kHappenings) {
        measures.counts.push_back(MeasureName(name, happening));
      }
    }
    return measures;
  }

  void Count(const ReportScope& scope, const Group& group, Tally& tally) const override {
    Entered entered(scope.facts().stages.size());
    scope.ForEachRecord(group, [&](const RecordInGroup& record) {
      if (!scope.InPeriod(record.state.opened_at)) return;
      entered.Clear();
      ForEachStage(record, scope.as_of(),
                   [&](uint32_t stage) { entered.Add(scope.PlaceOf(stage)); });
      CountRecord(scope, record, entered, tally);
    });
  }

  FinishedReport Finish(const ReportCounts& counted, const ReportContext& context) const override {
    const StageLadder ladder(context.stages);
    FinishedReport finished;
    finished.table.finding = Finding(counted, context.stages, ladder);
    AddColumns(context, finished);
    if (context.group_columns.empty()) {
      finished.table.charts = {{.title = "How many reached each stage",
                                .x = "stage",
                                .y = {"reached"},
                                .series = "phase"},
                               {.title = "What share went on to the next stage",
                                .x = "stage",
                                .y = {"conversion"},
                                .series = "phase"}};
    }
    for (const size_t row : counted.RowsByKey()) {
      for (size_t i = 0; i < context.stages.size(); ++i) {
        const ReportedStage& stage = context.stages[i];
        const Passage p = PassageOf(counted, row, context.stages, ladder, i);
        std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
        cells.insert(cells.end(), {stage.key, std::string(NameOf(stage.phase)), p.entered,
                                   p.reached, p.went_on ? ShareOf(*p.went_on, p.reached) : Cell()});
        finished.AddRow({{row}, stage.key}, cells);
      }
      for (const char* happening : kHappenings) AddHappening(counted, row, happening, finished);
    }
    return finished;
  }

 private:
  static void AddHappening(const ReportCounts& counted, size_t row, const char* happening,
                           FinishedReport& to) {
    std::vector<Cell> cells(counted.key(row).begin(), counted.key(row).end());
    cells.insert(cells.end(), {std::string(happening), std::string(NameOf(Phase::kLead)),
                               counted.count(row, MeasureName("entered", happening)),
                               counted.count(row, MeasureName("reached", happening)), Cell()});
    to.AddRow({{row}, happening}, cells);
  }

  static void CountHappenings(const ReportScope& scope, const RecordInGroup& lead,
                              const Entered& entered, size_t row, Tally& tally) {
    const bool happened[] = {
        lead.state.handed_off_at.has_value(),
        scope.milestones().accepted_stage && entered.Has(*scope.milestones().accepted_stage),
        FollowedUpAt(lead, scope.as_of()).has_value()};
    const size_t first = 2 * scope.facts().stages.size() + std::size(kTotals);
    for (size_t i = 0; i < std::size(happened); ++i) {
      if (!happened[i]) continue;
      tally.Count(row, first + i);
      tally.Count(row, first + std::size(happened) + i);
    }
  }

  static void CountRecord(const ReportScope& scope, const RecordInGroup& record,
                          const Entered& entered, Tally& tally) {
    const size_t stages = scope.facts().stages.size(), row = tally.RowOf(scope.KeyOf(record));
    const bool lead = record.IsLead();
    const StageLadder& ladder = scope.ladder();
    tally.Begin(record);
    tally.Count(row, 2 * stages + (lead ? 0 : 1));
    int highest = StageLadder::kNoRung;
    entered.ForEach([&](uint32_t place) {
      const int rung = ladder.RungOf(place);
      tally.Count(row, place);
      if (rung == StageLadder::kNoRung) tally.Count(row, stages + place);
      if (scope.StageAt(place).OfLeads() == lead) highest = std::max(highest, rung);
    });
    for (const uint32_t place : ladder.UpTo(lead, highest)) tally.Count(row, stages + place);
    if (highest == ladder.TopOf(lead)) tally.Count(row, 2 * stages + (lead ? 2 : 3));
    if (lead) CountHappenings(scope, record, entered, row, tally);
  }
};

}  // namespace
}  // namespace funnel

const ReportKind& FunnelReport() {
  static const funnel::Funnel report;
  return report;
}

}  // namespace throughline
