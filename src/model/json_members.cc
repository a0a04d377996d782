#include "model/json_members.h"

#include <algorithm>
#include <set>
#include <utility>

#include "model/text.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

constexpr size_t kQuotedBytes = 80;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// nlohmann's "[json.exception.parse_error.101] parse error at line 3, column 5: syntax error ..."
// without its head; it may quote bytes that are not UTF-8.
std::string SyntaxError(std::string_view message) {
  constexpr std::string_view kHead = "parse error at ";
  if (const size_t head = message.find(kHead); head != message.npos) {
    message.remove_prefix(head + kHead.size());
  }
  std::string text(message);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; }, '?');
  return text;
}

// Tells of the first member that an object gives twice; the parser would keep the last of them.
class TwiceFinder {
 public:
  bool operator()(int, Json::parse_event_t event, Json& parsed) {
    using Event = Json::parse_event_t;
    if (event == Event::object_start) names_.emplace_back();
    if (event == Event::object_end) names_.pop_back();
    if (event == Event::key && !names_.back().insert(parsed.get<std::string>()).second) {
      if (twice_.empty()) twice_ = parsed.get<std::string>();
    }
    return true;
  }
  const std::string& twice() const { return twice_; }

 private:
  std::vector<std::set<std::string>> names_;
  std::string twice_;
};

}  // namespace

std::string Shortened(std::string_view text) {
  if (text.size() <= kQuotedBytes) return std::string(text);
  size_t end = kQuotedBytes;
  while (end > 0 && IsContinuation(text[end])) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::string Quoted(std::string_view text) { return "'" + Shortened(text) + "'"; }

absl::StatusOr<Json> ParseJsonText(std::string_view text, std::string_view what, size_t max_bytes) {
  if (text.size() > max_bytes) {
    return InvalidField(what, "has " + std::to_string(text.size()) + " bytes, at most " +
                                  std::to_string(max_bytes) + " are allowed");
  }
  TwiceFinder finder;
  try {
    Json json = Json::parse(text, std::ref(finder));
    if (finder.twice().empty()) return json;
  } catch (const Json::exception& error) {
    return InvalidField(what, "is not JSON: " + SyntaxError(error.what()));
  }
  return InvalidField(what, "an object gives " + Quoted(finder.twice()) + " twice");
}

JsonMembers::JsonMembers(const Json& value, std::string path, absl::Status& fault)
    : path_(std::move(path)), fault_(fault) {
  if (value.is_object()) {
    object_ = &value;
  } else {
    Fail(path_, std::string("is ") + value.type_name() + ", not an object");
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

const Json* JsonMembers::Find(std::string_view name) {
  asked_.push_back(name);
  if (!ok() || object_ == nullptr) return nullptr;
  const auto found = object_->find(std::string(name));
  return found == object_->end() ? nullptr : &*found;
}

void JsonMembers::Key(std::string_view name, std::string& out) {
  const Json* value = Find(name);
  if (value == nullptr) return;
  if (!value->is_string()) return Fail(PathOf(name), "is not text");
  out = value->get<std::string>();
  if (absl::Status status = CheckKey(PathOf(name), out); !status.ok()) fault_ = status;
}

void JsonMembers::Text(std::string_view name, size_t max_bytes, std::string& out) {
  const Json* value = Find(name);
  if (value == nullptr) return;
  if (!value->is_string()) return Fail(PathOf(name), "is not text");
  out = value->get<std::string>();
  if (out.empty()) return Fail(PathOf(name), "is empty");
  if (absl::Status status = CheckText(PathOf(name), out, max_bytes); !status.ok()) {
    fault_ = status;
  }
}

void JsonMembers::Boolean(std::string_view name, bool& out) {
  const Json* value = Find(name);
  if (value == nullptr) return;
  if (!value->is_boolean()) return Fail(PathOf(name), "is neither true nor false");
  out = value->get<bool>();
}

void JsonMembers::Integer(std::string_view name, int64_t min, int64_t max, int64_t& out) {
  const Json* value = Find(name);
  if (value == nullptr) return;
  if (!value->is_number_integer()) return Fail(PathOf(name), "is not a whole number");
  // An unsigned value beyond int64 turns negative here, so it has to be looked at first.
  const bool huge =
      value->is_number_unsigned() && value->get<uint64_t>() > static_cast<uint64_t>(INT64_MAX);
  const int64_t number = huge ? INT64_MAX : value->get<int64_t>();
  if (huge || number < min || number > max) {
    return Fail(PathOf(name), value->dump() + " is not within " + std::to_string(min) + " and " +
                                  std::to_string(max));
  }
  out = number;
}

void JsonMembers::List(std::string_view name,
                       const std::function<void(const Json&, std::string)>& visit) {
  const Json* value = Find(name);
  if (value == nullptr) return;
  if (!value->is_array()) return Fail(PathOf(name), "is not a list");
  if (value->size() > kMaxListItems) {
    return Fail(PathOf(name), "has more than " + std::to_string(kMaxListItems) + " items");
  }
  for (size_t i = 0; i < value->size() && ok(); ++i) {
    visit((*value)[i], PathOf(name) + "[" + std::to_string(i) + "]");
  }
}

void JsonMembers::Keys(std::string_view name, std::vector<std::string>& out) {
  std::set<std::string> seen;
  List(name, [&](const Json& item, const std::string& path) {
    if (!item.is_string()) return Fail(path, "is not text");
    const auto& key = item.get_ref<const std::string&>();
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
  if (ok() && object_ != nullptr && !object_->contains(std::string(name))) {
    Fail(PathOf(name), "is missing");
  }
}

void JsonMembers::Finish() {
  if (!ok() || object_ == nullptr) return;
  for (const auto& [name, value] : object_->items()) {
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    return Fail(path_.empty() ? "members" : path_, Quoted(name) + " is not a known member");
  }
}

}  // namespace throughline
