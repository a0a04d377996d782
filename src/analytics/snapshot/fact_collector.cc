#include "analytics/snapshot/fact_collector.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <variant>

#include "analytics/snapshot/block_builder.h"

namespace throughline {
namespace {

TouchClass ClassOf(const TouchShape& shape) {
  if (shape.response) return shape.follow_up ? TouchClass::kBoth : TouchClass::kResponse;
  return shape.follow_up ? TouchClass::kFollowUp : TouchClass::kOther;
}

}  // namespace

// One overload for each event that says something reports count.
struct FactCollector::Extractor {
  FactCollector& to;
  const EventVersionView& version;

  void operator()(const AccountOpenedView& e) {
    Time& known_at = to.accounts_[to.AccountOf(e.account.value)].known_at;
    known_at = std::min(known_at, version.known_at);
    if (!e.attributes.empty()) AddTags(Account(e.account), e.attributes);
  }
  void operator()(const AccountUpdatedView& e) {
    if (!e.attributes.empty()) AddTags(Account(e.account), e.attributes);
  }

  void operator()(const AccountMerged& e) { AddMerge(e, /*parts=*/false); }
  void operator()(const AccountUnmerged& e) { AddMerge(e, /*parts=*/true); }
  void operator()(const ContactMerged& e) { AddPerson(e, /*parts=*/false); }
  void operator()(const ContactUnmerged& e) { AddPerson(e, /*parts=*/true); }

  void operator()(const TouchRecordedView& e) {
    const TouchShape shape = ShapeOf(e);
    Touch touch;
    touch.occurred_at = version.event.occurred_at;
    touch.known_at = version.known_at;
    touch.event = version.id;
    touch.contact = to.Narrow(e.contact.value);
    touch.shape = to.dictionaries_.shapes.NumberOf(shape);
    touch.of_lead = static_cast<bool>(e.lead);
    touch.record = to.Narrow(e.lead ? e.lead.value : e.opportunity.value);
    touch.marks = Marks();
    to.touches_.push_back(touch, AboutTouch(to.AccountOf(version.stream), ClassOf(shape)));
  }

  void operator()(const LeadOpenedView& e) {
    const uint32_t lead = Lead(e.lead);
    Add(lead, FactKind::kOpened, Stage(e.stage), to.dictionaries_.lead_types.NumberOf(e.type));
    if (e.owner) Add(lead, FactKind::kAssigned, to.Narrow(e.owner.value));
    if (e.contact) Add(lead, FactKind::kConcerns, to.Narrow(e.contact.value));
    AddOrigin(lead, e.lineage);
    AddTags(lead, e.attributes);
  }
  void operator()(const LeadMovedView& e) {
    const uint32_t lead = Lead(e.lead);
    Add(lead, FactKind::kMoved, Stage(e.to), to.dictionaries_.reasons.NumberOf(e.reason));
    if (e.to.kind == StageKind::kConverted) {
      Add(lead, FactKind::kConverted, to.Narrow(e.opportunity.value));
    }
  }
  void operator()(const LeadAssigned& e) {
    Add(Lead(e.lead), FactKind::kAssigned, to.Narrow(e.owner.value));
  }
  void operator()(const LeadHandedOff& e) {
    Add(Lead(e.lead), FactKind::kHandedOff, to.Narrow(e.owner.value));
  }
  void operator()(const LeadRelinkedView& e) { AddOrigin(Lead(e.lead), e.lineage); }

  void operator()(const OpportunityOpenedView& e) {
    const uint32_t deal = Opportunity(e.opportunity);
    Add(deal, FactKind::kOpened, Stage(e.stage), static_cast<uint32_t>(e.type));
    if (e.owner) Add(deal, FactKind::kAssigned, to.Narrow(e.owner.value));
    AddValue(deal, e.amount, e.close_date);
    for (const LeadId lead : e.leads) Add(deal, FactKind::kFromLead, to.Narrow(lead.value));
    AddOrigin(deal, e.lineage);
    AddTags(deal, e.attributes);
  }
  void operator()(const OpportunityMovedView& e) {
    Add(Opportunity(e.opportunity), FactKind::kMoved, Stage(e.to),
        to.dictionaries_.reasons.NumberOf(e.reason));
  }
  void operator()(const OpportunityValued& e) {
    AddValue(Opportunity(e.opportunity), e.amount, e.close_date);
  }
  void operator()(const OpportunityAssigned& e) {
    Add(Opportunity(e.opportunity), FactKind::kAssigned, to.Narrow(e.owner.value));
  }
  void operator()(const OpportunityRoleSetView& e) {
    Add(Opportunity(e.opportunity), FactKind::kRole, to.Narrow(e.contact.value),
        e.role.empty() ? 0 : 1);
  }
  void operator()(const OpportunityBooked& e) {
    Add(Opportunity(e.opportunity), FactKind::kBooked, to.AddMoney(e.amount));
  }
  void operator()(const OpportunityLinked& e) {
    Add(Opportunity(e.opportunity), FactKind::kFromLead, to.Narrow(e.lead.value));
  }
  void operator()(const OpportunityRelinkedView& e) {
    AddOrigin(Opportunity(e.opportunity), e.lineage);
  }

  template <class Other>
  void operator()(const Other&) {}

 private:
  uint8_t Marks() const {
    return static_cast<uint8_t>((version.event.occurred_day ? kDayOnly : 0) |
                                (version.known_until != kForever ? kEnds : 0));
  }

  // It stands in the streams of both: one counts.
  template <class Merge>
  void AddMerge(const Merge& e, bool parts) {
    if (version.stream != e.merged.value) return;
    to.merges_.push_back({version.known_at, version.id, to.AccountOf(e.account.value),
                          to.AccountOf(e.merged.value), parts, Marks()});
  }

  template <class Merge>
  void AddPerson(const Merge& e, bool parts) {
    to.persons_.push_back({version.event.occurred_at, version.known_at, version.id,
                           to.AccountOf(version.stream), to.Narrow(e.contact.value),
                           to.Narrow(e.merged.value), parts, Marks()});
  }

  void Add(uint32_t record, FactKind kind, uint32_t value, uint32_t detail = 0) {
    to.facts_.push_back({version.event.occurred_at, version.known_at, version.id, value,
                         static_cast<uint16_t>(detail), kind, Marks()},
                        record);
  }

  void AddValue(uint32_t deal, const std::optional<Money>& amount,
                const std::optional<Date>& close_date) {
    if (amount) Add(deal, FactKind::kValued, to.AddMoney(*amount));
    if (close_date) Add(deal, FactKind::kExpected, std::bit_cast<uint32_t>(close_date->days));
  }

  void AddOrigin(uint32_t record, const LineageView& lineage) {
    Origin origin;
    origin.original = OriginOf(lineage.original);
    origin.latest = OriginOf(lineage.latest);
    origin.previous_is_lead = static_cast<bool>(lineage.previous_lead);
    origin.previous = to.Narrow(lineage.previous_lead ? lineage.previous_lead.value
                                                      : lineage.previous_opportunity.value);
    origin.link = lineage.link;
    origin.episode = static_cast<uint16_t>(
        std::min<int64_t>(lineage.episode, std::numeric_limits<uint16_t>::max()));
    Add(record, FactKind::kLinked, static_cast<uint32_t>(to.origins_.size()));
    to.origins_.push_back(origin);
  }

  OriginTouch OriginOf(const SourceView& source) {
    return {source.touch, source.at, to.dictionaries_.channels.NumberOf(source.channel),
            to.Narrow(source.campaign.value)};
  }

  void AddTags(uint32_t record, const std::vector<AttributeView>& attributes) {
    if (attributes.empty()) return;
    TextDictionary& texts = to.dictionaries_.attributes;
    const auto first = static_cast<uint32_t>(to.tags_.size());
    for (const AttributeView& each : attributes) {
      const Tag tag{texts.NumberOf(each.name), texts.NumberOf(each.value)};
      to.tags_.push_back(to.dictionaries_.tags.NumberOf(tag));
    }
    const size_t count = std::min<size_t>(attributes.size(), std::numeric_limits<uint16_t>::max());
    Add(record, FactKind::kTagged, first, static_cast<uint32_t>(count));
  }

  TouchShape ShapeOf(const TouchRecordedView& e) {
    return {to.dictionaries_.channels.NumberOf(e.channel),
            to.dictionaries_.touch_kinds.NumberOf(e.kind),
            to.Narrow(e.campaign.value),
            to.Narrow(e.owner.value),
            e.side,
            e.direction,
            e.response,
            e.follow_up};
  }

  uint32_t Stage(const StageRef& stage) { return to.dictionaries_.StageOf(stage); }
  uint32_t Lead(LeadId id) { return to.RecordOf(EntityKind::kLead, id.value, version.stream); }
  uint32_t Opportunity(OpportunityId id) {
    return to.RecordOf(EntityKind::kOpportunity, id.value, version.stream);
  }
  uint32_t Account(AccountId id) {
    return to.RecordOf(EntityKind::kAccount, id.value, version.stream);
  }
};

void FactCollector::Add(const EventVersionView& version) {
  if (version.stream != run_) EndRun();
  run_ = version.stream;
  if (version.known_until != kForever) {
    endings_.push_back({version.id, version.known_at, version.known_until});
  }
  std::visit(Extractor{*this, version}, version.event.payload);
}

void FactCollector::EndRun() {
  facts_.EndRun();
  touches_.EndRun();
}

void FactCollector::Drop(const std::vector<EventId>& events) {
  EndRun();
  facts_.Drop(events);
  touches_.Drop(events);
  const auto is_dropped = [&](const auto& each) {
    return std::ranges::binary_search(events, each.event);
  };
  std::erase_if(merges_, is_dropped);
  std::erase_if(persons_, is_dropped);
}

Block FactCollector::Finish() && {
  EndRun();
  return BlockBuilder(*this).Build();
}

uint32_t FactCollector::Narrow(int64_t id) {
  overflowed_ |= id < 0 || id >= std::numeric_limits<uint32_t>::max();
  return static_cast<uint32_t>(id);
}

uint32_t FactCollector::AccountOf(int64_t id) {
  const auto next = static_cast<uint32_t>(accounts_.size());
  const auto [number, is_new] = account_numbers_.Emplace(Narrow(id), next);
  if (is_new) accounts_.push_back({id, kForever});
  return number;
}

uint32_t FactCollector::RecordOf(EntityKind kind, int64_t id, int64_t stream) {
  IdNumbers& numbers = kind == EntityKind::kLead          ? lead_numbers_
                       : kind == EntityKind::kOpportunity ? opportunity_numbers_
                                                          : account_records_;
  const auto next = static_cast<uint32_t>(records_.size());
  const auto [number, is_new] = numbers.Emplace(Narrow(id), next);
  if (is_new) records_.push_back({id, AccountOf(stream), kind});
  return number;
}

uint32_t FactCollector::AddMoney(const Money& amount) {
  amounts_.push_back(amount);
  return static_cast<uint32_t>(amounts_.size() - 1);
}

}  // namespace throughline
