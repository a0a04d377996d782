#include "model/event_view.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "full_value.h"
#include "model/codec.h"

namespace throughline {
namespace {

// Whether a member of the first type may stand for one of the second.
template <class View, class Whole>
constexpr bool kIsViewOf = std::is_same_v<View, Whole>;
template <>
constexpr bool kIsViewOf<std::string_view, std::string> = true;
template <class Whole>
constexpr bool kIsViewOf<wire::Unread, Whole> =
    wire::WireTypeOf<Whole>() == wire::WireTypeOf<wire::Unread>();
template <class View, class Whole>
constexpr bool kIsViewOf<std::vector<View>, std::vector<Whole>> = kIsViewOf<View, Whole>;
template <class View, class Whole>
requires std::is_same_v<typename View::Of, Whole>
constexpr bool kIsViewOf<View, Whole> = true;

template <class View, class Whole>
void ExpectSame(const View& view, const Whole& whole, std::string_view name);

// Each field is one of the whole, and says the same.
template <class View, class Whole>
void ExpectSameFields(const View& view, const Whole& whole) {
  ForEachField<View>([&]<class Field>(const Field& field) {
    bool found = false;
    ForEachField<Whole>([&]<class Other>(const Other& other) {
      if (other.number != field.number) return;
      found = true;
      EXPECT_EQ(field.name, other.name);
      if constexpr (kIsViewOf<typename Field::MemberType, typename Other::MemberType>) {
        ExpectSame(view.*field.member, whole.*other.member, field.name);
      } else {
        ADD_FAILURE() << field.name << " is of another type";
      }
    });
    EXPECT_TRUE(found) << field.name;
  });
}

template <class View, class Whole>
void ExpectSame(const View& view, const Whole& whole, std::string_view name) {
  if constexpr (std::is_same_v<View, wire::Unread>) {
  } else if constexpr (wire::kIsVector<View>) {
    ASSERT_EQ(view.size(), whole.size()) << name;
    for (size_t i = 0; i < view.size(); ++i) ExpectSame(view[i], whole[i], name);
  } else if constexpr (requires { view == whole; }) {
    EXPECT_TRUE(view == whole) << name;
  } else {
    ExpectSameFields(view, whole);
  }
}

template <class View, class Whole>
void ExpectSamePayload(const View& view, const Whole& whole) {
  if constexpr (std::is_same_v<View, std::monostate>) {
    FAIL() << "is read as nothing";
  } else if constexpr (kIsViewOf<View, Whole>) {
    ExpectSame(view, whole, "payload");
  } else {
    FAIL() << "is read as another payload";
  }
}

// Whether snapshots read such events.
template <class Payload, size_t... kIndex>
constexpr bool IsRead(std::index_sequence<kIndex...>) {
  return (kIsViewOf<std::variant_alternative_t<kIndex, EventViewPayload>, Payload> || ...);
}

TEST(EventViewTest, SaysWhatTheEventSays) {
  int read = 0;
  testing::ForEachFullEvent([&](const Event& event) {
    const std::string blob = EncodeEvents({&event, 1});
    const auto expect = [&](const EventView& view) {
      EXPECT_EQ(view.occurred_at, event.occurred_at);
      EXPECT_EQ(view.occurred_day, event.occurred_day);
      EXPECT_EQ(view.entered_at, event.entered_at);
      EXPECT_EQ(DecodeEvent(view.bytes).value(), event);
      std::visit(
          [&]<class Payload>(const Payload& payload) {
            if constexpr (IsRead<Payload>(
                              std::make_index_sequence<std::variant_size_v<EventViewPayload>>())) {
              ++read;
              std::visit([&](const auto& seen) { ExpectSamePayload(seen, payload); }, view.payload);
            } else {
              EXPECT_TRUE(std::holds_alternative<std::monostate>(view.payload));
            }
          },
          event.payload);
    };
    ASSERT_TRUE(VisitEventViews(blob, expect).ok());
  });
  EXPECT_EQ(read, static_cast<int>(std::variant_size_v<EventViewPayload>) - 1);
}

}  // namespace
}  // namespace throughline
