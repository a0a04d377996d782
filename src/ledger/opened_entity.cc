#include "ledger/opened_entity.h"

#include <variant>

namespace throughline {
namespace {

template <class Payload>
OpenedEntity Opened(const Payload&) {
  return {};
}
OpenedEntity Opened(const AccountOpened& e) { return {EntityKind::kAccount, e.account.value}; }
OpenedEntity Opened(const ContactAdded& e) { return {EntityKind::kContact, e.contact.value}; }
OpenedEntity Opened(const LeadOpened& e) { return {EntityKind::kLead, e.lead.value}; }
OpenedEntity Opened(const OpportunityOpened& e) {
  return {EntityKind::kOpportunity, e.opportunity.value};
}
OpenedEntity Opened(const NoteAdded& e) { return {EntityKind::kNote, e.note.value}; }
OpenedEntity Opened(const OwnerDefined& e) { return {EntityKind::kOwner, e.owner.value}; }
OpenedEntity Opened(const CampaignDefined& e) { return {EntityKind::kCampaign, e.campaign.value}; }

}  // namespace

OpenedEntity OpenedBy(const EventPayload& payload) {
  return std::visit([](const auto& e) { return Opened(e); }, payload);
}

}  // namespace throughline
