#include "ledger/random_commands.h"

#include <algorithm>
#include <utility>

namespace throughline {

std::string RandomCommands::Stage() {
  return OneOf({"inquiry", "engaged", "mql", "nurture", "assigned", "accepted", "working", "sql",
                "disqualified", "dead", "discovery", "proposal", "on_hold", "won", "lost"});
}

std::vector<ExternalId> RandomCommands::SomeIds() {
  if (Pick(3) != 0) return {};
  if (Pick(5) == 0) return {{"crm", std::to_string(1 + Pick(external_ids_ + 1))}};
  return {{"crm", std::to_string(++external_ids_)}};
}

EventRef RandomCommands::SomeEvent() {
  if (events_.empty()) return {};
  return {events_[events_.size() - 1 - Pick(std::min<int64_t>(events_.size(), 40))]};
}

std::string RandomCommands::SomePolicy() {
  std::string json(Policy::DefaultJson());
  const std::string oldest = R"("ambiguous": "oldest")";
  if (Pick(2) == 0) json.replace(json.find(oldest), oldest.size(), R"("ambiguous": "review")");
  return json;
}

// Somebody of a few people at a few companies, of whom now this and now that is known.
Identity RandomCommands::Someone() {
  Identity identity;
  const std::string company = std::to_string(Pick(5));
  if (Pick(3) != 0) {
    identity.email = OneOf({"ann@acme", "bob@acme", "eve@mail.acme"}) + company + ".com";
  } else if (Pick(2) == 0) {
    identity.domain = "www.acme" + company + ".com";
  } else {
    identity.company = OneOf({"Acme", "acme inc.", "Firm "}) + company;
  }
  if (Pick(3) == 0) identity.name = OneOf({"Ann", "Bob"});
  if (Pick(5) == 0) identity.contact_external_ids = SomeIds();
  if (Pick(5) == 0) identity.account_external_ids = SomeIds();
  return identity;
}

Command RandomCommands::BySomeone() {
  const AccountRef account =
      Pick(5) == 0 ? AccountRef(AccountId{Known(EntityKind::kAccount)}) : AccountRef();
  switch (Pick(4)) {
    case 0:
      return LeadOpen{.account = account, .source = "web", .match = Someone()};
    case 1:
      return OpportunityOpen{.account = account, .name = "Deal", .match = Someone()};
    default:
      return TouchRecord{.account = account,
                         .channel = OneOf({"web", "event"}),
                         .kind = OneOf({"form", "webinar", "reply"}),
                         .match = Someone()};
  }
}

Command RandomCommands::Reference() {
  switch (Pick(5)) {
    case 0:
      return OwnerDefine{
          .owner = Pick(2) == 0 ? OwnerRef() : OwnerRef(OwnerId{Known(EntityKind::kOwner)}),
          .side = Pick(2) == 0 ? Side::kMarketing : Side::kSales,
          .name = OneOf({"Ann", "Bob"}),
          .external_ids = SomeIds()};
    case 1:
      return CampaignDefine{.name = OneOf({"Spring", "Fair"}),
                            .channel = OneOf({"web", "event"}),
                            .external_ids = SomeIds()};
    case 2:
      return CampaignCost{.campaign = CampaignId{Known(EntityKind::kCampaign)},
                          .spent_on = Date{static_cast<int32_t>(19'900 + Pick(5))},
                          .amount = *ParseMoney("12.50 EUR")};
    case 3:
      return ExchangeRate{*ParseCurrency("EUR"), *ParseCurrency("USD"),
                          Date{static_cast<int32_t>(19'900 + Pick(5))}, 1'000'000'000 + Pick(1000)};
    default:
      if (Pick(5) != 0) return OwnerDefine{.name = "Carl", .external_ids = SomeIds()};
      return PolicyChange{.json = SomePolicy()};
  }
}

Command RandomCommands::AboutAccounts() {
  const AccountId account{Known(EntityKind::kAccount)};
  const ContactId contact{Known(EntityKind::kContact)};
  switch (Pick(10)) {
    case 9:
      return AccountDistinct{.account = account, .other = AccountId{Known(EntityKind::kAccount)}};
    case 7:
      if (Pick(3) == 0) return AccountUnmerge{.account = account};
      return AccountMerge{.account = account, .merged = AccountId{Known(EntityKind::kAccount)}};
    case 8:
      if (Pick(3) == 0) return ContactUnmerge{.contact = contact};
      return ContactMerge{.contact = contact, .merged = ContactId{Known(EntityKind::kContact)}};
    case 0:
      return AccountOpen{.name = "Acme",
                         .domains = {"acme" + std::to_string(Pick(9)) + ".com"},
                         .external_ids = SomeIds()};
    case 1:
      return AccountUpdate{.account = account,
                           .domains = {"new" + std::to_string(Pick(4)) + ".com"},
                           .removed_domains = {"acme" + std::to_string(Pick(9)) + ".com"},
                           .attributes = {{"industry", OneOf({"", "retail"})}}};
    case 2:
      return ContactAdd{
          .account = account, .name = "Ann", .email = "ann@acme.com", .external_ids = SomeIds()};
    case 3:
      return ContactUpdate{.contact = contact, .email = OneOf({"a@b.com", "c@d.com"})};
    case 4:
      return ContactMove{.contact = contact, .account = account};
    case 5:
      if (Pick(12) == 0) return ContactErase{.contact = contact, .reason = "asked_for"};
      return NoteAdd{.contact = contact, .text = "a note"};
    default:
      return NextOf(account);
  }
}

Command RandomCommands::NextOf(AccountId account) {
  switch (Pick(5)) {
    case 0:
      return LeadOpen{
          .account = account,
          .owner = Pick(2) == 0 ? OwnerRef() : OwnerRef(OwnerId{Known(EntityKind::kOwner)}),
          .source = OneOf({"", "web"}),
          .external_ids = SomeIds()};
    case 1:
      return OpportunityOpen{.account = account, .name = "Deal", .external_ids = SomeIds()};
    case 2:
      return NoteAdd{.account = account, .text = "another"};
    default:
      return TouchRecord{.account = account,
                         .channel = OneOf({"web", "mail", "event"}),
                         .kind = OneOf({"form", "email_send", "webinar", "call", "reply"})};
  }
}

Command RandomCommands::AboutLeads() {
  const LeadId lead{Known(EntityKind::kLead)};
  switch (Pick(7)) {
    case 0:
      return LeadAssign{.lead = lead, .owner = OwnerId{Known(EntityKind::kOwner)}};
    case 1:
      return LeadNurture{.lead = lead, .until = Date{static_cast<int32_t>(20'200 + Pick(50))}};
    case 2:
      return LeadClose{.lead = lead,
                       .stage = OneOf({"dead", "disqualified"}),
                       .reason = OneOf({"no_budget", "duplicate"})};
    case 3:
      return LeadReopen{.lead = lead};
    case 4:
      return LeadConvert{.lead = lead,
                         .opportunity = OpportunityId{Known(EntityKind::kOpportunity)}};
    case 5:
      return TouchRecord{.lead = lead, .channel = "phone", .kind = OneOf({"call", "reply"})};
    default:
      return LeadMove{.lead = lead, .stage = Stage(), .reason = OneOf({"", "no_budget"})};
  }
}

Command RandomCommands::AboutOpportunities() {
  const OpportunityId deal{Known(EntityKind::kOpportunity)};
  switch (Pick(8)) {
    case 0:
      return OpportunityValue{.opportunity = deal,
                              .amount = *ParseMoney("100.00 EUR"),
                              .close_date = Date{static_cast<int32_t>(20'100 + Pick(9))}};
    case 1:
      return OpportunityAssign{.opportunity = deal, .owner = OwnerId{Known(EntityKind::kOwner)}};
    case 2:
      return OpportunityRole{.opportunity = deal,
                             .contact = ContactId{Known(EntityKind::kContact)},
                             .role = OneOf({"", "buyer", "champion"})};
    case 3:
      return OpportunityWin{.opportunity = deal, .amount = *ParseMoney("90.00 EUR")};
    case 4:
      return OpportunityLose{.opportunity = deal, .reason = OneOf({"price", "other"})};
    case 5:
      return OpportunityBook{deal, *ParseMoney("90.00 EUR"), Date{20'100}, "order"};
    case 6:
      return OpportunityReopen{.opportunity = deal};
    default:
      return OpportunityMove{.opportunity = deal, .stage = Stage(), .reason = OneOf({"", "price"})};
  }
}

Command RandomCommands::Correction() {
  switch (Pick(3)) {
    case 0:
      return Void{.event = SomeEvent(), .reason = "mistake"};
    case 1:
      return TouchRetract{.touch = SomeEvent(), .reason = "mistake"};
    default:
      return Amend{
          .event = SomeEvent(),
          .occurred_at = Moment{StartOf(Date{static_cast<int32_t>(19'800 + Pick(190))}), true},
          .reason = "mistake"};
  }
}

Context RandomCommands::SomeContext() {
  Context context;
  if (Pick(2) == 0) context.mode = Mode::kObserve;
  if (Pick(3) == 0) {
    const auto day = static_cast<int32_t>(19'800 + Pick(200));
    context.occurred_at = Moment{StartOf(Date{day}), Pick(2) == 0};
  }
  if (Pick(4) == 0) context.actor = OwnerId{Known(EntityKind::kOwner)};
  if (Pick(10) == 0) context.expected_version = Pick(6);
  return context;
}

Request RandomCommands::Next() {
  const int64_t kind = Pick(23);
  Command command = kind < 2    ? Reference()
                    : kind < 9  ? AboutAccounts()
                    : kind < 14 ? AboutLeads()
                    : kind < 18 ? AboutOpportunities()
                    : kind < 21 ? BySomeone()
                                : Correction();
  return {std::move(command), SomeContext()};
}

void RandomCommands::Accepted(const Receipt& receipt) {
  int64_t& count = count_[static_cast<size_t>(receipt.entity)];
  count = std::max(count, receipt.id);
  if (receipt.match) {
    int64_t& accounts = count_[static_cast<size_t>(EntityKind::kAccount)];
    accounts = std::max(accounts, receipt.account.value);
    int64_t& contacts = count_[static_cast<size_t>(EntityKind::kContact)];
    contacts = std::max(contacts, receipt.match->contact.value);
  }
  for (int64_t i = 0; i < receipt.events; ++i) events_.push_back(EventId::Of(receipt.seq, i));
}

}  // namespace throughline
