#ifndef THROUGHLINE_MODEL_PARSED_JSON_H_
#define THROUGHLINE_MODEL_PARSED_JSON_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

namespace throughline {

inline constexpr size_t kMaxJsonDepth = 64;

// JSON that was read. nlohmann's values allocate while they are freed, and end the program if they
// cannot; these may be left behind when memory runs out.
class ParsedJson {
 public:
  struct Member;
  using List = std::vector<ParsedJson>;
  using Object = std::vector<Member>;  // in the order of the text

  ParsedJson() = default;
  template <class T>
  explicit ParsedJson(T value) : value_(std::move(value)) {}

  // Each is null if the value is of another type.
  const std::string* text() const { return std::get_if<std::string>(&value_); }
  const bool* boolean() const { return std::get_if<bool>(&value_); }
  const int64_t* integer() const { return std::get_if<int64_t>(&value_); }  // null if beyond int64
  const List* list() const { return std::get_if<List>(&value_); }
  const Object* object() const { return std::get_if<Object>(&value_); }
  List* list() { return std::get_if<List>(&value_); }
  Object* object() { return std::get_if<Object>(&value_); }

  // The value of a member; null if there is none, or this is no object.
  const ParsedJson* Find(std::string_view name) const;

  std::optional<double> number() const;  // also of a whole one
  bool is_whole_number() const { return integer() != nullptr || beyond_integer() != nullptr; }

  // A truth value or a whole number as it is written; "" of others.
  std::string Written() const;

  // "object", "string", "number" ...
  std::string_view TypeName() const;

 private:
  const uint64_t* beyond_integer() const { return std::get_if<uint64_t>(&value_); }

  std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string, List, Object> value_;
};

struct ParsedJson::Member {
  std::string name;
  ParsedJson value;
};

// `what` names the document in errors without a path. A syntax error tells line and column; a
// member given twice in one object is an error, and so is nesting beyond kMaxJsonDepth.
absl::StatusOr<ParsedJson> ParseJsonText(std::string_view text, std::string_view what,
                                         size_t max_bytes);

// At most 80 bytes of the text, and the same in quotes, for messages.
std::string Shortened(std::string_view text);
std::string Quoted(std::string_view text);

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_PARSED_JSON_H_
