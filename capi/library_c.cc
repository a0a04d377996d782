// Versions, names, and texts that the library made.

#include <array>
#include <string_view>
#include <variant>

#include "handles.h"
#include "model/domain.h"
#include "throughline.h"
#include "throughline/event.h"
#include "throughline/lifecycle.h"
#include "throughline/report.h"
#include "throughline/trace.h"

namespace throughline::capi {
namespace {

// The names of the classes, by value.
constexpr std::array<const char*, 17> kStatusNames = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

// Names of enums are literals, which end with a NUL.
template <NamedEnum Enum>
const char* NameIn(int32_t value) {
  for (const auto& [known, name] : EnumNames<Enum>::kValues) {
    if (static_cast<int32_t>(known) == value) return name.data();
  }
  return "";
}

template <size_t... kIndex>
constexpr auto CommandNames(std::index_sequence<kIndex...>) {
  return std::array{std::variant_alternative_t<kIndex, Command>::kName...};
}

const char* CommandName(int32_t command) {
  constexpr auto kNames = CommandNames(std::make_index_sequence<std::variant_size_v<Command>>());
  return command >= 1 && command <= static_cast<int32_t>(kNames.size())
             ? kNames[static_cast<size_t>(command) - 1]
             : "";
}

template <size_t... kIndex>
const char* EventNameIn(int32_t number, std::index_sequence<kIndex...>) {
  const char* name = "";
  ((static_cast<int32_t>(std::variant_alternative_t<kIndex + 1, EventPayload>::kNumber) == number
        ? void(name = std::variant_alternative_t<kIndex + 1, EventPayload>::kName)
        : void()),
   ...);
  return name;
}

const char* NameOfEvent(int32_t number) {
  return EventNameIn(number, std::make_index_sequence<std::variant_size_v<EventPayload> - 1>());
}

}  // namespace
}  // namespace throughline::capi

const char* tl_version(void) noexcept { return THROUGHLINE_VERSION; }

int32_t tl_abi_version(void) noexcept { return TL_ABI_VERSION; }

int32_t tl_has_feature(int32_t feature) noexcept {
  if (feature == TL_FEATURE_PUBLIC_SUFFIXES) return throughline::HasPublicSuffixList() ? 1 : 0;
  return feature >= TL_FEATURE_SQLITE_FILE && feature <= TL_FEATURE_ARROW ? 1 : 0;
}

const char* tl_status_name(tl_status status) noexcept {
  if (status == TL_NO_MEMORY) return "NO_MEMORY";
  if (status == TL_REENTRANT) return "REENTRANT";
  const auto code = static_cast<size_t>(TL_STATUS_CLASS(status));
  const auto& names = throughline::capi::kStatusNames;
  return status >= 0 && code < names.size() ? names[code] : "UNKNOWN";
}

const char* tl_name(int32_t list, int32_t value) noexcept {
  using namespace throughline;        // NOLINT: a table of its names
  using namespace throughline::capi;  // NOLINT
  switch (list) {
    case TL_NAMES_ENTITY:
      return NameIn<EntityKind>(value);
    case TL_NAMES_PHASE:
      return NameIn<Phase>(value);
    case TL_NAMES_STAGE_KIND:
      return NameIn<StageKind>(value);
    case TL_NAMES_OPPORTUNITY_TYPE:
      return NameIn<OpportunityType>(value);
    case TL_NAMES_OWNER_KIND:
      return NameIn<OwnerKind>(value);
    case TL_NAMES_SIDE:
      return NameIn<Side>(value);
    case TL_NAMES_DIRECTION:
      return NameIn<Direction>(value);
    case TL_NAMES_LINK:
      return NameIn<Link>(value);
    case TL_NAMES_BREACH:
      return NameIn<Breach>(value);
    case TL_NAMES_SOURCE:
      return NameIn<SourceChoice>(value);
    case TL_NAMES_COMMAND:
      return CommandName(value);
    case TL_NAMES_MATCH:
      return NameIn<MatchRule>(value);
    case TL_NAMES_ACQUAINTANCE:
      return NameIn<Acquaintance>(value);
    case TL_NAMES_REVIEW:
      return NameIn<ReviewState>(value);
    case TL_NAMES_EVENT:
      return NameOfEvent(value);
    default:
      return "";
  }
}

const char* tl_string_data(const tl_string* string) noexcept {
  return string == nullptr ? nullptr : string->text.c_str();
}

size_t tl_string_size(const tl_string* string) noexcept {
  return string == nullptr ? 0 : string->text.size();
}

void tl_string_free(tl_string* string) noexcept { delete string; }
