#include "core/trace.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>

namespace throughline {
namespace {

// The records that led to one.
class Chain {
 public:
  Chain(const TraceSubject& subject, const Rows& rows, Time end) : rows_(rows), end_(end) {
    Add(subject.lead, subject.opportunity);
    for (size_t size = 0; size != leads_.size() + deals_.size();) {
      size = leads_.size() + deals_.size();
      Grow();
    }
  }

  bool Has(LeadId lead) const { return leads_.contains(lead); }
  bool Has(OpportunityId deal) const { return deals_.contains(deal); }

 private:
  void Add(LeadId lead, OpportunityId deal) {
    if (lead && rows_.leads.Find(lead) != nullptr) leads_.insert(lead);
    if (deal && rows_.opportunities.Find(deal) != nullptr) deals_.insert(deal);
  }

  void Grow() {
    rows_.opportunity_leads.ForEach([&](const OpportunityLeadRow& row) {
      if (Has(row.opportunity)) Add(row.lead, {});
    });
    rows_.opportunities.ForEach([&](const OpportunityRow& row) {
      if (Has(row.opportunity)) AddPrevious(row.lineage);
    });
    rows_.leads.ForEach([&](const LeadRow& row) {
      if (Has(row.lead)) AddPrevious(row.lineage);
      const bool joins = row.lineage.link == Link::kJoins && row.opened_at <= end_ &&
                         (Has(row.lineage.previous_lead) || Has(row.lineage.previous_opportunity));
      if (joins) Add(row.lead, {});
    });
  }

  void AddPrevious(const Lineage& lineage) {
    Add(lineage.previous_lead, lineage.previous_opportunity);
  }

  const Rows& rows_;
  const Time end_;
  std::set<LeadId> leads_;
  std::set<OpportunityId> deals_;
};

// What an event of the line says of its record.
struct Told {
  LeadId lead;
  OpportunityId opportunity;
  ContactId contact;
  OwnerId owner;
  StageKind stage = StageKind::kNone;  // that it is in from now on
  bool is_touch = false;
  bool is_step = true;
};

struct Teller {
  template <class Other>
  Told operator()(const Other&) const {
    return {.is_step = false};
  }
  Told operator()(const TouchRecorded& e) const {
    return {.lead = e.lead,
            .opportunity = e.opportunity,
            .contact = e.contact,
            .owner = e.owner,
            .is_touch = true};
  }
  Told operator()(const LeadOpened& e) const {
    return {.lead = e.lead, .contact = e.contact, .owner = e.owner, .stage = e.stage.kind};
  }
  Told operator()(const LeadMoved& e) const { return {.lead = e.lead, .stage = e.to.kind}; }
  Told operator()(const LeadAssigned& e) const { return {.lead = e.lead, .owner = e.owner}; }
  Told operator()(const LeadHandedOff& e) const { return {.lead = e.lead, .owner = e.owner}; }
  Told operator()(const OpportunityOpened& e) const {
    return {.opportunity = e.opportunity, .owner = e.owner, .stage = e.stage.kind};
  }
  Told operator()(const OpportunityMoved& e) const {
    return {.opportunity = e.opportunity, .stage = e.to.kind};
  }
  Told operator()(const OpportunityValued& e) const { return {.opportunity = e.opportunity}; }
  Told operator()(const OpportunityAssigned& e) const {
    return {.opportunity = e.opportunity, .owner = e.owner};
  }
  Told operator()(const OpportunityRoleSet& e) const {
    return {.opportunity = e.opportunity, .contact = e.role.empty() ? ContactId{} : e.contact};
  }
  Told operator()(const OpportunityBooked& e) const { return {.opportunity = e.opportunity}; }
  Told operator()(const OpportunityLinked& e) const { return {.opportunity = e.opportunity}; }
  Told operator()(const LeadRelinked& e) const { return {.lead = e.lead}; }
  Told operator()(const OpportunityRelinked& e) const { return {.opportunity = e.opportunity}; }
};

int64_t DaysBetween(Time from, Time to) { return (to.micros - from.micros) / kMicrosPerDay; }

// Goes along a timeline and keeps what is of the line.
class LineBuilder {
 public:
  LineBuilder(const Chain& chain, const Rows& rows, Time end)
      : chain_(chain), rows_(rows), end_(end) {}

  void Add(TimelineEntry entry) {
    if (entry.voided || entry.event.occurred_at > end_) return;
    Told told = std::visit(Teller{}, entry.event.payload);
    if (!told.is_step) return;
    if (!chain_.Has(told.lead)) told.lead = {};
    if (!chain_.Has(told.opportunity)) told.opportunity = {};
    if (!told.is_touch && !told.lead && !told.opportunity) return;
    TraceStep step;
    step.entry = std::move(entry);
    step.link.lead = told.lead;
    step.link.opportunity = told.opportunity;
    step.link.acquaintance = AcquaintanceOf(told.contact);
    step.link.owner = OwnerAfter(told);
    NoteTimes(told, step);
    steps_.push_back(std::move(step));
  }

  std::vector<TraceStep> Take() && { return std::move(steps_); }

 private:
  using Record = std::pair<LeadId, OpportunityId>;

  Acquaintance AcquaintanceOf(ContactId contact) {
    if (!contact) return Acquaintance::kNone;
    const bool first = people_.empty();
    const bool fresh = people_.insert(RootOf(rows_.contacts, contact)).second;
    if (first) return Acquaintance::kFirst;
    return fresh ? Acquaintance::kOther : Acquaintance::kSame;
  }

  OwnerId OwnerAfter(const Told& told) {
    if (told.is_touch) return told.owner;
    OwnerId& owner = owners_[{told.lead, told.opportunity}];
    if (told.owner) owner = told.owner;
    return owner;
  }

  void NoteTimes(const Told& told, TraceStep& step) {
    const Time at = step.entry.event.occurred_at;
    if (!steps_.empty()) {
      step.link.silent_days = DaysBetween(steps_.back().entry.event.occurred_at, at);
    }
    if (open_.empty() && closed_by_) {
      step.link.closed_by = closed_by_;
      step.link.days_closed = DaysBetween(closed_at_, at);
    }
    if (told.is_touch || told.stage == StageKind::kNone) return;
    const Record record{told.lead, told.opportunity};
    if (told.stage == StageKind::kOpen || told.stage == StageKind::kParked) {
      open_.insert(record);
      return;
    }
    open_.erase(record);
    // What is converted goes on.
    closed_by_ = told.stage == StageKind::kClosed ? step.entry.id : EventId{};
    closed_at_ = at;
  }

  const Chain& chain_;
  const Rows& rows_;
  const Time end_;
  std::vector<TraceStep> steps_;
  std::set<ContactId> people_;
  std::map<Record, OwnerId> owners_;
  std::set<Record> open_;
  EventId closed_by_;
  Time closed_at_;
};

// When nothing more belongs to a line.
Time EndOf(const Trace& trace) {
  if (trace.opportunity) return trace.opportunity->closed_at.value_or(kMaxTime);
  const LeadRow& lead = *trace.lead;
  if (lead.kind == StageKind::kConverted) return lead.stage_since;
  return lead.closed_at.value_or(kMaxTime);
}

}  // namespace

Trace LineOf(const TraceSubject& subject, const Rows& rows, std::vector<TimelineEntry> timeline,
             const Policy& policy) {
  Trace trace;
  if (subject.lead) {
    trace.lead = *rows.leads.Find(subject.lead);
  } else {
    trace.opportunity = *rows.opportunities.Find(subject.opportunity);
  }
  const Time end = EndOf(trace);
  const Chain chain(subject, rows, end);
  LineBuilder line(chain, rows, end);
  for (TimelineEntry& entry : timeline) line.Add(std::move(entry));
  trace.steps = std::move(line).Take();
  trace.sentence = SentenceOf(trace, policy);
  return trace;
}

}  // namespace throughline
