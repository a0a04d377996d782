#include "throughline/trace.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "throughline/limits.h"
#include "throughline/money.h"
#include "throughline/policy.h"
#include "throughline/time.h"

namespace throughline {
namespace {

std::string StageName(const Policy& policy, int64_t id) {
  const Stage* stage = policy.FindStage(id);
  return stage != nullptr ? stage->key : "stage " + std::to_string(id);
}

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
    absl::StatusOr<TimelinePage> page = ledger.Timeline(account, request);
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
  return std::llround(days / kDaysPerMonth);
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

std::string Outcome(const DealStory& story, const Policy& policy) {
  std::string text = StageName(policy, story.deal.stage);
  if (story.deal.closed_at) text += " on " + FormatDate(DateOf(*story.deal.closed_at));
  if (story.deal.amount) text += ", " + FormatMoney(*story.deal.amount);
  return text;
}

// What brought it back: the last touch, unless that was before it died.
std::string Return(const DealStory& story) {
  const Time touched_at = story.deal.lineage.latest.at;
  const bool by_touch =
      story.last_touch && (story.death_times.empty() || touched_at > story.death_times.back());
  if (!by_touch) return "back on " + FormatDate(DateOf(story.deal.opened_at));
  const bool by_another =
      story.first_touch && story.last_touch->contact != story.first_touch->contact;
  return std::string(by_another ? "back through another contact on " : "back on ") +
         FormatDate(DateOf(touched_at));
}

std::string Sentence(const DealStory& story, const Policy& policy) {
  const Time end = story.deal.closed_at.value_or(story.deal.opened_at);
  std::string text;
  if (!story.deal.source.empty()) {
    text = "A CRM would call it " + story.deal.source + "-generated; ";
  }
  text += Beginning(story, end);
  for (size_t i = 0; i < story.deaths.size(); ++i) {
    text += "; closed as " + StageName(policy, story.deaths[i].to.id) + " on " +
            FormatDate(DateOf(story.death_times[i])) + " (" + story.deaths[i].reason + ")";
  }
  if (story.deal.lineage.link == Link::kReengages) text += "; " + Return(story);
  return text + "; " + Outcome(story, policy) + ".";
}

bool IsOfTheLine(const EventPayload& payload) {
  return !std::holds_alternative<ContactAdded>(payload) &&
         !std::holds_alternative<ContactUpdated>(payload) &&
         !std::holds_alternative<OpportunityRoleSet>(payload);
}

// What belongs to the line, up to the close of the deal.
std::vector<TimelineEntry> LineOf(const OpportunityRow& deal, std::vector<TimelineEntry> timeline) {
  const Time end = deal.closed_at.value_or(kMaxTime);
  std::erase_if(timeline, [&](const TimelineEntry& entry) {
    return entry.voided || !IsOfTheLine(entry.event.payload) || entry.event.occurred_at > end;
  });
  return timeline;
}

}  // namespace

absl::StatusOr<Trace> TraceOf(Ledger& ledger, const OpportunityRef& opportunity) {
  absl::StatusOr<OpportunityRow> deal = ledger.GetOpportunity(opportunity);
  if (!deal.ok()) return deal.status();
  absl::StatusOr<PolicyInForce> now = ledger.CurrentPolicy();
  if (!now.ok()) return now.status();
  absl::StatusOr<std::vector<TimelineEntry>> timeline = WholeTimeline(ledger, deal->account);
  if (!timeline.ok()) return timeline.status();
  Trace trace;
  trace.sentence = Sentence(StoryOf(*deal, *timeline), *now->policy);
  trace.line = LineOf(*deal, *std::move(timeline));
  trace.deal = *std::move(deal);
  return trace;
}

}  // namespace throughline
