#include "core/episode.h"

#include <algorithm>
#include <optional>
#include <string>

namespace throughline {
namespace {

// A lead or an opportunity, as far as episodes are concerned.
struct Past {
  LeadId lead;
  OpportunityId opportunity;
  Time opened_at;
  std::optional<Time> closed_at;
  StageKind kind = StageKind::kNone;
  Phase phase = Phase::kNone;
  bool counts_as_open_work = true;  // expansions and renewals do not
  const Lineage* lineage = nullptr;

  bool OpenAt(Time at) const {
    if (!counts_as_open_work || opened_at > at || kind == StageKind::kConverted) return false;
    return !closed_at || *closed_at > at;
  }
  bool ClosedAt(Time at) const { return closed_at && *closed_at <= at; }
};

std::vector<Past> PastOf(const Rows& rows) {
  std::vector<Past> past;
  rows.leads.ForEach([&](const LeadRow& r) {
    past.push_back({r.lead, {}, r.opened_at, r.closed_at, r.kind, r.phase, true, &r.lineage});
  });
  rows.opportunities.ForEach([&](const OpportunityRow& r) {
    past.push_back({{},
                    r.opportunity,
                    r.opened_at,
                    r.closed_at,
                    r.kind,
                    r.phase,
                    r.type == OpportunityType::kNewBusiness,
                    &r.lineage});
  });
  return past;
}

const Past* LatestOpen(const std::vector<Past>& past, Time at) {
  const Past* latest = nullptr;
  for (const Past& p : past) {
    if (p.OpenAt(at) && (latest == nullptr || p.opened_at >= latest->opened_at)) latest = &p;
  }
  return latest;
}

const Past* LatestClosed(const std::vector<Past>& past, Time at, bool won) {
  const Past* latest = nullptr;
  for (const Past& p : past) {
    if (!p.ClosedAt(at) || (p.phase == Phase::kWon) != won) continue;
    if (latest == nullptr || *p.closed_at >= *latest->closed_at) latest = &p;
  }
  return latest;
}

bool HasSource(const Source& source) {
  return source.touch || source.campaign || !source.channel.empty();
}

Source SourceOf(const TouchFact& touch) {
  return {touch.id, touch.at.at, touch.channel, touch.campaign};
}

bool Earlier(const TouchFact& a, const TouchFact& b) {
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
                         (first ? Earlier(touch, *best) : Earlier(*best, touch)));
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
std::optional<Time> EndOfEarlier(const std::vector<Past>& past, int64_t episode, Time at) {
  std::optional<Time> end;
  for (const Past& p : past) {
    if (p.lineage->episode >= episode || !p.ClosedAt(at)) continue;
    end = std::max(end.value_or(*p.closed_at), *p.closed_at);
  }
  return end;
}

int64_t HighestEpisode(const std::vector<Past>& past) {
  int64_t highest = 0;
  for (const Past& p : past) highest = std::max(highest, p.lineage->episode);
  return highest;
}

void LinkTo(const Past& previous, Link link, int64_t episode, Lineage& lineage) {
  lineage.link = link;
  lineage.previous_lead = previous.lead;
  lineage.previous_opportunity = previous.opportunity;
  lineage.episode = episode;
}

void LinkToPast(const std::vector<Past>& past, const Opening& opening, const Policy& policy,
                Lineage& lineage) {
  for (const Past& p : past) {
    if (!opening.converted_leads.empty() && p.lead == opening.converted_leads.front()) {
      return LinkTo(p, Link::kConverts, p.lineage->episode, lineage);
    }
  }
  const Time at = opening.at.at;
  const int64_t next = HighestEpisode(past) + 1;
  if (const Past* open = LatestOpen(past, at)) {
    return LinkTo(*open, Link::kJoins, open->lineage->episode, lineage);
  }
  const int64_t window = policy.reengagement_window_days() * kMicrosPerDay;
  const Past* ended = LatestClosed(past, at, /*won=*/false);
  const Past* won = LatestClosed(past, at, /*won=*/true);
  const bool won_is_later =
      won != nullptr && ended != nullptr && *won->closed_at >= *ended->closed_at;
  if (ended != nullptr && !won_is_later && at.micros - ended->closed_at->micros <= window) {
    return LinkTo(*ended, Link::kReengages, next, lineage);
  }
  if (won != nullptr) return LinkTo(*won, Link::kFollowsOn, next, lineage);
  lineage.episode = next;
}

const Lineage* LineageOfPrevious(const Rows& rows, const Lineage& lineage) {
  if (lineage.previous_lead) {
    const LeadRow* lead = rows.leads.Find(lineage.previous_lead);
    return lead == nullptr ? nullptr : &lead->lineage;
  }
  const OpportunityRow* opportunity = rows.opportunities.Find(lineage.previous_opportunity);
  return opportunity == nullptr ? nullptr : &opportunity->lineage;
}

bool ContinuesChain(Link link) {
  return link == Link::kJoins || link == Link::kReengages || link == Link::kConverts;
}

// Fills in the two sources of a lineage whose link is settled. `previous`: that of the record
// linked to, null if there is none.
void SetSources(std::span<const TouchFact> touches, const std::vector<Past>& past,
                const Lineage* previous, Time at, std::string_view claimed, Lineage& lineage) {
  lineage.latest = LatestSource(touches, at, claimed);
  if (ContinuesChain(lineage.link) && previous != nullptr && HasSource(previous->original)) {
    lineage.original = previous->original;
  } else {
    lineage.original = ChainSource(touches, EndOfEarlier(past, lineage.episode, at), at, claimed);
  }
}

// A record whose sources are being worked out anew.
struct Relinked {
  LeadId lead;
  OpportunityId opportunity;
  Time opened_at;
  std::string_view claimed;
  Lineage lineage;
};

EventPayload RelinkEvent(const Relinked& record) {
  if (record.lead) return LeadRelinked{record.lead, record.lineage};
  return OpportunityRelinked{record.opportunity, record.lineage};
}

std::vector<Relinked> RecordsInOrder(const Rows& rows) {
  std::vector<Relinked> records;
  rows.leads.ForEach([&](const LeadRow& r) {
    records.push_back({r.lead, {}, r.opened_at, r.source, r.lineage});
  });
  rows.opportunities.ForEach([&](const OpportunityRow& r) {
    records.push_back({{}, r.opportunity, r.opened_at, r.source, r.lineage});
  });
  // A record stands behind the one it links to: that one was there, and open no later.
  std::stable_sort(records.begin(), records.end(), [](const Relinked& a, const Relinked& b) {
    if (a.lineage.episode != b.lineage.episode) return a.lineage.episode < b.lineage.episode;
    return a.opened_at < b.opened_at;
  });
  return records;
}

const Lineage* FindIn(const std::vector<Relinked>& records, size_t count, const Lineage& lineage) {
  for (size_t i = 0; i < count; ++i) {
    const Relinked& r = records[i];
    if (lineage.previous_lead && r.lead == lineage.previous_lead) return &r.lineage;
    if (lineage.previous_opportunity && r.opportunity == lineage.previous_opportunity) {
      return &r.lineage;
    }
  }
  return nullptr;
}

}  // namespace

Lineage LineageOf(const Rows& rows, const Opening& opening, const Policy& policy) {
  const std::vector<Past> past = PastOf(rows);
  Lineage lineage;
  LinkToPast(past, opening, policy, lineage);
  SetSources(rows.touches, past, LineageOfPrevious(rows, lineage), opening.at.at,
             opening.claimed_source, lineage);
  return lineage;
}

std::vector<EventPayload> RelinkSources(const Rows& rows, std::span<const TouchFact> touches) {
  const std::vector<Past> past = PastOf(rows);
  std::vector<Relinked> records = RecordsInOrder(rows);
  std::vector<EventPayload> events;
  for (size_t i = 0; i < records.size(); ++i) {
    Relinked& record = records[i];
    const Lineage before = record.lineage;
    SetSources(touches, past, FindIn(records, i, before), record.opened_at, record.claimed,
               record.lineage);
    if (record.lineage != before) events.push_back(RelinkEvent(record));
  }
  return events;
}

}  // namespace throughline
