#include <iostream>
#include <variant>

#include "commands.h"
#include "opened_ledger.h"
#include "throughline/json.h"
#include "throughline/time.h"
#include "throughline/trace.h"
#include "trace_table.h"
#include "words.h"

namespace throughline {
namespace {

// Shorter ones are the pace of the trade.
constexpr int64_t kSilentDays = 60;

absl::StatusOr<Trace> Read(Ledger& ledger, const TraceArguments& arguments,
                           const AsOfRequest& as_of) {
  if (arguments.of_lead) {
    absl::StatusOr<LeadRef> lead = ParseRef<LeadTag>(arguments.record);
    if (!lead.ok()) return lead.status();
    return ledger.TraceLead(*lead, as_of);
  }
  absl::StatusOr<OpportunityRef> deal = ParseRef<OpportunityTag>(arguments.record);
  if (!deal.ok()) return deal.status();
  return ledger.TraceOpportunity(*deal, as_of);
}

// " by Ann" of who said so, if that is known.
std::string By(const TimelineEntry& entry, Words& words) {
  const OwnerId actor = entry.event.actor ? entry.event.actor : entry.actor;
  return actor ? " by " + words.Owner(actor) : "";
}

const TimelineEntry* EntryOf(EventId id, const Trace& trace) {
  for (const TraceStep& step : trace.steps) {
    if (step.entry.id == id) return &step.entry;
  }
  return nullptr;
}

std::string Closing(const TraceLink& link, const Trace& trace, Words& words) {
  const TimelineEntry* closing = EntryOf(link.closed_by, trace);
  if (closing == nullptr) return "";
  int64_t stage = 0;
  if (const auto* lead = std::get_if<LeadMoved>(&closing->event.payload)) stage = lead->to.id;
  if (const auto* deal = std::get_if<OpportunityMoved>(&closing->event.payload)) {
    stage = deal->to.id;
  }
  return Counted(link.days_closed, "day") + " after closed as " + words.Stage(stage) +
         By(*closing, words);
}

// What brought a step in, if that is worth a word: "same account, other contact, 143 days after
// closed as dead by Carl".
std::string LinkText(const TraceStep& step, const Trace& trace, Words& words) {
  const AccountId home = trace.lead ? trace.lead->account : trace.opportunity->account;
  std::string text = Closing(step.link, trace, words);
  const auto prepend = [&](std::string_view words_before) {
    text.insert(0, std::string(words_before) + (text.empty() ? "" : ", "));
  };
  if (step.link.acquaintance == Acquaintance::kOther) prepend("other contact");
  if (step.link.acquaintance == Acquaintance::kSame && step.link.closed_by) prepend("same contact");
  const bool elsewhere = step.entry.stream != home;
  if (elsewhere) {
    prepend("account " + std::to_string(step.entry.stream.value) + ", one with this");
  } else if (!text.empty()) {
    prepend("same account");
  }
  return text;
}

void Print(const Trace& trace, Words& words) {
  std::cout << trace.sentence << "\n\n";
  for (const TraceStep& step : trace.steps) {
    const Event& event = step.entry.event;
    if (step.link.silent_days >= kSilentDays) {
      std::cout << "            ... " << step.link.silent_days << " days of silence ...\n";
    }
    std::cout << FormatDate(DateOf(event.occurred_at)) << "  " << words.Event(event.payload);
    if (const std::string link = LinkText(step, trace, words); !link.empty()) {
      std::cout << " (" << link << ")";
    }
    std::cout << "\n";
  }
}

// The record, or whose touches: a lane of the picture.
std::string LaneOf(const TraceStep& step) {
  if (step.link.opportunity) return "opportunity " + std::to_string(step.link.opportunity.value);
  if (step.link.lead) return "lead " + std::to_string(step.link.lead.value);
  return "touches";
}

Table TableOf(const Trace& trace, const TraceArguments& arguments, Words& words) {
  Table table;
  table.report = "trace";
  table.finding = trace.sentence;
  table.as_of = trace.as_of;
  table.parameters = {{arguments.of_lead ? "lead" : "opportunity", arguments.record}};
  table.columns = {
      {"at", ColumnKind::kTime, "", "When it happened."},
      {"of", ColumnKind::kText, "", "The lead or opportunity it is about, or touches of nobody."},
      {"what", ColumnKind::kText, "", "What happened."},
      {"link", ColumnKind::kText, "", "What brought it into the line of the deal."},
      {"silent_days", ColumnKind::kInteger, "days", "Whole days since the step before."}};
  for (const TraceStep& step : trace.steps) {
    const Event& event = step.entry.event;
    table.AddRow({event.occurred_at.micros, LaneOf(step), words.Event(event.payload),
                  LinkText(step, trace, words), step.link.silent_days});
  }
  table.charts = {{.kind = ChartKind::kTimeline,
                   .title = "The line of the deal",
                   .x = "at",
                   .y = {"what"},
                   .series = "of"}};
  return table;
}

}  // namespace

absl::StatusOr<ExitCode> RunTrace(const TraceArguments& arguments) {
  absl::StatusOr<AsOfRequest> as_of = ParseAsOf(arguments.as_of);
  if (!as_of.ok()) return as_of.status();
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(arguments.ledger, Access::kRead);
  if (!ledger.ok()) return ledger.status();
  absl::StatusOr<Trace> trace = Read(**ledger, arguments, *as_of);
  if (!trace.ok()) return trace.status();
  if (arguments.format == "json") {
    std::cout << ToJson(*trace) << "\n";
    return kDone;
  }
  Words words(**ledger);
  if (arguments.format == "html") {
    std::cout << ToHtml(TableOf(*trace, arguments, words));
  } else {
    Print(*trace, words);
  }
  return kDone;
}

absl::StatusOr<Table> TraceTableOf(const TraceArguments& arguments) {
  absl::StatusOr<AsOfRequest> as_of = ParseAsOf(arguments.as_of);
  if (!as_of.ok()) return as_of.status();
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(arguments.ledger, Access::kRead);
  if (!ledger.ok()) return ledger.status();
  absl::StatusOr<Trace> trace = Read(**ledger, arguments, *as_of);
  if (!trace.ok()) return trace.status();
  Words words(**ledger);
  return TableOf(*trace, arguments, words);
}

}  // namespace throughline
