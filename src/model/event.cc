#include "throughline/event.h"

namespace throughline {

std::string_view EventName(const EventPayload& payload) {
  return std::visit(
      []<class Payload>(const Payload&) -> std::string_view {
        if constexpr (std::is_same_v<Payload, std::monostate>) {
          return "";
        } else {
          return Payload::kName;
        }
      },
      payload);
}

}  // namespace throughline
