#ifndef THROUGHLINE_LIFECYCLE_H_
#define THROUGHLINE_LIFECYCLE_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

// The fixed words of the lifecycle. DO NOT CHANGE THESE ENUM VALUES: they are written to disk.

namespace throughline {

// Names of an enum's values, as in JSON, SQL and the docs: specialised beside each enum.
template <class Enum>
struct EnumNames;

template <class Enum>
concept NamedEnum = requires {
  EnumNames<Enum>::kValues;
};

// "" for a value without a name.
template <NamedEnum Enum>
constexpr std::string_view NameOf(Enum value) {
  for (const auto& [known, name] : EnumNames<Enum>::kValues) {
    if (known == value) return name;
  }
  return "";
}

// False if no value has this name.
template <NamedEnum Enum>
constexpr bool FromName(std::string_view name, Enum& value) {
  for (const auto& [known, known_name] : EnumNames<Enum>::kValues) {
    if (known_name == name) {
      value = known;
      return true;
    }
  }
  return false;
}

#define THROUGHLINE_ENUM_NAMES(Enum, ...)                                \
  template <>                                                            \
  struct EnumNames<Enum> {                                               \
    static constexpr std::string_view kName = #Enum;                     \
    static constexpr auto kValues =                                      \
        std::to_array<std::pair<Enum, std::string_view>>({__VA_ARGS__}); \
  }

enum class EntityKind : uint8_t {
  kNone = 0,
  kAccount = 1,
  kContact = 2,
  kLead = 3,
  kOpportunity = 4,
  kOwner = 5,
  kCampaign = 6,
  kNote = 7,
};
THROUGHLINE_ENUM_NAMES(EntityKind, {EntityKind::kNone, ""}, {EntityKind::kAccount, "account"},
                       {EntityKind::kContact, "contact"}, {EntityKind::kLead, "lead"},
                       {EntityKind::kOpportunity, "opportunity"}, {EntityKind::kOwner, "owner"},
                       {EntityKind::kCampaign, "campaign"}, {EntityKind::kNote, "note"});

// The five phases are the same for everybody; stages within them are the policy's.
enum class Phase : uint8_t {
  kNone = 0,
  kMarketing = 1,
  kLead = 2,
  kOpportunity = 3,
  kWon = 4,
  kLost = 5,
};
THROUGHLINE_ENUM_NAMES(Phase, {Phase::kNone, ""}, {Phase::kMarketing, "marketing"},
                       {Phase::kLead, "lead"}, {Phase::kOpportunity, "opportunity"},
                       {Phase::kWon, "won"}, {Phase::kLost, "lost"});

enum class StageKind : uint8_t {
  kNone = 0,
  kOpen = 1,       // being worked
  kParked = 2,     // open, set aside on purpose; expected back
  kClosed = 3,     // over, for now: closing never blocks reopening
  kConverted = 4,  // a lead that goes on as an opportunity
};
THROUGHLINE_ENUM_NAMES(StageKind, {StageKind::kNone, ""}, {StageKind::kOpen, "open"},
                       {StageKind::kParked, "parked"}, {StageKind::kClosed, "closed"},
                       {StageKind::kConverted, "converted"});

enum class OpportunityType : uint8_t { kNone = 0, kNewBusiness = 1, kExpansion = 2, kRenewal = 3 };
THROUGHLINE_ENUM_NAMES(OpportunityType, {OpportunityType::kNone, ""},
                       {OpportunityType::kNewBusiness, "new_business"},
                       {OpportunityType::kExpansion, "expansion"},
                       {OpportunityType::kRenewal, "renewal"});

enum class OwnerKind : uint8_t { kNone = 0, kRep = 1, kTeam = 2, kPartner = 3 };
THROUGHLINE_ENUM_NAMES(OwnerKind, {OwnerKind::kNone, ""}, {OwnerKind::kRep, "rep"},
                       {OwnerKind::kTeam, "team"}, {OwnerKind::kPartner, "partner"});

enum class Side : uint8_t { kNone = 0, kMarketing = 1, kSales = 2 };
THROUGHLINE_ENUM_NAMES(Side, {Side::kNone, ""}, {Side::kMarketing, "marketing"},
                       {Side::kSales, "sales"});

enum class Direction : uint8_t { kNone = 0, kInbound = 1, kOutbound = 2 };
THROUGHLINE_ENUM_NAMES(Direction, {Direction::kNone, ""}, {Direction::kInbound, "inbound"},
                       {Direction::kOutbound, "outbound"});

// What a new lead or opportunity is to the account's past (docs/episodes-and-sources.md).
enum class Link : uint8_t {
  kNone = 0,       // the first of its chain
  kJoins = 1,      // open work is there: the same episode
  kReengages = 2,  // the latest closed record was dead, disqualified or lost, within the window
  kFollowsOn = 3,  // after a won deal
  kConverts = 4,   // an opportunity that its leads were converted into
};
THROUGHLINE_ENUM_NAMES(Link, {Link::kNone, ""}, {Link::kJoins, "joins"},
                       {Link::kReengages, "reengages"}, {Link::kFollowsOn, "follows_on"},
                       {Link::kConverts, "converts"});

// By what the sender of a touch, a lead or an opportunity was recognised (docs/matching.md).
enum class MatchRule : uint8_t {
  kNone = 0,        // by nothing: nobody is known by what was given
  kExternalId = 1,  // an id in another system, of the person or of the company
  kEmail = 2,       // the email address of a person
  kDomain = 3,      // the registered domain of the web site or of the email
  kName = 4,        // the company's name; in a given account, the person's
};
THROUGHLINE_ENUM_NAMES(MatchRule, {MatchRule::kNone, ""}, {MatchRule::kExternalId, "external_id"},
                       {MatchRule::kEmail, "email"}, {MatchRule::kDomain, "domain"},
                       {MatchRule::kName, "name"});

// What became of the question whether two accounts are one.
enum class ReviewState : uint8_t { kNone = 0, kOpen = 1, kDistinct = 2, kMerged = 3 };
THROUGHLINE_ENUM_NAMES(ReviewState, {ReviewState::kNone, ""}, {ReviewState::kOpen, "open"},
                       {ReviewState::kDistinct, "distinct"}, {ReviewState::kMerged, "merged"});

// enforce: the policy may refuse. observe: what another system says happened did happen; a breach
// of the policy is recorded with the event. Malformed data is refused in both. default: imports
// observe, all else enforces.
enum class Mode : uint8_t { kDefault = 0, kEnforce = 1, kObserve = 2 };
THROUGHLINE_ENUM_NAMES(Mode, {Mode::kEnforce, "enforce"}, {Mode::kObserve, "observe"});

// Why an observed fact would have been refused as a live command. A set is kept as bits, 1 <<
// value.
enum class Breach : uint8_t {
  kTransition = 0,      // the policy has no such transition
  kMissingReason = 1,   // the stage needs a reason
  kMissingReturn = 2,   // the stage needs a return date
  kMissingAmount = 3,   // the stage needs an amount
  kMissingOwner = 4,    // the stage needs an owner
  kMissingContact = 5,  // the stage needs a contact
  kUnknownReason = 6,   // the policy does not list the reason for this stage
  kOutOfOrder = 7,      // earlier than the stage change before it
  kBeforeOpen = 8,      // earlier than the opening of its own record
  kBeforeLead = 9,      // an opportunity earlier than the lead it came from
  kErased = 10,         // it names a person who was erased: recorded without the person
};
THROUGHLINE_ENUM_NAMES(Breach, {Breach::kTransition, "transition"},
                       {Breach::kMissingReason, "missing_reason"},
                       {Breach::kMissingReturn, "missing_return"},
                       {Breach::kMissingAmount, "missing_amount"},
                       {Breach::kMissingOwner, "missing_owner"},
                       {Breach::kMissingContact, "missing_contact"},
                       {Breach::kUnknownReason, "unknown_reason"},
                       {Breach::kOutOfOrder, "out_of_order"}, {Breach::kBeforeOpen, "before_open"},
                       {Breach::kBeforeLead, "before_lead"}, {Breach::kErased, "erased"});

constexpr uint32_t BreachBit(Breach breach) { return uint32_t{1} << static_cast<unsigned>(breach); }

}  // namespace throughline

#endif  // THROUGHLINE_LIFECYCLE_H_
