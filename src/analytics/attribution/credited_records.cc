#include "analytics/attribution/credited_records.h"

#include <algorithm>

namespace throughline {
namespace {

constexpr uint32_t kNotWeighed = UINT32_MAX;

Time Before(Time time, int64_t micros) {
  return Time{std::max(kMinTime.micros, time.micros - micros)};
}

}  // namespace

std::span<const Touch* const> TouchesWithin(const PathFrame& frame,
                                            std::span<const Touch* const> touches) {
  const auto begin = std::ranges::find_if(
      touches, [&](const Touch* touch) { return touch->occurred_at >= frame.begin; });
  const auto end = std::find_if(
      begin, touches.end(), [&](const Touch* touch) { return touch->occurred_at > frame.anchor; });
  return {begin, end};
}

CreditedRecords::CreditedRecords(const ReportScope& scope, const PathRequest& request,
                                 const std::vector<std::string>& stages)
    : scope_(scope),
      request_(request),
      sourcing_micros_(scope.facts().policy().sourcing_window_days() * kMicrosPerDay) {
  for (uint32_t number = 0; number < scope.facts().stage_places.size(); ++number) {
    const auto at = std::ranges::find(stages, scope.StageOf(number).key);
    weighed_.push_back(at == stages.end() ? kNotWeighed
                                          : static_cast<uint32_t>(at - stages.begin()));
  }
}

void CreditedRecords::Read(const Group& group) {
  group_ = &group;
  records_.clear();
  for (size_t account = group.first_account(); account < group.end_account(); ++account) {
    for (const FactRecord& record : group.RecordsOf(account)) {
      if (record.kind == EntityKind::kAccount) continue;
      PathRecord& read = records_.emplace_back();
      read.record = &record;
      read.account = account;
      read.reached.fill(kForever);
      read.state = StateOf(group, record, scope_.as_of(), [&](const EnteredStage& entry) {
        const uint32_t stage = weighed_[entry.stage];
        if (stage == kNotWeighed) return;
        read.reached[stage] = std::min(read.reached[stage], entry.fact.occurred_at);
      });
      if (!read.state.exists) records_.pop_back();
    }
  }
}

PathOutcome CreditedRecords::OutcomeOf(const PathRecord& record) const {
  if (request_.credit == AttributionCredit::kLeads) {
    return record.IsLead() ? PathOutcome::kConversion : PathOutcome::kNone;
  }
  if (record.IsLead()) return PathOutcome::kNone;
  if (request_.credit == AttributionCredit::kPipeline) return PathOutcome::kConversion;
  const bool losses = request_.credit == AttributionCredit::kLosses;
  if (IsOf(Phase::kWon, record)) return losses ? PathOutcome::kNull : PathOutcome::kConversion;
  if (IsOf(Phase::kLost, record)) return losses ? PathOutcome::kConversion : PathOutcome::kNull;
  return PathOutcome::kNone;
}

Time CreditedRecords::SettledAt(const PathRecord& record) const {
  const bool opened = request_.credit == AttributionCredit::kLeads ||
                      request_.credit == AttributionCredit::kPipeline;
  return opened ? record.state.opened_at : record.state.entered_at;
}

const PathRecord* CreditedRecords::Find(EntityKind kind, int64_t id) const {
  for (const PathRecord& record : records_) {
    if (record.record->kind == kind && record.record->id == id) return &record;
  }
  return nullptr;
}

template <class Visit>
void CreditedRecords::ForEachLead(const PathRecord& record, Visit&& visit) const {
  for (const RecordFact& fact : group_->FactsOf(*record.record)) {
    if (fact.kind != FactKind::kFromLead) continue;
    if (!Counts(fact, group_->block(), scope_.as_of())) continue;
    if (const PathRecord* lead = Find(EntityKind::kLead, fact.value)) visit(*lead);
  }
}

PathFrame CreditedRecords::FrameOf(const PathRecord& record) const {
  PathFrame frame;
  frame.stages = record.reached;
  if (record.IsLead()) {
    frame.lead = frame.anchor = record.state.opened_at;
    frame.begin = WindowBegin(record, frame.anchor);
    return frame;
  }
  frame.opportunity = record.state.opened_at;
  ForEachLead(record, [&](const PathRecord& lead) {
    frame.lead = std::min(frame.lead, lead.state.opened_at);
    for (size_t i = 0; i < frame.stages.size(); ++i) {
      frame.stages[i] = std::min(frame.stages[i], lead.reached[i]);
    }
  });
  const bool closed = IsOf(Phase::kWon, record) || IsOf(Phase::kLost, record);
  switch (request_.anchor) {
    case AttributionAnchor::kClose:
      frame.anchor = closed ? record.state.entered_at : scope_.as_of().through;
      break;
    case AttributionAnchor::kOpportunity:
      frame.anchor = frame.opportunity;
      break;
    case AttributionAnchor::kLead:
      frame.anchor = std::min(frame.lead, frame.opportunity);
      break;
  }
  frame.begin = WindowBegin(record, frame.anchor);
  if (frame.lead == kForever) frame.lead = EarlierLead(record);
  return frame;
}

// Of a deal without leads of its own: when the lead was created that it goes back to, through
// episodes that came to nothing.
Time CreditedRecords::EarlierLead(const PathRecord& record) const {
  Time earliest = kForever;
  const bool of_chain =
      request_.window == TouchWindow::kChain || request_.window == TouchWindow::kEver;
  const PathRecord* each = of_chain ? &record : nullptr;
  for (size_t steps = 0; each != nullptr && steps <= records_.size(); ++steps) {
    const Origin* const origin = each->state.origin;
    if (origin == nullptr || origin->previous == 0 || origin->link != Link::kReengages) break;
    each = Find(origin->previous_is_lead ? EntityKind::kLead : EntityKind::kOpportunity,
                origin->previous);
    if (each != nullptr && each->IsLead()) earliest = std::min(earliest, each->state.opened_at);
  }
  return earliest;
}

// Chains and episodes begin with records, so only a number of days has a beginning.
PathFrame CreditedRecords::FrameOfAgedOut(Time last_touch) const {
  PathFrame frame;
  frame.stages.fill(kForever);
  frame.anchor = last_touch;
  if (request_.window == TouchWindow::kDays) {
    frame.begin = Before(last_touch, request_.window_days * kMicrosPerDay);
  }
  return frame;
}

Time CreditedRecords::WindowBegin(const PathRecord& record, Time anchor) const {
  switch (request_.window) {
    case TouchWindow::kDays:
      return Before(anchor, request_.window_days * kMicrosPerDay);
    case TouchWindow::kChain:
      return Before(ChainBegin(record), sourcing_micros_);
    case TouchWindow::kEpisode:
      return EpisodeBegin(record);
    case TouchWindow::kEver:
      break;
  }
  return kMinTime;
}

// A deal and its leads may be linked to the past each on its own.
Time CreditedRecords::ChainBegin(const PathRecord& record) const {
  const auto of_one = [&](const PathRecord& each) {
    if (each.state.origin == nullptr || each.state.origin->previous == 0) {
      return each.state.opened_at;
    }
    return StartOfChain(*group_, each.state, scope_.as_of()).opened_at;
  };
  Time begin = of_one(record);
  if (!record.IsLead()) {
    ForEachLead(record, [&](const PathRecord& lead) { begin = std::min(begin, of_one(lead)); });
  }
  return begin;
}

Time CreditedRecords::EpisodeBegin(const PathRecord& record) const {
  const PathRecord* first = &record;
  if (!record.IsLead()) {
    ForEachLead(record, [&](const PathRecord& lead) {
      if (lead.state.opened_at <= first->state.opened_at) first = &lead;
    });
  }
  const Time begin = Before(first->state.opened_at, sourcing_micros_);
  const Origin* origin = first->state.origin;
  if (origin == nullptr || origin->previous == 0) return begin;
  const PathRecord* previous = Find(
      origin->previous_is_lead ? EntityKind::kLead : EntityKind::kOpportunity, origin->previous);
  if (previous == nullptr) return begin;
  const bool over = scope_.StageOf(previous->state.stage).kind == StageKind::kClosed &&
                    previous->state.entered_at < first->state.opened_at;
  return over ? std::max(begin, Time{previous->state.entered_at.micros + 1}) : begin;
}

std::optional<std::vector<uint32_t>> CreditedRecords::ContactsOf(const PathRecord& record) const {
  if (request_.scope == TouchScope::kAccount) return std::nullopt;
  std::vector<uint32_t> contacts;
  if (record.IsLead()) contacts.push_back(record.state.contact);
  ForEachLead(record, [&](const PathRecord& lead) { contacts.push_back(lead.state.contact); });
  if (request_.scope == TouchScope::kRoles) {
    for (const RecordFact& fact : group_->FactsOf(*record.record)) {
      if (fact.kind != FactKind::kRole) continue;
      if (!Counts(fact, group_->block(), scope_.as_of())) continue;
      std::erase(contacts, fact.value);
      if (fact.detail != 0) contacts.push_back(fact.value);
    }
  }
  std::erase(contacts, 0U);
  return contacts;
}

}  // namespace throughline
