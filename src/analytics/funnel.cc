#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "analytics/number_text.h"
#include "analytics/reports.h"
#include "analytics/stage_ladder.h"
#include "model/abseil_text.h"

// How many entered and reached every stage.

namespace throughline {
namespace {

constexpr size_t kLeads = 0, kOpportunities = 1;

struct FunnelTally {
  std::vector<int64_t> entered;     // by stage
  std::vector<int64_t> reached[2];  // of leads and of opportunities: by rung
  int64_t records[2] = {0, 0};
};

size_t SideOf(const ProjectedStage& stage) { return stage.OfLeads() ? kLeads : kOpportunities; }

size_t SideOf(const ProjectedRecord& record) {
  return record.kind == EntityKind::kLead ? kLeads : kOpportunities;
}

// From "so many came as far as this rung" to "so many came as far as this rung or farther".
void AddFromTop(std::vector<int64_t>& rungs) {
  for (size_t rung = rungs.size() - 1; rung > 0; --rung) rungs[rung - 1] += rungs[rung];
}

FunnelTally Tally(const Projection& projection, const AsOf& as_of, const StageLadder& ladder) {
  FunnelTally tally;
  tally.entered.resize(projection.stages.size());
  tally.reached[kLeads].resize(static_cast<size_t>(ladder.TopOf(/*of_leads=*/true)) + 1);
  tally.reached[kOpportunities].resize(static_cast<size_t>(ladder.TopOf(/*of_leads=*/false)) + 1);
  std::vector<size_t> last_entrant(projection.stages.size(), projection.records.size());
  for (size_t record = 0; record < projection.records.size(); ++record) {
    const size_t side = SideOf(projection.records[record]);
    int highest = StageLadder::kNoRung;
    const RecordState state = StateOf(projection, record, as_of, [&](uint32_t stage) {
      if (last_entrant[stage] != record) ++tally.entered[stage];
      last_entrant[stage] = record;
      if (SideOf(projection.stages[stage]) == side)
        highest = std::max(highest, ladder.RungOf(stage));
    });
    if (state.exists) ++tally.records[side];
    if (highest != StageLadder::kNoRung) ++tally.reached[side][static_cast<size_t>(highest)];
  }
  for (std::vector<int64_t>& rungs : tally.reached) AddFromTop(rungs);
  return tally;
}

// A stage as its records went through it, and how many went on to the next rung, if there is one.
struct Passage {
  int64_t entered = 0;
  int64_t reached = 0;
  std::optional<int64_t> went_on;
};

Passage PassageOf(uint32_t stage, const Projection& projection, const FunnelTally& tally,
                  const StageLadder& ladder) {
  const ProjectedStage& s = projection.stages[stage];
  Passage passage{tally.entered[stage], tally.entered[stage], std::nullopt};
  const int rung = ladder.RungOf(stage);
  if (rung == StageLadder::kNoRung || rung == ladder.TopOf(s.OfLeads())) return passage;
  const std::vector<int64_t>& reached = tally.reached[SideOf(s)];
  passage.reached = reached[static_cast<size_t>(rung)];
  passage.went_on = reached[static_cast<size_t>(rung) + 1];
  return passage;
}

std::vector<TableColumn> Columns() {
  return {
      {"stage", ColumnKind::kText, "", "Stage of the policy, by its key, in the policy's order."},
      {"phase", ColumnKind::kText, "",
       "Phase the stage belongs to: marketing, lead, opportunity, won or lost."},
      {"entered", ColumnKind::kInteger, "records",
       "Leads (marketing and lead phases) or opportunities (other phases) that were in this very "
       "stage at some time, each counted once."},
      {"reached", ColumnKind::kInteger, "records",
       "Those that were in this stage or in a later one; for parked and closed stages, the same "
       "as entered.",
       /*bar=*/true},
      {"conversion", ColumnKind::kReal, "share",
       "Of those that reached this stage, the share that reached the next one so far; empty where "
       "nothing comes next or nobody came."},
  };
}

std::string Converted(int64_t part, int64_t whole, std::string_view what, std::string_view did) {
  if (whole == 0) return absl::StrCat("there are no ", ToAbsl(what));
  return absl::StrCat("of ", GroupedInteger(whole), " ", ToAbsl(what), ", ", GroupedInteger(part),
                      " (", Percent(part, whole), ") ", ToAbsl(did));
}

// Where the smallest share goes on; "" if nobody was lost, or too few came by to tell.
std::string SteepestFall(const Projection& projection, const std::vector<Passage>& passages) {
  const Passage* worst = nullptr;
  for (const Passage& p : passages) {
    if (!p.went_on || p.reached < kEnoughRecords || *p.went_on == p.reached) continue;
    // As fractions: went_on / reached < that of the worst so far.
    if (worst == nullptr || *p.went_on * worst->reached < *worst->went_on * p.reached) worst = &p;
  }
  if (worst == nullptr) return "";
  const auto stage = static_cast<size_t>(worst - passages.data());
  return absl::StrCat("; the fewest went on from ", projection.stages[stage].key, ": ",
                      GroupedInteger(*worst->went_on), " of ", GroupedInteger(worst->reached), " (",
                      Percent(*worst->went_on, worst->reached), ")");
}

std::string Finding(const Projection& projection, const FunnelTally& tally,
                    const std::vector<Passage>& passages) {
  const int64_t leads = tally.records[kLeads], deals = tally.records[kOpportunities];
  if (std::max(leads, deals) < kEnoughRecords) {
    return absl::StrCat("Too little data: ", Counted(leads, "lead", "leads"), " and ",
                        Counted(deals, "opportunity", "opportunities"), ".");
  }
  std::string text = absl::StrCat(
      Converted(tally.reached[kLeads].back(), leads, "leads", "were converted"), "; ",
      Converted(tally.reached[kOpportunities].back(), deals, "opportunities", "were won"),
      SteepestFall(projection, passages), ".");
  text[0] = absl::ascii_toupper(static_cast<unsigned char>(text[0]));
  return text;
}

}  // namespace

Table FunnelReport(const Projection& projection, const AsOf& as_of) {
  const StageLadder ladder(projection.stages);
  const FunnelTally tally = Tally(projection, as_of, ladder);
  std::vector<Passage> passages;
  Table table;
  table.columns = Columns();
  table.charts = {
      {.title = "How many reached each stage", .x = "stage", .y = {"reached"}, .series = "phase"},
      {.title = "What share went on to the next stage",
       .x = "stage",
       .y = {"conversion"},
       .series = "phase"}};
  for (uint32_t stage = 0; stage < projection.stages.size(); ++stage) {
    const Passage& p = passages.emplace_back(PassageOf(stage, projection, tally, ladder));
    const ProjectedStage& s = projection.stages[stage];
    table.rows.push_back({s.key, std::string(NameOf(s.phase)), p.entered, p.reached,
                          p.went_on ? ShareOf(*p.went_on, p.reached) : Cell()});
  }
  table.finding = Finding(projection, tally, passages);
  return table;
}

}  // namespace throughline
