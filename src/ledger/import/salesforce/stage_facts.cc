#include "ledger/import/salesforce/stage_facts.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace throughline::salesforce {
namespace {

// By moment and stage: the same change in another history, or in a newer export, is known.
std::string KeyOfStep(std::string_view record, SalesforceId id, const StageStep& step) {
  const Time entered = step.when.entered.value_or(Time{});
  return absl::StrCat(std::string(record), ".stage/", id.Long(), "/",
                      entered.micros / kMicrosPerSecond, "/", step.to->id);
}

bool IsOver(const Stage* stage) {
  return stage != nullptr &&
         (stage->kind == StageKind::kClosed || stage->kind == StageKind::kConverted);
}

}  // namespace

void AddLeadStep(SalesforceId lead, const StageStep& step, FactList& facts) {
  if (step.to == nullptr || step.from == step.to) return;
  if (step.to->kind == StageKind::kConverted) return;
  const LeadRef ref = ExternalOf(lead);
  Command command;
  if (step.to->kind == StageKind::kClosed) {
    command = LeadClose{ref, step.to->key, ""};
  } else if (IsOver(step.from)) {
    command = LeadReopen{ref, step.to->key};
  } else {
    command = LeadMove{ref, step.to->key, "", std::nullopt};
  }
  facts.Add(std::move(command), step.when, KeyOfStep("lead", lead, step));
}

void AddOpportunityStep(SalesforceId opportunity, const StageStep& step,
                        const std::optional<Money>& amount, const ExportContext& context,
                        FactList& facts) {
  if (step.to == nullptr || step.from == step.to) return;
  const OpportunityRef ref = ExternalOf(opportunity);
  Command command;
  if (step.to == &context.policy().won_stage()) {
    command = OpportunityWin{ref, amount, ""};
  } else if (step.to == &context.policy().lost_stage()) {
    command = OpportunityLose{ref, ""};
  } else if (IsOver(step.from) && step.to->kind != StageKind::kClosed) {
    command = OpportunityReopen{ref, step.to->key};
  } else {
    command = OpportunityMove{ref, step.to->key, "", std::nullopt};
  }
  facts.Add(std::move(command), step.when, KeyOfStep("opportunity", opportunity, step));
}

When ClosedWhen(const Moment& entered, const std::optional<Date>& close_date,
                std::optional<Time> last_stage_at) {
  if (!close_date || *close_date >= DateOf(entered.at)) return EnteredAt(entered);
  if (!last_stage_at || DateOf(*last_stage_at) < *close_date) {
    return {Moment{StartOf(*close_date), true}, entered.at};
  }
  if (DateOf(*last_stage_at) > *close_date) return EnteredAt(entered);
  return {Moment{Time{last_stage_at->micros + 1}, false}, entered.at};
}

When ClosedWhen(const Change& closing, const std::optional<Date>& close_date,
                std::span<const Change> run) {
  auto last = static_cast<size_t>(&closing - run.data());
  if (last == 0) return ClosedWhen(closing.moment(), close_date);
  for (--last; last > 0 && run[last - 1].to == run[last].to;) --last;
  // The first state is the opening, and a deal may be opened in the system after it was closed.
  const bool opening = last == 0 && closing.kind == Change::Kind::kState;
  return ClosedWhen(closing.moment(), close_date,
                    opening ? std::nullopt : std::optional(run[last].at));
}

std::span<const Change> StageChangesOf(SalesforceId record, const ExportContext& context) {
  const ChangeHistory& history = context.index().history();
  const std::span<const Change> states = history.Of(record, Change::Kind::kState);
  return states.empty() ? history.Of(record, Change::Kind::kStage) : states;
}

const Stage* StageBefore(std::span<const Change> changes, bool of_lead,
                         const ExportContext& context) {
  if (changes.empty()) return nullptr;
  const Change& first = changes.front();
  // The first state is the opening's; the first change of a field says what was before.
  const bool has_before = first.kind != Change::Kind::kState && first.from != 0;
  return context.index().StageOf(of_lead, context.index().Text(has_before ? first.from : first.to));
}

}  // namespace throughline::salesforce
