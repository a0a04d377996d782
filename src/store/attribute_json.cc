#include "store/attribute_json.h"

#include "model/parsed_json.h"

namespace throughline {
namespace {

void AppendJsonText(std::string_view text, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      out.append("\\u00").append({kHex[byte >> 4], kHex[byte & 0xF]});
      continue;
    }
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
}

// A text in quotes without escapes, off the front of `json`; false for anything else.
bool TakePlainText(std::string_view& json, std::string& text) {
  if (!json.starts_with('"')) return false;
  const size_t end = json.find_first_of("\"\\", 1);
  if (end == json.npos || json[end] == '\\') return false;
  text.assign(json.substr(1, end - 1));
  json.remove_prefix(end + 1);
  return true;
}

bool TakeChar(std::string_view& json, char c) {
  if (!json.starts_with(c)) return false;
  json.remove_prefix(1);
  return true;
}

// What AppendAttributeJson writes when nothing needs an escape: nearly always.
bool ParsePlain(std::string_view json, std::vector<Attribute>& attributes) {
  char before = '{';
  while (TakeChar(json, before)) {
    Attribute& attribute = attributes.emplace_back();
    if (!TakePlainText(json, attribute.name) || !TakeChar(json, ':') ||
        !TakePlainText(json, attribute.value)) {
      return false;
    }
    before = ',';
  }
  return before == ',' && json == "}";
}

}  // namespace

void AppendAttributeJson(const std::vector<Attribute>& attributes, std::string& out) {
  char before = '{';
  for (const Attribute& attribute : attributes) {
    out.push_back(before);
    AppendJsonText(attribute.name, out);
    out.push_back(':');
    AppendJsonText(attribute.value, out);
    before = ',';
  }
  if (attributes.empty()) out.push_back('{');
  out.push_back('}');
}

bool ParseAttributeJson(std::string_view json, std::vector<Attribute>& attributes) {
  attributes.clear();
  if (json == kNoAttributes || ParsePlain(json, attributes)) return true;
  attributes.clear();
  const absl::StatusOr<ParsedJson> parsed = ParseJsonText(json, "attributes", json.size());
  if (!parsed.ok() || parsed->object() == nullptr) return false;
  for (const auto& [name, value] : *parsed->object()) {
    if (value.text() == nullptr) return false;
    attributes.push_back(Attribute{name, *value.text()});
  }
  return true;
}

}  // namespace throughline
