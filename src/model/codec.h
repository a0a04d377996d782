#ifndef THROUGHLINE_MODEL_CODEC_H_
#define THROUGHLINE_MODEL_CODEC_H_

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/command.h"
#include "throughline/event.h"

// Events and commands as bytes: protobuf messages as docs/journal.proto describes them, driven by
// the field lists. Encoding is canonical: equal values give equal bytes.

namespace throughline {

// The events of one commit, as the journal's blob.
std::string EncodeEvents(std::span<const Event> events);
void AppendEvents(std::span<const Event> events, std::string& out);  // the same, into a buffer

// DATA_LOSS if the bytes are damaged. Fields and payloads of newer versions are skipped over; an
// event of an unknown kind comes out with an empty payload.
absl::StatusOr<std::vector<Event>> DecodeEvents(std::string_view blob);

// Calls `visit` with each event in turn; the event is reused. False from `visit` ends it.
absl::Status VisitEvents(std::string_view blob, const std::function<bool(const Event&)>& visit);

std::string EncodeEvent(const Event& event);
absl::StatusOr<Event> DecodeEvent(std::string_view bytes);

// A command with its context, for spilling to disk and for digests.
void AppendCommand(const Command& command, const Context& context, std::string& out);
absl::Status DecodeCommand(std::string_view bytes, Command& command, Context& context);

// The text of docs/journal.proto, generated from the field lists.
std::string JournalProto();

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_CODEC_H_
