#include "throughline/json.h"

#include <utility>

#include "model/json.h"

namespace throughline {

std::string ToJson(const Commit& commit) { return CommitToJson(commit); }

std::string ToJson(const TimelineEntry& entry) { return EntryToJson(entry); }

std::string ToJson(const Trace& trace) { return TraceToJson(trace); }

std::string ToJson(const EventPayload& payload) { return EventToJson(payload); }

std::string ToJson(const Command& command, const Context& context) {
  return FactToJson(command, context);
}

absl::StatusOr<Request> ParseFact(std::string_view line) {
  FactParser parser;
  Request request;
  if (absl::Status s = parser.Parse(line, request.command, request.context); !s.ok()) return s;
  return request;
}

}  // namespace throughline
