#ifndef THROUGHLINE_CORE_COMMAND_REFS_H_
#define THROUGHLINE_CORE_COMMAND_REFS_H_

#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "throughline/command.h"

// The references among the members of commands.

namespace throughline {

template <class T>
struct RefTag : std::false_type {};
template <class Tag>
struct RefTag<Ref<Tag>> : std::true_type {
  using type = Tag;
};

template <class Tag>
constexpr EntityKind KindOf() {
  EntityKind kind = EntityKind::kNone;
  FromName(Tag::kKind, kind);
  return kind;
}
template <class Tag>
inline constexpr EntityKind kKindOf = KindOf<Tag>();

// Calls visit(name, Ref&) for each reference among the members of a command, lists included.
template <class C, class Visit>
absl::Status ForEachRef(C& command, Visit&& visit) {
  absl::Status status;
  ForEachField<std::remove_const_t<C>>([&](const auto& field) {
    if (!status.ok()) return;
    auto& member = command.*field.member;
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (RefTag<Member>::value) {
      status = visit(std::string(field.name), member);
    } else if constexpr (std::is_same_v<Member, std::vector<LeadRef>>) {
      for (size_t i = 0; i < member.size() && status.ok(); ++i) {
        status = visit(absl::StrCat(std::string(field.name), "[", i, "]"), member[i]);
      }
    }
  });
  return status;
}

}  // namespace throughline

#endif  // THROUGHLINE_CORE_COMMAND_REFS_H_
