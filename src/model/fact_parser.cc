#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include "model/fact_values.h"
#include "model/json.h"
#include "model/json_members.h"

namespace throughline {
namespace {

using JsonObject = simdjson::ondemand::object;

// What is being filled.
struct Target {
  void* command = nullptr;  // of the type that the member belongs to
  Context* context = nullptr;
};

struct MemberReader {
  std::string_view name;
  absl::Status (*read)(JsonValue& json, const Target& target);
};

// --- The members that every fact has. ---

template <auto kMember>
absl::Status ReadContext(std::string_view name, JsonValue& json, const Target& target) {
  return ReadValue(Place{name}, json, target.context->*kMember);
}

absl::Status ReadRequestId(JsonValue& json, const Target& target) {
  const Place place{"request_id"};
  std::string& request = target.context->request_id;
  if (absl::Status status = ReadValue(place, json, request); !status.ok()) return status;
  if (request.size() <= kMaxRequestIdBytes) return absl::OkStatus();
  return Fault(place, "has more than " + std::to_string(kMaxRequestIdBytes) + " bytes");
}

absl::Status ReadExpectedVersion(JsonValue& json, const Target& target) {
  const Place place{"expected_version"};
  std::optional<int64_t>& version = target.context->expected_version;
  if (absl::Status status = ReadValue(place, json, version); !status.ok()) return status;
  return *version >= 0 ? absl::OkStatus() : Fault(place, "is negative");
}

absl::Status ReadKey(JsonValue& json, const Target& target) {
  const Place place{"key"};
  std::string_view text;
  if (absl::Status status = ReadText(place, json, text); !status.ok()) return status;
  if (text.empty()) return Fault(place, "is empty");
  if (absl::Status status = CheckValue(place, text); !status.ok()) return status;
  target.context->fact = FactKeyOf(text);
  return absl::OkStatus();
}

constexpr std::array<MemberReader, 8> kCommonMembers = {{
    {"fact", [](JsonValue&, const Target&) { return absl::OkStatus(); }},
    {"at",
     [](JsonValue& json, const Target& target) {
       return ReadContext<&Context::occurred_at>("at", json, target);
     }},
    {"actor",
     [](JsonValue& json, const Target& target) {
       return ReadContext<&Context::actor>("actor", json, target);
     }},
    {"request_id", ReadRequestId},
    {"expected_version", ReadExpectedVersion},
    {"mode",
     [](JsonValue& json, const Target& target) {
       return ReadContext<&Context::mode>("mode", json, target);
     }},
    {"entered_at",
     [](JsonValue& json, const Target& target) {
       return ReadContext<&Context::entered_at>("entered_at", json, target);
     }},
    {"key", ReadKey},
}};

// --- The members of each command, from its field list. ---

template <class Kind, size_t kIndex>
absl::Status ReadMember(JsonValue& json, const Target& target) {
  constexpr auto kField = std::get<kIndex>(Kind::Fields());
  constexpr Place kPlace{kField.name, TextKindOf(kField.name)};
  return ReadValue(kPlace, json, static_cast<Kind*>(target.command)->*kField.member);
}

template <class Kind>
inline constexpr size_t kFieldCount = std::tuple_size_v<decltype(Kind::Fields())>;

template <class Kind>
constexpr auto MakeMembers() {
  std::array<MemberReader, kCommonMembers.size() + kFieldCount<Kind>> members{};
  std::copy(kCommonMembers.begin(), kCommonMembers.end(), members.begin());
  [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    ((members[kCommonMembers.size() + kIndex] = {std::get<kIndex>(Kind::Fields()).name,
                                                 &ReadMember<Kind, kIndex>}),
     ...);
  }
  (std::make_index_sequence<kFieldCount<Kind>>());
  return members;
}

template <class Kind>
inline constexpr auto kMembers = MakeMembers<Kind>();

constexpr bool HasTwice(std::span<const MemberReader> members) {
  for (size_t i = 0; i < members.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (members[i].name == members[j].name) return true;
    }
  }
  return false;
}

// --- The commands, by name. ---

struct CommandKind {
  std::string_view name;
  std::span<const MemberReader> members;
  void* (*emplace)(Command& command);  // makes it hold an empty command of this kind
};

constexpr size_t kCommandCount = std::variant_size_v<Command>;

template <class Kind>
constexpr CommandKind MakeKind() {
  static_assert(!HasTwice(kMembers<Kind>), "a command's member has the name of a common one");
  return {Kind::kName, kMembers<Kind>,
          [](Command& command) -> void* { return &command.emplace<Kind>(); }};
}

constexpr auto kKinds = []<size_t... kIndex>(std::index_sequence<kIndex...>) {
  return std::array{MakeKind<std::variant_alternative_t<kIndex, Command>>()...};
}
(std::make_index_sequence<kCommandCount>());

// A perfect hash of the names: the seed was searched for by the compiler.
constexpr size_t kSlots = 128;
constexpr uint8_t kNoKind = 255;
static_assert(kCommandCount < kNoKind);

constexpr size_t SlotOf(std::string_view name, uint64_t seed) {
  uint64_t hash = seed;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash >> 40 & (kSlots - 1);
}

struct KindTable {
  uint64_t seed = 0;
  std::array<uint8_t, kSlots> kinds{};
};

constexpr bool Fill(KindTable& table) {
  table.kinds.fill(kNoKind);
  for (size_t i = 0; i < kCommandCount; ++i) {
    uint8_t& kind = table.kinds[SlotOf(kKinds[i].name, table.seed)];
    if (kind != kNoKind) return false;
    kind = static_cast<uint8_t>(i);
  }
  return true;
}

constexpr KindTable kKindTable = [] {
  KindTable table;
  while (!Fill(table)) ++table.seed;
  return table;
}();

const CommandKind* FindKind(std::string_view name) {
  const uint8_t kind = kKindTable.kinds[SlotOf(name, kKindTable.seed)];
  return kind != kNoKind && kKinds[kind].name == name ? &kKinds[kind] : nullptr;
}

// --- One line. ---

// Members mostly come in the order of the list, so the search begins behind the one before.
size_t FindMember(std::span<const MemberReader> members, std::string_view name, size_t begin) {
  for (size_t i = begin; i < members.size(); ++i) {
    if (members[i].name == name) return i;
  }
  for (size_t i = 0; i < begin; ++i) {
    if (members[i].name == name) return i;
  }
  return members.size();
}

absl::Status SyntaxError(simdjson::error_code error) {
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  return InvalidField("fact", std::string("is not JSON: ") + simdjson::error_message(error));
}

absl::Status ReadMembers(JsonObject& object, const CommandKind& kind, const Target& target) {
  std::bitset<32> seen;
  size_t next = 0;
  for (auto field : object) {
    std::string_view name;
    if (const auto error = field.unescaped_key().get(name)) return SyntaxError(error);
    const size_t index = FindMember(kind.members, name, next);
    if (index == kind.members.size()) {
      return InvalidField(Shortened(name), "is not a member of " + std::string(kind.name));
    }
    if (seen[index]) return InvalidField(name, "is given twice");
    seen.set(index);
    next = index + 1;
    JsonValue json;
    if (const auto error = field.value().get(json)) return SyntaxError(error);
    if (absl::Status status = kind.members[index].read(json, target); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ReadKind(JsonObject& object, const CommandKind*& kind) {
  JsonValue json;
  const auto error = object.find_field_unordered("fact").get(json);
  if (error == simdjson::NO_SUCH_FIELD) return InvalidField("fact", "is missing");
  if (error != simdjson::SUCCESS) return SyntaxError(error);
  std::string_view name;
  if (absl::Status status = ReadText(Place{"fact"}, json, name); !status.ok()) return status;
  kind = FindKind(name);
  if (kind == nullptr) return InvalidField("fact", "unknown fact " + Quoted(name));
  const auto reset = object.reset().error();
  return reset == simdjson::SUCCESS ? absl::OkStatus() : SyntaxError(reset);
}

}  // namespace

struct FactParser::Impl {
  simdjson::ondemand::parser parser;
  std::string buffer;  // the line, and behind it the bytes that simdjson may read

  // simdjson does not notice that it got no memory for the strings of a line. So it is asked for on
  // trial first, and once more by iterate() should allocate() have got none.
  void Reserve(size_t size) {
    if (size <= parser.capacity()) return;
    std::make_unique_for_overwrite<char[]>(2 * size + 4 * simdjson::SIMDJSON_PADDING);
    if (parser.allocate(size) != simdjson::SUCCESS) throw std::bad_alloc();
  }

  simdjson::padded_string_view Padded(std::string_view line) {
    Reserve(line.size());
    const size_t needed = line.size() + simdjson::SIMDJSON_PADDING;
    if (buffer.size() < needed) buffer.resize(needed);
    std::memcpy(buffer.data(), line.data(), line.size());
    return simdjson::padded_string_view(buffer.data(), line.size(), buffer.size());
  }

  absl::Status Parse(std::string_view line, Command& command, Context& context);
  absl::Status BadUtf8(std::string_view line);
};

absl::Status FactParser::Impl::Parse(std::string_view line, Command& command, Context& context) {
  simdjson::ondemand::document document;
  JsonObject object;
  const auto error = parser.iterate(Padded(line)).get(document);
  if (error == simdjson::UTF8_ERROR) return BadUtf8(line);
  if (error != simdjson::SUCCESS) return SyntaxError(error);
  if (document.get_object().get(object) != simdjson::SUCCESS) {
    return InvalidField("fact", "is not a JSON object");
  }
  const CommandKind* kind = nullptr;
  if (absl::Status status = ReadKind(object, kind); !status.ok()) return status;
  const Target target{kind->emplace(command), &context};
  if (absl::Status status = ReadMembers(object, *kind, target); !status.ok()) return status;
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
    return InvalidField("fact", "is not JSON: more follows the object");
  }
  return absl::OkStatus();
}

// Reads the line again with its bad bytes made harmless, to tell in which member they are.
absl::Status FactParser::Impl::BadUtf8(std::string_view line) {
  std::string harmless(line);
  std::replace_if(
      harmless.begin(), harmless.end(), [](char c) { return (c & 0x80) != 0; }, '?');
  simdjson::ondemand::document document;
  JsonObject object;
  const auto padded = Padded(harmless);
  const char* const begin = buffer.data();
  std::string member = "fact";
  if (parser.iterate(padded).get(document) == simdjson::SUCCESS &&
      document.get_object().get(object) == simdjson::SUCCESS) {
    for (auto field : object) {
      simdjson::ondemand::raw_json_string key;
      if (field.key().get(key) != simdjson::SUCCESS) break;
      const auto offset = static_cast<size_t>(key.raw() - begin);
      if (!simdjson::validate_utf8(line.data(), offset)) break;
      member = harmless.substr(offset, harmless.find('"', offset) - offset);
    }
  }
  return InvalidField(member, "is not UTF-8");
}

FactParser::FactParser(Mode default_mode)
    : default_mode_(default_mode), impl_(std::make_unique<Impl>()) {}
FactParser::~FactParser() = default;

absl::Status FactParser::Parse(std::string_view line, Command& command, Context& context) {
  if (line.size() > kMaxFactBytes) {
    return InvalidField("fact", "has more than " + std::to_string(kMaxFactBytes) + " bytes");
  }
  context = Context{.mode = default_mode_};
  return impl_->Parse(line, command, context);
}

}  // namespace throughline
