#ifndef THROUGHLINE_CAPI_MEMBER_H_
#define THROUGHLINE_CAPI_MEMBER_H_

#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>

#include "throughline/field.h"

// What ties a struct of the C interface to one of C++: their members have the same names.
// abi/members.h, which is generated from throughline.h, lists the members of the C structs; the
// field lists (throughline/field.h) those of the C++ structs.

namespace throughline::capi {

template <class Struct, class Type>
struct Member {
  std::string_view name;
  Type Struct::*member;
};
template <class Struct, class Type>
Member(const char*, Type Struct::*) -> Member<Struct, Type>;

// Specialised for each struct by abi/members.h.
template <class Struct>
struct MembersOf;

// The position of a name in the field list of a C++ struct; the size of the list if it is not
// there.
template <class Cpp>
constexpr size_t FieldPosition(std::string_view name) {
  size_t position = 0;
  size_t found = std::tuple_size_v<decltype(Cpp::Fields())>;
  ForEachField<Cpp>([&](const auto& field) {
    if (field.name == name) found = position;
    ++position;
  });
  return found;
}

// visit(name, member of the C struct, member of the C++ struct) for each member of the C struct,
// all of which the C++ struct must have.
template <class C, class Cpp, class Visit>
constexpr void ForEachPair(Visit&& visit) {
  constexpr size_t kCount = std::tuple_size_v<decltype(MembersOf<C>::kMembers)>;
  [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    const auto one = [&]<size_t kAt>(std::integral_constant<size_t, kAt>) {
      constexpr auto kMember = std::get<kAt>(MembersOf<C>::kMembers);
      constexpr size_t kField = FieldPosition<Cpp>(kMember.name);
      static_assert(kField < std::tuple_size_v<decltype(Cpp::Fields())>,
                    "throughline.h has a member that the C++ struct has not");
      visit(kMember.name, kMember.member, std::get<kField>(kFieldsOf<Cpp>).member);
    };
    (one(std::integral_constant<size_t, kIndex>()), ...);
  }
  (std::make_index_sequence<kCount>());
}

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_MEMBER_H_
