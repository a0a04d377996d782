#include "core/past.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <variant>

namespace throughline {
namespace {

template <class Row>
Past PastOfRow(const Row& row) {
  Past past;
  past.account = row.account;
  past.opened.at = row.opened_at;
  past.claimed_source = row.source;
  past.standings.push_back(
      {{row.stage_since, {}}, row.kind, row.phase, row.closed_at.value_or(row.stage_since)});
  past.lineage = &row.lineage;
  return past;
}

// Collects the records of a history, event by event.
class PastBuilder {
 public:
  void Add(const RecordedEvent& event) {
    event_ = &event;
    std::visit(*this, event.event.payload);
  }

  std::vector<Past> Finish() && {
    std::vector<Past> past;
    past.reserve(leads_.size() + opportunities_.size());
    for (auto& [id, record] : leads_) past.push_back(std::move(record));
    for (auto& [id, record] : opportunities_) past.push_back(std::move(record));
    return past;
  }

  void operator()(const LeadOpened& e) {
    Past& past = leads_[e.lead] = Opened(e);
    past.lead = e.lead;
  }
  void operator()(const OpportunityOpened& e) {
    Past& past = opportunities_[e.opportunity] = Opened(e);
    past.opportunity = e.opportunity;
    past.converted_leads = e.leads;
    past.counts_as_open_work = e.type == OpportunityType::kNewBusiness;
  }
  void operator()(const LeadMoved& e) { Move(leads_, e.lead, e.to); }
  void operator()(const OpportunityMoved& e) { Move(opportunities_, e.opportunity, e.to); }
  void operator()(const LeadRelinked& e) { Link(leads_, e.lead, e.lineage); }
  void operator()(const OpportunityRelinked& e) { Link(opportunities_, e.opportunity, e.lineage); }

  template <class Other>
  void operator()(const Other&) {}

 private:
  template <class Opening>
  Past Opened(const Opening& e) const {
    Past past;
    past.account = event_->stream;
    past.opened = {event_->event.occurred_at, event_->id};
    past.claimed_source = e.source;
    past.standings.push_back({past.opened, e.stage.kind, e.stage.phase, past.opened.at});
    past.lineage = &e.lineage;
    return past;
  }

  template <class Id>
  void Move(std::map<Id, Past>& records, Id id, const StageRef& to) {
    const auto at = records.find(id);
    if (at == records.end()) return;
    const Time entered = event_->event.occurred_at;
    const Time since = std::max(entered, at->second.standings.back().since.at);
    at->second.standings.push_back({{since, event_->id}, to.kind, to.phase, entered});
  }

  template <class Id>
  void Link(std::map<Id, Past>& records, Id id, const Lineage& lineage) {
    if (const auto at = records.find(id); at != records.end()) at->second.lineage = &lineage;
  }

  std::map<LeadId, Past> leads_;
  std::map<OpportunityId, Past> opportunities_;
  const RecordedEvent* event_ = nullptr;
};

}  // namespace

bool Before(const PlaceInHistory& a, const PlaceInHistory& b) {
  return a.at != b.at ? a.at < b.at : a.event < b.event;
}

const Standing* Past::At(const PlaceInHistory& place) const {
  const auto after = std::upper_bound(
      standings.begin(), standings.end(), place,
      [](const PlaceInHistory& wanted, const Standing& s) { return Before(wanted, s.since); });
  return after == standings.begin() ? nullptr : &*std::prev(after);
}

bool Past::OpenAt(const PlaceInHistory& place) const {
  const Standing* standing = counts_as_open_work ? At(place) : nullptr;
  if (standing == nullptr) return false;
  return standing->kind == StageKind::kOpen || standing->kind == StageKind::kParked;
}

std::optional<Time> Past::ClosedAt(const PlaceInHistory& place) const {
  const Standing* standing = At(place);
  if (standing == nullptr || standing->kind != StageKind::kClosed) return std::nullopt;
  return standing->entered_at;
}

std::vector<Past> PastOf(const Rows& rows) {
  std::vector<Past> past;
  rows.leads.ForEach(
      [&](const LeadRow& row) { past.emplace_back(PastOfRow(row)).lead = row.lead; });
  rows.opportunities.ForEach([&](const OpportunityRow& row) {
    Past& record = past.emplace_back(PastOfRow(row));
    record.opportunity = row.opportunity;
    record.counts_as_open_work = row.type == OpportunityType::kNewBusiness;
  });
  return past;
}

std::vector<Past> PastOf(std::span<const RecordedEvent* const> group) {
  PastBuilder builder;
  for (const RecordedEvent* event : group) builder.Add(*event);
  return std::move(builder).Finish();
}

const Past* FindLead(std::span<const Past> past, LeadId lead) {
  if (!lead) return nullptr;
  const auto at = std::partition_point(past.begin(), past.end(),
                                       [&](const Past& p) { return p.lead && p.lead < lead; });
  return at == past.end() || at->lead != lead ? nullptr : &*at;
}

std::vector<TouchFact> TouchesOf(std::span<const RecordedEvent* const> group) {
  std::vector<TouchFact> touches;
  for (const RecordedEvent* e : group) {
    const auto* touch = std::get_if<TouchRecorded>(&e->event.payload);
    if (touch == nullptr) continue;
    touches.push_back(
        {e->id, e->event.occurred(), touch->channel, touch->campaign, touch->response});
  }
  return touches;
}

}  // namespace throughline
