#include <charconv>
#include <optional>
#include <type_traits>
#include <variant>

#include "model/fact_values.h"
#include "model/json.h"
#include "model/json_members.h"

namespace throughline {
namespace {

// --- Which members: one value each, and not what the event is about. ---

template <class T>
inline constexpr bool kIsValue =
    std::is_same_v<T, std::string> || std::is_same_v<T, bool> || std::is_same_v<T, Money> ||
    std::is_same_v<T, Date> || std::is_same_v<T, OwnerId> || std::is_same_v<T, CampaignId> ||
    std::is_same_v<T, Side> || std::is_same_v<T, Direction> || std::is_same_v<T, OwnerKind> ||
    std::is_same_v<T, OpportunityType>;

template <class T>
inline constexpr bool kIsValue<std::optional<T>> = kIsValue<T>;

template <class Event>
constexpr bool IsSubject(std::string_view member) {
  if constexpr (std::is_same_v<Event, OwnerDefined>) return member == "owner";
  if constexpr (std::is_same_v<Event, CampaignDefined>) return member == "campaign";
  if constexpr (std::is_same_v<Event, CampaignCostSet>) return member == "campaign";
  if constexpr (std::is_same_v<Event, AccountOpened>) return member == "name_key";
  if constexpr (std::is_same_v<Event, AccountUpdated>) return member == "name_key";
  if constexpr (std::is_same_v<Event, Matched>) return true;
  if constexpr (std::is_same_v<Event, PolicySet>) return true;
  if constexpr (std::is_same_v<Event, Amended>) return member != "reason";
  return false;
}

template <class Event>
constexpr bool IsRate(std::string_view member) {
  return std::is_same_v<Event, ExchangeRateSet> && member == "rate_e9";
}

// --- Values from text. An empty one clears what may be absent. ---

absl::Status NotAValue(const Place& place, std::string_view text, std::string_view wanted) {
  return Fault(place, Quoted(text) + " is not " + std::string(wanted));
}

absl::Status FromText(const Place& place, std::string_view text, std::string& value) {
  if (absl::Status status = CheckValue(place, text); !status.ok()) return status;
  value = text;
  return absl::OkStatus();
}

absl::Status FromText(const Place& place, std::string_view text, bool& value) {
  if (text != "true" && text != "false") return NotAValue(place, text, "true or false");
  value = text == "true";
  return absl::OkStatus();
}

absl::Status FromText(const Place& place, std::string_view text, int64_t& value) {
  const char* const end = text.data() + text.size();
  int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number <= 0) {
    return NotAValue(place, text, "a whole number greater than 0");
  }
  value = number;
  return absl::OkStatus();
}

template <class Tag>
absl::Status FromText(const Place& place, std::string_view text, Id<Tag>& value) {
  value = {};
  return text.empty() ? absl::OkStatus() : FromText(place, text, value.value);
}

absl::Status FromText(const Place& place, std::string_view text, Money& value) {
  return ParseWith(ParseMoney, place, text, value);
}

absl::Status FromText(const Place& place, std::string_view text, Date& value) {
  if (text.empty() && place.inner == "return_on") {
    value = {};
    return absl::OkStatus();
  }
  return ParseWith(ParseDate, place, text, value);
}

template <NamedEnum Enum>
absl::Status FromText(const Place& place, std::string_view text, Enum& value) {
  if (!text.empty() && FromName(text, value)) return absl::OkStatus();
  return NotOneOf(place, text, NamesOf<Enum>());
}

template <class T>
absl::Status FromText(const Place& place, std::string_view text, std::optional<T>& value) {
  if (text.empty()) {
    value.reset();
    return absl::OkStatus();
  }
  return FromText(place, text, value.emplace());
}

// --- One change. ---

template <class Event>
absl::Status Change(const Attribute& change, Event& event) {
  absl::Status status = InvalidField("changes." + Shortened(change.name),
                                     "is not a member of " + std::string(Event::kName));
  ForEachField<Event>([&](const auto& field) {
    if (field.name != change.name) return;
    auto& member = event.*field.member;
    using Member = std::decay_t<decltype(member)>;
    const Place place{"changes", TextKindOf(field.name), -1, field.name};
    status = Fault(place, "is not what an amendment can change; void the event instead");
    if constexpr (kIsValue<Member> || std::is_same_v<Member, int64_t>) {
      if (IsSubject<Event>(field.name)) return;
      if (std::is_same_v<Member, int64_t> && !IsRate<Event>(field.name)) return;
      status = FromText(place, change.value, member);
    }
  });
  return status;
}

absl::Status Change(const Attribute&, std::monostate&) {
  return InvalidField("event", "is of a kind that this version does not know");
}

}  // namespace

absl::StatusOr<EventPayload> ChangePayload(const EventPayload& payload,
                                           std::span<const Attribute> changes) {
  EventPayload changed = payload;
  for (const Attribute& change : changes) {
    absl::Status status = std::visit([&](auto& event) { return Change(change, event); }, changed);
    if (!status.ok()) return status;
  }
  return changed;
}

}  // namespace throughline
