#ifndef THROUGHLINE_MODEL_EVENT_VIEW_H_
#define THROUGHLINE_MODEL_EVENT_VIEW_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "model/wire.h"
#include "throughline/event.h"

// Events as a snapshot reads them by the million: without what it does not keep, texts as views of
// the journal's bytes. Each view is the event of the same name but for the fields it leaves out; a
// test holds their numbers against the events' own.

namespace throughline {

struct AttributeView {
  using Of = Attribute;
  std::string_view name;
  std::string_view value;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "name", &AttributeView::name),
                           MakeField(2, "value", &AttributeView::value));
  }
};

struct SourceView {
  using Of = Source;
  EventId touch;
  Time at;
  std::string_view channel;
  CampaignId campaign;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "touch", &SourceView::touch),
                           MakeField(2, "at", &SourceView::at),
                           MakeField(3, "channel", &SourceView::channel),
                           MakeField(4, "campaign", &SourceView::campaign));
  }
};

struct LineageView {
  using Of = Lineage;
  Link link = Link::kNone;
  LeadId previous_lead;
  OpportunityId previous_opportunity;
  int64_t episode = 0;
  SourceView original;
  SourceView latest;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "link", &LineageView::link),
                           MakeField(2, "previous_lead", &LineageView::previous_lead),
                           MakeField(3, "previous_opportunity", &LineageView::previous_opportunity),
                           MakeField(4, "episode", &LineageView::episode),
                           MakeField(5, "original", &LineageView::original),
                           MakeField(6, "latest", &LineageView::latest));
  }
};

struct AccountOpenedView {
  using Of = AccountOpened;
  static constexpr uint32_t kNumber = Of::kNumber;
  AccountId account;
  std::vector<AttributeView> attributes;
  wire::Unread unread;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "account", &AccountOpenedView::account),
                           MakeField(2, "name", &AccountOpenedView::unread),
                           MakeField(3, "domains", &AccountOpenedView::unread),
                           MakeField(4, "attributes", &AccountOpenedView::attributes),
                           MakeField(5, "external_ids", &AccountOpenedView::unread),
                           MakeField(6, "registered_domains", &AccountOpenedView::unread),
                           MakeField(7, "name_key", &AccountOpenedView::unread));
  }
};

struct AccountUpdatedView {
  using Of = AccountUpdated;
  static constexpr uint32_t kNumber = Of::kNumber;
  AccountId account;
  std::vector<AttributeView> attributes;
  wire::Unread unread;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "account", &AccountUpdatedView::account),
                           MakeField(2, "name", &AccountUpdatedView::unread),
                           MakeField(3, "domains", &AccountUpdatedView::unread),
                           MakeField(4, "removed_domains", &AccountUpdatedView::unread),
                           MakeField(5, "attributes", &AccountUpdatedView::attributes),
                           MakeField(6, "external_ids", &AccountUpdatedView::unread),
                           MakeField(7, "registered_domains", &AccountUpdatedView::unread),
                           MakeField(8, "name_key", &AccountUpdatedView::unread));
  }
};

struct TouchRecordedView {
  using Of = TouchRecorded;
  static constexpr uint32_t kNumber = Of::kNumber;
  ContactId contact;
  LeadId lead;
  OpportunityId opportunity;
  CampaignId campaign;
  OwnerId owner;
  std::string_view channel;
  std::string_view kind;
  Side side = Side::kNone;
  Direction direction = Direction::kNone;
  bool response = false;
  bool follow_up = false;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "contact", &TouchRecordedView::contact),
                           MakeField(2, "lead", &TouchRecordedView::lead),
                           MakeField(3, "opportunity", &TouchRecordedView::opportunity),
                           MakeField(4, "campaign", &TouchRecordedView::campaign),
                           MakeField(5, "owner", &TouchRecordedView::owner),
                           MakeField(6, "channel", &TouchRecordedView::channel),
                           MakeField(7, "kind", &TouchRecordedView::kind),
                           MakeField(8, "side", &TouchRecordedView::side),
                           MakeField(9, "direction", &TouchRecordedView::direction),
                           MakeField(10, "response", &TouchRecordedView::response),
                           MakeField(11, "follow_up", &TouchRecordedView::follow_up));
  }
};

struct LeadOpenedView {
  using Of = LeadOpened;
  static constexpr uint32_t kNumber = Of::kNumber;
  LeadId lead;
  ContactId contact;
  OwnerId owner;
  StageRef stage;
  std::string_view type;
  Date return_on;
  LineageView lineage;
  std::vector<AttributeView> attributes;
  wire::Unread unread;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "lead", &LeadOpenedView::lead),
                           MakeField(2, "contact", &LeadOpenedView::contact),
                           MakeField(3, "owner", &LeadOpenedView::owner),
                           MakeField(4, "stage", &LeadOpenedView::stage),
                           MakeField(5, "type", &LeadOpenedView::type),
                           MakeField(6, "source", &LeadOpenedView::unread),
                           MakeField(7, "return_on", &LeadOpenedView::return_on),
                           MakeField(8, "lineage", &LeadOpenedView::lineage),
                           MakeField(9, "attributes", &LeadOpenedView::attributes),
                           MakeField(10, "external_ids", &LeadOpenedView::unread));
  }
};

struct LeadMovedView {
  using Of = LeadMoved;
  static constexpr uint32_t kNumber = Of::kNumber;
  LeadId lead;
  StageRef to;
  std::string_view reason;
  Date return_on;
  OpportunityId opportunity;
  wire::Unread unread;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "lead", &LeadMovedView::lead), MakeField(2, "from", &LeadMovedView::unread),
        MakeField(3, "to", &LeadMovedView::to), MakeField(4, "reason", &LeadMovedView::reason),
        MakeField(5, "return_on", &LeadMovedView::return_on),
        MakeField(6, "opportunity", &LeadMovedView::opportunity));
  }
};

struct LeadRelinkedView {
  using Of = LeadRelinked;
  static constexpr uint32_t kNumber = Of::kNumber;
  LeadId lead;
  LineageView lineage;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "lead", &LeadRelinkedView::lead),
                           MakeField(2, "lineage", &LeadRelinkedView::lineage));
  }
};

struct OpportunityOpenedView {
  using Of = OpportunityOpened;
  static constexpr uint32_t kNumber = Of::kNumber;
  OpportunityId opportunity;
  OpportunityType type = OpportunityType::kNone;
  OwnerId owner;
  StageRef stage;
  std::vector<LeadId> leads;
  std::optional<Money> amount;
  std::optional<Date> close_date;
  LineageView lineage;
  std::vector<AttributeView> attributes;
  wire::Unread unread;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityOpenedView::opportunity),
                           MakeField(2, "type", &OpportunityOpenedView::type),
                           MakeField(3, "name", &OpportunityOpenedView::unread),
                           MakeField(4, "owner", &OpportunityOpenedView::owner),
                           MakeField(5, "stage", &OpportunityOpenedView::stage),
                           MakeField(6, "source", &OpportunityOpenedView::unread),
                           MakeField(7, "leads", &OpportunityOpenedView::leads),
                           MakeField(8, "amount", &OpportunityOpenedView::amount),
                           MakeField(9, "close_date", &OpportunityOpenedView::close_date),
                           MakeField(10, "lineage", &OpportunityOpenedView::lineage),
                           MakeField(11, "attributes", &OpportunityOpenedView::attributes),
                           MakeField(12, "external_ids", &OpportunityOpenedView::unread));
  }
};

struct OpportunityMovedView {
  using Of = OpportunityMoved;
  static constexpr uint32_t kNumber = Of::kNumber;
  OpportunityId opportunity;
  StageRef to;
  std::string_view reason;
  Date return_on;
  wire::Unread unread;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityMovedView::opportunity),
                           MakeField(2, "from", &OpportunityMovedView::unread),
                           MakeField(3, "to", &OpportunityMovedView::to),
                           MakeField(4, "reason", &OpportunityMovedView::reason),
                           MakeField(5, "return_on", &OpportunityMovedView::return_on));
  }
};

struct OpportunityRoleSetView {
  using Of = OpportunityRoleSet;
  static constexpr uint32_t kNumber = Of::kNumber;
  OpportunityId opportunity;
  ContactId contact;
  std::string_view role;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityRoleSetView::opportunity),
                           MakeField(2, "contact", &OpportunityRoleSetView::contact),
                           MakeField(3, "role", &OpportunityRoleSetView::role));
  }
};

struct OpportunityRelinkedView {
  using Of = OpportunityRelinked;
  static constexpr uint32_t kNumber = Of::kNumber;
  OpportunityId opportunity;
  LineageView lineage;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityRelinkedView::opportunity),
                           MakeField(2, "lineage", &OpportunityRelinkedView::lineage));
  }
};

// Nothing: an event that no report counts.
using EventViewPayload =
    std::variant<std::monostate, AccountOpenedView, AccountUpdatedView, TouchRecordedView,
                 LeadOpenedView, LeadMovedView, LeadAssigned, LeadHandedOff, LeadRelinkedView,
                 OpportunityOpenedView, OpportunityMovedView, OpportunityValued,
                 OpportunityAssigned, OpportunityRoleSetView, OpportunityBooked, OpportunityLinked,
                 OpportunityRelinkedView, TouchRetracted, Amended, Voided, AccountMerged,
                 AccountUnmerged, ContactMerged, ContactUnmerged, PolicySet, OwnerDefined,
                 CampaignDefined, CampaignCostSet, ExchangeRateSet>;

struct EventView {
  std::string_view bytes;  // the whole event, as DecodeEvent takes it
  Time occurred_at;
  bool occurred_day = false;
  std::optional<Time> entered_at;
  uint64_t fact = 0;
  uint32_t breaches = 0;
  OwnerId actor;
  EventViewPayload payload;
};

// Calls `visit` with each event of a commit's blob in turn, also those that no report counts; the
// view is reused. DATA_LOSS if the bytes are damaged, behind the events that are whole.
absl::Status VisitEventViews(std::string_view blob,
                             absl::FunctionRef<void(const EventView&)> visit);

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_EVENT_VIEW_H_
