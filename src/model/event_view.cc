#include "model/event_view.h"

#include "model/payload_read.h"

namespace throughline {
namespace wire {

template <>
struct Shape<EventView> {
  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "occurred_at", &EventView::occurred_at),
        MakeField(2, "occurred_day", &EventView::occurred_day),
        MakeField(3, "entered_at", &EventView::entered_at), MakeField(4, "fact", &EventView::fact),
        MakeField(5, "breaches", &EventView::breaches), MakeField(6, "actor", &EventView::actor));
  }
};

}  // namespace wire

absl::Status VisitEventViews(std::string_view blob,
                             absl::FunctionRef<void(const EventView&)> visit) {
  EventView view;
  return wire::CatchDamage([&] {
    wire::Reader reader(blob);
    while (const std::optional<std::string_view> bytes = wire::NextEncoded(reader)) {
      view.bytes = *bytes;
      if (!wire::ReadHeadAndPayload(*bytes, view, view.payload)) {
        view.payload.emplace<std::monostate>();
      }
      visit(view);
    }
  });
}

}  // namespace throughline
