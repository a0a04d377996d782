#include "absl/strings/str_cat.h"
#include "core/rules.h"
#include "model/abseil_text.h"
#include "model/text.h"
#include "throughline/error.h"
#include "throughline/limits.h"

// Which stage a record may enter, and what that takes.

namespace throughline {
namespace {

bool IsLeadPhase(Phase phase) { return phase == Phase::kMarketing || phase == Phase::kLead; }

std::string Missing(const Stage& stage, std::string_view what) {
  return absl::StrCat("stage '", stage.key, "' needs ", ToAbsl(what));
}

// Adds what a check found to the breaches so far; false if it refused.
bool Collect(const absl::StatusOr<uint32_t>& found, uint32_t& breaches, absl::Status& refusal) {
  if (!found.ok()) {
    refusal = found.status();
    return false;
  }
  breaches |= *found;
  return true;
}

bool KnowsReason(const Stage& stage, std::string_view reason) {
  if (stage.reasons.empty() || reason.empty()) return true;
  for (const std::string& known : stage.reasons) {
    if (known == reason) return true;
  }
  return false;
}

struct Lack {
  Requirement requirement;
  bool lacking;
  Breach breach;
  std::string_view what;
};

absl::StatusOr<uint32_t> CheckOrder(const Situation& s, const StageChange& change) {
  const Time at = OccurredAt(s).at;
  if (at < change.opened_at) {
    return Refuse(s, Breach::kBeforeOpen,
                  absl::StrCat("occurred_at ", FormatTime(at), " is before the opening, ",
                               FormatTime(change.opened_at)));
  }
  if (at < change.since) {
    return Refuse(s, Breach::kOutOfOrder,
                  absl::StrCat("occurred_at ", FormatTime(at), " is before the last stage change, ",
                               FormatTime(change.since)));
  }
  return 0u;
}

absl::StatusOr<uint32_t> CheckTransition(const Situation& s, const StageChange& change) {
  const Stage* from = s.policy.FindStage(change.from);
  if (from != nullptr && from->id == change.to->id) {
    return Refuse(s, Breach::kTransition, absl::StrCat("already in stage '", change.to->key, "'"));
  }
  const bool allowed = change.reopening || (from != nullptr && s.policy.Allows(*from, *change.to));
  if (allowed && !change.to->retired) return 0u;
  return Refuse(s, Breach::kTransition,
                absl::StrCat("the policy has no transition from '",
                             from == nullptr ? "?" : from->key, "' to '", change.to->key, "'"));
}

// Those that may be entered, by key.
std::string StagesOf(const Policy& policy, bool of_leads) {
  std::string keys;
  for (const Stage& stage : policy.stages()) {
    if (stage.retired || IsLeadPhase(stage.phase) != of_leads) continue;
    absl::StrAppend(&keys, keys.empty() ? "" : ", ", stage.key);
  }
  return keys;
}

}  // namespace

absl::StatusOr<const Stage*> FindStageOf(const Situation& s, std::string_view text, bool of_lead,
                                         const Stage& fallback) {
  if (text.empty()) return &fallback;
  THROUGHLINE_RETURN_IF_ERROR(CheckKey("stage", text));
  const Stage* stage = s.policy.FindStageNamed(text);
  if (stage == nullptr) {
    return InvalidField("stage", absl::StrCat("the policy has no stage '", ToAbsl(text),
                                              "'; there are: ", StagesOf(s.policy, of_lead)));
  }
  if (IsLeadPhase(stage->phase) != of_lead) {
    return InvalidField("stage", absl::StrCat("'", stage->key, "' is not a stage of ",
                                              of_lead ? "leads" : "opportunities"));
  }
  return stage;
}

absl::StatusOr<uint32_t> CheckEntry(const Situation& s, const Stage& to, const StageEntry& entry) {
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("reason", entry.reason));
  if (entry.return_on) THROUGHLINE_RETURN_IF_ERROR(CheckDate("return_on", *entry.return_on));
  const Lack lacks[] = {
      {Requirement::kReason, entry.reason.empty(), Breach::kMissingReason, "a reason"},
      {Requirement::kReturnDate, !entry.return_on, Breach::kMissingReturn, "a return date"},
      {Requirement::kAmount, !entry.has_amount, Breach::kMissingAmount, "an amount"},
      {Requirement::kOwner, !entry.has_owner, Breach::kMissingOwner, "an owner"},
      {Requirement::kContact, !entry.has_contact, Breach::kMissingContact, "a contact"},
  };
  uint32_t breaches = 0;
  absl::Status refusal;
  for (const Lack& lack : lacks) {
    if (!lack.lacking || !to.Requires(lack.requirement)) continue;
    if (!Collect(Refuse(s, lack.breach, Missing(to, lack.what)), breaches, refusal)) {
      return refusal;
    }
  }
  if (!KnowsReason(to, entry.reason) &&
      !Collect(Refuse(s, Breach::kUnknownReason,
                      absl::StrCat("'", ToAbsl(entry.reason), "' is not a reason of stage '",
                                   to.key, "'")),
               breaches, refusal)) {
    return refusal;
  }
  return breaches;
}

absl::StatusOr<uint32_t> CheckChange(const Situation& s, const StageChange& change,
                                     const StageEntry& entry) {
  uint32_t breaches = 0;
  absl::Status refusal;
  if (!Collect(CheckTransition(s, change), breaches, refusal) ||
      !Collect(CheckEntry(s, *change.to, entry), breaches, refusal) ||
      !Collect(CheckOrder(s, change), breaches, refusal)) {
    return refusal;
  }
  return breaches;
}

}  // namespace throughline
