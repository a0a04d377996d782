#include "model/read_json_values.h"

#include "model/codec.h"
#include "model/fact_values.h"
#include "throughline/error.h"

namespace throughline {
namespace {

// As the model's own parser reads a text.
template <class T>
bool ReadParsed(const ParsedJson& json, absl::StatusOr<T> (*parse)(std::string_view),
                std::string_view expected, T& value, JsonFault& fault) {
  const std::string* text = json.text();
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

bool IsNot(std::string_view expected, const ParsedJson& json, JsonFault& fault) {
  const std::string* text = json.text();
  const std::string written = text != nullptr ? *text : json.Written();
  const bool shown = text != nullptr || !written.empty();
  const std::string value = shown ? Quoted(written) : std::string(json.TypeName());
  return fault.Is(value + " is not " + std::string(expected));
}

bool ReadJson(const ParsedJson& json, std::string& text, JsonFault& fault) {
  const std::string* value = json.text();
  if (value == nullptr) return IsNot("text", json, fault);
  text = *value;
  return true;
}

bool ReadJson(const ParsedJson& json, bool& value, JsonFault& fault) {
  const bool* found = json.boolean();
  if (found == nullptr) return IsNot("true or false", json, fault);
  value = *found;
  return true;
}

bool ReadJson(const ParsedJson& json, int64_t& value, JsonFault& fault) {
  const int64_t* found = json.integer();
  if (found == nullptr) return IsNot("a whole number of at most 63 bits", json, fault);
  value = *found;
  return true;
}

bool ReadJson(const ParsedJson& json, Date& date, JsonFault& fault) {
  return ReadParsed(json, ParseDate, "a day", date, fault);
}

bool ReadJson(const ParsedJson& json, Time& time, JsonFault& fault) {
  return ReadParsed(json, ParseTime, "a time", time, fault);
}

bool ReadJson(const ParsedJson& json, Moment& moment, JsonFault& fault) {
  return ReadParsed(json, ParseMoment, "a time or a day", moment, fault);
}

bool ReadJson(const ParsedJson& json, Money& money, JsonFault& fault) {
  return ReadParsed(json, ParseMoney, "an amount", money, fault);
}

bool ReadJson(const ParsedJson& json, Currency& currency, JsonFault& fault) {
  return ReadParsed(json, ParseCurrency, "a currency", currency, fault);
}

bool ReadJson(const ParsedJson& json, EventId& id, JsonFault& fault) {
  const std::string* text = json.text();
  if (text == nullptr || !ParseEventId(*text, id)) return IsNot("an event", json, fault);
  return true;
}

bool ReadJson(const ParsedJson& json, ExternalKey& id, JsonFault& fault) {
  const std::string* text = json.text();
  const size_t colon = text == nullptr ? std::string::npos : text->find(':');
  if (colon == std::string::npos) return IsNot("written as \"system:key\"", json, fault);
  id.system = text->substr(0, colon);
  id.key = text->substr(colon + 1);
  return true;
}

bool ReadJson(const ParsedJson& json, std::vector<Attribute>& attributes, JsonFault& fault) {
  const ParsedJson::Object* object = json.object();
  if (object == nullptr) return IsNot("an object", json, fault);
  for (const auto& [name, value] : *object) {
    Attribute& attribute = attributes.emplace_back();
    attribute.name = name;
    if (!ReadJson(value, attribute.value, fault)) return fault.In(name);
  }
  return true;
}

bool ReadHex(const ParsedJson& json, std::string& bytes, JsonFault& fault) {
  const std::string* text = json.text();
  if (text == nullptr || text->size() % 2 != 0) return IsNot("hex", json, fault);
  for (size_t i = 0; i < text->size(); i += 2) {
    const int high = DigitOf((*text)[i]);
    const int low = DigitOf((*text)[i + 1]);
    if (high < 0 || low < 0) return IsNot("hex", json, fault);
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return true;
}

bool ReadReplacement(const ParsedJson& json, std::string& bytes, JsonFault& fault) {
  if (json.object() == nullptr) return ReadHex(json, bytes, fault);
  Event event;
  if (!ReadPayload(json, event.payload, fault)) return false;
  bytes = EncodeEvent(event);
  return true;
}

}  // namespace throughline
