#ifndef THROUGHLINE_EVENT_H_
#define THROUGHLINE_EVENT_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "throughline/field.h"
#include "throughline/ids.h"
#include "throughline/lifecycle.h"
#include "throughline/money.h"
#include "throughline/time.h"

// What the journal holds: events, the accepted facts. docs/journal.proto is generated from the
// field lists below. DO NOT CHANGE THE NUMBERS: they are written to disk. A new meaning is a new
// event.

namespace throughline {

// A stage as it was when the event was decided; old events keep their meaning when policies change.
struct StageRef {
  int64_t id = 0;
  Phase phase = Phase::kNone;
  StageKind kind = StageKind::kNone;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "id", &StageRef::id),
                           MakeField(2, "phase", &StageRef::phase),
                           MakeField(3, "kind", &StageRef::kind));
  }
  friend bool operator==(const StageRef&, const StageRef&) = default;
};

// A declared attribute of an entity. An empty value removes it.
struct Attribute {
  std::string name;
  std::string value;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "name", &Attribute::name),
                           MakeField(2, "value", &Attribute::value));
  }
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

// An external id, of whatever it is the id.
struct ExternalKey {  // an ExternalId on disk
  std::string system;
  std::string key;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "system", &ExternalKey::system),
                           MakeField(2, "key", &ExternalKey::key));
  }
  friend bool operator==(const ExternalKey&, const ExternalKey&) = default;
};

// Cites personal data in the vault, which can be erased there: which revision, and a salted digest
// (BLAKE2b, 16 bytes) that proves the revision is the one the event meant.
struct VaultRef {
  int64_t revision = 0;
  std::string digest;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "revision", &VaultRef::revision),
                           MakeBytesField(2, "digest", &VaultRef::digest));
  }
  friend bool operator==(const VaultRef&, const VaultRef&) = default;
};

// Where something came from: the touch, and what it says. `touch` is 0 if only the record itself
// claimed a channel (a CRM's "lead source").
struct Source {
  EventId touch;
  Time at;
  std::string channel;
  CampaignId campaign;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "touch", &Source::touch), MakeField(2, "at", &Source::at),
                           MakeField(3, "channel", &Source::channel),
                           MakeField(4, "campaign", &Source::campaign));
  }
  friend bool operator==(const Source&, const Source&) = default;
};

// How a record stands to the past of its account; decided when it opens.
struct Lineage {
  Link link = Link::kNone;
  LeadId previous_lead;  // the record linked to: at most one of the two
  OpportunityId previous_opportunity;
  int64_t episode = 0;  // 1, 2, 3 ... within the account
  Source original;      // of the chain of episodes
  Source latest;        // of this record: what opened it or brought it back

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "link", &Lineage::link),
                           MakeField(2, "previous_lead", &Lineage::previous_lead),
                           MakeField(3, "previous_opportunity", &Lineage::previous_opportunity),
                           MakeField(4, "episode", &Lineage::episode),
                           MakeField(5, "original", &Lineage::original),
                           MakeField(6, "latest", &Lineage::latest));
  }
  friend bool operator==(const Lineage&, const Lineage&) = default;
};

// An account is there.
struct AccountOpened {
  static constexpr uint32_t kNumber = 16;
  static constexpr char kName[] = "account_opened";
  AccountId account;
  std::string name;
  std::vector<std::string> domains;
  std::vector<Attribute> attributes;
  std::vector<ExternalKey> external_ids;
  std::vector<std::string> registered_domains;  // of its domains, where they differ from them
  std::string name_key;  // what the name is matched by, if it is not the folded name

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "account", &AccountOpened::account),
                           MakeField(2, "name", &AccountOpened::name),
                           MakeField(3, "domains", &AccountOpened::domains),
                           MakeField(4, "attributes", &AccountOpened::attributes),
                           MakeField(5, "external_ids", &AccountOpened::external_ids),
                           MakeField(6, "registered_domains", &AccountOpened::registered_domains,
                                     "of the domains, where they differ from them"),
                           MakeField(7, "name_key", &AccountOpened::name_key,
                                     "what the name is matched by; empty: the folded name"));
  }
  friend bool operator==(const AccountOpened&, const AccountOpened&) = default;
};

// What is known of an account changed.
struct AccountUpdated {
  static constexpr uint32_t kNumber = 17;
  static constexpr char kName[] = "account_updated";
  AccountId account;
  std::optional<std::string> name;
  std::vector<std::string> domains;  // added
  std::vector<std::string> removed_domains;
  std::vector<Attribute> attributes;
  std::vector<ExternalKey> external_ids;        // added
  std::vector<std::string> registered_domains;  // of those added, where they differ from them
  std::string name_key;                         // of a name given, if it is not the folded name

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "account", &AccountUpdated::account),
                           MakeField(2, "name", &AccountUpdated::name),
                           MakeField(3, "domains", &AccountUpdated::domains, "added"),
                           MakeField(4, "removed_domains", &AccountUpdated::removed_domains),
                           MakeField(5, "attributes", &AccountUpdated::attributes),
                           MakeField(6, "external_ids", &AccountUpdated::external_ids, "added"),
                           MakeField(7, "registered_domains", &AccountUpdated::registered_domains,
                                     "of the domains added, where they differ from them"),
                           MakeField(8, "name_key", &AccountUpdated::name_key,
                                     "what the name given is matched by; empty: the folded name"));
  }
  friend bool operator==(const AccountUpdated&, const AccountUpdated&) = default;
};

// A person was added to an account.
struct ContactAdded {
  static constexpr uint32_t kNumber = 18;
  static constexpr char kName[] = "contact_added";
  ContactId contact;
  VaultRef profile;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "contact", &ContactAdded::contact),
                           MakeField(2, "profile", &ContactAdded::profile));
  }
  friend bool operator==(const ContactAdded&, const ContactAdded&) = default;
};

// What is known of a person changed.
struct ContactUpdated {
  static constexpr uint32_t kNumber = 19;
  static constexpr char kName[] = "contact_updated";
  ContactId contact;
  VaultRef profile;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "contact", &ContactUpdated::contact),
                           MakeField(2, "profile", &ContactUpdated::profile));
  }
  friend bool operator==(const ContactUpdated&, const ContactUpdated&) = default;
};

// Stands in both accounts' streams, in two commits of one transaction.
struct ContactMoved {
  static constexpr uint32_t kNumber = 20;
  static constexpr char kName[] = "contact_moved";
  ContactId contact;
  AccountId from;
  AccountId to;
  VaultRef profile;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "contact", &ContactMoved::contact), MakeField(2, "from", &ContactMoved::from),
        MakeField(3, "to", &ContactMoved::to), MakeField(4, "profile", &ContactMoved::profile));
  }
  friend bool operator==(const ContactMoved&, const ContactMoved&) = default;
};

// One interaction. A response is a touch by which the other side reacts; a follow-up is one by
// which the owner works a lead that was handed over.
struct TouchRecorded {
  static constexpr uint32_t kNumber = 21;
  static constexpr char kName[] = "touch_recorded";
  ContactId contact;  // 0: anonymous
  LeadId lead;
  OpportunityId opportunity;
  CampaignId campaign;
  OwnerId owner;
  std::string channel;
  std::string kind;
  Side side = Side::kNone;
  Direction direction = Direction::kNone;
  bool response = false;
  bool follow_up = false;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "contact", &TouchRecorded::contact, "0: anonymous"),
                           MakeField(2, "lead", &TouchRecorded::lead),
                           MakeField(3, "opportunity", &TouchRecorded::opportunity),
                           MakeField(4, "campaign", &TouchRecorded::campaign),
                           MakeField(5, "owner", &TouchRecorded::owner),
                           MakeField(6, "channel", &TouchRecorded::channel),
                           MakeField(7, "kind", &TouchRecorded::kind),
                           MakeField(8, "side", &TouchRecorded::side),
                           MakeField(9, "direction", &TouchRecorded::direction),
                           MakeField(10, "response", &TouchRecorded::response),
                           MakeField(11, "follow_up", &TouchRecorded::follow_up));
  }
  friend bool operator==(const TouchRecorded&, const TouchRecorded&) = default;
};

// A touch never happened.
struct TouchRetracted {
  static constexpr uint32_t kNumber = 22;
  static constexpr char kName[] = "touch_retracted";
  EventId touch;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "touch", &TouchRetracted::touch),
                           MakeField(2, "reason", &TouchRetracted::reason));
  }
  friend bool operator==(const TouchRetracted&, const TouchRetracted&) = default;
};

// A lead is there.
struct LeadOpened {
  static constexpr uint32_t kNumber = 23;
  static constexpr char kName[] = "lead_opened";
  LeadId lead;
  ContactId contact;
  OwnerId owner;
  StageRef stage;
  std::string type;    // the policy's lead type
  std::string source;  // the channel that the opener claims
  Date return_on;      // of a parked stage; 1970-01-01: none
  Lineage lineage;
  std::vector<Attribute> attributes;
  std::vector<ExternalKey> external_ids;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "lead", &LeadOpened::lead), MakeField(2, "contact", &LeadOpened::contact),
        MakeField(3, "owner", &LeadOpened::owner), MakeField(4, "stage", &LeadOpened::stage),
        MakeField(5, "type", &LeadOpened::type),
        MakeField(6, "source", &LeadOpened::source, "as claimed by who opened it"),
        MakeField(7, "return_on", &LeadOpened::return_on, "days since 1970-01-01"),
        MakeField(8, "lineage", &LeadOpened::lineage),
        MakeField(9, "attributes", &LeadOpened::attributes),
        MakeField(10, "external_ids", &LeadOpened::external_ids));
  }
  friend bool operator==(const LeadOpened&, const LeadOpened&) = default;
};

// Every stage change of a lead: forward, back, parked, closed, reopened, converted.
struct LeadMoved {
  static constexpr uint32_t kNumber = 24;
  static constexpr char kName[] = "lead_moved";
  LeadId lead;
  StageRef from;
  StageRef to;
  std::string reason;
  Date return_on;             // of a parked stage; 1970-01-01: none
  OpportunityId opportunity;  // what it was converted into

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "lead", &LeadMoved::lead), MakeField(2, "from", &LeadMoved::from),
        MakeField(3, "to", &LeadMoved::to), MakeField(4, "reason", &LeadMoved::reason),
        MakeField(5, "return_on", &LeadMoved::return_on, "days since 1970-01-01"),
        MakeField(6, "opportunity", &LeadMoved::opportunity, "what it was converted into"));
  }
  friend bool operator==(const LeadMoved&, const LeadMoved&) = default;
};

// A lead was given to an owner.
struct LeadAssigned {
  static constexpr uint32_t kNumber = 25;
  static constexpr char kName[] = "lead_assigned";
  LeadId lead;
  OwnerId owner;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "lead", &LeadAssigned::lead),
                           MakeField(2, "owner", &LeadAssigned::owner));
  }
  friend bool operator==(const LeadAssigned&, const LeadAssigned&) = default;
};

// The first assignment of a lead to sales or to a partner.
struct LeadHandedOff {
  static constexpr uint32_t kNumber = 26;
  static constexpr char kName[] = "lead_handed_off";
  LeadId lead;
  OwnerId owner;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "lead", &LeadHandedOff::lead),
                           MakeField(2, "owner", &LeadHandedOff::owner));
  }
  friend bool operator==(const LeadHandedOff&, const LeadHandedOff&) = default;
};

// A later fact changed where a lead came from; its link and its episode stay.
struct LeadRelinked {
  static constexpr uint32_t kNumber = 27;
  static constexpr char kName[] = "lead_relinked";
  LeadId lead;
  Lineage lineage;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "lead", &LeadRelinked::lead),
                           MakeField(2, "lineage", &LeadRelinked::lineage));
  }
  friend bool operator==(const LeadRelinked&, const LeadRelinked&) = default;
};

// An opportunity is there.
struct OpportunityOpened {
  static constexpr uint32_t kNumber = 28;
  static constexpr char kName[] = "opportunity_opened";
  OpportunityId opportunity;
  OpportunityType type = OpportunityType::kNone;
  std::string name;
  OwnerId owner;
  StageRef stage;
  std::string source;
  std::vector<LeadId> leads;
  std::optional<Money> amount;
  std::optional<Date> close_date;
  Lineage lineage;
  std::vector<Attribute> attributes;
  std::vector<ExternalKey> external_ids;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "opportunity", &OpportunityOpened::opportunity),
        MakeField(2, "type", &OpportunityOpened::type),
        MakeField(3, "name", &OpportunityOpened::name),
        MakeField(4, "owner", &OpportunityOpened::owner),
        MakeField(5, "stage", &OpportunityOpened::stage),
        MakeField(6, "source", &OpportunityOpened::source, "as claimed by who opened it"),
        MakeField(7, "leads", &OpportunityOpened::leads, "the leads it came from"),
        MakeField(8, "amount", &OpportunityOpened::amount),
        MakeField(9, "close_date", &OpportunityOpened::close_date, "days since 1970-01-01"),
        MakeField(10, "lineage", &OpportunityOpened::lineage),
        MakeField(11, "attributes", &OpportunityOpened::attributes),
        MakeField(12, "external_ids", &OpportunityOpened::external_ids));
  }
  friend bool operator==(const OpportunityOpened&, const OpportunityOpened&) = default;
};

// Every stage change of an opportunity, won, lost and reopened included.
struct OpportunityMoved {
  static constexpr uint32_t kNumber = 29;
  static constexpr char kName[] = "opportunity_moved";
  OpportunityId opportunity;
  StageRef from;
  StageRef to;
  std::string reason;
  Date return_on;  // of a parked stage; 1970-01-01: none

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "opportunity", &OpportunityMoved::opportunity),
        MakeField(2, "from", &OpportunityMoved::from), MakeField(3, "to", &OpportunityMoved::to),
        MakeField(4, "reason", &OpportunityMoved::reason),
        MakeField(5, "return_on", &OpportunityMoved::return_on, "days since 1970-01-01"));
  }
  friend bool operator==(const OpportunityMoved&, const OpportunityMoved&) = default;
};

// The value or the expected close of an opportunity changed.
struct OpportunityValued {
  static constexpr uint32_t kNumber = 30;
  static constexpr char kName[] = "opportunity_valued";
  OpportunityId opportunity;
  std::optional<Money> amount;     // absent: unchanged
  std::optional<Date> close_date;  // absent: unchanged

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "opportunity", &OpportunityValued::opportunity),
        MakeField(2, "amount", &OpportunityValued::amount, "absent: unchanged"),
        MakeField(3, "close_date", &OpportunityValued::close_date, "absent: unchanged"));
  }
  friend bool operator==(const OpportunityValued&, const OpportunityValued&) = default;
};

// An opportunity was given to an owner.
struct OpportunityAssigned {
  static constexpr uint32_t kNumber = 31;
  static constexpr char kName[] = "opportunity_assigned";
  OpportunityId opportunity;
  OwnerId owner;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityAssigned::opportunity),
                           MakeField(2, "owner", &OpportunityAssigned::owner));
  }
  friend bool operator==(const OpportunityAssigned&, const OpportunityAssigned&) = default;
};

// A person plays a part in an opportunity, or no longer does.
struct OpportunityRoleSet {
  static constexpr uint32_t kNumber = 32;
  static constexpr char kName[] = "opportunity_role_set";
  OpportunityId opportunity;
  ContactId contact;
  std::string role;  // empty: no longer has one

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityRoleSet::opportunity),
                           MakeField(2, "contact", &OpportunityRoleSet::contact),
                           MakeField(3, "role", &OpportunityRoleSet::role, "empty: removed"));
  }
  friend bool operator==(const OpportunityRoleSet&, const OpportunityRoleSet&) = default;
};

// An order that the order system confirmed: what was really sold.
struct OpportunityBooked {
  static constexpr uint32_t kNumber = 33;
  static constexpr char kName[] = "opportunity_booked";
  OpportunityId opportunity;
  Money amount;
  Date booked_on;
  std::string order;  // its id in the order system

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "opportunity", &OpportunityBooked::opportunity),
        MakeField(2, "amount", &OpportunityBooked::amount),
        MakeField(3, "booked_on", &OpportunityBooked::booked_on, "days since 1970-01-01"),
        MakeField(4, "order", &OpportunityBooked::order, "its id in the order system"));
  }
  friend bool operator==(const OpportunityBooked&, const OpportunityBooked&) = default;
};

// A lead that was converted into an opportunity already there.
struct OpportunityLinked {
  static constexpr uint32_t kNumber = 34;
  static constexpr char kName[] = "opportunity_linked";
  OpportunityId opportunity;
  LeadId lead;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityLinked::opportunity),
                           MakeField(2, "lead", &OpportunityLinked::lead));
  }
  friend bool operator==(const OpportunityLinked&, const OpportunityLinked&) = default;
};

// What an opportunity is to its account's past was corrected.
struct OpportunityRelinked {
  static constexpr uint32_t kNumber = 35;
  static constexpr char kName[] = "opportunity_relinked";
  OpportunityId opportunity;
  Lineage lineage;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityRelinked::opportunity),
                           MakeField(2, "lineage", &OpportunityRelinked::lineage));
  }
  friend bool operator==(const OpportunityRelinked&, const OpportunityRelinked&) = default;
};

// A note was added.
struct NoteAdded {
  static constexpr uint32_t kNumber = 36;
  static constexpr char kName[] = "note_added";
  NoteId note;
  EntityKind about = EntityKind::kNone;  // account, contact, lead or opportunity
  int64_t about_id = 0;
  VaultRef text;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "note", &NoteAdded::note), MakeField(2, "about", &NoteAdded::about),
        MakeField(3, "about_id", &NoteAdded::about_id), MakeField(4, "text", &NoteAdded::text));
  }
  friend bool operator==(const NoteAdded&, const NoteAdded&) = default;
};

// An earlier event said something wrong: from here on it counts with this date and this content.
struct Amended {
  static constexpr uint32_t kNumber = 37;
  static constexpr char kName[] = "amended";
  EventId event;
  std::optional<Time> occurred_at;  // absent: unchanged
  bool occurred_day = false;
  std::string replacement;  // an encoded Event with the new payload; empty: unchanged
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "event", &Amended::event),
        MakeField(2, "occurred_at", &Amended::occurred_at, "absent: unchanged"),
        MakeField(3, "occurred_day", &Amended::occurred_day),
        MakeBytesField(4, "replacement", &Amended::replacement,
                       "an encoded Event, of which only the payload counts; empty: unchanged"),
        MakeField(5, "reason", &Amended::reason));
  }
  friend bool operator==(const Amended&, const Amended&) = default;
};

// An earlier event never happened. It stays in the journal; nothing counts it.
struct Voided {
  static constexpr uint32_t kNumber = 38;
  static constexpr char kName[] = "voided";
  EventId event;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "event", &Voided::event),
                           MakeField(2, "reason", &Voided::reason));
  }
  friend bool operator==(const Voided&, const Voided&) = default;
};

// Who sent what follows in the commit was found by what the sender was said to be. No personal
// data: the value is that of a domain or of a company's name, or an id of a company.
struct Matched {
  static constexpr uint32_t kNumber = 39;
  static constexpr char kName[] = "matched";
  MatchRule rule = MatchRule::kNone;
  std::string value;
  int64_t candidates = 0;  // accounts that the value is of
  AccountId account;
  ContactId contact;            // 0: an anonymous visitor of the account
  bool opened_account = false;  // by an account_opened that follows
  bool opened_contact = false;  // by a contact_added that follows

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "rule", &Matched::rule),
        MakeField(2, "value", &Matched::value, "of a domain, a company's name or its id"),
        MakeField(3, "candidates", &Matched::candidates, "accounts that the value is of"),
        MakeField(4, "account", &Matched::account),
        MakeField(5, "contact", &Matched::contact, "0: anonymous"),
        MakeField(6, "opened_account", &Matched::opened_account, "an account_opened follows"),
        MakeField(7, "opened_contact", &Matched::opened_contact, "a contact_added follows"));
  }
  friend bool operator==(const Matched&, const Matched&) = default;
};

// An account was opened though it may be another one's company: somebody has to look at the two.
struct ReviewOpened {
  static constexpr uint32_t kNumber = 40;
  static constexpr char kName[] = "review_opened";
  AccountId account;  // the one in whose stream it stands: the newer
  AccountId other;
  MatchRule rule = MatchRule::kNone;  // what they have in common

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "account", &ReviewOpened::account, "the newer of the two"),
                           MakeField(2, "other", &ReviewOpened::other),
                           MakeField(3, "rule", &ReviewOpened::rule, "what they have in common"));
  }
  friend bool operator==(const ReviewOpened&, const ReviewOpened&) = default;
};

// Two accounts are two companies, for good.
struct AccountsDistinct {
  static constexpr uint32_t kNumber = 41;
  static constexpr char kName[] = "accounts_distinct";
  AccountId account;  // the one in whose stream it stands: the newer
  AccountId other;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &AccountsDistinct::account, "the newer of the two"),
        MakeField(2, "other", &AccountsDistinct::other));
  }
  friend bool operator==(const AccountsDistinct&, const AccountsDistinct&) = default;
};

// Two accounts are one company from here on. The same event stands in the streams of both.
struct AccountMerged {
  static constexpr uint32_t kNumber = 42;
  static constexpr char kName[] = "account_merged";
  AccountId account;  // whose name shows
  AccountId merged;   // an alias of it
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "account", &AccountMerged::account),
                           MakeField(2, "merged", &AccountMerged::merged, "an alias from now on"),
                           MakeField(3, "reason", &AccountMerged::reason));
  }
  friend bool operator==(const AccountMerged&, const AccountMerged&) = default;
};

// They are not, after all. In the streams of both.
struct AccountUnmerged {
  static constexpr uint32_t kNumber = 43;
  static constexpr char kName[] = "account_unmerged";
  AccountId account;
  AccountId merged;
  std::string reason;
  std::vector<EventId> crossing;  // events of one side that name records of the other; they stay

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &AccountUnmerged::account),
        MakeField(2, "merged", &AccountUnmerged::merged, "no alias any more"),
        MakeField(3, "reason", &AccountUnmerged::reason),
        MakeField(4, "crossing", &AccountUnmerged::crossing,
                  "events of one side that name records of the other; they stay"));
  }
  friend bool operator==(const AccountUnmerged&, const AccountUnmerged&) = default;
};

// Two contacts are one person from here on. In the stream of the merged one.
struct ContactMerged {
  static constexpr uint32_t kNumber = 44;
  static constexpr char kName[] = "contact_merged";
  ContactId contact;  // whose profile shows
  ContactId merged;   // an alias of it
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "contact", &ContactMerged::contact),
                           MakeField(2, "merged", &ContactMerged::merged, "an alias from now on"),
                           MakeField(3, "reason", &ContactMerged::reason));
  }
  friend bool operator==(const ContactMerged&, const ContactMerged&) = default;
};

// They are not, after all.
struct ContactUnmerged {
  static constexpr uint32_t kNumber = 45;
  static constexpr char kName[] = "contact_unmerged";
  ContactId contact;
  ContactId merged;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "contact", &ContactUnmerged::contact),
                           MakeField(2, "merged", &ContactUnmerged::merged, "no alias any more"),
                           MakeField(3, "reason", &ContactUnmerged::reason));
  }
  friend bool operator==(const ContactUnmerged&, const ContactUnmerged&) = default;
};

// A person was erased: nothing of the vault that earlier events cite of them is there any more.
struct ContactErased {
  static constexpr uint32_t kNumber = 48;
  static constexpr char kName[] = "contact_erased";
  ContactId contact;
  std::string reason;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "contact", &ContactErased::contact),
                           MakeField(2, "reason", &ContactErased::reason));
  }
  friend bool operator==(const ContactErased&, const ContactErased&) = default;
};

// --- The stream of account 0. ---

// A version of the policy came into force.
struct PolicySet {
  static constexpr uint32_t kNumber = 64;
  static constexpr char kName[] = "policy_set";
  int64_t version = 0;
  std::string json;  // docs/policy.md

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "version", &PolicySet::version),
                           MakeField(2, "json", &PolicySet::json));
  }
  friend bool operator==(const PolicySet&, const PolicySet&) = default;
};

// The whole of an owner's state: defines it or replaces it.
struct OwnerDefined {
  static constexpr uint32_t kNumber = 65;
  static constexpr char kName[] = "owner_defined";
  OwnerId owner;
  OwnerKind kind = OwnerKind::kNone;
  Side side = Side::kNone;
  std::string name;
  OwnerId team;
  bool retired = false;
  std::vector<ExternalKey> external_ids;  // added

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "owner", &OwnerDefined::owner), MakeField(2, "kind", &OwnerDefined::kind),
        MakeField(3, "side", &OwnerDefined::side), MakeField(4, "name", &OwnerDefined::name),
        MakeField(5, "team", &OwnerDefined::team), MakeField(6, "retired", &OwnerDefined::retired),
        MakeField(7, "external_ids", &OwnerDefined::external_ids, "added"));
  }
  friend bool operator==(const OwnerDefined&, const OwnerDefined&) = default;
};

// The whole of a campaign's state: defines it or replaces it.
struct CampaignDefined {
  static constexpr uint32_t kNumber = 66;
  static constexpr char kName[] = "campaign_defined";
  CampaignId campaign;
  std::string name;
  std::string channel;
  CampaignId parent;
  std::optional<Date> starts_on;
  std::optional<Date> ends_on;
  std::vector<ExternalKey> external_ids;  // added

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "campaign", &CampaignDefined::campaign),
        MakeField(2, "name", &CampaignDefined::name),
        MakeField(3, "channel", &CampaignDefined::channel),
        MakeField(4, "parent", &CampaignDefined::parent),
        MakeField(5, "starts_on", &CampaignDefined::starts_on, "days since 1970-01-01"),
        MakeField(6, "ends_on", &CampaignDefined::ends_on, "days since 1970-01-01"),
        MakeField(7, "external_ids", &CampaignDefined::external_ids, "added"));
  }
  friend bool operator==(const CampaignDefined&, const CampaignDefined&) = default;
};

// What a campaign cost on a day; replaces what was said of that day.
struct CampaignCostSet {
  static constexpr uint32_t kNumber = 67;
  static constexpr char kName[] = "campaign_cost_set";
  CampaignId campaign;
  Date spent_on;
  Money amount;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "campaign", &CampaignCostSet::campaign),
        MakeField(2, "spent_on", &CampaignCostSet::spent_on, "days since 1970-01-01"),
        MakeField(3, "amount", &CampaignCostSet::amount));
  }
  friend bool operator==(const CampaignCostSet&, const CampaignCostSet&) = default;
};

// From this day on, one unit of `base` is worth rate_e9 / 10^9 units of `quote`.
struct ExchangeRateSet {
  static constexpr uint32_t kNumber = 68;
  static constexpr char kName[] = "exchange_rate_set";
  Currency base;
  Currency quote;
  Date valid_from;
  int64_t rate_e9 = 0;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "base", &ExchangeRateSet::base),
        MakeField(2, "quote", &ExchangeRateSet::quote),
        MakeField(3, "valid_from", &ExchangeRateSet::valid_from, "days since 1970-01-01"),
        MakeField(4, "rate_e9", &ExchangeRateSet::rate_e9,
                  "units of quote per unit of base, times 10^9"));
  }
  friend bool operator==(const ExchangeRateSet&, const ExchangeRateSet&) = default;
};

// What an event says; nothing: written by a later version.
using EventPayload = std::variant<
    std::monostate, AccountOpened, AccountUpdated, ContactAdded, ContactUpdated, ContactMoved,
    TouchRecorded, TouchRetracted, LeadOpened, LeadMoved, LeadAssigned, LeadHandedOff, LeadRelinked,
    OpportunityOpened, OpportunityMoved, OpportunityValued, OpportunityAssigned, OpportunityRoleSet,
    OpportunityBooked, OpportunityLinked, OpportunityRelinked, NoteAdded, Amended, Voided, Matched,
    ReviewOpened, AccountsDistinct, AccountMerged, AccountUnmerged, ContactMerged, ContactUnmerged,
    ContactErased, PolicySet, OwnerDefined, CampaignDefined, CampaignCostSet, ExchangeRateSet>;

// One accepted fact.
struct Event {
  Time occurred_at;
  bool occurred_day = false;  // only the day is known: counts as before all else on that day
  std::optional<Time>
      entered_at;         // claimed: when it was entered in the system it was imported from
  uint64_t fact = 0;      // key of an imported fact; 0: not imported
  uint32_t breaches = 0;  // bits 1 << Breach: what a live command would have been refused for
  OwnerId actor;          // who did it, if its commit does not say: a commit of an import has
                          // events of several actors
  EventPayload payload;

  Moment occurred() const { return {occurred_at, occurred_day}; }
  friend bool operator==(const Event&, const Event&) = default;
};

// When an event was known: as its source system claims, or else as the ledger witnessed. Clocks
// differ, and a claim may lie a little ahead: what the ledger has is known to it.
inline Time KnownAt(const Event& event, Time recorded_at) {
  return std::min(event.entered_at.value_or(recorded_at), recorded_at);
}

// What the journal says of a commit, its events aside.
struct CommitHead {
  int64_t seq = 0;
  AccountId account;
  int64_t version = 0;
  Time recorded_at;
  OwnerId actor;
  int64_t policy = 0;
  std::string request;
  friend bool operator==(const CommitHead&, const CommitHead&) = default;
};

// Who did what an event of a commit says.
inline OwnerId ActorOf(OwnerId of_commit, const Event& event) {
  return event.actor ? event.actor : of_commit;
}

// One accepted command, or what was imported of one account: 1..n events, written together.
struct Commit {
  CommitHead head;
  std::vector<Event> events;
  friend bool operator==(const Commit&, const Commit&) = default;
};

// The name of an event's kind, e.g. "lead_moved"; "" without payload.
std::string_view EventName(const EventPayload& payload);

}  // namespace throughline

#endif  // THROUGHLINE_EVENT_H_
