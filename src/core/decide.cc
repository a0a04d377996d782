#include "core/decide.h"

#include "absl/strings/str_cat.h"
#include "core/rules.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

absl::Status CheckTimes(const Situation& s) {
  const Time at = OccurredAt(s).at;
  if (!IsValid(at)) return InvalidField("occurred_at", "is not within 1900..2199");
  if (at.micros > s.now.micros + kMaxClockSkewMicros) {
    return InvalidField("occurred_at", absl::StrCat(FormatTime(at), " is in the future: now is ",
                                                    FormatTime(s.now)));
  }
  if (!s.context.entered_at) return absl::OkStatus();
  if (!IsValid(*s.context.entered_at)) {
    return InvalidField("entered_at", "is not within 1900..2199");
  }
  if (s.context.entered_at->micros > s.now.micros + kMaxClockSkewMicros) {
    return InvalidField("entered_at", "is in the future");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Decision> Decide(const Command& command, const Situation& situation,
                                const MatchOutcome* match) {
  THROUGHLINE_RETURN_IF_ERROR(CheckTimes(situation));
  if (situation.context.actor &&
      situation.rows.owners.Find(situation.context.actor.id) == nullptr) {
    return NotFoundField("actor", absl::StrCat("no owner ", situation.context.actor.id.value));
  }
  if (match != nullptr) return DecideMatched(command, *match, situation);
  return std::visit([&](const auto& c) { return DecideOn(c, situation); }, command);
}

}  // namespace throughline
