#include "model/json_members.h"

#include <algorithm>
#include <set>
#include <utility>

#include "model/text.h"
#include "throughline/limits.h"

namespace throughline {

JsonMembers::JsonMembers(const ParsedJson& value, std::string path, absl::Status& fault)
    : value_(value), path_(std::move(path)), fault_(fault) {
  if (value.object() == nullptr) {
    Fail(path_, "is " + std::string(value.TypeName()) + ", not an object");
  }
}

void JsonMembers::Fail(std::string_view path, std::string_view why) {
  if (fault_.ok()) fault_ = InvalidField(path, why);
}

std::string JsonMembers::PathOf(std::string_view name) const {
  std::string path = path_;
  if (!path.empty()) path += '.';
  return path.append(name);
}

const ParsedJson* JsonMembers::Find(std::string_view name) {
  asked_.push_back(name);
  return ok() ? value_.Find(name) : nullptr;
}

void JsonMembers::Key(std::string_view name, std::string& out) {
  const ParsedJson* value = Find(name);
  if (value == nullptr) return;
  if (value->text() == nullptr) return Fail(PathOf(name), "is not text");
  out = *value->text();
  if (absl::Status status = CheckKey(PathOf(name), out); !status.ok()) fault_ = status;
}

void JsonMembers::Text(std::string_view name, size_t max_bytes, std::string& out) {
  const ParsedJson* value = Find(name);
  if (value == nullptr) return;
  if (value->text() == nullptr) return Fail(PathOf(name), "is not text");
  out = *value->text();
  if (out.empty()) return Fail(PathOf(name), "is empty");
  if (absl::Status status = CheckText(PathOf(name), out, max_bytes); !status.ok()) {
    fault_ = status;
  }
}

void JsonMembers::Boolean(std::string_view name, bool& out) {
  const ParsedJson* value = Find(name);
  if (value == nullptr) return;
  if (value->boolean() == nullptr) return Fail(PathOf(name), "is neither true nor false");
  out = *value->boolean();
}

void JsonMembers::Integer(std::string_view name, int64_t min, int64_t max, int64_t& out) {
  const ParsedJson* value = Find(name);
  if (value == nullptr) return;
  if (!value->is_whole_number()) return Fail(PathOf(name), "is not a whole number");
  const int64_t* number = value->integer();
  if (number == nullptr || *number < min || *number > max) {
    return Fail(PathOf(name), value->Written() + " is not within " + std::to_string(min) + " and " +
                                  std::to_string(max));
  }
  out = *number;
}

void JsonMembers::Number(std::string_view name, double& out) {
  const ParsedJson* value = Find(name);
  if (value == nullptr) return;
  const std::optional<double> number = value->number();
  if (!number) return Fail(PathOf(name), "is not a number");
  out = *number;
}

void JsonMembers::List(std::string_view name,
                       const std::function<void(const ParsedJson&, std::string)>& visit) {
  const ParsedJson* value = Find(name);
  if (value == nullptr) return;
  const ParsedJson::List* list = value->list();
  if (list == nullptr) return Fail(PathOf(name), "is not a list");
  if (list->size() > kMaxListItems) {
    return Fail(PathOf(name), "has more than " + std::to_string(kMaxListItems) + " items");
  }
  for (size_t i = 0; i < list->size() && ok(); ++i) {
    visit((*list)[i], PathOf(name) + "[" + std::to_string(i) + "]");
  }
}

void JsonMembers::Keys(std::string_view name, std::vector<std::string>& out) {
  std::set<std::string> seen;
  List(name, [&](const ParsedJson& item, const std::string& path) {
    if (item.text() == nullptr) return Fail(path, "is not text");
    const std::string& key = *item.text();
    if (absl::Status status = CheckKey(path, key); !status.ok()) {
      fault_ = status;
    } else if (!seen.insert(key).second) {
      Fail(path, Quoted(key) + " is listed twice");
    } else {
      out.push_back(key);
    }
  });
}

void JsonMembers::Require(std::string_view name) {
  if (!ok() || value_.object() == nullptr) return;
  if (value_.Find(name) == nullptr) Fail(PathOf(name), "is missing");
}

void JsonMembers::Finish() {
  if (!ok() || value_.object() == nullptr) return;
  for (const auto& [name, value] : *value_.object()) {
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    return Fail(path_.empty() ? "members" : path_, Quoted(name) + " is not a known member");
  }
}

}  // namespace throughline
