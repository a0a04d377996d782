#ifndef THROUGHLINE_ROW_H_
#define THROUGHLINE_ROW_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "throughline/event.h"
#include "throughline/field.h"
#include "throughline/ids.h"
#include "throughline/lifecycle.h"
#include "throughline/money.h"
#include "throughline/time.h"

// The current state, as rows. Each struct is a table of the store: a field is a column of its name,
// the fields of a nested struct are columns with its name before theirs, except for `lineage`,
// whose fields stand for themselves. The first kKeyFields fields are the primary key. An id of 0
// and an absent optional are NULL; times are microseconds, dates days since 1970-01-01; attributes
// are a JSON object. Rows are derived from the journal and can be rebuilt from it, but for those of
// the vault, which hold personal data.

namespace throughline {

// An account.
struct AccountRow {
  static constexpr char kTable[] = "account";
  static constexpr size_t kKeyFields = 1;
  AccountId account;
  int64_t version = 0;  // of its stream
  std::string name;
  Time opened_at;
  int64_t episodes = 0;
  int64_t touches = 0;
  Source first;            // the first touch ever
  bool first_day = false;  // only its day is known
  std::optional<Time> last_touch_at;
  std::optional<Time> last_opened_at;  // of its leads and opportunities
  AccountId merged_into;               // it is an alias of that one
  int64_t aliases = 0;                 // accounts merged into it, directly
  std::vector<Attribute> attributes;
  std::optional<std::string> name_key;  // what the name is matched by

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &AccountRow::account),
        MakeField(2, "version", &AccountRow::version), MakeField(3, "name", &AccountRow::name),
        MakeField(4, "opened_at", &AccountRow::opened_at),
        MakeField(5, "episodes", &AccountRow::episodes),
        MakeField(6, "touches", &AccountRow::touches), MakeField(7, "first", &AccountRow::first),
        MakeField(8, "first_day", &AccountRow::first_day),
        MakeField(9, "last_touch_at", &AccountRow::last_touch_at),
        MakeField(10, "last_opened_at", &AccountRow::last_opened_at),
        MakeField(11, "merged_into", &AccountRow::merged_into),
        MakeField(12, "aliases", &AccountRow::aliases),
        MakeField(13, "attributes", &AccountRow::attributes),
        MakeField(14, "name_key", &AccountRow::name_key));
  }
  friend bool operator==(const AccountRow&, const AccountRow&) = default;
};

// A merge that stands: an account, and one that is an alias of it.
struct AccountMergeRow {
  static constexpr char kTable[] = "account_merge";
  static constexpr size_t kKeyFields = 2;
  AccountId account;
  AccountId merged;
  Time merged_at;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "account", &AccountMergeRow::account),
                           MakeField(2, "merged", &AccountMergeRow::merged),
                           MakeField(3, "merged_at", &AccountMergeRow::merged_at));
  }
  friend bool operator==(const AccountMergeRow&, const AccountMergeRow&) = default;
};

// A domain of an account.
struct AccountDomainRow {
  static constexpr char kTable[] = "account_domain";
  static constexpr size_t kKeyFields = 2;
  AccountId account;
  std::string domain;
  std::string registered;  // what it is matched by: acme.co.uk of shop.acme.co.uk

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "account", &AccountDomainRow::account),
                           MakeField(2, "domain", &AccountDomainRow::domain),
                           MakeField(3, "registered", &AccountDomainRow::registered));
  }
  friend bool operator==(const AccountDomainRow&, const AccountDomainRow&) = default;
};

// External ids of accounts, leads, opportunities, owners and campaigns.
struct ExternalIdRow {
  static constexpr char kTable[] = "external_id";
  static constexpr size_t kKeyFields = 3;
  EntityKind entity = EntityKind::kNone;
  std::string system;
  std::string key;
  int64_t id = 0;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "entity", &ExternalIdRow::entity),
                           MakeField(2, "system", &ExternalIdRow::system),
                           MakeField(3, "key", &ExternalIdRow::key),
                           MakeField(4, "id", &ExternalIdRow::id));
  }
  friend bool operator==(const ExternalIdRow&, const ExternalIdRow&) = default;
};

// A person, without personal data.
struct ContactRow {
  static constexpr char kTable[] = "contact";
  static constexpr size_t kKeyFields = 1;
  ContactId contact;
  AccountId account;
  int64_t revision = 0;  // of the profile in the vault
  Time added_at;
  ContactId merged_into;          // it is an alias of that one
  int64_t aliases = 0;            // contacts merged into it, directly
  std::optional<Time> erased_at;  // recorded then: the vault has nothing of the person

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "contact", &ContactRow::contact),
                           MakeField(2, "account", &ContactRow::account),
                           MakeField(3, "revision", &ContactRow::revision),
                           MakeField(4, "added_at", &ContactRow::added_at),
                           MakeField(5, "merged_into", &ContactRow::merged_into),
                           MakeField(6, "aliases", &ContactRow::aliases),
                           MakeField(7, "erased_at", &ContactRow::erased_at));
  }
  friend bool operator==(const ContactRow&, const ContactRow&) = default;
};

// A lead.
struct LeadRow {
  static constexpr char kTable[] = "lead";
  static constexpr size_t kKeyFields = 1;
  LeadId lead;
  AccountId account;
  ContactId contact;
  OwnerId owner;
  std::string type;
  int64_t stage = 0;
  Phase phase = Phase::kNone;
  StageKind kind = StageKind::kNone;
  Time stage_since;
  Time opened_at;
  std::optional<Time> handed_off_at;
  std::optional<Time> followed_up_at;  // the first follow-up after the hand-off
  std::optional<Time> closed_at;       // while closed
  std::string reason;                  // of the last stage change
  std::optional<Date> return_on;       // while parked
  int64_t open_stage = 0;              // the last open or parked one it was in
  OpportunityId opportunity;           // converted into
  std::string source;                  // as claimed
  Lineage lineage;
  std::vector<Attribute> attributes;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "lead", &LeadRow::lead), MakeField(2, "account", &LeadRow::account),
        MakeField(3, "contact", &LeadRow::contact), MakeField(4, "owner", &LeadRow::owner),
        MakeField(5, "type", &LeadRow::type), MakeField(6, "stage", &LeadRow::stage),
        MakeField(7, "phase", &LeadRow::phase), MakeField(8, "kind", &LeadRow::kind),
        MakeField(9, "stage_since", &LeadRow::stage_since),
        MakeField(10, "opened_at", &LeadRow::opened_at),
        MakeField(11, "handed_off_at", &LeadRow::handed_off_at),
        MakeField(12, "followed_up_at", &LeadRow::followed_up_at),
        MakeField(13, "closed_at", &LeadRow::closed_at), MakeField(14, "reason", &LeadRow::reason),
        MakeField(15, "return_on", &LeadRow::return_on),
        MakeField(16, "open_stage", &LeadRow::open_stage),
        MakeField(17, "opportunity", &LeadRow::opportunity),
        MakeField(18, "source", &LeadRow::source), MakeField(19, "lineage", &LeadRow::lineage),
        MakeField(20, "attributes", &LeadRow::attributes));
  }
  friend bool operator==(const LeadRow&, const LeadRow&) = default;
};

// An opportunity.
struct OpportunityRow {
  static constexpr char kTable[] = "opportunity";
  static constexpr size_t kKeyFields = 1;
  OpportunityId opportunity;
  AccountId account;
  OwnerId owner;
  OpportunityType type = OpportunityType::kNone;
  std::string name;
  int64_t stage = 0;
  Phase phase = Phase::kNone;
  StageKind kind = StageKind::kNone;
  Time stage_since;
  Time opened_at;
  std::optional<Time> closed_at;
  std::string reason;
  std::optional<Date> return_on;
  int64_t open_stage = 0;
  std::optional<Money> amount;     // absent: unknown
  std::optional<Date> close_date;  // expected
  std::optional<Money> booked;
  std::optional<Date> booked_on;
  std::string order;
  std::string source;
  Lineage lineage;
  std::vector<Attribute> attributes;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "opportunity", &OpportunityRow::opportunity),
        MakeField(2, "account", &OpportunityRow::account),
        MakeField(3, "owner", &OpportunityRow::owner), MakeField(4, "type", &OpportunityRow::type),
        MakeField(5, "name", &OpportunityRow::name), MakeField(6, "stage", &OpportunityRow::stage),
        MakeField(7, "phase", &OpportunityRow::phase), MakeField(8, "kind", &OpportunityRow::kind),
        MakeField(9, "stage_since", &OpportunityRow::stage_since),
        MakeField(10, "opened_at", &OpportunityRow::opened_at),
        MakeField(11, "closed_at", &OpportunityRow::closed_at),
        MakeField(12, "reason", &OpportunityRow::reason),
        MakeField(13, "return_on", &OpportunityRow::return_on),
        MakeField(14, "open_stage", &OpportunityRow::open_stage),
        MakeField(15, "amount", &OpportunityRow::amount),
        MakeField(16, "close_date", &OpportunityRow::close_date),
        MakeField(17, "booked", &OpportunityRow::booked),
        MakeField(18, "booked_on", &OpportunityRow::booked_on),
        MakeField(19, "order_id", &OpportunityRow::order),
        MakeField(20, "source", &OpportunityRow::source),
        MakeField(21, "lineage", &OpportunityRow::lineage),
        MakeField(22, "attributes", &OpportunityRow::attributes));
  }
  friend bool operator==(const OpportunityRow&, const OpportunityRow&) = default;
};

// Which leads an opportunity came from.
struct OpportunityLeadRow {
  static constexpr char kTable[] = "opportunity_lead";
  static constexpr size_t kKeyFields = 2;
  OpportunityId opportunity;
  LeadId lead;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityLeadRow::opportunity),
                           MakeField(2, "lead", &OpportunityLeadRow::lead));
  }
  friend bool operator==(const OpportunityLeadRow&, const OpportunityLeadRow&) = default;
};

// The part that a person plays in an opportunity: one role each.
struct OpportunityRoleRow {
  static constexpr char kTable[] = "opportunity_role";
  static constexpr size_t kKeyFields = 2;
  OpportunityId opportunity;
  ContactId contact;
  std::string role;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "opportunity", &OpportunityRoleRow::opportunity),
                           MakeField(2, "contact", &OpportunityRoleRow::contact),
                           MakeField(3, "role", &OpportunityRoleRow::role));
  }
  friend bool operator==(const OpportunityRoleRow&, const OpportunityRoleRow&) = default;
};

// An owner.
struct OwnerRow {
  static constexpr char kTable[] = "owner";
  static constexpr size_t kKeyFields = 1;
  OwnerId owner;
  int64_t version = 0;  // 1, 2, 3 ... with each definition
  OwnerKind kind = OwnerKind::kNone;
  Side side = Side::kNone;
  std::string name;
  OwnerId team;
  bool retired = false;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "owner", &OwnerRow::owner), MakeField(2, "version", &OwnerRow::version),
        MakeField(3, "kind", &OwnerRow::kind), MakeField(4, "side", &OwnerRow::side),
        MakeField(5, "name", &OwnerRow::name), MakeField(6, "team", &OwnerRow::team),
        MakeField(7, "retired", &OwnerRow::retired));
  }
  friend bool operator==(const OwnerRow&, const OwnerRow&) = default;
};

// A campaign.
struct CampaignRow {
  static constexpr char kTable[] = "campaign";
  static constexpr size_t kKeyFields = 1;
  CampaignId campaign;
  int64_t version = 0;
  std::string name;
  std::string channel;
  CampaignId parent;
  std::optional<Date> starts_on;
  std::optional<Date> ends_on;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "campaign", &CampaignRow::campaign),
                           MakeField(2, "version", &CampaignRow::version),
                           MakeField(3, "name", &CampaignRow::name),
                           MakeField(4, "channel", &CampaignRow::channel),
                           MakeField(5, "parent", &CampaignRow::parent),
                           MakeField(6, "starts_on", &CampaignRow::starts_on),
                           MakeField(7, "ends_on", &CampaignRow::ends_on));
  }
  friend bool operator==(const CampaignRow&, const CampaignRow&) = default;
};

// What a campaign cost on a day.
struct CampaignCostRow {
  static constexpr char kTable[] = "campaign_cost";
  static constexpr size_t kKeyFields = 2;
  CampaignId campaign;
  Date spent_on;
  Money amount;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "campaign", &CampaignCostRow::campaign),
                           MakeField(2, "spent_on", &CampaignCostRow::spent_on),
                           MakeField(3, "amount", &CampaignCostRow::amount));
  }
  friend bool operator==(const CampaignCostRow&, const CampaignCostRow&) = default;
};

// An exchange rate from a day on.
struct ExchangeRateRow {
  static constexpr char kTable[] = "exchange_rate";
  static constexpr size_t kKeyFields = 3;
  Currency base;
  Currency quote;
  Date valid_from;
  int64_t rate_e9 = 0;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "base", &ExchangeRateRow::base),
                           MakeField(2, "quote", &ExchangeRateRow::quote),
                           MakeField(3, "valid_from", &ExchangeRateRow::valid_from),
                           MakeField(4, "rate_e9", &ExchangeRateRow::rate_e9));
  }
  friend bool operator==(const ExchangeRateRow&, const ExchangeRateRow&) = default;
};

// A version of the policy.
struct PolicyRow {
  static constexpr char kTable[] = "policy";
  static constexpr size_t kKeyFields = 1;
  int64_t version = 0;
  std::string json;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "version", &PolicyRow::version),
                           MakeField(2, "json", &PolicyRow::json));
  }
  friend bool operator==(const PolicyRow&, const PolicyRow&) = default;
};

// Two accounts of which somebody asked whether they are one company.
struct ReviewRow {
  static constexpr char kTable[] = "review";
  static constexpr size_t kKeyFields = 2;
  AccountId account;  // the one of the greater id
  AccountId other;
  MatchRule rule = MatchRule::kNone;  // what they have in common; none: nobody had asked
  Time opened_at;
  ReviewState state = ReviewState::kNone;
  std::optional<Time> settled_at;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "account", &ReviewRow::account), MakeField(2, "other", &ReviewRow::other),
        MakeField(3, "rule", &ReviewRow::rule), MakeField(4, "opened_at", &ReviewRow::opened_at),
        MakeField(5, "state", &ReviewRow::state),
        MakeField(6, "settled_at", &ReviewRow::settled_at));
  }
  friend bool operator==(const ReviewRow&, const ReviewRow&) = default;
};

// The highest id given out so far, per kind of entity.
struct IdCounterRow {
  static constexpr char kTable[] = "id_counter";
  static constexpr size_t kKeyFields = 1;
  EntityKind entity = EntityKind::kNone;
  int64_t last = 0;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "entity", &IdCounterRow::entity),
                           MakeField(2, "last", &IdCounterRow::last));
  }
  friend bool operator==(const IdCounterRow&, const IdCounterRow&) = default;
};

// --- The vault and other primary data: not derived, left alone by a rebuild. ---

// One revision of what is known of a person. Older revisions have a null `email_key`.
struct ContactProfileRow {
  static constexpr char kTable[] = "contact_profile";
  static constexpr size_t kKeyFields = 2;
  ContactId contact;
  int64_t revision = 0;
  std::string name;
  std::string email;
  std::string phone;
  std::string title;
  std::vector<Attribute> attributes;
  std::optional<std::string>
      email_key;     // of the current revision: the email as it is compared (docs/matching.md)
  std::string salt;  // of the digest in the event, 16 bytes

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "contact", &ContactProfileRow::contact),
                           MakeField(2, "revision", &ContactProfileRow::revision),
                           MakeField(3, "name", &ContactProfileRow::name),
                           MakeField(4, "email", &ContactProfileRow::email),
                           MakeField(5, "phone", &ContactProfileRow::phone),
                           MakeField(6, "title", &ContactProfileRow::title),
                           MakeField(7, "attributes", &ContactProfileRow::attributes),
                           MakeField(8, "email_key", &ContactProfileRow::email_key),
                           MakeBytesField(9, "salt", &ContactProfileRow::salt));
  }
  friend bool operator==(const ContactProfileRow&, const ContactProfileRow&) = default;
};

// An id that a person has in another system.
struct ContactExternalIdRow {
  static constexpr char kTable[] = "contact_external_id";
  static constexpr size_t kKeyFields = 2;
  std::string system;
  std::string key;
  ContactId contact;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "system", &ContactExternalIdRow::system),
                           MakeField(2, "key", &ContactExternalIdRow::key),
                           MakeField(3, "contact", &ContactExternalIdRow::contact));
  }
  friend bool operator==(const ContactExternalIdRow&, const ContactExternalIdRow&) = default;
};

// A note.
struct NoteRow {
  static constexpr char kTable[] = "note";
  static constexpr size_t kKeyFields = 2;
  NoteId note;
  int64_t revision = 0;
  std::string text;
  std::string salt;

  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "note", &NoteRow::note), MakeField(2, "revision", &NoteRow::revision),
        MakeField(3, "text", &NoteRow::text), MakeBytesField(4, "salt", &NoteRow::salt));
  }
  friend bool operator==(const NoteRow&, const NoteRow&) = default;
};

// A request id that was answered: by which commit, and a keyed digest of what was asked.
struct RequestRow {
  static constexpr char kTable[] = "request";
  static constexpr size_t kKeyFields = 1;
  std::string request;
  std::string digest;
  int64_t seq = 0;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "request", &RequestRow::request),
                           MakeBytesField(2, "digest", &RequestRow::digest),
                           MakeField(3, "seq", &RequestRow::seq));
  }
  friend bool operator==(const RequestRow&, const RequestRow&) = default;
};

// What the ledger knows of itself: its random id and secret key.
struct LedgerSettingRow {
  static constexpr char kTable[] = "ledger_setting";
  static constexpr size_t kKeyFields = 1;
  std::string name;
  std::string value;

  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "name", &LedgerSettingRow::name),
                           MakeBytesField(2, "value", &LedgerSettingRow::value));
  }
  friend bool operator==(const LedgerSettingRow&, const LedgerSettingRow&) = default;
};

// What is left of an email or an external id of a person who was erased: a keyed digest, so that a
// repeated import is known for what it is.
struct ErasedIdentityRow {
  static constexpr char kTable[] = "erased_identity";
  static constexpr size_t kKeyFields = 1;
  std::string identity;
  ContactId contact;
  Time erased_at;

  static constexpr auto Fields() {
    return std::make_tuple(MakeBytesField(1, "identity", &ErasedIdentityRow::identity),
                           MakeField(2, "contact", &ErasedIdentityRow::contact),
                           MakeField(3, "erased_at", &ErasedIdentityRow::erased_at));
  }
  friend bool operator==(const ErasedIdentityRow&, const ErasedIdentityRow&) = default;
};

// A row's primary key: its one field, or a tuple of them. Keys are ordered as the store orders
// rows.
template <class Row>
auto KeyOf(const Row& row) {
  constexpr auto& fields = kFieldsOf<Row>;
  if constexpr (Row::kKeyFields == 1) {
    return row.*std::get<0>(fields).member;
  } else {
    return [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
      return std::tuple(row.*std::get<kIndex>(fields).member...);
    }
    (std::make_index_sequence<Row::kKeyFields>());
  }
}

}  // namespace throughline

#endif  // THROUGHLINE_ROW_H_
