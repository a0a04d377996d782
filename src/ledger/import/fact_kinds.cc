#include <algorithm>
#include <array>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>

#include "ledger/import/cell_values.h"
#include "ledger/import/fact_template.h"
#include "model/json.h"
#include "throughline/error.h"

// The members that facts have in a mapping file, from the field lists of the commands.

namespace throughline {
namespace {

using Target = MemberSlot::Target;
using Shape = MemberSlot::Shape;

template <class T>
constexpr Shape kShapeOf = Shape::kValue;
template <class T>
constexpr Shape kShapeOf<std::vector<T>> = Shape::kList;
template <>
constexpr Shape kShapeOf<std::vector<Attribute>> = Shape::kObject;
template <>
constexpr Shape kShapeOf<Identity> = Shape::kObject;

constexpr auto kIdentityNames = [] {
  std::array<std::string_view, std::tuple_size_v<decltype(Identity::Fields())>> names;
  size_t place = 0;
  ForEachField<Identity>([&](const auto& field) { names[place++] = field.name; });
  return names;
}();

template <class T>
constexpr std::span<const std::string_view> kNamesOf = {};
template <>
constexpr std::span<const std::string_view> kNamesOf<Identity> = kIdentityNames;

CellText CellOf(const Place& place, std::string_view text, const RowReader& row) {
  return {place, text, *row.at(), row.row()};
}

template <class T>
absl::Status ReadMember(const Place& place, const MemberTemplate& member, RowReader& row,
                        T& value) {
  std::string_view text;
  if (!row.Next(member.values.front(), &text)) return absl::OkStatus();
  return ReadCell(CellOf(place, text, row), value);
}

template <class T>
absl::Status ReadMember(const Place& place, const MemberTemplate& member, RowReader& row,
                        std::vector<T>& value) {
  Place item = place;
  for (size_t i = 0; i < member.values.size(); ++i) {
    std::string_view text;
    if (!row.Next(member.values[i], &text)) continue;
    item.item = static_cast<int64_t>(i);
    absl::Status status = ReadCell(CellOf(item, text, row), value.emplace_back());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ReadMember(const Place& place, const MemberTemplate& member, RowReader& row,
                        std::vector<Attribute>& value) {
  Place attribute = place;
  attribute.kind = TextKind::kName;
  for (size_t i = 0; i < member.values.size(); ++i) {
    std::string_view text;
    if (!row.Next(member.values[i], &text)) continue;
    attribute.inner = member.names[i];
    Attribute& added = value.emplace_back();
    added.name = member.names[i];
    absl::Status status = ReadCell(CellOf(attribute, text, row), added.value);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// One value for a member of a list, too: a row has one id of each system.
template <class T>
absl::Status ReadPart(const CellText& cell, T& value) {
  return ReadCell(cell, value);
}
template <class T>
absl::Status ReadPart(const CellText& cell, std::vector<T>& value) {
  return ReadCell(cell, value.emplace_back());
}

absl::Status ReadMember(const Place& place, const MemberTemplate& member, RowReader& row,
                        Identity& value) {
  for (size_t i = 0; i < member.values.size(); ++i) {
    std::string_view text;
    if (!row.Next(member.values[i], &text)) continue;
    absl::Status status;
    ForEachField<Identity>([&](const auto& field) {
      if (field.name != member.names[i]) return;
      const Place part{field.name, TextKindOf(field.name), -1, {}, place.member};
      status = ReadPart(CellOf(part, text, row), value.*field.member);
    });
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// --- The members that every fact has. ---

template <auto kMember>
absl::Status ReadContext(const MemberTemplate& member, RowReader& row, const Target& target) {
  return ReadMember(Place{member.slot->name}, member, row, target.context->*kMember);
}

// A fact without its date would count as happening now.
absl::Status ReadAt(const MemberTemplate& member, RowReader& row, const Target& target) {
  absl::Status status = ReadContext<&Context::occurred_at>(member, row, target);
  if (!status.ok() || target.context->occurred_at) return status;
  return InvalidField("at", "is blank");
}

absl::Status ReadKey(const MemberTemplate& member, RowReader& row, const Target& target) {
  std::string key;
  absl::Status status = ReadMember(Place{"key"}, member, row, key);
  if (status.ok() && !key.empty()) target.context->fact = FactKeyOf(key);
  return status;
}

constexpr std::array<MemberSlot, 5> kCommonMembers = {{
    {"at", Shape::kValue, ValueType::kTime, ReadAt, "when it happened; must not be blank"},
    {"entered_at", Shape::kValue, ValueType::kTime, ReadContext<&Context::entered_at>,
     "when it was entered in the system it comes from"},
    {"actor", Shape::kValue, ValueType::kText, ReadContext<&Context::actor>,
     "the owner who did it"},
    {"mode", Shape::kValue, ValueType::kText, ReadContext<&Context::mode>, "observe or enforce"},
    {"key", Shape::kValue, ValueType::kText, ReadKey, "the fact's own key, unique in its account"},
}};

// --- The members of each command. ---

template <class Kind, size_t kIndex>
absl::Status ReadField(const MemberTemplate& member, RowReader& row, const Target& target) {
  constexpr auto kField = std::get<kIndex>(Kind::Fields());
  constexpr Place kPlace{kField.name, TextKindOf(kField.name)};
  return ReadMember(kPlace, member, row, static_cast<Kind*>(target.command)->*kField.member);
}

template <class Kind, size_t kIndex>
constexpr MemberSlot SlotOf() {
  constexpr auto kField = std::get<kIndex>(Kind::Fields());
  using Member = typename decltype(kField)::MemberType;
  return {kField.name,  kShapeOf<Member>, CellTraits<Member>::kType, &ReadField<Kind, kIndex>,
          kField.about, kNamesOf<Member>};
}

// People write a rate as 1.0845, which the command holds as a whole number.
absl::Status ReadRateOf(const MemberTemplate& member, RowReader& row, const Target& target) {
  std::string_view text;
  if (!row.Next(member.values.front(), &text)) return absl::OkStatus();
  return ReadRate(CellOf(Place{"rate"}, text, row),
                  static_cast<ExchangeRate*>(target.command)->rate_e9);
}

constexpr MemberSlot kRateSlot = {"rate", Shape::kValue, ValueType::kText, ReadRateOf,
                                  "units of quote per unit of base, e.g. 1.0845"};

template <class Kind>
constexpr auto MakeMembers() {
  constexpr size_t kFields = std::tuple_size_v<decltype(Kind::Fields())>;
  std::array<MemberSlot, kCommonMembers.size() + kFields> members{};
  std::copy(kCommonMembers.begin(), kCommonMembers.end(), members.begin());
  [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    ((members[kCommonMembers.size() + kIndex] = SlotOf<Kind, kIndex>()), ...);
  }
  (std::make_index_sequence<kFields>());
  for (MemberSlot& member : members) {
    if (member.name == "rate_e9") member = kRateSlot;
  }
  return members;
}

template <class Kind>
inline constexpr auto kMembers = MakeMembers<Kind>();

template <class Kind>
constexpr FactKind MakeKind() {
  return {Kind::kName, kMembers<Kind>,
          [](Command& command) -> void* { return &command.emplace<Kind>(); }};
}

constexpr auto kKinds = []<size_t... kIndex>(std::index_sequence<kIndex...>) {
  return std::array{MakeKind<std::variant_alternative_t<kIndex, Command>>()...};
}
(std::make_index_sequence<std::variant_size_v<Command>>());

}  // namespace

std::span<const FactKind> FactKinds() { return kKinds; }

}  // namespace throughline
