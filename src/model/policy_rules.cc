#include <algorithm>
#include <deque>
#include <utility>

#include "model/policy_parser.h"
#include "model/text.h"

namespace throughline {
namespace {

constexpr size_t kMaxTimeZoneBytes = 64;

constexpr uint32_t Bit(Requirement requirement) { return 1U << static_cast<unsigned>(requirement); }

bool KindFits(Phase phase, StageKind kind) {
  switch (phase) {
    case Phase::kMarketing:
      return kind != StageKind::kConverted;
    case Phase::kLead:
      return true;
    case Phase::kOpportunity:
      return kind == StageKind::kOpen || kind == StageKind::kParked;
    default:
      return kind == StageKind::kClosed;
  }
}

std::string_view WhyKindMisfits(Phase phase) {
  switch (phase) {
    case Phase::kMarketing:
      return "only leads in the lead phase are converted";
    case Phase::kOpportunity:
      return "an opportunity is open or parked until it is won or lost";
    default:
      return "won and lost stages are closed";
  }
}

// "Europe/Berlin", "Etc/GMT+5", "UTC": the form of an IANA name; whether it exists is asked by
// who computes with it, for that takes reading files.
bool LooksLikeTimeZone(std::string_view name) {
  bool part_begins = true;
  for (char c : name) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool other = (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+';
    if (c == '/' ? part_begins : !(letter || (other && !part_begins))) return false;
    part_begins = c == '/';
  }
  return !part_begins && name.size() <= kMaxTimeZoneBytes;
}

}  // namespace

void PolicyParser::Fail(std::string_view path, std::string_view why) {
  if (ok()) fault_ = InvalidField(path, why);
}

bool PolicyParser::Allowed(size_t from, size_t to) const {
  return policy_->allowed_[from * policy_->stages_.size() + to];
}

void PolicyParser::Allow(size_t from, size_t to) {
  policy_->allowed_[from * policy_->stages_.size() + to] = true;
}

void PolicyParser::CheckStage(const Stage& stage, const std::string& path) {
  if (stage.key == kAnyOpen) return Fail(path + ".key", "'*' means any stage in transitions");
  if (!KindFits(stage.phase, stage.kind)) {
    return Fail(path + ".kind", Quoted(NameOf(stage.kind)) + " does not fit the phase " +
                                    Quoted(NameOf(stage.phase)) + ": " +
                                    std::string(WhyKindMisfits(stage.phase)));
  }
  if (stage.Requires(Requirement::kReturnDate) && stage.kind != StageKind::kParked) {
    return Fail(path + ".requires", "only a parked stage has a return date");
  }
  if (stage.Requires(Requirement::kAmount) && IsStageOfLeads(stage.phase)) {
    return Fail(path + ".requires", "only an opportunity has an amount");
  }
}

void PolicyParser::IndexStage(size_t number, const std::string& path) {
  const Stage& stage = policy_->stages_[number];
  const auto holder = [&](size_t other) { return "stages[" + std::to_string(other) + "]"; };
  if (const auto [at, added] = policy_->by_id_.emplace(stage.id, number); !added) {
    return Fail(path + ".id", std::to_string(stage.id) + " is taken by " + holder(at->second));
  }
  if (const auto [at, added] = policy_->by_key_.emplace(stage.key, number); !added) {
    return Fail(path + ".key", Quoted(stage.key) + " is taken by " + holder(at->second));
  }
  IndexText(stage.key, number, path + ".key");
  IndexText(stage.name, number, path + ".name");
  for (size_t i = 0; i < stage.aliases.size(); ++i) {
    IndexText(stage.aliases[i], number, path + ".aliases[" + std::to_string(i) + "]");
  }
}

void PolicyParser::IndexText(std::string_view text, size_t number, const std::string& path) {
  const auto [at, added] = policy_->by_text_.emplace(LowerAscii(text), number);
  if (added || at->second == number) return;
  Fail(path, Quoted(text) + " already names stages[" + std::to_string(at->second) +
                 "] (case does not count)");
}

void PolicyParser::CheckPhases() {
  const std::vector<Stage>& stages = policy_->stages_;
  const auto has = [&](auto fits) {
    return std::any_of(stages.begin(), stages.end(),
                       [&](const Stage& stage) { return !stage.retired && fits(stage); });
  };
  for (const auto& named : EnumNames<Phase>::kValues) {
    const Phase phase = named.first;
    if (phase == Phase::kNone || has([&](const Stage& stage) { return stage.phase == phase; })) {
      continue;
    }
    return Fail("stages", "no stage in phase " + Quoted(named.second));
  }
  if (!has([](const Stage& stage) {
        return stage.phase == Phase::kLead && stage.kind == StageKind::kClosed;
      })) {
    return Fail("stages", "no closed stage in phase 'lead': leads could not be closed");
  }
  if (policy_->touch_kinds_.empty()) Fail("touch_kinds", "is empty: no touch could be recorded");
}

// What each command that uses a default gives with it.
void PolicyParser::CheckDefaults() {
  const Policy& policy = *policy_;
  const auto phase = [&](size_t number) { return policy.stages_[number].phase; };
  const uint32_t people = Bit(Requirement::kOwner) | Bit(Requirement::kContact);
  const uint32_t amount = Bit(Requirement::kAmount);
  const uint32_t reason = Bit(Requirement::kReason);
  CheckDefault("lead", policy.first_lead_, IsStageOfLeads(phase(policy.first_lead_)),
               StageKind::kOpen, people);
  CheckDefault("hand_off", policy.hand_off_, phase(policy.hand_off_) == Phase::kLead,
               StageKind::kOpen, people);
  CheckDefault("nurture", policy.nurture_, IsStageOfLeads(phase(policy.nurture_)),
               StageKind::kParked, people | Bit(Requirement::kReturnDate));
  CheckDefault("converted", policy.converted_, phase(policy.converted_) == Phase::kLead,
               StageKind::kConverted, people);
  CheckDefault("opportunity", policy.first_opportunity_,
               phase(policy.first_opportunity_) == Phase::kOpportunity, StageKind::kOpen,
               people | amount);
  CheckDefault("won", policy.won_, phase(policy.won_) == Phase::kWon, StageKind::kClosed,
               people | amount | reason);
  CheckDefault("lost", policy.lost_, phase(policy.lost_) == Phase::kLost, StageKind::kClosed,
               people | amount | reason);
}

void PolicyParser::CheckDefault(std::string_view name, size_t number, bool phase_fits,
                                StageKind kind, uint32_t given) {
  const Stage& stage = policy_->stages_[number];
  const std::string path = "defaults." + std::string(name);
  if (stage.retired) return Fail(path, Quoted(stage.key) + " is retired");
  if (!phase_fits) {
    return Fail(path, Quoted(stage.key) + " is in phase " + Quoted(NameOf(stage.phase)));
  }
  if (stage.kind != kind) {
    return Fail(path, Quoted(stage.key) + " is " + std::string(NameOf(stage.kind)) + ", not " +
                          std::string(NameOf(kind)));
  }
  for (const auto& [requirement, text] : EnumNames<Requirement>::kValues) {
    if (!stage.Requires(requirement) || (given & Bit(requirement)) != 0) continue;
    return Fail(path, Quoted(stage.key) + " requires " + Quoted(text) +
                          ", which the command that leads there does not carry");
  }
}

void PolicyParser::CheckTouchKind(const TouchKind& kind, const std::string& path) {
  if (policy_->FindTouchKind(kind.key) != nullptr) {
    return Fail(path + ".key", Quoted(kind.key) + " is declared twice");
  }
  if (kind.response && kind.direction != Direction::kInbound) {
    return Fail(path + ".response", "a response comes from the other side: it is inbound");
  }
  if (kind.follow_up && kind.side != Side::kSales) {
    return Fail(path + ".follow_up", "a follow-up is made by the owner: its side is sales");
  }
}

void PolicyParser::CheckTimeZone() {
  if (LooksLikeTimeZone(policy_->time_zone_)) return;
  Fail("time_zone", Quoted(policy_->time_zone_) + " is not an IANA name such as Europe/Berlin");
}

void PolicyParser::CheckWaysBack() {
  const std::vector<Stage>& stages = policy_->stages_;
  for (size_t from = 0; from < stages.size(); ++from) {
    if (stages[from].kind != StageKind::kClosed) continue;
    bool back = false;
    for (size_t to = 0; to < stages.size(); ++to)
      back |= Allowed(from, to) && IsStageOpen(stages[to]);
    if (back) continue;
    return Fail("transitions." + stages[from].key,
                "a closed stage needs a way back to an open or parked one");
  }
}

std::vector<bool> PolicyParser::ReachableStages() const {
  std::vector<bool> reachable(policy_->stages_.size());
  std::deque<size_t> todo = {policy_->first_lead_, policy_->first_opportunity_};
  for (size_t stage : todo) reachable[stage] = true;
  while (!todo.empty()) {
    const size_t from = todo.front();
    todo.pop_front();
    for (size_t to = 0; to < reachable.size(); ++to) {
      if (reachable[to] || !Allowed(from, to)) continue;
      reachable[to] = true;
      todo.push_back(to);
    }
  }
  return reachable;
}

void PolicyParser::CheckReachable() {
  const std::vector<bool> reachable = ReachableStages();
  for (size_t i = 0; i < reachable.size(); ++i) {
    const Stage& stage = policy_->stages_[i];
    if (reachable[i] || stage.retired) continue;
    const bool lead = IsStageOfLeads(stage.phase);
    const size_t entry = lead ? policy_->first_lead_ : policy_->first_opportunity_;
    return Fail("stages[" + std::to_string(i) + "]",
                Quoted(stage.key) + " cannot be reached from " +
                    Quoted(policy_->stages_[entry].key) + ", where " +
                    (lead ? "leads" : "opportunities") + " begin");
  }
}

}  // namespace throughline
