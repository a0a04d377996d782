#ifndef THROUGHLINE_CAPI_TO_C_H_
#define THROUGHLINE_CAPI_TO_C_H_

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "abi/members.h"
#include "member.h"
#include "throughline.h"
#include "throughline/event.h"
#include "throughline/read.h"

// Values of the library as values of the C interface: Give(in, out). Texts are views of the values
// given, which must stay where they are.

namespace throughline::capi {

// What lists of attributes stand in, as long as views of them are out.
using AttributeLists = std::deque<std::vector<tl_attribute>>;

inline tl_text TextOf(std::string_view text) { return {text.data(), text.size()}; }

inline void Give(int64_t in, int64_t& out) { out = in; }
inline void Give(bool in, int32_t& out) { out = in ? 1 : 0; }
inline void Give(Time in, tl_time& out) { out = in.micros; }
inline void Give(EventId in, int64_t& out) { out = in.packed; }
inline void Give(const std::string& in, tl_text& out) { out = TextOf(in); }
inline void Give(const std::optional<Time>& in, tl_optional& out) {
  out = {in ? in->micros : 0, in ? 1 : 0, 0};
}
inline void Give(const std::optional<Date>& in, tl_date& out) {
  out = {in ? in->days : 0, in ? 1 : 0};
}
inline void Give(const Money& in, tl_money& out) {
  out = {in.minor, {}, 1};
  std::copy_n(in.currency.code, sizeof(in.currency.code), out.currency);
}
inline void Give(const std::optional<Money>& in, tl_money& out) {
  out = {};
  if (in) Give(*in, out);
}
inline tl_as_of_answer AnswerOf(const AsOfAnswer& in) {
  return {in.through.micros, in.known_at.micros, in.seq};
}
template <class Tag>
void Give(Id<Tag> in, int64_t& out) {
  out = in.value;
}
template <class Enum>
requires std::is_enum_v<Enum>
void Give(Enum in, int32_t& out) { out = static_cast<int32_t>(in); }

void Give(const Source& in, tl_source& out);
void Give(const Lineage& in, tl_lineage& out);
void Give(const StageRef& in, tl_stage_ref& out);

inline void Give(const std::vector<Attribute>& in, tl_attributes& out, AttributeLists& lists) {
  out = {};
  if (in.empty()) return;
  std::vector<tl_attribute>& list = lists.emplace_back();
  list.reserve(in.size());
  for (const Attribute& attribute : in) {
    list.push_back({TextOf(attribute.name), TextOf(attribute.value)});
  }
  out = {list.data(), list.size()};
}

// Fills a struct of the C interface from one of the library, member by member of the same name.
template <class C, class Cpp>
void GiveMembers(const Cpp& in, C& out, AttributeLists& lists) {
  ForEachPair<C, Cpp>([&](std::string_view, auto to, auto from) {
    if constexpr (std::is_same_v<std::decay_t<decltype(out.*to)>, tl_attributes>) {
      Give(in.*from, out.*to, lists);
    } else {
      Give(in.*from, out.*to);
    }
  });
}

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_TO_C_H_
