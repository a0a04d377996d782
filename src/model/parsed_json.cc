#include "model/parsed_json.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "nlohmann/json.hpp"
#include "throughline/error.h"

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

// What nlohmann's parser calls. A value is moved to where it belongs when it is whole.
class JsonBuilder {
 public:
  bool null() { return Add(ParsedJson()); }
  bool boolean(bool value) { return Add(ParsedJson(value)); }
  bool number_integer(int64_t value) { return Add(ParsedJson(value)); }
  bool number_unsigned(uint64_t value) {
    return value <= INT64_MAX ? Add(ParsedJson(static_cast<int64_t>(value)))
                              : Add(ParsedJson(value));
  }
  bool number_float(double value, const std::string&) { return Add(ParsedJson(value)); }
  bool string(std::string& value) { return Add(ParsedJson(std::move(value))); }
  bool binary(nlohmann::json::binary_t&) { return false; }  // not in a text
  bool start_object(size_t) { return Open(ParsedJson(ParsedJson::Object())); }
  bool start_array(size_t) { return Open(ParsedJson(ParsedJson::List())); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }

  bool key(std::string& name) {
    Container& object = open_.back();
    if (!object.names.insert(name).second && fault_of_names_.empty()) {
      fault_of_names_ = "an object gives " + Quoted(name) + " twice";
    }
    object.name = std::move(name);
    return true;
  }

  bool parse_error(size_t, const std::string&, const nlohmann::json::exception& error) {
    fault_ = "is not JSON: " + SyntaxError(error.what());
    return false;
  }

  // Empty if the text was fine; a text that ends early has other faults than its names.
  const std::string& fault() const { return fault_.empty() ? fault_of_names_ : fault_; }
  ParsedJson Take() && { return std::move(root_); }

 private:
  struct Container {
    ParsedJson value;
    std::string name;             // of the member that comes next
    std::set<std::string> names;  // so far
  };

  bool Open(ParsedJson empty) {
    if (open_.size() == kMaxJsonDepth) {
      fault_ = "is nested deeper than " + std::to_string(kMaxJsonDepth);
      return false;
    }
    open_.emplace_back().value = std::move(empty);
    return true;
  }

  bool Close() {
    ParsedJson closed = std::move(open_.back().value);
    open_.pop_back();
    return Add(std::move(closed));
  }

  bool Add(ParsedJson value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (ParsedJson::List* list = open_.back().value.list()) {
      list->push_back(std::move(value));
    } else {
      Container& parent = open_.back();
      parent.value.object()->push_back({std::move(parent.name), std::move(value)});
    }
    return true;
  }

  ParsedJson root_;
  std::vector<Container> open_;
  std::string fault_;
  std::string fault_of_names_;
};

}  // namespace

const ParsedJson* ParsedJson::Find(std::string_view name) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  const auto found = std::find_if(members->begin(), members->end(),
                                  [name](const Member& member) { return member.name == name; });
  return found == members->end() ? nullptr : &found->value;
}

std::optional<double> ParsedJson::number() const {
  if (const int64_t* value = integer()) return static_cast<double>(*value);
  if (const uint64_t* value = beyond_integer()) return static_cast<double>(*value);
  if (const double* value = std::get_if<double>(&value_)) return *value;
  return std::nullopt;
}

std::string ParsedJson::Written() const {
  if (const bool* value = boolean()) return *value ? "true" : "false";
  if (const int64_t* value = integer()) return std::to_string(*value);
  if (const uint64_t* value = beyond_integer()) return std::to_string(*value);
  return "";
}

std::string_view ParsedJson::TypeName() const {
  constexpr std::array<std::string_view, std::variant_size_v<decltype(value_)>> kNames = {
      "null", "boolean", "number", "number", "number", "string", "array", "object"};
  return kNames[value_.index()];
}

absl::StatusOr<ParsedJson> ParseJsonText(std::string_view text, std::string_view what,
                                         size_t max_bytes) {
  if (text.size() > max_bytes) {
    return InvalidField(what, "has " + std::to_string(text.size()) + " bytes, at most " +
                                  std::to_string(max_bytes) + " are allowed");
  }
  JsonBuilder builder;
  nlohmann::json::sax_parse(text, &builder);
  if (!builder.fault().empty()) return InvalidField(what, builder.fault());
  return std::move(builder).Take();
}

std::string Shortened(std::string_view text) {
  if (text.size() <= kQuotedBytes) return std::string(text);
  size_t end = kQuotedBytes;
  while (end > 0 && IsContinuation(text[end])) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::string Quoted(std::string_view text) { return "'" + Shortened(text) + "'"; }

}  // namespace throughline
