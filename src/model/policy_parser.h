#ifndef THROUGHLINE_MODEL_POLICY_PARSER_H_
#define THROUGHLINE_MODEL_POLICY_PARSER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/json_members.h"
#include "throughline/policy.h"

namespace throughline {

// As the source of a transition: every open or parked stage of the same kind of record.
inline constexpr std::string_view kAnyOpen = "*";

// Reads one policy file and checks it; used once. docs/policy.md lists the rules. The first fault
// ends it: `fault_` is shared with the readers of the members.
class PolicyParser {
 public:
  absl::StatusOr<std::shared_ptr<const Policy>> Parse(std::string_view text);

 private:
  // Reading, in the order of the file (policy_parser.cc).
  void ReadRoot(const ParsedJson& json);
  void ReadStages(JsonMembers& root);
  void ReadStage(const ParsedJson& json, const std::string& path);
  void ReadTouchKind(const ParsedJson& json, const std::string& path);
  void ReadAttribute(const ParsedJson& json, const std::string& path);
  void ReadMatching(const ParsedJson& json);
  void ReadWords(JsonMembers& members, std::string_view name, std::string (*fold)(std::string_view),
                 std::string_view what, Matching::Words Matching::*list);
  void ReadAttribution(JsonMembers& root);
  void ReadMilestoneWeights(const ParsedJson& json);
  void ReadStageWeights(const ParsedJson& json, MilestoneWeights& weights);
  void ReadDefaults(const ParsedJson& json);
  void ReadTransitions(const ParsedJson& json);
  void ReadTargets(const std::string& source, JsonMembers& members);
  void AddTransition(const std::string& source, const std::string& target, const std::string& path);

  // The rules that take more than one member (policy_rules.cc).
  void CheckStage(const Stage& stage, const std::string& path);
  void IndexStage(size_t number, const std::string& path);
  void IndexText(std::string_view text, size_t number, const std::string& path);
  void CheckPhases();
  void CheckDefaults();
  void CheckDefault(std::string_view name, size_t number, bool phase_fits, StageKind kind,
                    uint32_t given);
  void CheckTouchKind(const TouchKind& kind, const std::string& path);
  void CheckTimeZone();
  void CheckWaysBack();
  void CheckReachable();
  std::vector<bool> ReachableStages() const;

  bool Allowed(size_t from, size_t to) const;
  void Allow(size_t from, size_t to);
  void Fail(std::string_view path, std::string_view why);
  bool ok() const { return fault_.ok(); }

  absl::Status fault_;
  std::shared_ptr<Policy> policy_;
};

// A stage belongs to leads or to opportunities; only conversion leads from the one to the other.
inline bool IsStageOfLeads(Phase phase) {
  return phase == Phase::kMarketing || phase == Phase::kLead;
}

inline bool IsStageOpen(const Stage& stage) {
  return stage.kind == StageKind::kOpen || stage.kind == StageKind::kParked;
}

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_POLICY_PARSER_H_
