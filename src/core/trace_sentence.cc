#include <algorithm>
#include <cmath>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
#include "core/trace.h"
#include "throughline/money.h"
#include "throughline/time.h"

namespace throughline {
namespace {

std::string KeyOfStage(const Policy& policy, int64_t id) {
  const Stage* stage = policy.FindStage(id);
  return stage != nullptr ? stage->key : "stage " + std::to_string(id);
}

int64_t MonthsBetween(Time from, Time to) {
  constexpr double kDaysPerMonth = 365.2425 / 12;
  const double days = static_cast<double>(to.micros - from.micros) / kMicrosPerDay;
  return std::llround(days / kDaysPerMonth);
}

// "a webinar", "an event": the kind of touch, to be read aloud.
std::string WithArticle(std::string kind) {
  std::replace(kind.begin(), kind.end(), '_', ' ');
  const bool vowel = kind.find_first_of("aeiou") == 0;
  return (vowel ? "an " : "a ") + kind;
}

std::string DayOf(Time time) { return FormatDate(DateOf(time)); }

// What a sentence says of a record, be it a lead or an opportunity.
struct Subject {
  explicit Subject(const LeadRow& row)
      : lineage(row.lineage),
        source(row.source),
        stage(row.stage),
        opened_at(row.opened_at),
        closed_at(row.kind == StageKind::kConverted ? std::optional(row.stage_since)
                                                    : row.closed_at) {}
  explicit Subject(const OpportunityRow& row)
      : lineage(row.lineage),
        source(row.source),
        stage(row.stage),
        opened_at(row.opened_at),
        closed_at(row.closed_at),
        amount(row.amount) {}

  const Lineage& lineage;
  const std::string& source;
  int64_t stage;
  Time opened_at;
  std::optional<Time> closed_at;
  std::optional<Money> amount;
};

// A closing before the record opened.
struct Death {
  Time at;
  StageRef stage;
  std::string reason;
  OpportunityId opportunity;  // 0: of a lead
};

void AddDeath(const TraceStep& step, std::vector<Death>& deaths) {
  const Time at = step.entry.event.occurred_at;
  if (const auto* lead = std::get_if<LeadMoved>(&step.entry.event.payload)) {
    if (lead->to.kind == StageKind::kClosed) deaths.push_back({at, lead->to, lead->reason, {}});
  }
  if (const auto* deal = std::get_if<OpportunityMoved>(&step.entry.event.payload)) {
    if (deal->to.kind != StageKind::kClosed) return;
    deaths.push_back({at, deal->to, deal->reason, deal->opportunity});
  }
}

std::vector<Death> DeathsBefore(Time opened_at, const std::vector<TraceStep>& steps) {
  std::vector<Death> deaths;
  for (const TraceStep& step : steps) {
    if (step.entry.event.occurred_at > opened_at) break;
    AddDeath(step, deaths);
  }
  return deaths;
}

const TouchRecorded* TouchOf(EventId id, const std::vector<TraceStep>& steps) {
  const auto at = std::ranges::find_if(steps, [&](const TraceStep& s) { return s.entry.id == id; });
  return at == steps.end() ? nullptr : std::get_if<TouchRecorded>(&at->entry.event.payload);
}

std::string Beginning(const Subject& subject, const TouchRecorded* first) {
  const Source& original = subject.lineage.original;
  if (first == nullptr) return "its source is not known";
  const int64_t months = MonthsBetween(original.at, subject.closed_at.value_or(subject.opened_at));
  std::string text = "it starts at " + WithArticle(first->kind);
  if (months > 0) text += " " + std::to_string(months) + " months earlier";
  return text + ", on " + DayOf(original.at);
}

// What brought it back: the last touch, unless that was before it died.
std::string Return(const Subject& subject, const TouchRecorded* first, const TouchRecorded* last,
                   const std::vector<Death>& deaths) {
  const Time touched_at = subject.lineage.latest.at;
  const bool by_touch = last != nullptr && (deaths.empty() || touched_at > deaths.back().at);
  if (!by_touch) return "back on " + DayOf(subject.opened_at);
  const bool by_another = first != nullptr && last->contact != first->contact;
  return (by_another ? "back through another contact on " : "back on ") + DayOf(touched_at);
}

// A deal that was won is another one than what follows.
std::string ClosingOf(const Death& death, const Subject& subject, const Policy& policy) {
  std::string text;
  if (death.stage.phase == Phase::kWon) {
    const bool follows = subject.lineage.link == Link::kFollowsOn &&
                         subject.lineage.previous_opportunity == death.opportunity;
    text = (follows ? "it follows on opportunity " : "opportunity ") +
           std::to_string(death.opportunity.value) + ", won on " + DayOf(death.at);
  } else {
    text = "closed as " + KeyOfStage(policy, death.stage.id) + " on " + DayOf(death.at);
  }
  return death.reason.empty() ? text : text + " (" + death.reason + ")";
}

std::string Outcome(const Subject& subject, const Policy& policy) {
  std::string text = KeyOfStage(policy, subject.stage);
  if (subject.closed_at) text += " on " + DayOf(*subject.closed_at);
  if (subject.amount) text += ", " + FormatMoney(*subject.amount);
  return text;
}

std::string SentenceOn(const Subject& subject, const std::vector<TraceStep>& steps,
                       const Policy& policy) {
  const TouchRecorded* first = TouchOf(subject.lineage.original.touch, steps);
  const TouchRecorded* last = TouchOf(subject.lineage.latest.touch, steps);
  const std::vector<Death> deaths = DeathsBefore(subject.opened_at, steps);
  std::string text;
  if (!subject.source.empty()) {
    text = "A CRM would call it " + subject.source + "-generated; ";
  }
  text += Beginning(subject, first);
  for (const Death& death : deaths) text += "; " + ClosingOf(death, subject, policy);
  if (subject.lineage.link == Link::kReengages) {
    text += "; " + Return(subject, first, last, deaths);
  }
  text += "; " + Outcome(subject, policy) + ".";
  text[0] = absl::ascii_toupper(static_cast<unsigned char>(text[0]));
  return text;
}

}  // namespace

std::string SentenceOf(const Trace& trace, const Policy& policy) {
  const Subject subject = trace.lead ? Subject(*trace.lead) : Subject(*trace.opportunity);
  return SentenceOn(subject, trace.steps, policy);
}

}  // namespace throughline
