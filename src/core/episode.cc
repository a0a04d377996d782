#include "core/episode.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "core/past.h"

namespace throughline {
namespace {

// What had opened when a record did.
using Earlier = std::vector<const Past*>;

bool IsFrom(const Past& record, std::span<const LeadId> converted_leads) {
  return !converted_leads.empty() && record.lead && record.lead == converted_leads.front();
}

const Past* LatestOpen(const Earlier& earlier, const PlaceInHistory& place) {
  const Past* latest = nullptr;
  for (const Past* p : earlier) {
    if (!p->OpenAt(place)) continue;
    if (latest == nullptr || p->opened.at >= latest->opened.at) latest = p;
  }
  return latest;
}

struct Closing {
  const Past* record = nullptr;
  Time at;
};

Closing LatestClosed(const Earlier& earlier, const PlaceInHistory& place, bool won) {
  Closing latest;
  for (const Past* p : earlier) {
    const std::optional<Time> closed_at = p->ClosedAt(place);
    if (!closed_at || (p->At(place)->phase == Phase::kWon) != won) continue;
    if (latest.record == nullptr || *closed_at >= latest.at) latest = {p, *closed_at};
  }
  return latest;
}

bool HasSource(const Source& source) {
  return source.touch || source.campaign || !source.channel.empty();
}

Source SourceOf(const TouchFact& touch) {
  return {touch.id, touch.at.at, touch.channel, touch.campaign};
}

bool IsEarlier(const TouchFact& a, const TouchFact& b) {
  if (a.at.at != b.at.at) return a.at.at < b.at.at;
  if (a.at.day != b.at.day) return a.at.day;
  return a.id < b.id;
}

// The first or the last touch in (after, until], responses before all others.
const TouchFact* Pick(std::span<const TouchFact> touches, std::optional<Time> after, Time until,
                      bool first) {
  const TouchFact* best = nullptr;
  for (const TouchFact& touch : touches) {
    if (touch.at.at > until || (after && touch.at.at <= *after)) continue;
    const bool better = best == nullptr || (touch.response && !best->response) ||
                        (touch.response == best->response &&
                         (first ? IsEarlier(touch, *best) : IsEarlier(*best, touch)));
    if (better && (best == nullptr || touch.response || !best->response)) best = &touch;
  }
  return best;
}

Source ClaimedSource(std::string_view claimed, Time at) {
  Source source;
  if (!claimed.empty()) {
    source.channel = std::string(claimed);
    source.at = at;
  }
  return source;
}

Source LatestSource(std::span<const TouchFact> touches, Time at, std::string_view claimed) {
  const TouchFact* touch = Pick(touches, std::nullopt, at, /*first=*/false);
  return touch != nullptr ? SourceOf(*touch) : ClaimedSource(claimed, at);
}

Source ChainSource(std::span<const TouchFact> touches, std::optional<Time> chain_after, Time at,
                   std::string_view claimed) {
  const TouchFact* touch = Pick(touches, chain_after, at, /*first=*/true);
  return touch != nullptr ? SourceOf(*touch) : ClaimedSource(claimed, at);
}

// When the last record of earlier episodes closed: a new chain begins behind it.
std::optional<Time> EndOfEarlier(const Earlier& earlier, int64_t episode,
                                 const PlaceInHistory& place) {
  std::optional<Time> end;
  for (const Past* p : earlier) {
    const std::optional<Time> closed_at = p->ClosedAt(place);
    if (p->lineage.episode >= episode || !closed_at) continue;
    end = std::max(end.value_or(*closed_at), *closed_at);
  }
  return end;
}

int64_t HighestEpisode(const Earlier& earlier) {
  int64_t highest = 0;
  for (const Past* p : earlier) highest = std::max(highest, p->lineage.episode);
  return highest;
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

Linked LinkToPast(const Earlier& earlier, const PlaceInHistory& place,
                  std::span<const LeadId> converted_leads, const Policy& policy) {
  for (const Past* p : earlier) {
    if (IsFrom(*p, converted_leads)) return LinkTo(*p, Link::kConverts, p->lineage.episode);
  }
  const int64_t next = HighestEpisode(earlier) + 1;
  if (const Past* open = LatestOpen(earlier, place)) {
    return LinkTo(*open, Link::kJoins, open->lineage.episode);
  }
  const int64_t window = policy.reengagement_window_days() * kMicrosPerDay;
  const Closing ended = LatestClosed(earlier, place, /*won=*/false);
  const Closing won = LatestClosed(earlier, place, /*won=*/true);
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

// What a record that opens at `place` is to those that opened earlier.
Lineage LineageAt(const Earlier& earlier, std::span<const TouchFact> touches,
                  const PlaceInHistory& place, const Opening& opening, const Policy& policy) {
  auto [lineage, previous] = LinkToPast(earlier, place, opening.converted_leads, policy);
  const std::string_view claimed = opening.claimed_source;
  lineage.latest = LatestSource(touches, place.at, claimed);
  if (previous != nullptr && ContinuesChain(lineage.link) &&
      HasSource(previous->lineage.original)) {
    lineage.original = previous->lineage.original;
  } else {
    lineage.original =
        ChainSource(touches, EndOfEarlier(earlier, lineage.episode, place), place.at, claimed);
  }
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
  const LeadId from = converted_leads.front();
  const auto lead = std::partition_point(past.begin(), past.end(),
                                         [&](const Past& p) { return p.lead && p.lead < from; });
  if (lead == past.end() || !IsFrom(*lead, converted_leads)) return record.opened;
  return OpenedBefore(record, *lead) ? lead->opened : record.opened;
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

// Those that `marked` says, in the order of `past`, which is that of rows.
Earlier Marked(const std::vector<Past>& past, const std::vector<bool>& marked) {
  Earlier earlier;
  for (size_t i = 0; i < past.size(); ++i) {
    if (marked[i]) earlier.push_back(&past[i]);
  }
  return earlier;
}

}  // namespace

Lineage LineageOf(const Rows& rows, const Opening& opening, const Policy& policy) {
  const std::vector<Past> past = PastOf(rows);
  std::vector<bool> marked;
  marked.reserve(past.size());
  for (const Past& p : past) {
    const LeadId origin = p.lineage.link == Link::kConverts ? p.lineage.previous_lead : LeadId{};
    const Time place = PlaceOf(p, past, std::span(&origin, 1)).at;
    marked.push_back(place <= opening.at.at || IsFrom(p, opening.converted_leads));
  }
  return LineageAt(Marked(past, marked), rows.touches, {opening.at.at, kLastEvent}, opening,
                   policy);
}

std::vector<Relink> RelinksOf(std::span<const EffectiveEvent> group, const Policy& policy,
                              Time since) {
  std::vector<Past> past = PastOf(group);
  const std::vector<TouchFact> touches = TouchesOf(group);
  std::vector<bool> settled(past.size());
  std::vector<Relink> relinks;
  for (const auto& [place, record] : InOrder(past)) {
    const Opening opening{{record->opened.at}, record->claimed_source, record->converted_leads};
    const Lineage before = record->lineage;
    if (place.at >= since) {
      record->lineage = LineageAt(Marked(past, settled), touches, record->opened, opening, policy);
    }
    settled[static_cast<size_t>(record - past.data())] = true;
    if (record->lineage == before) continue;
    relinks.push_back(
        {record->account, record->lead, record->opportunity, record->opened.at, record->lineage});
  }
  return relinks;
}

}  // namespace throughline
