#include "core/episode.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "core/earlier.h"
#include "core/past.h"
#include "core/touch_order.h"

namespace throughline {
namespace {

bool HasSource(const Source& source) {
  return source.touch || source.campaign || !source.channel.empty();
}

Source SourceOf(const TouchFact& touch) {
  return {touch.id, touch.at.at, touch.channel, touch.campaign};
}

Source ClaimedSource(std::string_view claimed, Time at) {
  Source source;
  if (!claimed.empty()) {
    source.channel = std::string(claimed);
    source.at = at;
  }
  return source;
}

Source SourceOr(const TouchFact* touch, std::string_view claimed, Time at) {
  return touch != nullptr ? SourceOf(*touch) : ClaimedSource(claimed, at);
}

struct Linked {
  Lineage lineage;                 // without sources
  const Past* previous = nullptr;  // the record linked to
};

Linked LinkTo(const Past& previous, Link link, int64_t episode) {
  Linked linked{{}, &previous};
  linked.lineage.link = link;
  linked.lineage.previous_lead = previous.lead;
  linked.lineage.previous_opportunity = previous.opportunity;
  linked.lineage.episode = episode;
  return linked;
}

// `Earlier` is one of the classes of earlier.h.
template <class Earlier>
Linked LinkToPast(Earlier& earlier, const PlaceInHistory& place,
                  std::span<const LeadId> converted_leads, const Policy& policy) {
  if (!converted_leads.empty()) {
    const Past* lead = earlier.Lead(converted_leads.front());
    if (lead != nullptr) return LinkTo(*lead, Link::kConverts, lead->lineage->episode);
  }
  const int64_t next = earlier.HighestEpisode() + 1;
  if (const Past* open = earlier.LatestOpen(place)) {
    return LinkTo(*open, Link::kJoins, open->lineage->episode);
  }
  const int64_t window = policy.reengagement_window_days() * kMicrosPerDay;
  const Closing ended = earlier.LatestClosed(place, /*won=*/false);
  const Closing won = earlier.LatestClosed(place, /*won=*/true);
  const bool won_is_later = won.record != nullptr && ended.record != nullptr && won.at >= ended.at;
  if (ended.record != nullptr && !won_is_later && place.at.micros - ended.at.micros <= window) {
    return LinkTo(*ended.record, Link::kReengages, next);
  }
  if (won.record != nullptr) return LinkTo(*won.record, Link::kFollowsOn, next);
  Linked first;
  first.lineage.episode = next;
  return first;
}

bool ContinuesChain(Link link) {
  return link == Link::kJoins || link == Link::kReengages || link == Link::kConverts;
}

// What a record that opens at `place` is to those that opened earlier. `Touches` is either form
// that Pick takes.
template <class Earlier, class Touches>
Lineage LineageAt(Earlier& earlier, const Touches& touches, const PlaceInHistory& place,
                  const Opening& opening, const Policy& policy) {
  const Time at = place.at;
  auto [lineage, previous] = LinkToPast(earlier, place, opening.converted_leads, policy);
  const std::string_view claimed = opening.claimed_source;
  lineage.latest = SourceOr(Pick(touches, Which::kLast, std::nullopt, at), claimed, at);
  if (previous != nullptr && ContinuesChain(lineage.link) &&
      HasSource(previous->lineage->original)) {
    lineage.original = previous->lineage->original;
    return lineage;
  }
  // A new chain begins behind the last record of earlier episodes.
  const std::optional<Time> after = earlier.EndBefore(place, lineage.episode);
  lineage.original = SourceOr(Pick(touches, Which::kFirst, after, at), claimed, at);
  return lineage;
}

constexpr EventId kLastEvent{std::numeric_limits<int64_t>::max()};

bool OpenedBefore(const Past& a, const Past& b) {
  return a.opened.at != b.opened.at ? a.opened.at < b.opened.at : a.opened.event < b.opened.event;
}

// When a record takes its place among the others. Other systems know opportunities that are older
// than the lead that they come from: they stand behind it all the same.
PlaceInHistory PlaceOf(const Past& record, const std::vector<Past>& past,
                       std::span<const LeadId> converted_leads) {
  if (converted_leads.empty()) return record.opened;
  const Past* lead = FindLead(past, converted_leads.front());
  return lead != nullptr && OpenedBefore(record, *lead) ? lead->opened : record.opened;
}

struct Turn {
  PlaceInHistory place;
  Past* record = nullptr;
};

// The records, each behind all that it may be linked to.
std::vector<Turn> InOrder(std::vector<Past>& past) {
  std::vector<Turn> turns;
  turns.reserve(past.size());
  for (Past& record : past) {
    turns.push_back({PlaceOf(record, past, record.converted_leads), &record});
  }
  // Of equal places the lead comes first, which it does in `past` too.
  std::ranges::stable_sort(
      turns, {}, [](const Turn& turn) { return std::pair(turn.place.at, turn.place.event); });
  return turns;
}

}  // namespace

Lineage LineageOf(const Rows& rows, const Opening& opening, const Policy& policy) {
  const std::vector<Past> past = PastOf(rows);
  const LeadId from = opening.converted_leads.empty() ? LeadId{} : opening.converted_leads.front();
  std::vector<const Past*> records;
  records.reserve(past.size());
  for (const Past& p : past) {
    const LeadId origin = p.lineage->link == Link::kConverts ? p.lineage->previous_lead : LeadId{};
    const Time place = PlaceOf(p, past, std::span(&origin, 1)).at;
    if (place <= opening.at.at || (from && p.lead == from)) records.push_back(&p);
  }
  const EarlierRecords earlier(std::move(records));
  return LineageAt(earlier, std::span<const TouchFact>(rows.touches), {opening.at.at, kLastEvent},
                   opening, policy);
}

std::vector<Relink> RelinksOf(std::span<const RecordedEvent* const> group, const Policy& policy,
                              Time since) {
  std::vector<Past> past = PastOf(group);
  const TouchOrder touches(TouchesOf(group));
  EarlierSweep earlier(past);
  std::deque<Lineage> lineages;
  std::vector<Relink> relinks;
  for (const auto& [place, record] : InOrder(past)) {
    const Opening opening{{record->opened.at}, record->claimed_source, record->converted_leads};
    const Lineage* const before = record->lineage;
    if (place.at >= since) {
      record->lineage =
          &lineages.emplace_back(LineageAt(earlier, touches, record->opened, opening, policy));
    }
    earlier.Add(*record);
    if (*record->lineage == *before) continue;
    relinks.push_back(
        {record->account, record->lead, record->opportunity, record->opened.at, *record->lineage});
  }
  return relinks;
}

}  // namespace throughline
