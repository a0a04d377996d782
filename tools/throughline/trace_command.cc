#include <algorithm>
#include <iostream>
#include <optional>

#include "commands.h"
#include "opened_ledger.h"
#include "throughline/limits.h"
#include "throughline/time.h"
#include "words.h"

namespace throughline {
namespace {

// What the sentence about a deal is made from.
struct DealStory {
  OpportunityRow deal;
  std::optional<TouchRecorded> first_touch;  // the original source, if a touch
  std::optional<TouchRecorded> last_touch;   // what brought it back, if a touch
  std::vector<LeadMoved> deaths;             // closings before it opened
  std::vector<Time> death_times;
};

absl::StatusOr<std::vector<TimelineEntry>> WholeTimeline(Ledger& ledger, AccountId account) {
  std::vector<TimelineEntry> all;
  TimelineRequest request;
  request.page.size = kMaxPageSize;
  do {
    absl::StatusOr<Page<TimelineEntry>> page = ledger.Timeline(account, request);
    if (!page.ok()) return page.status();
    std::move(page->items.begin(), page->items.end(), std::back_inserter(all));
    request.page.cursor = page->next;
  } while (!request.page.cursor.empty());
  std::stable_sort(all.begin(), all.end(), [](const TimelineEntry& a, const TimelineEntry& b) {
    return a.event.occurred_at < b.event.occurred_at;
  });
  return all;
}

DealStory StoryOf(const OpportunityRow& deal, const std::vector<TimelineEntry>& timeline) {
  DealStory story;
  story.deal = deal;
  for (const TimelineEntry& entry : timeline) {
    if (entry.voided) continue;
    if (const auto* touch = std::get_if<TouchRecorded>(&entry.event.payload)) {
      if (entry.id == deal.lineage.original.touch) story.first_touch = *touch;
      if (entry.id == deal.lineage.latest.touch) story.last_touch = *touch;
    }
    const auto* moved = std::get_if<LeadMoved>(&entry.event.payload);
    if (moved != nullptr && moved->to.kind == StageKind::kClosed &&
        entry.event.occurred_at <= deal.opened_at) {
      story.deaths.push_back(*moved);
      story.death_times.push_back(entry.event.occurred_at);
    }
  }
  return story;
}

int64_t MonthsBetween(Time from, Time to) {
  constexpr double kDaysPerMonth = 365.2425 / 12;
  const double days = static_cast<double>(to.micros - from.micros) / kMicrosPerDay;
  return static_cast<int64_t>(days / kDaysPerMonth + 0.5);
}

// "a webinar", "an event": the kind of touch, to be read aloud.
std::string WithArticle(std::string kind) {
  std::replace(kind.begin(), kind.end(), '_', ' ');
  const bool vowel = kind.find_first_of("aeiou") == 0;
  return (vowel ? "an " : "a ") + kind;
}

std::string Beginning(const DealStory& story, Time end) {
  const Source& original = story.deal.lineage.original;
  if (!story.first_touch) return "its source is not known";
  const int64_t months = MonthsBetween(original.at, end);
  std::string text = "it starts at " + WithArticle(story.first_touch->kind);
  if (months > 0) text += " " + std::to_string(months) + " months earlier";
  return text + ", on " + FormatDate(DateOf(original.at));
}

std::string Outcome(const DealStory& story, Words& words) {
  std::string text = words.Stage(story.deal.stage);
  if (story.deal.closed_at) text += " on " + FormatDate(DateOf(*story.deal.closed_at));
  if (story.deal.amount) text += ", " + FormatMoney(*story.deal.amount);
  return text;
}

std::string Sentence(const DealStory& story, Words& words) {
  const Time end = story.deal.closed_at.value_or(story.deal.opened_at);
  std::string text;
  if (!story.deal.source.empty()) {
    text = "A CRM would call it " + story.deal.source + "-generated; ";
  }
  text += Beginning(story, end);
  for (size_t i = 0; i < story.deaths.size(); ++i) {
    text += "; closed as " + words.Stage(story.deaths[i].to.id) + " on " +
            FormatDate(DateOf(story.death_times[i])) + " (" + story.deaths[i].reason + ")";
  }
  const bool came_back = story.deal.lineage.link == Link::kReengages && story.last_touch;
  if (came_back && story.first_touch && story.last_touch->contact != story.first_touch->contact) {
    text += "; back through another contact on " + FormatDate(DateOf(story.deal.lineage.latest.at));
  } else if (came_back) {
    text += "; back on " + FormatDate(DateOf(story.deal.lineage.latest.at));
  }
  return text + "; " + Outcome(story, words) + ".";
}

bool IsOfTheLine(const EventPayload& payload) {
  return !std::holds_alternative<ContactAdded>(payload) &&
         !std::holds_alternative<ContactUpdated>(payload) &&
         !std::holds_alternative<OpportunityRoleSet>(payload);
}

}  // namespace

absl::StatusOr<ExitCode> RunTrace(const TraceArguments& arguments) {
  absl::StatusOr<OpportunityRef> ref = ParseRef<OpportunityTag>(arguments.opportunity);
  if (!ref.ok()) return ref.status();
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(arguments.ledger, Access::kRead);
  if (!ledger.ok()) return ledger.status();
  absl::StatusOr<OpportunityRow> deal = (*ledger)->GetOpportunity(*ref);
  if (!deal.ok()) return deal.status();
  absl::StatusOr<std::vector<TimelineEntry>> timeline = WholeTimeline(**ledger, deal->account);
  if (!timeline.ok()) return timeline.status();

  Words words(**ledger);
  std::cout << Sentence(StoryOf(*deal, *timeline), words) << "\n\n";
  const Time end = deal->closed_at.value_or(kMaxTime);
  std::optional<Time> last;
  for (const TimelineEntry& entry : *timeline) {
    const Event& event = entry.event;
    if (entry.voided || !IsOfTheLine(event.payload) || event.occurred_at > end) continue;
    const int64_t silence = last ? (event.occurred_at.micros - last->micros) / kMicrosPerDay : 0;
    if (silence >= 60) std::cout << "            ... " << silence << " days of silence ...\n";
    std::cout << FormatDate(DateOf(event.occurred_at)) << "  " << words.Event(event.payload)
              << "\n";
    last = event.occurred_at;
  }
  return kDone;
}

}  // namespace throughline
