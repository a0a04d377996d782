#ifndef THROUGHLINE_MODEL_JSON_H_
#define THROUGHLINE_MODEL_JSON_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/json_writer.h"
#include "model/parsed_json.h"
#include "nlohmann/json_fwd.hpp"
#include "throughline/command.h"
#include "throughline/event.h"
#include "throughline/limits.h"
#include "throughline/read.h"
#include "throughline/trace.h"

// The fact format (docs/fact-format.md) and events as JSON, driven by the field lists.
//
// Ids are numbers; references to entities are numbers or "system:key"; external ids "system:key"
// (split at the first ':'); EventId "seq:ordinal"; EventRef that, or a fact key as any other text;
// times and dates ISO 8601; money "1234.50 EUR"; enums their names; attributes an object of
// strings; digests in hex. Members that have their default are left out.

namespace throughline {

inline constexpr size_t kMaxFactBytes = 4 * kMaxPolicyBytes;  // a policy with every quote escaped

// A fact: {"fact": "lead.open", "at": ..., "actor": ..., "request_id": ..., "expected_version":
// ..., "mode": ..., "entered_at": ..., "key": ..., and the command's members}. `key` is the fact's
// own key; its 64-bit hash becomes Context::fact. INVALID_ARGUMENT names the member: unknown, of
// the wrong type, out of range, bad UTF-8; what is wrong with the line as a whole is put down to
// "fact". Whether a command has all that it needs is for the core to say. After an error `command`
// and `context` hold what was read so far. One FactParser per thread; it owns simdjson's buffers.
class FactParser {
 public:
  // `default_mode` is the mode of facts that name none.
  explicit FactParser(Mode default_mode = Mode::kDefault);
  ~FactParser();
  FactParser(const FactParser&) = delete;
  FactParser& operator=(const FactParser&) = delete;

  absl::Status Parse(std::string_view line, Command& command, Context& context);

 private:
  struct Impl;
  Mode default_mode_;
  std::unique_ptr<Impl> impl_;
};

// One line, no newline. The mode is left out if it is the default; Context::fact is written as "#"
// and 16 hex digits, a key that FactKeyOf takes for the hash itself. Text that is not UTF-8 is
// repaired.
std::string FactToJson(const Command& command, const Context& context);

// {"event": "lead_moved", "data": {the payload's members}}. Stages are {"id", "phase", "kind"},
// dates ISO 8601, an amendment's replacement is again such an object.
std::string EventToJson(const EventPayload& payload);
void WriteJson(const EventPayload& payload, JsonWriter& json);

// The member "data" of an event, and "breaches" if it has any.
void WriteData(const EventPayload& payload, JsonWriter& json);
void WriteBreaches(uint32_t breaches, JsonWriter& json);

// The members of a commit, but for its events; and its events, as the member "events".
void WriteMembers(const CommitHead& head, JsonWriter& json);
void WriteEvents(const Commit& commit, JsonWriter& json);

// {"seq", "account", "version", "recorded_at", "actor", "policy", "request", "events": [{"id":
// "seq:ordinal", "event", "at", "entered_at", "fact": "#...", "breaches": [names], "data"}]}.
std::string CommitToJson(const Commit& commit);

// The way back; `events` may be absent. INVALID_ARGUMENT names the member and its value:
// "events[3].data.stage.phase: 'sold' is not one of: ...". JSON does not hold all that the journal
// can: an event of a kind that is unknown here, bytes that are not UTF-8 or a time beyond year 2199
// come out as a fault, or as something else.
absl::Status CommitFromJson(const ParsedJson& json, Commit& commit);

// An event of a commit, and what the timeline knows of it: {"id", "event", "at", "recorded_at",
// "known_at", "entered_at", "fact", "actor", "breaches", "voided", "amended", "data"}.
std::string EntryToJson(const TimelineEntry& entry);
void WriteEntry(const TimelineEntry& entry, JsonWriter& json);

// What ToJson (throughline/json.h) says of a line, and the member "link" of a step of one.
std::string TraceToJson(const Trace& trace);
void WriteLink(const TraceLink& link, JsonWriter& json);

// The payload with members replaced: {name, value text} as in the fact format, numbers and booleans
// as their text, an empty value for "none". INVALID_ARGUMENT for an unknown member, a bad value, or
// what no amendment changes: ids of records (but for owners and campaigns, named by their number),
// stages, lineage, lists, and what is in the vault.
absl::StatusOr<EventPayload> ChangePayload(const EventPayload& payload,
                                           std::span<const Attribute> changes);

// The JSON Schema of a fact, generated from the field lists (docs/fact.schema.json).
nlohmann::ordered_json FactSchema();

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_JSON_H_
