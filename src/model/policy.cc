#include "throughline/policy.h"

#include <algorithm>
#include <cassert>

#include "model/policy_parser.h"
#include "model/text.h"

namespace throughline {

extern const std::string_view kDefaultPolicyJson;  // default_policy.json

absl::StatusOr<std::shared_ptr<const Policy>> Policy::Parse(std::string_view json) {
  return PolicyParser().Parse(json);
}

std::shared_ptr<const Policy> Policy::Default() {
  static const auto* const policy = [] {
    auto parsed = Parse(kDefaultPolicyJson);
    assert(parsed.ok());
    return new std::shared_ptr<const Policy>(*std::move(parsed));
  }();
  return *policy;
}

std::string_view Policy::DefaultJson() { return kDefaultPolicyJson; }

const Stage* Policy::FindStage(std::string_view key) const {
  const auto found = by_key_.find(std::string(key));
  return found == by_key_.end() ? nullptr : &stages_[found->second];
}

const Stage* Policy::FindStageNamed(std::string_view text) const {
  const auto found = by_text_.find(LowerAscii(TrimAscii(text)));
  return found == by_text_.end() ? nullptr : &stages_[found->second];
}

const Stage* Policy::FindStage(int64_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &stages_[found->second];
}

bool Policy::Allows(const Stage& from, const Stage& to) const {
  const auto source = by_id_.find(from.id);
  const auto target = by_id_.find(to.id);
  if (source == by_id_.end() || target == by_id_.end()) return false;
  return allowed_[source->second * stages_.size() + target->second];
}

const TouchKind* Policy::FindTouchKind(std::string_view key) const {
  const auto found = std::find_if(touch_kinds_.begin(), touch_kinds_.end(),
                                  [&](const TouchKind& kind) { return kind.key == key; });
  return found == touch_kinds_.end() ? nullptr : &*found;
}

bool Policy::HasLeadType(std::string_view key) const {
  return lead_types_.empty() ||
         std::find(lead_types_.begin(), lead_types_.end(), key) != lead_types_.end();
}

const AttributeDeclaration* Policy::FindAttribute(EntityKind entity, std::string_view name) const {
  const auto found = std::find_if(attributes_.begin(), attributes_.end(),
                                  [&](const AttributeDeclaration& attribute) {
                                    return attribute.entity == entity && attribute.name == name;
                                  });
  return found == attributes_.end() ? nullptr : &*found;
}

absl::Status Policy::CheckSuccessor(const Policy& next) const {
  for (const Stage& stage : stages_) {
    const Stage* successor = next.FindStage(stage.id);
    const std::string what = "stage " + std::to_string(stage.id) + " (" + Quoted(stage.key) + ")";
    if (successor == nullptr) {
      return InvalidField("stages", what +
                                        " is gone: records may be or have been in it; keep it "
                                        "with \"retired\": true");
    }
    const std::string path = "stages[" + std::to_string(successor - next.stages_.data()) + "]";
    if (successor->phase != stage.phase) {
      return InvalidField(path + ".phase", what + " is in phase " + Quoted(NameOf(stage.phase)) +
                                               " and stays there");
    }
    if (successor->kind != stage.kind) {
      return InvalidField(path + ".kind",
                          what + " is " + std::string(NameOf(stage.kind)) + " and stays so");
    }
  }
  return absl::OkStatus();
}

}  // namespace throughline
