#include <algorithm>
#include <array>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "ledger/import/salesforce/row_facts.h"
#include "model/text.h"

// What happened between us and people: members of campaigns, tasks, events; and which part a person
// plays in a deal.

namespace throughline::salesforce {
namespace {

constexpr std::string_view kLeadPrefix = "00Q";
constexpr std::string_view kContactPrefix = "003";
constexpr std::string_view kAccountPrefix = "001";
constexpr std::string_view kOpportunityPrefix = "006";
constexpr std::string_view kCampaignPrefix = "701";

// The first of the kinds that the policy has; else its first of that side and direction.
std::string KindFor(const Policy& policy, std::initializer_list<std::string_view> candidates,
                    Side side, Direction direction) {
  for (const std::string_view candidate : candidates) {
    if (!candidate.empty() && policy.FindTouchKind(candidate) != nullptr) {
      return std::string(candidate);
    }
  }
  for (const TouchKind& kind : policy.touch_kinds()) {
    if (kind.side == side && kind.direction == direction) return kind.key;
  }
  return policy.touch_kinds().front().key;
}

// Nobody can have entered it before it happened, but for what was planned.
When HappenedAt(const std::optional<Moment>& at, const std::optional<Moment>& created) {
  if (!at || !created) return {at, std::nullopt};
  return {at, std::max(at->at, created->at)};
}

struct CampaignKinds {
  std::string_view type;  // in lower case
  std::string_view sent, response;
};

// What the standard campaign types mean: what we did, and what the other side did then.
constexpr auto kCampaignKinds = std::to_array<CampaignKinds>({
    {"email", "email_send", "email_click"},
    {"direct mail", "direct_mail", "reply"},
    {"advertisement", "ad_impression", "ad_click"},
    {"banner ads", "ad_impression", "ad_click"},
    {"conference", "invitation", "event"},
    {"event", "invitation", "event"},
    {"seminar / conference", "invitation", "event"},
    {"trade show", "invitation", "trade_show"},
    {"webinar", "invitation", "webinar"},
    {"webcast", "invitation", "webinar"},
    {"referral program", "invitation", "referral"},
    {"partners", "invitation", "referral"},
    {"telemarketing", "invitation", "reply"},
    {"survey", "invitation", "survey"},
    {"content", "invitation", "content_download"},
});

CampaignKinds KindsOfType(std::string_view type) {
  const std::string plain = LowerAscii(type);
  for (const CampaignKinds& kinds : kCampaignKinds) {
    if (kinds.type == plain) return kinds;
  }
  return {"", "invitation", "form"};
}

// Puts the lead or contact into the touch; false: the row names nobody.
bool AddPerson(SalesforceId lead, SalesforceId contact, ExportContext& context,
               TouchRecord& touch) {
  lead = context.index().Master(lead);
  contact = context.index().Master(contact);
  if (lead) {
    touch.lead = ExternalOf(lead);
    const ExportIndex::Lead* row = context.index().FindLead(lead);
    const bool moved =
        row != nullptr && row->contact &&
        !context.IsSame(context.HomeOfContact(row->contact), context.HomeOfLead(lead));
    if (!moved) touch.contact = ExternalOf(lead);
  } else if (contact) {
    touch.contact = ExternalOf(contact);
  }
  return lead || contact;
}

std::string MemberKey(ExportRow& row) {
  if (const SalesforceId id = row.IdOf(Column::kId)) return "member/" + id.Long();
  return absl::StrCat("member/", row.IdOf(Column::kCampaignId).Long(), "/",
                      row.IdOf(Column::kLeadId).Long(), row.IdOf(Column::kContactId).Long());
}

// --- Tasks and events. ---

struct ActivityKind {
  std::string kind;
  bool inbound = false;
};

ActivityKind KindOfTask(const ExportRow& row, const Policy& policy) {
  const std::string subtype = LowerAscii(row.Text(Column::kSubtype));
  const std::string type = LowerAscii(row.Text(Column::kType));
  const bool inbound = LowerAscii(row.Text(Column::kCallType)) == "inbound";
  const std::string own(row.Text(Column::kType));
  std::string_view usual = "personal_message";
  if (subtype == "call" || type == "call" || !row.Text(Column::kCallType).empty()) {
    usual = "call";
  } else if (subtype == "listemail" || type == "mass email") {
    usual = "sequence_email";
  } else if (subtype == "email" || type == "email") {
    usual = "personal_email";
  } else if (type == "meeting" || type == "demo") {
    usual = type == "demo" ? "demo" : "meeting";
  }
  return {KindFor(policy, {own, usual}, Side::kSales, Direction::kOutbound), inbound};
}

// Whose it is: the person of WhoId, the deal or the account of WhatId. False: nobody's.
bool AddSubject(ExportRow& row, ExportContext& context, TouchRecord& touch, FactList& facts) {
  const SalesforceId who = row.IdOf(Column::kWhoId), what = row.IdOf(Column::kWhatId);
  const bool is_lead = who && who.prefix() == kLeadPrefix;
  const bool is_contact = who && who.prefix() == kContactPrefix;
  const bool named =
      AddPerson(is_lead ? who : SalesforceId(), is_contact ? who : SalesforceId(), context, touch);
  if (!what) return named;
  if (what.prefix() == kCampaignPrefix) {
    context.EnsureCampaign(what, facts);
    touch.campaign = ExternalOf(what);
    return named;
  }
  Home home;
  if (what.prefix() == kOpportunityPrefix) {
    home = context.HomeOfOpportunity(what);
    touch.opportunity = ExternalOf(what);
  } else if (what.prefix() == kAccountPrefix) {
    home = context.HomeOfAccount(what);
    touch.account = home.ref();
  } else {
    return named;
  }
  if (is_contact && !context.IsSame(context.HomeOfContact(who), home)) {
    touch.contact = {};
    facts.Warn("contact_elsewhere",
               "the person is of another account than the deal: the touch has no contact");
  }
  return true;
}

void AddActivity(ExportRow& row, ExportContext& context, const std::optional<Moment>& at,
                 const ActivityKind& kind, FactList& facts) {
  const SalesforceId id = RequiredId(row);
  TouchRecord touch;
  touch.kind = kind.kind;
  touch.side = Side::kSales;
  touch.direction = kind.inbound ? Direction::kInbound : Direction::kOutbound;
  touch.response = kind.inbound;
  if (kind.inbound) touch.follow_up = false;
  if (!AddSubject(row, context, touch, facts)) {
    facts.Warn("activity_of_nobody",
               "is left out: it is about no lead, contact, opportunity or "
               "account");
    return;
  }
  if (!at) {
    row.Fail(Column::kActivityDate, absl::InvalidArgumentError("is blank: when was it?"));
    return;
  }
  if (context.index().newest() != Time{} && at->at > context.index().newest()) {
    facts.Warn("activity_to_come", "is left out: it is later than the export's newest change");
    return;
  }
  touch.owner = context.OwnerOf(row, facts);
  facts.Add(std::move(touch), HappenedAt(at, row.TimeOf(Column::kCreatedDate)),
            absl::StrCat("activity/", id.Long()));
}

}  // namespace

void MemberFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const SalesforceId campaign = RequiredId(row, Column::kCampaignId);
  TouchRecord touch;
  if (!AddPerson(row.IdOf(Column::kLeadId), row.IdOf(Column::kContactId), context, touch)) {
    row.Fail(Column::kLeadId, absl::InvalidArgumentError("is blank, and so is ContactId"));
    return;
  }
  context.EnsureCampaign(campaign, facts);
  touch.campaign = ExternalOf(campaign);
  touch.side = Side::kMarketing;
  const std::string* type = context.index().CampaignType(campaign);
  const std::string own = type == nullptr ? "" : *type;
  const CampaignKinds kinds = KindsOfType(own);
  const std::optional<Moment> created = RequiredTime(row, Column::kCreatedDate);
  const std::optional<Moment> responded = row.TimeOf(Column::kFirstRespondedDate);
  const std::string key = MemberKey(row);
  if (!row.Flag(Column::kHasResponded) && !responded) {
    touch.kind = KindFor(context.policy(), {kinds.sent}, Side::kMarketing, Direction::kOutbound);
    touch.direction = Direction::kOutbound;
    touch.response = false;
    return facts.Add(std::move(touch), EnteredAt(created), key + "/sent");
  }
  touch.kind = KindFor(context.policy(), {own, KeyOfText(own), kinds.response}, Side::kMarketing,
                       Direction::kInbound);
  touch.direction = Direction::kInbound;
  touch.response = true;
  if (!responded) {
    facts.Warn("no_response_date",
               "the response is dated by CreatedDate: there is no "
               "FirstRespondedDate");
  }
  facts.Add(std::move(touch), HappenedAt(responded ? responded : created, created),
            key + "/response");
}

void TaskFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const std::string status = LowerAscii(row.Text(Column::kStatus));
  const bool closed = row.Has(Column::kIsClosed) ? row.Flag(Column::kIsClosed)
                      : row.Has(Column::kStatus) ? status == "completed"
                                                 : true;
  if (!closed) {
    facts.Warn("task_to_do", "is left out: it has not been done yet");
    return;
  }
  std::optional<Moment> at = row.TimeOf(Column::kCompletedDateTime);
  if (!at) at = row.TimeOf(Column::kActivityDate);
  AddActivity(row, context, at, KindOfTask(row, context.policy()), facts);
}

void EventFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const std::string own(row.Text(Column::kType));
  const std::string_view usual = LowerAscii(own) == "demo"   ? "demo"
                                 : LowerAscii(own) == "call" ? "call"
                                                             : "meeting";
  std::optional<Moment> at = row.TimeOf(Column::kStartDateTime);
  if (!at) at = row.TimeOf(Column::kActivityDate);
  AddActivity(row, context, at,
              {KindFor(context.policy(), {own, usual}, Side::kSales, Direction::kOutbound), false},
              facts);
}

void RoleFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const SalesforceId deal = RequiredId(row, Column::kOpportunityId);
  const SalesforceId contact = context.index().Master(RequiredId(row, Column::kContactId));
  const std::optional<Moment> created = RequiredTime(row, Column::kCreatedDate);
  if (!row.fault().ok()) return;
  if (!context.IsSame(context.HomeOfContact(contact), context.HomeOfOpportunity(deal))) {
    facts.Warn("contact_elsewhere",
               "the role is left out: the person is of another account than the deal");
    return;
  }
  std::string role = KeyOfText(row.Text(Column::kRole));
  if (role.empty()) role = row.Flag(Column::kIsPrimary) ? "primary" : std::string(kPlainRole);
  const std::string key = absl::StrCat("role/", deal.Long(), "/", contact.Long(), "/", role);
  facts.Add(OpportunityRole{ExternalOf(deal), ExternalOf(contact), role}, EnteredAt(created), key);
}

}  // namespace throughline::salesforce
