#include "analytics/reports/dimensions.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "model/abseil_text.h"
#include "throughline/error.h"

namespace throughline {
namespace {

struct DimensionName {
  std::string_view name;
  DimensionKind kind;
  const char* definition;
};

constexpr DimensionName kNames[] = {
    {"owner", DimensionKind::kOwner, "Who owns the record: a rep, a team or a partner."},
    {"team", DimensionKind::kTeam, "The team of the record's owner."},
    {"partner", DimensionKind::kPartner, "The partner who owns the record."},
    {"source", DimensionKind::kSource,
     "Channel of the record's source: of the original one, if nothing else was asked for."},
    {"channel", DimensionKind::kChannel,
     "Channel of the touch that opened the record or brought it back."},
    {"campaign", DimensionKind::kCampaign, "Campaign of the record's source."},
    {"lead_type", DimensionKind::kLeadType,
     "Type of the lead; of an opportunity, that of the first lead it came from."},
    {"opportunity_type", DimensionKind::kOpportunityType,
     "New business, expansion or renewal; leads have none."},
    {"currency", DimensionKind::kCurrency, "Currency of the opportunity's amount."},
    {"month", DimensionKind::kMonth, "Month in which the record opened."},
    {"quarter", DimensionKind::kQuarter, "Fiscal quarter in which the record opened."},
    {"sourced", DimensionKind::kSourced,
     "Whose doing the record is: marketing's if a response came before the first lead or "
     "opportunity of its chain, within the policy's sourcing window; else the partner's who owned "
     "it first, or that of sales if anybody of sales owned or touched it before; else unknown."},
    {"stage", DimensionKind::kStage, "Stage that the record stands in."},
    {"left_stage", DimensionKind::kLeftStage,
     "Stage that the record left when it came to the one it stands in."},
    {"reason", DimensionKind::kReason, "Reason of the record's last stage change."},
    {"outcome", DimensionKind::kOutcome,
     "What became of the record: open, won, lost, or closed (a lead that is dead or disqualified); "
     "of a converted lead, what became of its opportunity, or converted if there is none."},
    {"account", DimensionKind::kAccount, "Id of the account that the record is of."},
    {"record", DimensionKind::kRecord, "Id of the lead or opportunity."},
    {"contact", DimensionKind::kContact, "Id of the contact that the lead is about."},
};

constexpr std::string_view kAttributePrefix = "attribute:";

uint32_t BitsOf(Currency currency) {
  uint32_t bits = 0;
  std::memcpy(&bits, currency.code, sizeof(currency.code));
  return bits;
}

std::string CodeOf(uint32_t bits) {
  char code[sizeof(bits)];
  std::memcpy(code, &bits, sizeof(bits));
  return std::string(code, 3);
}

// 0 if there is no such name.
template <class Enum>
uint32_t NumberNamed(const std::string& text) {
  Enum value{};
  return FromName(text, value) ? static_cast<uint32_t>(value) : 0;
}

absl::Status NoSuch(const Dimension& dimension, const std::string& text) {
  return absl::InvalidArgumentError(absl::StrCat("there is no ", dimension.name, " '", text, "'"));
}

int64_t IdOf(const OwnerRow& row) { return row.owner.value; }
int64_t IdOf(const CampaignRow& row) { return row.campaign.value; }

// The id, if the text is one or names it in another system; 0 if not.
int64_t IdIn(const Rows& rows, EntityKind kind, const std::string& text) {
  int64_t id = 0;
  if (absl::SimpleAtoi(text, &id)) return id;
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return 0;
  const ExternalIdRow* row =
      rows.external_ids.Find({kind, text.substr(0, colon), text.substr(colon + 1)});
  return row == nullptr ? 0 : row->id;
}

// The owner or campaign with this id, label or name; 0 if there is none, or if several have the
// name: their labels tell them apart.
template <class Row, class LabelOf>
uint32_t FindCalled(const RowSet<Row>& rows, int64_t id, const std::string& text,
                    LabelOf&& label_of) {
  uint32_t named = 0, labelled = 0;
  int names = 0;
  rows.ForEach([&](const Row& row) {
    const auto own = static_cast<uint32_t>(IdOf(row));
    if (id == own || label_of(own) == text) labelled = own;
    if (row.name == text) named = own, ++names;
  });
  return labelled != 0 ? labelled : names == 1 ? named : 0;
}

}  // namespace

absl::StatusOr<Dimensions> Dimensions::Of(const SnapshotFacts& facts, const AsOf& as_of,
                                          SourceChoice source) {
  absl::StatusOr<Calendar> calendar = Calendar::Of(facts.policy());
  if (!calendar.ok()) return calendar.status();
  return Dimensions(facts, as_of, source, *std::move(calendar));
}

Dimensions::Dimensions(const SnapshotFacts& facts, const AsOf& as_of, SourceChoice source,
                       Calendar calendar)
    : facts_(&facts),
      as_of_(as_of),
      source_(source),
      calendar_(std::move(calendar)),
      reference_(Fold(facts.reference->history, {kMaxTime, as_of.known_at})),
      newest_(Fold(facts.reference->history)) {
  newest_.owners.ForEach([&](const OwnerRow& owner) { ++owner_names_[owner.name]; });
}

absl::StatusOr<Dimension> Dimensions::Parse(std::string_view name) const {
  std::string known;
  for (const DimensionName& each : kNames) {
    if (each.name == name) return Dimension{each.kind, std::string(name), each.definition, 0};
    absl::StrAppend(&known, ToAbsl(each.name), ", ");
  }
  if (name.starts_with(kAttributePrefix)) {
    const std::string attribute(name.substr(kAttributePrefix.size()));
    for (const EntityKind kind :
         {EntityKind::kAccount, EntityKind::kLead, EntityKind::kOpportunity}) {
      if (facts_->policy().FindAttribute(kind, attribute) == nullptr) continue;
      return Dimension{DimensionKind::kAttribute, std::string(name),
                       absl::StrCat("Attribute ", attribute, " of the record, or of its account."),
                       facts_->dictionaries->attributes.Find(attribute)};
    }
  }
  return absl::InvalidArgumentError(absl::StrCat("there is no dimension '", ToAbsl(name),
                                                 "'; there are: ", known,
                                                 "attribute:NAME of a declared attribute"));
}

uint32_t Dimensions::ValueOf(const Dimension& dimension, const RecordInGroup& record) const {
  const RecordState& state = record.state;
  switch (dimension.kind) {
    case DimensionKind::kOwner:
      return state.owner;
    case DimensionKind::kTeam: {
      const OwnerRow* owner = FindOwner(state.owner);
      if (owner == nullptr) return 0;
      return static_cast<uint32_t>(owner->kind == OwnerKind::kTeam ? owner->owner.value
                                                                   : owner->team.value);
    }
    case DimensionKind::kPartner: {
      const OwnerRow* owner = FindOwner(state.owner);
      return owner != nullptr && owner->kind == OwnerKind::kPartner ? state.owner : 0;
    }
    case DimensionKind::kSource:
      return SourceOf(record).channel;
    case DimensionKind::kCampaign:
      return SourceOf(record).campaign;
    case DimensionKind::kChannel:
      return state.origin == nullptr ? 0 : state.origin->latest.channel;
    case DimensionKind::kLeadType:
      return LeadTypeOf(record);
    case DimensionKind::kOpportunityType:
      return record.IsLead() ? 0 : state.detail;
    case DimensionKind::kCurrency:
      return CurrencyOf(state);
    case DimensionKind::kMonth:
      return calendar_.MonthOf(state.opened_at);
    case DimensionKind::kQuarter:
      return calendar_.QuarterOf(calendar_.MonthOf(state.opened_at));
    case DimensionKind::kSourced:
      return static_cast<uint32_t>(SourcedOf(record));
    case DimensionKind::kStage:
      return facts_->stage_places[state.stage] + 1;
    case DimensionKind::kLeftStage:
      return facts_->stage_places[state.left_stage] + 1;
    case DimensionKind::kReason:
      return state.reason;
    case DimensionKind::kOutcome:
      return OutcomeOf(record);
    case DimensionKind::kAccount:
      return static_cast<uint32_t>(record.group.block().accounts[record.account()].id);
    case DimensionKind::kRecord:
      return static_cast<uint32_t>(record.record.id);
    case DimensionKind::kContact:
      return state.contact;
    case DimensionKind::kAttribute:
      return AttributeOf(dimension.attribute, record, as_of_);
  }
  return 0;
}

std::string Dimensions::LabelOf(const Dimension& dimension, uint32_t value) const {
  if (value == 0) return kBlank;
  const Dictionaries& dictionaries = *facts_->dictionaries;
  switch (dimension.kind) {
    case DimensionKind::kOwner:
    case DimensionKind::kTeam:
    case DimensionKind::kPartner:
      return OwnerLabel(value);
    case DimensionKind::kSource:
    case DimensionKind::kChannel:
      return dictionaries.channels[value];
    case DimensionKind::kCampaign:
      return CampaignLabel(value);
    case DimensionKind::kLeadType:
      return dictionaries.lead_types[value];
    case DimensionKind::kOpportunityType:
      return std::string(NameOf(static_cast<OpportunityType>(value)));
    case DimensionKind::kCurrency:
      return CodeOf(value);
    case DimensionKind::kMonth:
      return Calendar::MonthLabel(value);
    case DimensionKind::kQuarter:
      return calendar_.QuarterLabel(value);
    case DimensionKind::kSourced:
      return std::string(NameOf(static_cast<Sourced>(value)));
    case DimensionKind::kStage:
    case DimensionKind::kLeftStage:
      return facts_->stages[value - 1].key;
    case DimensionKind::kReason:
      return dictionaries.reasons[value];
    case DimensionKind::kOutcome:
      return std::string(NameOf(static_cast<Outcome>(value)));
    case DimensionKind::kAccount:
    case DimensionKind::kRecord:
    case DimensionKind::kContact:
      return absl::StrCat(value);
    case DimensionKind::kAttribute:
      return dictionaries.attributes[value];
  }
  return kBlank;
}

absl::StatusOr<uint32_t> Dimensions::FindValue(const Dimension& dimension,
                                               const std::string& text) const {
  if (text.empty() || text == kBlank) return 0;
  const uint32_t value = NumberOf(dimension.kind, text);
  if (value != 0) return value;
  absl::Status status = NoSuch(dimension, text);
  if (dimension.kind != DimensionKind::kStage && dimension.kind != DimensionKind::kLeftStage) {
    return status;
  }
  const auto write = [](std::string* out, const ReportedStage& stage) { *out += stage.key; };
  return absl::InvalidArgumentError(
      absl::StrCat(status.message(), "; there are: ", absl::StrJoin(facts_->stages, ", ", write)));
}

uint32_t Dimensions::NumberOf(DimensionKind kind, const std::string& text) const {
  const Dictionaries& dictionaries = *facts_->dictionaries;
  switch (kind) {
    case DimensionKind::kOwner:
    case DimensionKind::kTeam:
    case DimensionKind::kPartner:
      return FindCalled(newest_.owners, IdIn(newest_, EntityKind::kOwner, text), text,
                        [&](uint32_t id) { return OwnerLabel(id); });
    case DimensionKind::kCampaign:
      return FindCalled(newest_.campaigns, IdIn(newest_, EntityKind::kCampaign, text), text,
                        [&](uint32_t id) { return CampaignLabel(id); });
    case DimensionKind::kSource:
    case DimensionKind::kChannel:
      return dictionaries.channels.Find(text);
    case DimensionKind::kLeadType:
      return dictionaries.lead_types.Find(text);
    case DimensionKind::kReason:
      return dictionaries.reasons.Find(text);
    case DimensionKind::kAttribute:
      return dictionaries.attributes.Find(text);
    case DimensionKind::kOpportunityType:
      return NumberNamed<OpportunityType>(text);
    case DimensionKind::kSourced:
      return NumberNamed<Sourced>(text);
    case DimensionKind::kOutcome:
      return NumberNamed<Outcome>(text);
    case DimensionKind::kCurrency:
      return ParseCurrency(text).ok() ? BitsOf(*ParseCurrency(text)) : 0;
    case DimensionKind::kMonth:
    case DimensionKind::kQuarter:
      return calendar_.FindMonthOrQuarter(text, kind == DimensionKind::kQuarter);
    case DimensionKind::kStage:
    case DimensionKind::kLeftStage: {
      const auto at = std::ranges::find(facts_->stages, text, &ReportedStage::key);
      return at == facts_->stages.end() ? 0
                                        : static_cast<uint32_t>(at - facts_->stages.begin()) + 1;
    }
    case DimensionKind::kAccount:
    case DimensionKind::kRecord:
    case DimensionKind::kContact: {
      uint32_t id = 0;
      return absl::SimpleAtoi(text, &id) ? id : 0;
    }
  }
  return 0;
}

const OwnerRow* Dimensions::FindOwner(uint32_t owner) const {
  return owner == 0 ? nullptr : newest_.owners.Find(OwnerId{owner});
}

std::string Dimensions::OwnerLabel(uint32_t owner) const {
  const OwnerRow* row = FindOwner(owner);
  if (row == nullptr) return owner == 0 ? kBlank : absl::StrCat("#", owner);
  return owner_names_.at(row->name) == 1 ? row->name : absl::StrCat(row->name, " #", owner);
}

std::string Dimensions::CampaignLabel(uint32_t campaign) const {
  const CampaignRow* row = newest_.campaigns.Find(CampaignId{campaign});
  if (row == nullptr) return campaign == 0 ? kBlank : absl::StrCat("#", campaign);
  return absl::StrCat(row->name, " #", campaign);
}

OriginTouch Dimensions::SourceOf(const RecordInGroup& record) const {
  if (source_ == SourceChoice::kFirst) {
    const Touch* first = FirstTouchOf(record.group, record.account(), as_of_);
    if (first == nullptr) return {};
    const TouchShape& shape = facts_->dictionaries->shapes[first->shape];
    return {first->event, first->occurred_at, shape.channel, shape.campaign};
  }
  if (record.state.origin == nullptr) return {};
  return source_ == SourceChoice::kLatest ? record.state.origin->latest
                                          : record.state.origin->original;
}

Sourced Dimensions::SourcedOf(const RecordInGroup& record) const {
  const ChainStart start = StartOfChain(record.group, record.state, as_of_);
  const int64_t window = facts_->policy().sourcing_window_days() * kMicrosPerDay;
  const Dictionaries& dictionaries = *facts_->dictionaries;
  bool by_sales = false;
  for (const size_t account : MergedWith(record.group, record.account(), as_of_.known_at)) {
    for (const Touch& touch : record.group.TouchesOf(account)) {
      const int64_t before = start.opened_at.micros - touch.occurred_at.micros;
      if (before < 0 || !Counts(touch, record.group.block(), as_of_)) continue;
      const TouchShape& shape = dictionaries.shapes[touch.shape];
      if (shape.side == Side::kSales) {
        by_sales = true;
      } else if (shape.response && before <= window) {
        return Sourced::kMarketing;
      }
    }
  }
  const OwnerRow* owner = FindOwner(start.first_owner);
  if (owner != nullptr && owner->kind == OwnerKind::kPartner) return Sourced::kPartner;
  const bool owned_by_sales = owner != nullptr && owner->side != Side::kMarketing;
  return by_sales || owned_by_sales ? Sourced::kSales : Sourced::kUnknown;
}

uint32_t Dimensions::OutcomeOf(const RecordInGroup& record) const {
  const ReportedStage& stage = facts_->stages[facts_->stage_places[record.state.stage]];
  Outcome outcome = Outcome::kOpen;
  if (stage.phase == Phase::kWon) outcome = Outcome::kWon;
  if (stage.phase == Phase::kLost) outcome = Outcome::kLost;
  if (stage.OfLeads() && stage.kind == StageKind::kClosed) outcome = Outcome::kClosed;
  if (stage.kind == StageKind::kConverted) {
    if (const FoundRecord deal =
            FindRecord(record.group, EntityKind::kOpportunity, record.state.opportunity, as_of_)) {
      return OutcomeOf({record.group, *deal.record, deal.state});
    }
    outcome = Outcome::kConverted;
  }
  return static_cast<uint32_t>(outcome);
}

uint32_t Dimensions::AttributeOf(uint32_t name, const RecordInGroup& record,
                                 const AsOf& as_of) const {
  uint32_t of_account = 0, own = 0;
  for (const FactRecord& each : record.group.RecordsOf(record.account())) {
    if (each.kind != EntityKind::kAccount && &each != &record.record) continue;
    for (const RecordFact& fact : record.group.FactsOf(each)) {
      if (fact.kind != FactKind::kTagged || !Counts(fact, record.group.block(), as_of)) continue;
      uint32_t& value = each.kind == EntityKind::kAccount ? of_account : own;
      for (const uint32_t number : TagsOf(fact, record.group.block())) {
        const Tag& tag = facts_->dictionaries->tags[number];
        if (tag.first == name) value = tag.second;
      }
    }
  }
  return own != 0 ? own : of_account;
}

uint32_t Dimensions::LeadTypeOf(const RecordInGroup& record) const {
  if (record.IsLead()) return record.state.detail;
  for (const RecordFact& fact : record.group.FactsOf(record.record)) {
    if (fact.kind != FactKind::kFromLead || !Counts(fact, record.group.block(), as_of_)) continue;
    for (const FactRecord& each : record.group.records()) {
      if (each.kind != EntityKind::kLead || each.id != fact.value) continue;
      return StateOf(record.group, each, as_of_).detail;
    }
  }
  return 0;
}

uint32_t Dimensions::CurrencyOf(const RecordState& state) const {
  return state.amount == nullptr ? 0 : BitsOf(state.amount->currency);
}

}  // namespace throughline
