#ifndef THROUGHLINE_POLICY_H_
#define THROUGHLINE_POLICY_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/lifecycle.h"

// The lifecycle as data: stages, transitions, reasons, touch kinds, windows. Read from a JSON file
// (docs/policy.md, docs/policy.schema.json), kept in the ledger, versioned.

namespace throughline {

// What entering a stage takes. A set is kept as bits, 1 << value.
enum class Requirement : uint8_t { kReason, kReturnDate, kAmount, kOwner, kContact };
THROUGHLINE_ENUM_NAMES(Requirement, {Requirement::kReason, "reason"},
                       {Requirement::kReturnDate, "return_date"}, {Requirement::kAmount, "amount"},
                       {Requirement::kOwner, "owner"}, {Requirement::kContact, "contact"});

// A stage of the lifecycle.
struct Stage {
  int64_t id = 0;  // > 0, never reused for another stage
  std::string key;
  std::string name;
  Phase phase = Phase::kNone;
  StageKind kind = StageKind::kNone;
  uint32_t requirements = 0;         // bits 1 << Requirement
  std::vector<std::string> reasons;  // allowed reasons; empty: any key
  std::vector<std::string> aliases;  // other systems' names for it, for imports; any case
  bool retired = false;              // may be left, not entered

  bool Requires(Requirement r) const { return requirements >> static_cast<unsigned>(r) & 1; }
};

// A kind of touch and what it means unless a touch says otherwise.
struct TouchKind {
  std::string key;
  Side side = Side::kMarketing;
  Direction direction = Direction::kInbound;
  bool response = false;   // the other side reacts: form, reply, attendance, call-in
  bool follow_up = false;  // the owner works the lead: call, meeting, personal message
};

// An attribute that records of a kind may have.
struct AttributeDeclaration {
  std::string name;
  EntityKind entity = EntityKind::kAccount;  // account, contact, lead or opportunity
  bool personal = false;                     // kept in the vault; only for contacts
};

// What becomes of something that may be of two or more accounts.
enum class Ambiguity : uint8_t { kOldest, kReview };
THROUGHLINE_ENUM_NAMES(Ambiguity, {Ambiguity::kOldest, "oldest"}, {Ambiguity::kReview, "review"});

// Weights of the attribution model "custom", in percent: none negative, together 100. A milestone's
// weight goes to the latest touch at or before it; where a path has no such touch, to the next
// milestone's. What touches without a milestone share is `middle`; where there are none, it goes to
// the milestones in proportion to their weights.
struct MilestoneWeights {
  double first = 0;        // the first touch
  double lead = 0;         // lead creation
  double opportunity = 0;  // opportunity creation
  double close = 0;        // the last touch before the close, or the latest of an open deal
  double middle = 0;
  // Up to 6 stages, by key, and the weights of reaching them.
  std::vector<std::pair<std::string, double>> stages;

  friend bool operator==(const MilestoneWeights&, const MilestoneWeights&) = default;
};
inline constexpr size_t kMaxStageWeights = 6;

// How people and companies are recognised (docs/matching.md).
struct Matching {
  // In lower case, without dots at their ends.
  using Words = std::set<std::string, std::less<>>;

  std::vector<MatchRule> order = {MatchRule::kExternalId, MatchRule::kEmail, MatchRule::kDomain,
                                  MatchRule::kName};
  Ambiguity ambiguous = Ambiguity::kOldest;
  Words free_mail;           // domains of mail for everybody: of no company
  Words two_label_suffixes;  // "co.uk": below it stand the domains of companies
  Words legal_forms;         // "inc", "gmbh": as a name's key has them
};

// An immutable policy. Thread-safe. Copy it by its shared_ptr.
class Policy {
 public:
  // INVALID_ARGUMENT names the path of the first fault, e.g. "stages[3].key: 'mql' is taken by
  // stages[2]". All rules are listed in docs/policy.md.
  static absl::StatusOr<std::shared_ptr<const Policy>> Parse(std::string_view json);

  // The default policy (docs/life-of-a-lead.md), built in.
  static std::shared_ptr<const Policy> Default();
  static std::string_view DefaultJson();

  const std::string& json() const { return json_; }  // as parsed
  const std::string& name() const { return name_; }
  const std::vector<Stage>& stages() const { return stages_; }  // in the order of the file

  const Stage* FindStage(std::string_view key) const;        // by key; null if unknown
  const Stage* FindStageNamed(std::string_view text) const;  // by key, name or alias, any case
  const Stage* FindStage(int64_t id) const;

  // Whether a live command may go from one stage to the other, both of this policy.
  bool Allows(const Stage& from, const Stage& to) const;

  // The stages that commands mean when they name none.
  const Stage& first_lead_stage() const { return stages_[first_lead_]; }
  const Stage& hand_off_stage() const { return stages_[hand_off_]; }
  const Stage& nurture_stage() const { return stages_[nurture_]; }
  const Stage& converted_stage() const { return stages_[converted_]; }
  const Stage& first_opportunity_stage() const { return stages_[first_opportunity_]; }
  const Stage& won_stage() const { return stages_[won_]; }
  const Stage& lost_stage() const { return stages_[lost_]; }

  const std::vector<TouchKind>& touch_kinds() const { return touch_kinds_; }
  // By key; null if there is none.
  const TouchKind* FindTouchKind(std::string_view key) const;
  bool HasLeadType(std::string_view key) const;  // true for any key if none are declared
  const std::vector<AttributeDeclaration>& attributes() const { return attributes_; }
  const AttributeDeclaration* FindAttribute(EntityKind entity, std::string_view name) const;

  const Matching& matching() const { return matching_; }
  int64_t reengagement_window_days() const { return reengagement_window_days_; }
  int64_t sourcing_window_days() const { return sourcing_window_days_; }
  // Channels of direct and unknown traffic (docs/attribution.md). No channel is one of them anyway.
  const std::vector<std::string>& direct_channels() const { return direct_channels_; }
  // Of the attribution model "custom"; its stages stand in the order of stages().
  const std::optional<MilestoneWeights>& milestone_weights() const { return milestone_weights_; }
  const std::string& time_zone() const { return time_zone_; }  // IANA name, for days and quarters
  int fiscal_year_start_month() const { return fiscal_year_start_month_; }  // 1..12

  // Whether `next` may replace this policy: each stage of this one must be in it by its id, with
  // its phase and kind; retire what is no longer used. INVALID_ARGUMENT names the stage.
  absl::Status CheckSuccessor(const Policy& next) const;

 private:
  friend class PolicyParser;
  Policy() = default;

  std::string json_;
  std::string name_;
  std::vector<Stage> stages_;
  std::vector<bool> allowed_;  // [from * stages + to]
  std::unordered_map<std::string, size_t> by_key_;
  std::unordered_map<std::string, size_t> by_text_;  // keys, names and aliases in lower case
  std::unordered_map<int64_t, size_t> by_id_;
  std::vector<TouchKind> touch_kinds_;
  std::vector<std::string> lead_types_;
  std::vector<AttributeDeclaration> attributes_;
  Matching matching_;
  size_t first_lead_ = 0, hand_off_ = 0, nurture_ = 0, converted_ = 0;
  size_t first_opportunity_ = 0, won_ = 0, lost_ = 0;
  int64_t reengagement_window_days_ = 730;
  int64_t sourcing_window_days_ = 180;
  std::vector<std::string> direct_channels_ = {"direct", "unknown"};
  std::optional<MilestoneWeights> milestone_weights_;
  std::string time_zone_ = "UTC";
  int fiscal_year_start_month_ = 1;
};

// The policy of a ledger, and which version it is: 1, 2, 3 ...
struct PolicyInForce {
  int64_t version = 0;
  std::shared_ptr<const Policy> policy;
};

}  // namespace throughline

#endif  // THROUGHLINE_POLICY_H_
