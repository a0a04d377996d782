#ifndef THROUGHLINE_FIELD_H_
#define THROUGHLINE_FIELD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

namespace throughline {

// One member of a plain struct: its number on disk, its name in JSON, SQL and messages, and what it
// means in a sentence. A struct's `Fields()` is its single description: the codec, JSON, the
// store's columns, the JSON Schema and the documents are all driven by it.
template <class Struct, class Member>
struct Field {
  // The type of the member.
  using MemberType = Member;
  uint32_t number;
  std::string_view name;
  Member Struct::*member;
  std::string_view about;
  bool bytes = false;  // a std::string of raw bytes, not text: a BLOB in SQL, hex in JSON
};

// A short way to write a field.
template <class Struct, class Member>
constexpr Field<Struct, Member> MakeField(uint32_t number, std::string_view name,
                                          Member Struct::*member, std::string_view about = "") {
  return {number, name, member, about};
}

// The same, of bytes.
template <class Struct>
constexpr Field<Struct, std::string> MakeBytesField(uint32_t number, std::string_view name,
                                                    std::string Struct::*member,
                                                    std::string_view about = "") {
  return {number, name, member, about, true};
}

template <class T>
concept HasFields = requires {
  T::Fields();
};

// A struct's fields as a constant: a call of Fields() may build the tuple at run time.
template <HasFields Struct>
inline constexpr auto kFieldsOf = Struct::Fields();

// Calls `visit(field)` for each field, in the order of declaration.
template <HasFields Struct, class Visit>
constexpr void ForEachField(Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, kFieldsOf<Struct>);
}

}  // namespace throughline

#endif  // THROUGHLINE_FIELD_H_
