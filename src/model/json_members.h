#ifndef THROUGHLINE_MODEL_JSON_MEMBERS_H_
#define THROUGHLINE_MODEL_JSON_MEMBERS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "model/abseil_text.h"
#include "model/parsed_json.h"
#include "throughline/error.h"
#include "throughline/lifecycle.h"

// Strict reading of JSON files that people write: every fault is INVALID_ARGUMENT with the path of
// what is wrong, e.g. "stages[3].key".

namespace throughline {

// "a, b or c" of the names of an enum, for messages.
template <NamedEnum Enum>
std::string NamesOf() {
  std::string names;
  for (const auto& [value, name] : EnumNames<Enum>::kValues) {
    if (!name.empty()) names.append(names.empty() ? "" : ", ").append(name);
  }
  return names;
}

// The members of one object. Each is asked for by name; Finish() refuses what nobody asked for. The
// first fault stays in `fault`, shared by all readers of a document, and what follows does nothing.
class JsonMembers {
 public:
  JsonMembers(const ParsedJson& value, std::string path, absl::Status& fault);

  // Null if it is absent, or after a fault.
  const ParsedJson* Find(std::string_view name);

  // Leave `out` alone if the member is absent.
  void Key(std::string_view name, std::string& out);
  void Text(std::string_view name, size_t max_bytes, std::string& out);
  void Boolean(std::string_view name, bool& out);
  void Integer(std::string_view name, int64_t min, int64_t max, int64_t& out);
  void Number(std::string_view name, double& out);
  void Keys(std::string_view name, std::vector<std::string>& out);  // no key twice

  template <NamedEnum Enum>
  void Name(std::string_view name, Enum& out) {
    std::string text;
    Key(name, text);
    if (text.empty() || FromName(text, out)) return;
    Fail(PathOf(name), Quoted(text) + " is not one of: " + NamesOf<Enum>());
  }

  // Calls `visit(item, path)` for each element of a list.
  void List(std::string_view name,
            const std::function<void(const ParsedJson&, std::string)>& visit);

  void Require(std::string_view name);  // a fault if the member is absent
  void Finish();

  void Fail(std::string_view path, std::string_view why);
  std::string PathOf(std::string_view name) const;
  bool ok() const { return fault_.ok(); }

 private:
  const ParsedJson& value_;
  std::string path_;
  absl::Status& fault_;
  std::vector<std::string_view> asked_;
};

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_JSON_MEMBERS_H_
