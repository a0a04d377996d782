#ifndef THROUGHLINE_JSON_H_
#define THROUGHLINE_JSON_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "throughline/command.h"
#include "throughline/event.h"
#include "throughline/ledger.h"
#include "throughline/read.h"
#include "throughline/trace.h"

// Facts, events and commits as JSON text, one line each, without newline (docs/fact-format.md).

namespace throughline {

// {"seq", "account", "version", "recorded_at", "events": [{"id": "seq:ordinal", "event", "at",
// "data"}]}; with "actor", "policy", "request" and, of an event, "entered_at", "fact", "actor",
// "breaches" where there are any.
std::string ToJson(const Commit& commit);

// An event of a timeline: as in its commit, with "recorded_at", "known_at", the "actor" that the
// commit names, and "voided" and "amended", which are true or left out.
std::string ToJson(const TimelineEntry& entry);

// {"lead" or "opportunity": its id, "through", "known_at", "seq", "sentence", "steps": [an event of
// a timeline with "account" and "link": {"lead", "opportunity", "acquaintance", "owner",
// "silent_days", "closed_by", "days_closed"}]}
std::string ToJson(const Trace& trace);

// {"event": "lead_moved", "data": {its members}}
std::string ToJson(const EventPayload& payload);

// {"fact": "lead.move", ...} and back. INVALID_ARGUMENT names the member that is wrong.
std::string ToJson(const Command& command, const Context& context);
absl::StatusOr<Request> ParseFact(std::string_view line);

}  // namespace throughline

#endif  // THROUGHLINE_JSON_H_
