#include "ledger/import/salesforce/stage_map.h"

#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "model/abseil_text.h"
#include "model/parsed_json.h"
#include "model/text.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline::salesforce {
namespace {

struct StandardStage {
  bool of_lead;
  std::string_view name;  // in lower case
  std::string_view key;   // of the default policy
};

// The picklists that Salesforce has delivered its editions with.
constexpr auto kStandardStages = std::to_array<StandardStage>({
    {true, "open - not contacted", "inquiry"},
    {true, "open", "inquiry"},
    {true, "new", "inquiry"},
    {true, "working - contacted", "working"},
    {true, "contacted", "working"},
    {true, "working", "working"},
    {true, "nurturing", "nurture"},
    {true, "qualified", "sql"},
    {true, "closed - converted", "converted"},
    {true, "converted", "converted"},
    {true, "closed - not converted", "dead"},
    {true, "unqualified", "disqualified"},
    {false, "prospecting", "discovery"},
    {false, "qualification", "discovery"},
    {false, "qualify", "discovery"},
    {false, "needs analysis", "discovery"},
    {false, "meet & present", "discovery"},
    {false, "value proposition", "discovery"},
    {false, "id. decision makers", "discovery"},
    {false, "perception analysis", "discovery"},
    {false, "proposal/price quote", "proposal"},
    {false, "propose", "proposal"},
    {false, "negotiation/review", "negotiation"},
    {false, "negotiate", "negotiation"},
    {false, "closed won", "won"},
    {false, "closed lost", "lost"},
});

bool IsOfLead(const Stage& stage) {
  return stage.phase == Phase::kMarketing || stage.phase == Phase::kLead;
}

constexpr std::string_view kMembers[] = {"opportunity", "lead"};  // by of_lead

}  // namespace

absl::StatusOr<StageMap> StageMap::Parse(std::string_view json, const Policy& policy) {
  StageMap map(policy);
  if (json.empty()) return map;
  absl::StatusOr<ParsedJson> parsed = ParseJsonText(json, "stages", kMaxPolicyBytes);
  if (!parsed.ok()) return parsed.status();
  const ParsedJson::Object* object = parsed->object();
  if (object == nullptr) return InvalidField("stages", "is not an object");
  for (const auto& [member, stages] : *object) {
    const bool of_lead = member == kMembers[1];
    if (!of_lead && member != kMembers[0]) {
      return InvalidField("stages." + member, "is neither \"lead\" nor \"opportunity\"");
    }
    if (stages.object() == nullptr) return InvalidField("stages." + member, "is not an object");
    for (const auto& [name, target] : *stages.object()) {
      const std::string path = absl::StrCat("stages.", member, ".", name);
      if (target.text() == nullptr) return InvalidField(path, "is not text");
      const Stage* stage = map.StageNamed(of_lead, *target.text());
      if (stage == nullptr) {
        return InvalidField(path, absl::StrCat("the policy has no stage ", Quoted(*target.text()),
                                               " for it; it has ", map.StagesOf(of_lead)));
      }
      map.said_[of_lead][LowerAscii(TrimAscii(name))] = stage;
    }
  }
  return map;
}

const Stage* StageMap::StageNamed(bool of_lead, std::string_view text) const {
  const Stage* stage = policy_->FindStageNamed(text);
  return stage != nullptr && IsOfLead(*stage) == of_lead ? stage : nullptr;
}

std::string StageMap::StagesOf(bool of_lead) const {
  std::vector<std::string> keys;
  for (const Stage& stage : policy_->stages()) {
    if (IsOfLead(stage) == of_lead && !stage.retired) keys.push_back(stage.key);
  }
  return absl::StrJoin(keys, ", ");
}

const Stage* StageMap::ByOutcome(Outcome outcome) const {
  switch (outcome) {
    case Outcome::kConverted:
      return &policy_->converted_stage();
    case Outcome::kWon:
      return &policy_->won_stage();
    case Outcome::kLost:
      return &policy_->lost_stage();
    case Outcome::kUnknown:
      break;
  }
  return nullptr;
}

const Stage* StageMap::Resolve(bool of_lead, std::string_view name, Outcome outcome) const {
  const std::string plain = LowerAscii(name);
  if (const auto said = said_[of_lead].find(plain); said != said_[of_lead].end()) {
    return said->second;
  }
  if (const Stage* stage = StageNamed(of_lead, name)) return stage;
  for (const StandardStage& standard : kStandardStages) {
    if (standard.of_lead != of_lead || standard.name != plain) continue;
    if (const Stage* stage = StageNamed(of_lead, standard.key)) return stage;
  }
  return ByOutcome(outcome);
}

void StageMap::Note(bool of_lead, std::string_view name, Outcome outcome) {
  if (name.empty()) return;
  auto found = noted_[of_lead].find(name);
  if (found == noted_[of_lead].end()) {
    found = noted_[of_lead].emplace(std::string(name), Noted{}).first;
    found->second.stage = Resolve(of_lead, name, outcome);
  }
  Noted& noted = found->second;
  ++noted.rows;
  if (noted.stage == nullptr && outcome != Outcome::kUnknown) noted.stage = ByOutcome(outcome);
}

absl::Status StageMap::Check() const {
  std::string unknown;
  std::string example;
  for (const bool of_lead : {true, false}) {
    std::vector<std::string> texts, lines;
    for (const auto& [name, noted] : noted_[of_lead]) {
      if (noted.stage != nullptr) continue;
      texts.push_back(absl::StrCat(Quoted(name), " (", noted.rows, ")"));
      lines.push_back(absl::StrCat(
          "\"", absl::StrReplaceAll(name, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\": \"\""));
    }
    if (texts.empty()) continue;
    const std::string member(kMembers[of_lead]);
    absl::StrAppend(&unknown, unknown.empty() ? "" : "; ", "of the ", member,
                    " stages: ", absl::StrJoin(texts, ", "), ", where the policy has ",
                    StagesOf(of_lead));
    absl::StrAppend(&example, example.empty() ? "" : ", ", "\"", member, "\": {",
                    absl::StrJoin(lines, ", "), "}");
  }
  if (unknown.empty()) return absl::OkStatus();
  return InvalidField(
      "stages", absl::StrCat("the policy does not have all stages of the export: ", unknown,
                             ". Say which is which in a file and give it with --stages: {", example,
                             "}; or make them aliases in the policy"));
}

const Stage* StageMap::Find(bool of_lead, std::string_view name) const {
  const auto found = noted_[of_lead].find(name);
  return found == noted_[of_lead].end() ? nullptr : found->second.stage;
}

}  // namespace throughline::salesforce
