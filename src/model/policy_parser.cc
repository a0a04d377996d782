#include "model/policy_parser.h"

#include <algorithm>
#include <utility>

#include "model/fold_case.h"
#include "model/milestone_weights.h"
#include "model/text.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

constexpr int64_t kMaxWindowDays = 36'500;

}  // namespace

absl::StatusOr<std::shared_ptr<const Policy>> PolicyParser::Parse(std::string_view text) {
  absl::StatusOr<ParsedJson> json = ParseJsonText(text, "policy", kMaxPolicyBytes);
  if (!json.ok()) return json.status();
  if (json->object() == nullptr) return InvalidField("policy", "is not an object");
  policy_ = std::shared_ptr<Policy>(new Policy);
  policy_->json_ = text;
  ReadRoot(*json);
  if (ok()) CheckTimeZone();
  if (ok()) CheckPhases();
  if (ok()) CheckDefaults();
  if (ok()) CheckWaysBack();
  if (ok()) CheckReachable();
  if (!ok()) return fault_;
  return policy_;
}

void PolicyParser::ReadRoot(const ParsedJson& json) {
  JsonMembers root(json, "", fault_);
  for (std::string_view name : {"name", "stages", "transitions", "defaults", "touch_kinds"}) {
    root.Require(name);
  }
  root.Find("$schema");  // for editors
  root.Text("name", kMaxNameBytes, policy_->name_);
  ReadStages(root);
  if (const ParsedJson* transitions = root.Find("transitions")) ReadTransitions(*transitions);
  if (const ParsedJson* defaults = root.Find("defaults")) ReadDefaults(*defaults);
  root.List("touch_kinds",
            [&](const ParsedJson& item, const std::string& path) { ReadTouchKind(item, path); });
  root.Keys("lead_types", policy_->lead_types_);
  root.List("attributes",
            [&](const ParsedJson& item, const std::string& path) { ReadAttribute(item, path); });
  const ParsedJson* matching = root.Find("matching");
  if (matching != nullptr) {
    ReadMatching(*matching);
  } else {
    policy_->matching_ = Policy::Default()->matching();
  }
  root.Integer("reengagement_window_days", 0, kMaxWindowDays, policy_->reengagement_window_days_);
  root.Integer("sourcing_window_days", 0, kMaxWindowDays, policy_->sourcing_window_days_);
  ReadAttribution(root);
  root.Key("time_zone", policy_->time_zone_);
  int64_t month = policy_->fiscal_year_start_month_;
  root.Integer("fiscal_year_start_month", 1, 12, month);
  policy_->fiscal_year_start_month_ = static_cast<int>(month);
  root.Finish();
}

void PolicyParser::ReadStages(JsonMembers& root) {
  root.List("stages",
            [&](const ParsedJson& item, const std::string& path) { ReadStage(item, path); });
  policy_->allowed_.resize(policy_->stages_.size() * policy_->stages_.size());
}

void PolicyParser::ReadStage(const ParsedJson& json, const std::string& path) {
  Stage stage;
  JsonMembers members(json, path, fault_);
  for (std::string_view name : {"id", "key", "phase"}) members.Require(name);
  members.Integer("id", 1, INT64_MAX, stage.id);
  members.Key("key", stage.key);
  stage.name = stage.key;
  members.Text("name", kMaxNameBytes, stage.name);
  members.Name("phase", stage.phase);
  const bool over = stage.phase == Phase::kWon || stage.phase == Phase::kLost;
  stage.kind = over ? StageKind::kClosed : StageKind::kOpen;
  members.Name("kind", stage.kind);
  std::vector<std::string> requirements;
  members.Keys("requires", requirements);
  for (size_t i = 0; i < requirements.size() && ok(); ++i) {
    Requirement requirement;
    if (FromName(requirements[i], requirement)) {
      stage.requirements |= 1U << static_cast<unsigned>(requirement);
    } else {
      Fail(path + ".requires[" + std::to_string(i) + "]",
           Quoted(requirements[i]) + " is not one of: " + NamesOf<Requirement>());
    }
  }
  members.Keys("reasons", stage.reasons);
  members.Keys("aliases", stage.aliases);
  members.Boolean("retired", stage.retired);
  members.Finish();
  if (!ok()) return;
  CheckStage(stage, path);
  policy_->stages_.push_back(std::move(stage));
  IndexStage(policy_->stages_.size() - 1, path);
}

void PolicyParser::ReadTouchKind(const ParsedJson& json, const std::string& path) {
  TouchKind kind;
  JsonMembers members(json, path, fault_);
  for (std::string_view name : {"key", "side", "direction"}) members.Require(name);
  members.Key("key", kind.key);
  members.Name("side", kind.side);
  members.Name("direction", kind.direction);
  members.Boolean("response", kind.response);
  members.Boolean("follow_up", kind.follow_up);
  members.Finish();
  if (ok()) CheckTouchKind(kind, path);
  if (ok()) policy_->touch_kinds_.push_back(std::move(kind));
}

void PolicyParser::ReadAttribute(const ParsedJson& json, const std::string& path) {
  AttributeDeclaration attribute;
  JsonMembers members(json, path, fault_);
  for (std::string_view name : {"name", "entity"}) members.Require(name);
  members.Key("name", attribute.name);
  members.Name("entity", attribute.entity);
  members.Boolean("personal", attribute.personal);
  members.Finish();
  if (!ok()) return;
  const EntityKind entity = attribute.entity;
  if (entity != EntityKind::kAccount && entity != EntityKind::kContact &&
      entity != EntityKind::kLead && entity != EntityKind::kOpportunity) {
    return Fail(path + ".entity", Quoted(NameOf(entity)) +
                                      " has no attributes; account, contact, lead, opportunity do");
  }
  if (attribute.personal && entity != EntityKind::kContact) {
    return Fail(path + ".personal", "only attributes of contacts can be personal");
  }
  if (policy_->FindAttribute(entity, attribute.name) != nullptr) {
    return Fail(path + ".name", Quoted(attribute.name) + " is declared twice for this entity");
  }
  policy_->attributes_.push_back(std::move(attribute));
}

void PolicyParser::ReadMatching(const ParsedJson& json) {
  Matching& matching = policy_->matching_;
  JsonMembers members(json, "matching", fault_);
  std::vector<std::string> rules;
  if (members.Find("order") != nullptr) matching.order.clear();
  members.Keys("order", rules);
  for (size_t i = 0; i < rules.size() && ok(); ++i) {
    MatchRule rule;
    if (!FromName(rules[i], rule)) {
      return Fail("matching.order[" + std::to_string(i) + "]",
                  Quoted(rules[i]) + " is not one of: " + NamesOf<MatchRule>());
    }
    matching.order.push_back(rule);
  }
  members.Name("ambiguous", matching.ambiguous);
  ReadWords(members, "free_mail", NormalDomain, "a domain", &Matching::free_mail);
  ReadWords(members, "two_label_suffixes", NormalDomain, "a domain", &Matching::two_label_suffixes);
  ReadWords(members, "legal_forms", FoldName, "a word", &Matching::legal_forms);
  members.Finish();
}

// A list, each item as it is compared; without one that of the default policy.
void PolicyParser::ReadWords(JsonMembers& members, std::string_view name,
                             std::string (*fold)(std::string_view), std::string_view what,
                             Matching::Words Matching::*list) {
  Matching::Words& words = policy_->matching_.*list;
  if (members.Find(name) == nullptr) {
    words = Policy::Default()->matching().*list;
    return;
  }
  std::vector<std::string> items;
  members.Keys(name, items);
  for (size_t i = 0; i < items.size() && ok(); ++i) {
    std::string word = fold(items[i]);
    if (word.empty()) {
      return Fail(members.PathOf(name) + "[" + std::to_string(i) + "]",
                  Quoted(items[i]) + " is not " + std::string(what));
    }
    words.insert(std::move(word));
  }
}

void PolicyParser::ReadAttribution(JsonMembers& root) {
  if (root.Find("direct_channels") != nullptr) policy_->direct_channels_.clear();
  root.Keys("direct_channels", policy_->direct_channels_);
  if (const ParsedJson* weights = root.Find("milestone_weights")) ReadMilestoneWeights(*weights);
}

void PolicyParser::ReadMilestoneWeights(const ParsedJson& json) {
  JsonMembers members(json, "milestone_weights", fault_);
  MilestoneWeights weights;
  members.Number("first", weights.first);
  members.Number("lead", weights.lead);
  members.Number("opportunity", weights.opportunity);
  members.Number("close", weights.close);
  members.Number("middle", weights.middle);
  if (const ParsedJson* stages = members.Find("stages")) ReadStageWeights(*stages, weights);
  members.Finish();
  if (!ok()) return;
  fault_ = CheckWeights("milestone_weights", weights);
  if (ok()) policy_->milestone_weights_ = std::move(weights);
}

// In the order of the policy's stages, which is that in which records pass them.
void PolicyParser::ReadStageWeights(const ParsedJson& json, MilestoneWeights& weights) {
  JsonMembers members(json, "milestone_weights.stages", fault_);
  for (const Stage& stage : policy_->stages_) {
    if (!ok() || members.Find(stage.key) == nullptr) continue;
    members.Number(stage.key, weights.stages.emplace_back(stage.key, 0).second);
  }
  members.Finish();
}

void PolicyParser::ReadDefaults(const ParsedJson& json) {
  JsonMembers members(json, "defaults", fault_);
  const std::pair<std::string_view, size_t*> wanted[] = {
      {"lead", &policy_->first_lead_},
      {"hand_off", &policy_->hand_off_},
      {"nurture", &policy_->nurture_},
      {"converted", &policy_->converted_},
      {"opportunity", &policy_->first_opportunity_},
      {"won", &policy_->won_},
      {"lost", &policy_->lost_}};
  for (const auto& [name, number] : wanted) {
    std::string key;
    members.Require(name);
    members.Key(name, key);
    if (!ok()) return;
    const auto found = policy_->by_key_.find(key);
    if (found == policy_->by_key_.end()) {
      return Fail(members.PathOf(name), "unknown stage " + Quoted(key));
    }
    *number = found->second;
  }
  members.Finish();
}

void PolicyParser::ReadTransitions(const ParsedJson& json) {
  JsonMembers members(json, "transitions", fault_);
  if (!ok()) return;
  for (const auto& [source, targets] : *json.object()) {
    ReadTargets(source, members);
    if (!ok()) return;
  }
}

void PolicyParser::ReadTargets(const std::string& source, JsonMembers& members) {
  if (source != kAnyOpen && !policy_->by_key_.contains(source)) {
    return Fail("transitions", "unknown stage " + Quoted(source));
  }
  std::vector<std::string> seen;
  members.List(source, [&](const ParsedJson& target, const std::string& path) {
    if (target.text() == nullptr) return Fail(path, "is not text");
    const std::string& key = *target.text();
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
      return Fail(path, Quoted(key) + " is listed twice");
    }
    seen.push_back(key);
    AddTransition(source, key, path);
  });
}

void PolicyParser::AddTransition(const std::string& source, const std::string& target,
                                 const std::string& path) {
  const auto found = policy_->by_key_.find(target);
  if (found == policy_->by_key_.end()) return Fail(path, "unknown stage " + Quoted(target));
  const std::vector<Stage>& stages = policy_->stages_;
  const size_t to = found->second;
  if (stages[to].retired) return Fail(path, Quoted(target) + " is retired: nothing leads to it");
  const bool to_lead = IsStageOfLeads(stages[to].phase);
  if (source == kAnyOpen) {
    for (size_t from = 0; from < stages.size(); ++from) {
      const bool same_record = IsStageOfLeads(stages[from].phase) == to_lead;
      if (from != to && same_record && IsStageOpen(stages[from])) Allow(from, to);
    }
    return;
  }
  const size_t from = policy_->by_key_.at(source);
  if (from == to) return Fail(path, "a stage does not lead to itself");
  if (IsStageOfLeads(stages[from].phase) != to_lead) {
    return Fail(path, Quoted(source) + " and " + Quoted(target) +
                          " are stages of different records: a lead becomes an opportunity by "
                          "conversion only");
  }
  Allow(from, to);
}

}  // namespace throughline
