#ifndef THROUGHLINE_IDS_H_
#define THROUGHLINE_IDS_H_

#include <compare>
#include <cstdint>
#include <string>
#include <utility>

namespace throughline {

// The number of one entity, assigned by the ledger, never reused, unique within its kind.
// 0 means "none". Ids of different kinds do not convert into one another.
template <class Tag>
struct Id {
  int64_t value = 0;

  explicit operator bool() const { return value != 0; }
  friend auto operator<=>(const Id&, const Id&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Id& id) {
    return H::combine(std::move(h), id.value);
  }
};

// `kKind` is the name of the entity in JSON, SQL and messages.
struct AccountTag {
  static constexpr char kKind[] = "account";
};
struct ContactTag {
  static constexpr char kKind[] = "contact";
};
struct LeadTag {
  static constexpr char kKind[] = "lead";
};
struct OpportunityTag {
  static constexpr char kKind[] = "opportunity";
};
struct OwnerTag {
  static constexpr char kKind[] = "owner";
};
struct CampaignTag {
  static constexpr char kKind[] = "campaign";
};
struct NoteTag {
  static constexpr char kKind[] = "note";
};

// Ids of each kind.
using AccountId = Id<AccountTag>;
using ContactId = Id<ContactTag>;
using LeadId = Id<LeadTag>;
using OpportunityId = Id<OpportunityTag>;
using OwnerId = Id<OwnerTag>;
using CampaignId = Id<CampaignTag>;
using NoteId = Id<NoteTag>;

// Account 0 is not a company: it is the stream of what belongs to none (policy, owners, campaigns
// and their cost, exchange rates).
inline constexpr AccountId kNoAccount{0};

// Where an event stands: the commit that holds it and its place in that commit, from 0. Ordered as
// the ledger accepted them. A touch has no id of its own: its id is that of its event.
struct EventId {
  static constexpr int kOrdinalBits = 20;

  int64_t packed = 0;  // seq << kOrdinalBits | ordinal; 0 means "none"

  // From the seq of the commit and the place in it.
  static constexpr EventId Of(int64_t seq, int64_t ordinal) {
    return EventId{seq << kOrdinalBits | ordinal};
  }
  constexpr int64_t seq() const { return packed >> kOrdinalBits; }
  constexpr int64_t ordinal() const { return packed & ((int64_t{1} << kOrdinalBits) - 1); }
  explicit operator bool() const { return packed != 0; }
  friend auto operator<=>(const EventId&, const EventId&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const EventId& id) {
    return H::combine(std::move(h), id.packed);
  }
};

// The id of an entity in another system, e.g. {"salesforce", "00Q5f00000abcde"}. Unique per system
// and kind of entity. Both parts are non-empty UTF-8, at most kMaxKeyBytes each; `system` has no
// ':'.
struct ExternalId {
  std::string system;
  std::string key;

  explicit operator bool() const { return !system.empty(); }
  friend auto operator<=>(const ExternalId&, const ExternalId&) = default;
};

// In a reference, in place of an id: the entity of that kind which a command before this one, in the
// same ExecuteAtomic or ExecuteAll, was the last to open (a contact: to add; an owner or a campaign:
// to define). If there is none, or that command was refused, this one is NOT_FOUND, too.
inline constexpr int64_t kOpenedBefore = -1;

// Names an entity in a command: by its id, or by an external id. In JSON a number, or
// "system:key". Empty means "not given".
template <class Tag>
struct Ref {
  Id<Tag> id;
  ExternalId external;

  Ref() = default;
  Ref(Id<Tag> by_id) : id(by_id) {}                                  // NOLINT: meant to convert
  Ref(ExternalId by_external) : external(std::move(by_external)) {}  // NOLINT: meant to convert
  Ref(std::string system, std::string key) : external{std::move(system), std::move(key)} {}

  static Ref OpenedBefore() { return Ref(Id<Tag>{kOpenedBefore}); }

  explicit operator bool() const { return static_cast<bool>(id) || static_cast<bool>(external); }
  friend bool operator==(const Ref&, const Ref&) = default;
};

// References to each kind.
using AccountRef = Ref<AccountTag>;
using ContactRef = Ref<ContactTag>;
using LeadRef = Ref<LeadTag>;
using OpportunityRef = Ref<OpportunityTag>;
using OwnerRef = Ref<OwnerTag>;
using CampaignRef = Ref<CampaignTag>;

}  // namespace throughline

#endif  // THROUGHLINE_IDS_H_
