#include "model/json_read.h"

#include "model/codec.h"
#include "model/fact_values.h"
#include "model/json.h"
#include "throughline/error.h"

namespace throughline::json {
namespace {

// As the model's own parser reads a text.
template <class T>
bool ReadParsed(const Json& json, absl::StatusOr<T> (*parse)(std::string_view),
                std::string_view expected, T& value, JsonFault& fault) {
  const auto* text = json.get_ptr<const std::string*>();
  if (text == nullptr) return IsNot(expected, json, fault);
  absl::StatusOr<T> parsed = parse(*text);
  if (!parsed.ok()) return IsNot(expected, json, fault);
  value = *std::move(parsed);
  return true;
}

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

bool JsonFault::Is(std::string why) {
  why_ = std::move(why);
  return false;
}

bool JsonFault::In(std::string_view member) {
  const bool joined = path_.empty() || path_.front() == '[';
  path_ = std::string(member) + (joined ? "" : ".") + path_;
  return false;
}

bool JsonFault::In(size_t item) { return In("[" + std::to_string(item) + "]"); }

absl::Status JsonFault::ToStatus(std::string_view whole) const {
  return InvalidField(path_.empty() ? whole : path_, why_);
}

bool IsNot(std::string_view expected, const Json& json, JsonFault& fault) {
  const auto* text = json.get_ptr<const std::string*>();
  const std::string value = text != nullptr ? *text : json.dump();
  return fault.Is(Quoted(value) + " is not " + std::string(expected));
}

bool Read(const Json& json, std::string& text, JsonFault& fault) {
  const auto* value = json.get_ptr<const std::string*>();
  if (value == nullptr) return IsNot("text", json, fault);
  text = *value;
  return true;
}

bool Read(const Json& json, bool& value, JsonFault& fault) {
  if (!json.is_boolean()) return IsNot("true or false", json, fault);
  value = json.get<bool>();
  return true;
}

bool Read(const Json& json, int64_t& value, JsonFault& fault) {
  const bool huge =
      json.is_number_unsigned() && json.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX);
  if (!json.is_number_integer() || huge) {
    return IsNot("a whole number of at most 63 bits", json, fault);
  }
  value = json.get<int64_t>();
  return true;
}

bool Read(const Json& json, Date& date, JsonFault& fault) {
  return ReadParsed(json, ParseDate, "a day", date, fault);
}

bool Read(const Json& json, Time& time, JsonFault& fault) {
  return ReadParsed(json, ParseTime, "a time", time, fault);
}

bool Read(const Json& json, Moment& moment, JsonFault& fault) {
  return ReadParsed(json, ParseMoment, "a time or a day", moment, fault);
}

bool Read(const Json& json, Money& money, JsonFault& fault) {
  return ReadParsed(json, ParseMoney, "an amount", money, fault);
}

bool Read(const Json& json, Currency& currency, JsonFault& fault) {
  return ReadParsed(json, ParseCurrency, "a currency", currency, fault);
}

bool Read(const Json& json, EventId& id, JsonFault& fault) {
  const auto* text = json.get_ptr<const std::string*>();
  if (text == nullptr || !ParseEventId(*text, id)) return IsNot("an event", json, fault);
  return true;
}

bool Read(const Json& json, ExternalKey& id, JsonFault& fault) {
  const auto* text = json.get_ptr<const std::string*>();
  const size_t colon = text == nullptr ? std::string::npos : text->find(':');
  if (colon == std::string::npos) return IsNot("written as \"system:key\"", json, fault);
  id.system = text->substr(0, colon);
  id.key = text->substr(colon + 1);
  return true;
}

bool Read(const Json& json, std::vector<Attribute>& attributes, JsonFault& fault) {
  const auto* object = json.get_ptr<const Json::object_t*>();
  if (object == nullptr) return IsNot("an object", json, fault);
  for (const auto& [name, value] : *object) {
    Attribute& attribute = attributes.emplace_back();
    attribute.name = name;
    if (!Read(value, attribute.value, fault)) return fault.In(name);
  }
  return true;
}

bool ReadHex(const Json& json, std::string& bytes, JsonFault& fault) {
  const auto* text = json.get_ptr<const std::string*>();
  if (text == nullptr || text->size() % 2 != 0) return IsNot("hex", json, fault);
  for (size_t i = 0; i < text->size(); i += 2) {
    const int high = DigitOf((*text)[i]);
    const int low = DigitOf((*text)[i + 1]);
    if (high < 0 || low < 0) return IsNot("hex", json, fault);
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return true;
}

bool ReadReplacement(const Json& json, std::string& bytes, JsonFault& fault) {
  if (!json.is_object()) return ReadHex(json, bytes, fault);
  Event event;
  if (!ReadPayload(json, event.payload, fault)) return false;
  bytes = EncodeEvent(event);
  return true;
}

}  // namespace throughline::json
