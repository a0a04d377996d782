#ifndef THROUGHLINE_TESTS_MODEL_FULL_VALUE_H_
#define THROUGHLINE_TESTS_MODEL_FULL_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "throughline/event.h"
#include "throughline/field.h"

namespace throughline::testing {

// Sets every member, always to the same value: what the golden files hold. DO NOT CHANGE.
class FullValues {
 public:
  template <HasFields T>
  void Fill(std::string_view, T& value) {
    ForEachField<T>([&](const auto& field) {
      if (field.bytes) bytes_ = true;
      Fill(field.name, value.*field.member);
      bytes_ = false;
    });
  }

  void Fill(std::string_view, bool& value) { value = true; }
  void Fill(std::string_view, int64_t& value) { value = Next(); }
  void Fill(std::string_view, EventId& id) { id = EventId::Of(Next(), 3); }
  void Fill(std::string_view, Time& time) { time.micros = 1'711'900'000'000'000 + Next(); }
  void Fill(std::string_view, Date& date) { date.days = static_cast<int32_t>(19'000 + Next()); }
  void Fill(std::string_view, Money& money) { money = {-Next() * 100, {{'E', 'U', 'R'}}}; }
  void Fill(std::string_view, Currency& currency) { currency = {{'E', 'U', 'R'}}; }

  template <class Tag>
  void Fill(std::string_view, Id<Tag>& id) {
    id.value = Next();
  }

  template <class Enum>
  requires std::is_enum_v<Enum>
  void Fill(std::string_view, Enum& value) { value = static_cast<Enum>(2); }

  void Fill(std::string_view name, std::string& text) {
    text =
        bytes_ ? std::string("\x00\xFF\x80", 3) : std::string(name) + " " + std::to_string(Next());
  }

  template <class T>
  void Fill(std::string_view name, std::optional<T>& value) {
    Fill(name, value.emplace());
  }

  template <class T>
  void Fill(std::string_view name, std::vector<T>& items) {
    items.resize(2);
    for (T& item : items) Fill(name, item);
  }

 private:
  int64_t Next() { return next_++; }

  int64_t next_ = 100;
  bool bytes_ = false;
};

template <class Payload>
Event FullEvent() {
  FullValues values;
  Event event{.occurred_at = Time{1'711'900'800'000'000},
              .occurred_day = true,
              .entered_at = Time{1'711'987'200'123'456},
              .fact = 0x0123'4567'89AB'CDEF,
              .breaches = BreachBit(Breach::kTransition) | BreachBit(Breach::kBeforeLead),
              .actor = OwnerId{77}};
  values.Fill("", event.payload.emplace<Payload>());
  return event;
}

// visit(event) with a full event of each kind.
template <class Visit, size_t... kIndex>
void ForEachFullEvent(Visit&& visit, std::index_sequence<kIndex...>) {
  (visit(FullEvent<std::variant_alternative_t<kIndex + 1, EventPayload>>()), ...);
}
template <class Visit>
void ForEachFullEvent(Visit&& visit) {
  ForEachFullEvent(visit, std::make_index_sequence<std::variant_size_v<EventPayload> - 1>());
}

}  // namespace throughline::testing

#endif  // THROUGHLINE_TESTS_MODEL_FULL_VALUE_H_
