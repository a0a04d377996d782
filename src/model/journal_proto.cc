#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"
#include "model/codec.h"
#include "model/event_shape.h"
#include "model/wire.h"

namespace throughline {
namespace {

constexpr std::string_view kPreamble =
    R"(// The events of a commit: what the column `events` of the journal holds.
//
// Generated from the field lists of include/throughline/event.h; tests/model/journal_golden_test.cc
// compares the two. Numbers are never changed or used again. Read one blob with
//
//   protoc --decode=throughline.Events docs/journal.proto < blob
//
// Ids are positive; 0, like every default, is left out and means "none". An event's id is
// seq << 20 | ordinal: its commit and its place in it. Times are microseconds since
// 1970-01-01T00:00:00Z, dates days since 1970-01-01. Writers keep fields in the order of their
// numbers, so equal events are equal bytes. Readers skip the fields they do not know; an event with
// no payload that they know is of a later version.
syntax = "proto3";

package throughline;

// One commit.
message Events {
  repeated Event events = 1;
}

)";

template <class T>
constexpr std::string_view kMessageName;
template <>
constexpr std::string_view kMessageName<StageRef> = "StageRef";
template <>
constexpr std::string_view kMessageName<Attribute> = "Attribute";
template <>
constexpr std::string_view kMessageName<ExternalKey> = "ExternalKey";
template <>
constexpr std::string_view kMessageName<VaultRef> = "VaultRef";
template <>
constexpr std::string_view kMessageName<Source> = "Source";
template <>
constexpr std::string_view kMessageName<Lineage> = "Lineage";
template <>
constexpr std::string_view kMessageName<Money> = "Money";

// "lead_moved" as "LeadMoved".
std::string CamelCase(std::string_view snake) {
  std::string camel;
  bool upper = true;
  for (const char c : snake) {
    if (c == '_') {
      upper = true;
      continue;
    }
    camel.push_back(upper ? absl::ascii_toupper(static_cast<unsigned char>(c)) : c);
    upper = false;
  }
  return camel;
}

// "StageKind" as "STAGE_KIND".
std::string UpperSnake(std::string_view camel) {
  std::string snake;
  for (const char c : camel) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !snake.empty()) snake.push_back('_');
    snake.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
  }
  return snake;
}

template <class T>
std::string TypeName(bool bytes) {
  if constexpr (wire::kIsOptional<T>) {
    return absl::StrCat("optional ", TypeName<typename T::value_type>(bytes));
  } else if constexpr (wire::kIsVector<T>) {
    return absl::StrCat("repeated ", TypeName<typename T::value_type>(bytes));
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(EnumNames<T>::kName);
  } else if constexpr (wire::IsScalar<T>) {
    return std::string(wire::Scalar<T>::kProto);
  } else if constexpr (wire::kIsText<T>) {
    return bytes ? "bytes" : "string";
  } else {
    static_assert(!kMessageName<T>.empty());
    return std::string(kMessageName<T>);
  }
}

void AppendField(std::string_view type, std::string_view name, uint32_t number,
                 std::string_view about, std::string& out) {
  constexpr size_t kMaxLine = 100;
  const std::string field = absl::StrCat("  ", ToAbsl(type), " ", ToAbsl(name), " = ", number, ";");
  if (about.empty()) {
    absl::StrAppend(&out, field, "\n");
  } else if (field.size() + about.size() + 5 <= kMaxLine) {
    absl::StrAppend(&out, field, "  // ", ToAbsl(about), "\n");
  } else {
    absl::StrAppend(&out, "  // ", ToAbsl(about), "\n", field, "\n");
  }
}

template <class T>
void AppendFields(std::string& out) {
  std::apply(
      [&]<class... Fields>(const Fields&... field) {
        (AppendField(TypeName<typename Fields::MemberType>(field.bytes), field.name, field.number,
                     field.about, out),
         ...);
      },
      wire::kFields<T>);
}

template <class T>
void AppendMessageText(std::string_view name, std::string& out) {
  absl::StrAppend(&out, "message ", ToAbsl(name), " {\n");
  AppendFields<T>(out);
  absl::StrAppend(&out, "}\n\n");
}

template <class... Messages>
void AppendMessages(std::string& out) {
  (AppendMessageText<Messages>(kMessageName<Messages>, out), ...);
}

template <class Enum>
void AppendEnum(std::string& out) {
  const std::string prefix = UpperSnake(EnumNames<Enum>::kName);
  absl::StrAppend(&out, "enum ", ToAbsl(EnumNames<Enum>::kName), " {\n");
  for (const auto& [value, name] : EnumNames<Enum>::kValues) {
    const std::string word = name.empty() ? "NONE" : UpperSnake(name);
    absl::StrAppend(&out, "  ", prefix, "_", word, " = ", static_cast<int>(value), ";\n");
  }
  absl::StrAppend(&out, "}\n\n");
}

template <class... Enums>
void AppendEnums(std::string& out) {
  (AppendEnum<Enums>(out), ...);
}

// Calls visit.operator()<Payload>() for each kind of event.
template <class Visit, size_t... kIndex>
void ForEachPayload(Visit&& visit, std::index_sequence<kIndex...>) {
  (visit.template operator()<std::variant_alternative_t<kIndex + 1, EventPayload>>(), ...);
}
using PayloadIndexes = std::make_index_sequence<std::variant_size_v<EventPayload> - 1>;

void AppendEvent(std::string& out) {
  absl::StrAppend(&out, "// One accepted fact.\nmessage Event {\n");
  AppendFields<Event>(out);
  absl::StrAppend(&out, "  oneof payload {\n");
  ForEachPayload(
      [&]<class Payload>() {
        absl::StrAppend(&out, "    ", CamelCase(Payload::kName), " ", Payload::kName, " = ",
                        Payload::kNumber, ";\n");
      },
      PayloadIndexes());
  absl::StrAppend(&out, "  }\n}\n\n");
}

}  // namespace

std::string JournalProto() {
  std::string out(kPreamble);
  AppendEvent(out);
  ForEachPayload(
      [&]<class Payload>() { AppendMessageText<Payload>(CamelCase(Payload::kName), out); },
      PayloadIndexes());
  AppendMessages<StageRef, Lineage, Source, VaultRef, Attribute, ExternalKey, Money>(out);
  AppendEnums<Phase, StageKind, OpportunityType, OwnerKind, Side, Direction, Link, EntityKind,
              Breach, MatchRule>(out);
  out.pop_back();
  return out;
}

}  // namespace throughline
