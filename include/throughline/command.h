#ifndef THROUGHLINE_COMMAND_H_
#define THROUGHLINE_COMMAND_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "throughline/event.h"
#include "throughline/field.h"
#include "throughline/ids.h"
#include "throughline/lifecycle.h"
#include "throughline/money.h"
#include "throughline/time.h"

// What a caller may ask for. The same commands come as C++ structs and as JSON lines, one object a
// line: {"fact": "lead.move", "at": "2024-03-30", "lead": "crm:L-17", "stage": "working"}
// (docs/fact-format.md). A member left empty is "not given". A stage is named by its key, its
// name or an alias, in any case; reasons, kinds and types by their key in the policy.

namespace throughline {

// --- Accounts and people. ---

// Opens an account.
struct AccountOpen {
  static constexpr char kName[] = "account.open";
  std::string name;
  std::vector<std::string> domains;
  std::vector<Attribute> attributes;
  std::vector<ExternalId> external_ids;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "name", &AccountOpen::name, "company name"),
        MakeField(2, "domains", &AccountOpen::domains, "web and mail domains"),
        MakeField(3, "attributes", &AccountOpen::attributes, "as the policy declares them"),
        MakeField(4, "external_ids", &AccountOpen::external_ids, "ids in other systems"));
  }
  friend bool operator==(const AccountOpen&, const AccountOpen&) = default;
};

// Changes what is known of an account.
struct AccountUpdate {
  static constexpr char kName[] = "account.update";
  AccountRef account;
  std::optional<std::string> name;
  std::vector<std::string> domains;
  std::vector<std::string> removed_domains;
  std::vector<Attribute> attributes;
  std::vector<ExternalId> external_ids;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &AccountUpdate::account),
        MakeField(2, "name", &AccountUpdate::name, "absent: unchanged"),
        MakeField(3, "domains", &AccountUpdate::domains, "domains to add"),
        MakeField(4, "removed_domains", &AccountUpdate::removed_domains, "domains to remove"),
        MakeField(5, "attributes", &AccountUpdate::attributes,
                  "attributes to set; an empty value removes one"),
        MakeField(6, "external_ids", &AccountUpdate::external_ids, "ids to add"));
  }
  friend bool operator==(const AccountUpdate&, const AccountUpdate&) = default;
};

// Adds a person to an account.
struct ContactAdd {
  static constexpr char kName[] = "contact.add";
  AccountRef account;
  std::string name;
  std::string email;
  std::string phone;
  std::string title;
  std::vector<Attribute> attributes;
  std::vector<ExternalId> external_ids;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &ContactAdd::account), MakeField(2, "name", &ContactAdd::name),
        MakeField(3, "email", &ContactAdd::email), MakeField(4, "phone", &ContactAdd::phone),
        MakeField(5, "title", &ContactAdd::title, "job title"),
        MakeField(6, "attributes", &ContactAdd::attributes, "as the policy declares them"),
        MakeField(7, "external_ids", &ContactAdd::external_ids, "ids in other systems"));
  }
  friend bool operator==(const ContactAdd&, const ContactAdd&) = default;
};

// Changes what is known of a person.
struct ContactUpdate {
  static constexpr char kName[] = "contact.update";
  ContactRef contact;
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<std::string> phone;
  std::optional<std::string> title;
  std::vector<Attribute> attributes;
  std::vector<ExternalId> external_ids;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "contact", &ContactUpdate::contact),
        MakeField(2, "name", &ContactUpdate::name, "absent: unchanged"),
        MakeField(3, "email", &ContactUpdate::email, "absent: unchanged"),
        MakeField(4, "phone", &ContactUpdate::phone, "absent: unchanged"),
        MakeField(5, "title", &ContactUpdate::title, "absent: unchanged"),
        MakeField(6, "attributes", &ContactUpdate::attributes,
                  "attributes to set; an empty value removes one"),
        MakeField(7, "external_ids", &ContactUpdate::external_ids, "ids to add"));
  }
  friend bool operator==(const ContactUpdate&, const ContactUpdate&) = default;
};

// The person now works for another company. Their past stays where it happened.
struct ContactMove {
  static constexpr char kName[] = "contact.move";
  ContactRef contact;
  AccountRef account;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "contact", &ContactMove::contact),
                           MakeField(2, "account", &ContactMove::account, "where to"));
  }
  friend bool operator==(const ContactMove&, const ContactMove&) = default;
};

// Says that two accounts are two companies: they are not put up for review again.
struct AccountDistinct {
  static constexpr char kName[] = "account.distinct";
  AccountRef account;
  AccountRef other;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "account", &AccountDistinct::account),
                           MakeField(2, "other", &AccountDistinct::other));
  }
  friend bool operator==(const AccountDistinct&, const AccountDistinct&) = default;
};

// Erases what is known of a person, for good (docs/erasure.md). What they did stays, without a
// name.
struct ContactErase {
  static constexpr char kName[] = "contact.erase";
  ContactRef contact;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "contact", &ContactErase::contact),
                           MakeField(2, "reason", &ContactErase::reason, "why, as a key"));
  }
  friend bool operator==(const ContactErase&, const ContactErase&) = default;
};

// --- Touches and notes. ---

// What the outside world knows of who sent something: a form's fields, a badge, a line of a list.
// Whoever it is is looked for in the order of the policy, and opened if nobody is found
// (docs/matching.md).
struct Identity {
  std::string email;
  std::string name;
  std::string phone;
  std::string title;
  std::string company;
  std::string domain;  // or a web site
  std::vector<ExternalId> contact_external_ids;
  std::vector<ExternalId> account_external_ids;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "email", &Identity::email), MakeField(2, "name", &Identity::name),
        MakeField(3, "phone", &Identity::phone),
        MakeField(4, "title", &Identity::title, "job title"),
        MakeField(5, "company", &Identity::company, "company name"),
        MakeField(6, "domain", &Identity::domain, "of the company, or its web site"),
        MakeField(7, "contact_external_ids", &Identity::contact_external_ids,
                  "ids of the person in other systems"),
        MakeField(8, "account_external_ids", &Identity::account_external_ids,
                  "ids of the company in other systems"));
  }
  explicit operator bool() const { return *this != Identity(); }
  friend bool operator==(const Identity&, const Identity&) = default;
};

// Records one interaction.
struct TouchRecord {
  static constexpr char kName[] = "touch.record";
  AccountRef account;  // may be left out if contact, lead, opportunity or match is given
  ContactRef contact;  // none: anonymous
  LeadRef lead;
  OpportunityRef opportunity;
  CampaignRef campaign;
  OwnerRef owner;
  std::string channel;
  std::string kind;
  Side side = Side::kNone;
  Direction direction = Direction::kNone;
  std::optional<bool> response;
  std::optional<bool> follow_up;
  Identity match;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &TouchRecord::account,
                  "may be left out if contact, lead, opportunity or match is given"),
        MakeField(2, "contact", &TouchRecord::contact, "absent: anonymous"),
        MakeField(3, "lead", &TouchRecord::lead),
        MakeField(4, "opportunity", &TouchRecord::opportunity),
        MakeField(5, "campaign", &TouchRecord::campaign),
        MakeField(6, "owner", &TouchRecord::owner, "who acted for us"),
        MakeField(7, "channel", &TouchRecord::channel, "default: the campaign's"),
        MakeField(8, "kind", &TouchRecord::kind, "a touch kind of the policy, e.g. webinar"),
        MakeField(9, "side", &TouchRecord::side, "default: the kind's"),
        MakeField(10, "direction", &TouchRecord::direction, "default: the kind's"),
        MakeField(11, "response", &TouchRecord::response, "default: the kind's"),
        MakeField(12, "follow_up", &TouchRecord::follow_up, "default: the kind's"),
        MakeField(13, "match", &TouchRecord::match, "who it was, to be looked up"));
  }
  friend bool operator==(const TouchRecord&, const TouchRecord&) = default;
};

// Names an event: by its id ("seq:ordinal" in JSON), or by the fact key it was imported with.
struct EventRef {
  EventId id;
  std::string key;

  explicit operator bool() const { return static_cast<bool>(id) || !key.empty(); }
  friend bool operator==(const EventRef&, const EventRef&) = default;
};

// Says that a touch never happened.
struct TouchRetract {
  static constexpr char kName[] = "touch.retract";
  AccountRef account;  // needed with a fact key
  EventRef touch;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &TouchRetract::account, "needed when `touch` is a fact key"),
        MakeField(2, "touch", &TouchRetract::touch, "event id or fact key"),
        MakeField(3, "reason", &TouchRetract::reason));
  }
  friend bool operator==(const TouchRetract&, const TouchRetract&) = default;
};

// Exactly one of account, contact, lead, opportunity.
struct NoteAdd {
  static constexpr char kName[] = "note.add";
  AccountRef account;
  ContactRef contact;
  LeadRef lead;
  OpportunityRef opportunity;
  std::string text;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &NoteAdd::account), MakeField(2, "contact", &NoteAdd::contact),
        MakeField(3, "lead", &NoteAdd::lead), MakeField(4, "opportunity", &NoteAdd::opportunity),
        MakeField(5, "text", &NoteAdd::text));
  }
  friend bool operator==(const NoteAdd&, const NoteAdd&) = default;
};

// --- Leads. ---

// Opens a lead.
struct LeadOpen {
  static constexpr char kName[] = "lead.open";
  AccountRef account;  // may be left out if contact or match is given
  ContactRef contact;
  OwnerRef owner;
  std::string stage;
  std::string type;
  std::string source;
  std::optional<Date> return_on;
  std::vector<Attribute> attributes;
  std::vector<ExternalId> external_ids;
  Identity match;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &LeadOpen::account, "may be left out if contact or match is given"),
        MakeField(2, "contact", &LeadOpen::contact), MakeField(3, "owner", &LeadOpen::owner),
        MakeField(4, "stage", &LeadOpen::stage, "default: the policy's first"),
        MakeField(5, "type", &LeadOpen::type, "a lead type of the policy"),
        MakeField(6, "source", &LeadOpen::source, "the channel that who opens it claims"),
        MakeField(7, "return_on", &LeadOpen::return_on, "of a parked stage"),
        MakeField(8, "attributes", &LeadOpen::attributes, "as the policy declares them"),
        MakeField(9, "external_ids", &LeadOpen::external_ids, "ids in other systems"),
        MakeField(10, "match", &LeadOpen::match, "who it is, to be looked up"));
  }
  friend bool operator==(const LeadOpen&, const LeadOpen&) = default;
};

// Moves a lead to another stage.
struct LeadMove {
  static constexpr char kName[] = "lead.move";
  LeadRef lead;
  std::string stage;
  std::string reason;
  std::optional<Date> return_on;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "lead", &LeadMove::lead),
                           MakeField(2, "stage", &LeadMove::stage),
                           MakeField(3, "reason", &LeadMove::reason),
                           MakeField(4, "return_on", &LeadMove::return_on, "of a parked stage"));
  }
  friend bool operator==(const LeadMove&, const LeadMove&) = default;
};

// Gives the lead to an owner. The first assignment to sales or a partner is also the hand-off: an
// event of its own, and the move to the policy's hand-off stage.
struct LeadAssign {
  static constexpr char kName[] = "lead.assign";
  LeadRef lead;
  OwnerRef owner;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "lead", &LeadAssign::lead),
                           MakeField(2, "owner", &LeadAssign::owner));
  }
  friend bool operator==(const LeadAssign&, const LeadAssign&) = default;
};

// Sets the lead aside until a day: the move to the policy's nurture stage.
struct LeadNurture {
  static constexpr char kName[] = "lead.nurture";
  LeadRef lead;
  Date until;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "lead", &LeadNurture::lead),
                           MakeField(2, "until", &LeadNurture::until, "the day it comes back"));
  }
  friend bool operator==(const LeadNurture&, const LeadNurture&) = default;
};

// Ends the lead for now, as disqualified or dead; both need a reason.
struct LeadClose {
  static constexpr char kName[] = "lead.close";
  LeadRef lead;
  std::string stage;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "lead", &LeadClose::lead),
        MakeField(2, "stage", &LeadClose::stage, "a closed stage, e.g. dead or disqualified"),
        MakeField(3, "reason", &LeadClose::reason));
  }
  friend bool operator==(const LeadClose&, const LeadClose&) = default;
};

// Opens a closed lead again.
struct LeadReopen {
  static constexpr char kName[] = "lead.reopen";
  LeadRef lead;
  std::string stage;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "lead", &LeadReopen::lead),
        MakeField(2, "stage", &LeadReopen::stage, "default: where it was before it was closed"));
  }
  friend bool operator==(const LeadReopen&, const LeadReopen&) = default;
};

// Converts the lead into an opportunity that is there already.
struct LeadConvert {
  static constexpr char kName[] = "lead.convert";
  LeadRef lead;
  OpportunityRef opportunity;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "lead", &LeadConvert::lead),
                           MakeField(2, "opportunity", &LeadConvert::opportunity));
  }
  friend bool operator==(const LeadConvert&, const LeadConvert&) = default;
};

// --- Opportunities. ---

// Opens an opportunity. The leads named are converted into it in the same commit.
struct OpportunityOpen {
  static constexpr char kName[] = "opportunity.open";
  AccountRef account;  // may be left out if leads or match are given
  std::vector<LeadRef> leads;
  OpportunityType type = OpportunityType::kNone;
  std::string name;
  OwnerRef owner;
  std::string stage;
  std::string source;
  std::optional<Money> amount;
  std::optional<Date> close_date;
  std::vector<Attribute> attributes;
  std::vector<ExternalId> external_ids;
  Identity match;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &OpportunityOpen::account,
                  "may be left out if leads or match are given"),
        MakeField(2, "leads", &OpportunityOpen::leads,
                  "the leads it comes from: converted by this"),
        MakeField(3, "type", &OpportunityOpen::type,
                  "default: new_business, or expansion for an account that has bought"),
        MakeField(4, "name", &OpportunityOpen::name),
        MakeField(5, "owner", &OpportunityOpen::owner),
        MakeField(6, "stage", &OpportunityOpen::stage, "default: the policy's first"),
        MakeField(7, "source", &OpportunityOpen::source, "the channel that who opens it claims"),
        MakeField(8, "amount", &OpportunityOpen::amount, "absent: unknown"),
        MakeField(9, "close_date", &OpportunityOpen::close_date, "when it is expected to close"),
        MakeField(10, "attributes", &OpportunityOpen::attributes, "as the policy declares them"),
        MakeField(11, "external_ids", &OpportunityOpen::external_ids, "ids in other systems"),
        MakeField(12, "match", &OpportunityOpen::match, "whose it is, to be looked up"));
  }
  friend bool operator==(const OpportunityOpen&, const OpportunityOpen&) = default;
};

// Moves an opportunity to another stage.
struct OpportunityMove {
  static constexpr char kName[] = "opportunity.move";
  OpportunityRef opportunity;
  std::string stage;
  std::string reason;
  std::optional<Date> return_on;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "opportunity", &OpportunityMove::opportunity),
        MakeField(2, "stage", &OpportunityMove::stage),
        MakeField(3, "reason", &OpportunityMove::reason),
        MakeField(4, "return_on", &OpportunityMove::return_on, "of a parked stage"));
  }
  friend bool operator==(const OpportunityMove&, const OpportunityMove&) = default;
};

// Says what an opportunity is worth and when it will close.
struct OpportunityValue {
  static constexpr char kName[] = "opportunity.value";
  OpportunityRef opportunity;
  std::optional<Money> amount;
  std::optional<Date> close_date;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "opportunity", &OpportunityValue::opportunity),
        MakeField(2, "amount", &OpportunityValue::amount, "absent: unchanged"),
        MakeField(3, "close_date", &OpportunityValue::close_date, "absent: unchanged"));
  }
  friend bool operator==(const OpportunityValue&, const OpportunityValue&) = default;
};

// Gives an opportunity to an owner.
struct OpportunityAssign {
  static constexpr char kName[] = "opportunity.assign";
  OpportunityRef opportunity;
  OwnerRef owner;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityAssign::opportunity),
                           MakeField(2, "owner", &OpportunityAssign::owner));
  }
  friend bool operator==(const OpportunityAssign&, const OpportunityAssign&) = default;
};

// The role of a person of whom nothing is known but that they are the contact.
inline constexpr std::string_view kPlainRole = "contact";

// Says which part a person plays in an opportunity.
struct OpportunityRole {
  static constexpr char kName[] = "opportunity.role";
  OpportunityRef opportunity;
  ContactRef contact;
  std::string role;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "opportunity", &OpportunityRole::opportunity),
        MakeField(2, "contact", &OpportunityRole::contact),
        MakeField(3, "role", &OpportunityRole::role, "e.g. decision_maker; empty removes it"));
  }
  friend bool operator==(const OpportunityRole&, const OpportunityRole&) = default;
};

// The deal is won.
struct OpportunityWin {
  static constexpr char kName[] = "opportunity.win";
  OpportunityRef opportunity;
  std::optional<Money> amount;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "opportunity", &OpportunityWin::opportunity),
        MakeField(2, "amount", &OpportunityWin::amount,
                  "default: its value; live commands need one, observed facts may not know it"),
        MakeField(3, "reason", &OpportunityWin::reason));
  }
  friend bool operator==(const OpportunityWin&, const OpportunityWin&) = default;
};

// The deal is lost.
struct OpportunityLose {
  static constexpr char kName[] = "opportunity.lose";
  OpportunityRef opportunity;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityLose::opportunity),
                           MakeField(2, "reason", &OpportunityLose::reason));
  }
  friend bool operator==(const OpportunityLose&, const OpportunityLose&) = default;
};

// An order that the order system confirmed.
struct OpportunityBook {
  static constexpr char kName[] = "opportunity.book";
  OpportunityRef opportunity;
  Money amount;
  Date booked_on;
  std::string order;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "opportunity", &OpportunityBook::opportunity),
        MakeField(2, "amount", &OpportunityBook::amount),
        MakeField(3, "booked_on", &OpportunityBook::booked_on),
        MakeField(4, "order", &OpportunityBook::order, "its id in the order system"));
  }
  friend bool operator==(const OpportunityBook&, const OpportunityBook&) = default;
};

// Opens a closed opportunity again.
struct OpportunityReopen {
  static constexpr char kName[] = "opportunity.reopen";
  OpportunityRef opportunity;
  std::string stage;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityReopen::opportunity),
                           MakeField(2, "stage", &OpportunityReopen::stage,
                                     "default: where it was before it was closed"));
  }
  friend bool operator==(const OpportunityReopen&, const OpportunityReopen&) = default;
};

// --- Corrections. ---

// Mends an event of the past: another date, other values. `changes` sets members of the event by
// name, with values written as in the fact format; ids of records cannot be changed.
struct Amend {
  static constexpr char kName[] = "event.amend";
  AccountRef account;
  EventRef event;
  std::optional<Moment> occurred_at;
  std::vector<Attribute> changes;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &Amend::account, "needed when `event` is a fact key"),
        MakeField(2, "event", &Amend::event, "event id or fact key"),
        MakeField(3, "occurred_at", &Amend::occurred_at, "absent: unchanged"),
        MakeField(4, "changes", &Amend::changes, "members of the event, by name"),
        MakeField(5, "reason", &Amend::reason, "why, as a key; needed"));
  }
  friend bool operator==(const Amend&, const Amend&) = default;
};

// Says that an event never happened. To undo a conversion: void the move of the lead, and the
// opportunity stays, without the lead; or the opening of the opportunity with `dependents`, and it
// goes, its leads being again where they were.
struct Void {
  static constexpr char kName[] = "event.void";
  AccountRef account;
  EventRef event;
  std::string reason;
  std::optional<bool> dependents;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &Void::account, "needed when `event` is a fact key"),
        MakeField(2, "event", &Void::event, "event id or fact key"),
        MakeField(3, "reason", &Void::reason, "why, as a key; needed"),
        MakeField(4, "dependents", &Void::dependents,
                  "of an opening: also the moves that build on it; default: they are in the way"));
  }
  friend bool operator==(const Void&, const Void&) = default;
};

// --- What belongs to no company. ---

// Defines an owner, or changes one: `owner` names it, or an external id that is known already.
struct OwnerDefine {
  static constexpr char kName[] = "owner.define";
  OwnerRef owner;
  OwnerKind kind = OwnerKind::kNone;
  Side side = Side::kNone;
  std::optional<std::string> name;
  OwnerRef team;
  std::optional<bool> retired;
  std::vector<ExternalId> external_ids;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "owner", &OwnerDefine::owner, "absent: a new one, unless an id is known"),
        MakeField(2, "kind", &OwnerDefine::kind, "default of a new one: rep"),
        MakeField(3, "side", &OwnerDefine::side, "default of a new one: sales"),
        MakeField(4, "name", &OwnerDefine::name), MakeField(5, "team", &OwnerDefine::team),
        MakeField(6, "retired", &OwnerDefine::retired, "takes no more leads"),
        MakeField(7, "external_ids", &OwnerDefine::external_ids, "ids in other systems"));
  }
  friend bool operator==(const OwnerDefine&, const OwnerDefine&) = default;
};

// Defines a campaign, or changes one.
struct CampaignDefine {
  static constexpr char kName[] = "campaign.define";
  CampaignRef campaign;
  std::optional<std::string> name;
  std::optional<std::string> channel;
  CampaignRef parent;
  std::optional<Date> starts_on;
  std::optional<Date> ends_on;
  std::vector<ExternalId> external_ids;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "campaign", &CampaignDefine::campaign,
                  "absent: a new one, unless an id is known"),
        MakeField(2, "name", &CampaignDefine::name),
        MakeField(3, "channel", &CampaignDefine::channel, "of its touches, unless they say"),
        MakeField(4, "parent", &CampaignDefine::parent),
        MakeField(5, "starts_on", &CampaignDefine::starts_on),
        MakeField(6, "ends_on", &CampaignDefine::ends_on),
        MakeField(7, "external_ids", &CampaignDefine::external_ids, "ids in other systems"));
  }
  friend bool operator==(const CampaignDefine&, const CampaignDefine&) = default;
};

// Says what a campaign cost on a day.
struct CampaignCost {
  static constexpr char kName[] = "campaign.cost";
  CampaignRef campaign;
  Date spent_on;
  Money amount;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "campaign", &CampaignCost::campaign),
        MakeField(2, "spent_on", &CampaignCost::spent_on),
        MakeField(3, "amount", &CampaignCost::amount, "replaces what was said of that day"));
  }
  friend bool operator==(const CampaignCost&, const CampaignCost&) = default;
};

// Sets an exchange rate from a day on.
struct ExchangeRate {
  static constexpr char kName[] = "exchange_rate.set";
  Currency base;
  Currency quote;
  Date valid_from;
  int64_t rate_e9 = 0;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "base", &ExchangeRate::base),
                           MakeField(2, "quote", &ExchangeRate::quote),
                           MakeField(3, "valid_from", &ExchangeRate::valid_from),
                           MakeField(4, "rate_e9", &ExchangeRate::rate_e9,
                                     "units of quote per unit of base, times 10^9"));
  }
  friend bool operator==(const ExchangeRate&, const ExchangeRate&) = default;
};

// A new version of the policy (docs/policy.md), in force for every later command.
struct PolicyChange {
  static constexpr char kName[] = "policy.set";
  std::string json;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "json", &PolicyChange::json, "the policy file's text"));
  }
  friend bool operator==(const PolicyChange&, const PolicyChange&) = default;
};

// --- One company, known twice. ---

// Two accounts are one company. Nothing is rewritten: the merged one becomes an alias, its ids go
// on resolving, its events stay in its own stream, and from now on both histories are read, linked
// and counted as one. The group may grow: either may be part of a merge already.
struct AccountMerge {
  static constexpr char kName[] = "account.merge";
  AccountRef account;
  AccountRef merged;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &AccountMerge::account, "the one whose name shows"),
        MakeField(2, "merged", &AccountMerge::merged, "the one that becomes an alias of it"),
        MakeField(3, "reason", &AccountMerge::reason, "why, as a key"));
  }
  friend bool operator==(const AccountMerge&, const AccountMerge&) = default;
};

// Undoes the merge by which an account became an alias: both histories are again what they would
// have been without it. Conversions from one side into the other are void; other events that name
// records of both sides stay where they are, and are listed in the event.
struct AccountUnmerge {
  static constexpr char kName[] = "account.unmerge";
  AccountRef account;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &AccountUnmerge::account, "the one that is an alias"),
        MakeField(2, "reason", &AccountUnmerge::reason, "why, as a key"));
  }
  friend bool operator==(const AccountUnmerge&, const AccountUnmerge&) = default;
};

// Two contacts of an account, or of accounts that are merged, are one person.
struct ContactMerge {
  static constexpr char kName[] = "contact.merge";
  ContactRef contact;
  ContactRef merged;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "contact", &ContactMerge::contact, "the one whose profile shows"),
        MakeField(2, "merged", &ContactMerge::merged, "the one that becomes an alias of it"),
        MakeField(3, "reason", &ContactMerge::reason, "why, as a key"));
  }
  friend bool operator==(const ContactMerge&, const ContactMerge&) = default;
};

// Undoes the merge by which a contact became an alias.
struct ContactUnmerge {
  static constexpr char kName[] = "contact.unmerge";
  ContactRef contact;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "contact", &ContactUnmerge::contact, "the one that is an alias"),
        MakeField(2, "reason", &ContactUnmerge::reason, "why, as a key"));
  }
  friend bool operator==(const ContactUnmerge&, const ContactUnmerge&) = default;
};

// Append only: a command's position is its number in encoded commands, whose digests are kept for
// life beside request ids. Field numbers are fixed for the same reason.
using Command =
    std::variant<AccountOpen, AccountUpdate, ContactAdd, ContactUpdate, ContactMove, TouchRecord,
                 TouchRetract, NoteAdd, LeadOpen, LeadMove, LeadAssign, LeadNurture, LeadClose,
                 LeadReopen, LeadConvert, OpportunityOpen, OpportunityMove, OpportunityValue,
                 OpportunityAssign, OpportunityRole, OpportunityWin, OpportunityLose,
                 OpportunityBook, OpportunityReopen, Amend, Void, OwnerDefine, CampaignDefine,
                 CampaignCost, ExchangeRate, PolicyChange, AccountMerge, AccountUnmerge,
                 ContactMerge, ContactUnmerge, ContactErase, AccountDistinct>;

// How a command is to be taken.
struct Context {
  OwnerRef actor;                     // who does it; none: the system
  std::optional<Moment> occurred_at;  // default: now; at most 5 minutes after now
  std::string request_id;             // at most 64 bytes; the same id again: the first receipt
  std::optional<int64_t>
      expected_version;  // of the account; of the entity in the stream of account 0
  Mode mode = Mode::kDefault;

  // Of imported facts only:
  std::optional<Time> entered_at;  // claimed: when it was entered in its source system
  uint64_t fact = 0;  // FactKeyOf its key; a fact whose key is in the account's stream is skipped

  friend bool operator==(const Context&, const Context&) = default;
};

// What Context::fact holds of a fact's own key ("key" in JSON): its SipHash-2-4 under a key of
// zeros, read as little-endian, but 1 for 0; a key of "#" and 16 hex digits is the hash itself.
// Never 0.
uint64_t FactKeyOf(std::string_view key);

// Who an Identity turned out to be, and why.
struct MatchEvidence {
  MatchRule rule = MatchRule::kNone;  // none: nobody was known by it
  std::string value;                  // what was found, as it is compared: "acme.co.uk"
  int64_t candidates = 0;             // accounts that have it; at most kMaxMatchCandidates
  AccountId account;                  // 0 in a lookup: a new one would be opened
  ContactId contact;                  // 0: none, or in a lookup one would be added
  bool opens_account = false;
  bool opens_contact = false;
  int64_t events_before = 0;  // how many of the command's events stand before what it says itself

  friend bool operator==(const MatchEvidence&, const MatchEvidence&) = default;
};

// What an accepted command did. A repeated request id, and a fact that is known, give the first
// receipt again, as far as the journal has it.
struct Receipt {
  int64_t seq = 0;  // of its commit (of the first, if it touched two accounts)
  AccountId account;
  int64_t version = 0;  // of the account's stream, after it. Owners, campaigns and the policy, of
                        // whom expected_version speaks, have their own, in their rows
  Time recorded_at;
  int64_t events = 0;     // how many; their ids are EventId::Of(seq, 0) and following
  uint32_t breaches = 0;  // observe mode: bits 1 << Breach over its events
  EntityKind entity = EntityKind::kNone;  // what it opened, defined or added
  int64_t id = 0;                         // and the id of that
  bool repeated = false;  // nothing was written: the request id, or the fact, was known
  bool pending = false;   // of contact.erase: readers keep traces of it, see FinishErasures
  std::optional<MatchEvidence> match;  // of a command that had its `match` looked up (the first
                                       // of several); of a repeated one without an email

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

}  // namespace throughline

#endif  // THROUGHLINE_COMMAND_H_
