// The policy: stages, moves and kinds of touches.

#include <utility>

#include "handles.h"
#include "to_c.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

absl::Status NoStage() { return NotFoundField("stage", "the policy has no such stage"); }

void GiveStage(const tl_policy& policy, size_t index, tl_stage* out) {
  const Stage& stage = policy.policy->stages()[index];
  tl_stage given{};
  given.phase = static_cast<int32_t>(stage.phase);
  given.id = stage.id;
  given.key = TextOf(stage.key);
  given.name = TextOf(stage.name);
  given.kind = static_cast<int32_t>(stage.kind);
  given.requirements = stage.requirements;
  given.reasons = {policy.reasons[index].data(), policy.reasons[index].size()};
  given.aliases = {policy.aliases[index].data(), policy.aliases[index].size()};
  given.retired = stage.retired ? 1 : 0;
  WriteStruct(given, out);
}

// find(Policy) gives a Stage or null.
template <class Find>
tl_status FindStage(const tl_policy* policy, tl_stage* out, tl_error* error, Find&& find) noexcept {
  ClearStruct(out);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("policy", policy);
    if (status.ok()) status = CheckOut("out_stage", out);
    if (!status.ok()) return status;
    absl::StatusOr<const Stage*> stage = find(*policy->policy);
    if (!stage.ok()) return stage.status();
    if (*stage == nullptr) return NoStage();
    GiveStage(*policy, static_cast<size_t>(*stage - policy->policy->stages().data()), out);
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_policy_current(tl_ledger* ledger, tl_policy** out_policy, tl_error* error) noexcept {
  ClearHandle(out_policy);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    if (absl::Status status = CheckGiven("out_policy", out_policy); !status.ok()) return status;
    absl::StatusOr<PolicyInForce> now = open.ledger->CurrentPolicy();
    if (now.ok()) *out_policy = MakePolicy(std::move(now->policy), now->version).release();
    return now.status();
  });
}

tl_status tl_policy_parse(const char* json, size_t json_size, tl_policy** out_policy,
                          tl_error* error) noexcept {
  ClearHandle(out_policy);
  return Guarded(error, [&]() -> absl::Status {
    std::string_view text;
    if (absl::Status status = ViewOf({"json"}, json, json_size, text); !status.ok()) return status;
    absl::StatusOr<std::shared_ptr<const Policy>> policy =
        json == nullptr ? Policy::Default() : Policy::Parse(text);
    if (policy.ok() && out_policy != nullptr) *out_policy = MakePolicy(*policy, 0).release();
    return policy.status();
  });
}

tl_status tl_policy_check_successor(const tl_policy* policy, const tl_policy* next,
                                    tl_error* error) noexcept {
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("policy", policy);
    if (status.ok()) status = CheckGiven("next", next);
    return status.ok() ? policy->policy->CheckSuccessor(*next->policy) : status;
  });
}

tl_status tl_policy_get_info(const tl_policy* policy, tl_policy_info* out_info,
                             tl_error* error) noexcept {
  ClearStruct(out_info);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("policy", policy);
    if (status.ok()) status = CheckOut("out_info", out_info);
    if (!status.ok()) return status;
    const Policy& read = *policy->policy;
    tl_policy_info info{};
    info.fiscal_year_start_month = read.fiscal_year_start_month();
    info.version = policy->version;
    info.name = TextOf(read.name());
    info.json = TextOf(read.json());
    info.stage_count = static_cast<int64_t>(read.stages().size());
    info.reengagement_window_days = read.reengagement_window_days();
    info.sourcing_window_days = read.sourcing_window_days();
    info.time_zone = TextOf(read.time_zone());
    WriteStruct(info, out_info);
    return absl::OkStatus();
  });
}

tl_status tl_policy_stage(const tl_policy* policy, int64_t index, tl_stage* out_stage,
                          tl_error* error) noexcept {
  return FindStage(policy, out_stage, error, [&](const Policy& read) {
    const absl::Status status = CheckIndex(index, read.stages().size());
    return status.ok() ? absl::StatusOr<const Stage*>(&read.stages()[static_cast<size_t>(index)])
                       : status;
  });
}

tl_status tl_policy_stage_by_id(const tl_policy* policy, int64_t id, tl_stage* out_stage,
                                tl_error* error) noexcept {
  return FindStage(policy, out_stage, error, [&](const Policy& read) {
    return absl::StatusOr<const Stage*>(read.FindStage(id));
  });
}

tl_status tl_policy_stage_by_key(const tl_policy* policy, const char* key, size_t key_size,
                                 tl_stage* out_stage, tl_error* error) noexcept {
  return FindStage(policy, out_stage, error, [&](const Policy& read) {
    std::string_view text;
    const absl::Status status = ViewOf({"key"}, key, key_size, text);
    if (!status.ok()) return absl::StatusOr<const Stage*>(status);
    const Stage* stage = read.FindStage(text);
    return absl::StatusOr<const Stage*>(stage != nullptr ? stage : read.FindStageNamed(text));
  });
}

tl_status tl_policy_allows(const tl_policy* policy, int64_t from, int64_t to, int32_t* out_allowed,
                           tl_error* error) noexcept {
  if (out_allowed != nullptr) *out_allowed = 0;
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("policy", policy);
    if (status.ok()) status = CheckGiven("out_allowed", out_allowed);
    if (!status.ok()) return status;
    const Stage* left = policy->policy->FindStage(from);
    const Stage* entered = policy->policy->FindStage(to);
    if (left == nullptr || entered == nullptr) return NoStage();
    *out_allowed = policy->policy->Allows(*left, *entered) ? 1 : 0;
    return absl::OkStatus();
  });
}

tl_status tl_policy_touch_kind(const tl_policy* policy, const char* key, size_t key_size,
                               tl_touch_kind* out_kind, tl_error* error) noexcept {
  ClearStruct(out_kind);
  return Guarded(error, [&]() -> absl::Status {
    std::string_view text;
    absl::Status status = CheckGiven("policy", policy);
    if (status.ok()) status = CheckOut("out_kind", out_kind);
    if (status.ok()) status = ViewOf({"key"}, key, key_size, text);
    if (!status.ok()) return status;
    const TouchKind* kind = policy->policy->FindTouchKind(text);
    if (kind == nullptr) return NotFoundField("key", "the policy has no such kind of touch");
    tl_touch_kind given{};
    given.side = static_cast<int32_t>(kind->side);
    given.key = TextOf(kind->key);
    given.direction = static_cast<int32_t>(kind->direction);
    given.response = kind->response ? 1 : 0;
    given.follow_up = kind->follow_up ? 1 : 0;
    WriteStruct(given, out_kind);
    return absl::OkStatus();
  });
}

void tl_policy_free(tl_policy* policy) noexcept { delete policy; }
