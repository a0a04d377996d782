#include <string>
#include <string_view>
#include <utility>

#include "ledger/import/fact_template.h"
#include "ledger/import/mapping.h"
#include "nlohmann/json.hpp"
#include "throughline/limits.h"

namespace throughline {
namespace {

using Json = nlohmann::ordered_json;

Json RefTo(std::string_view name) { return {{"$ref", "#/$defs/" + std::string(name)}}; }

Json Text(std::string_view about) {
  return {{"description", std::string(about)}, {"type", "string"}, {"minLength", 1}};
}

Json List(Json items) {
  return {{"type", "array"}, {"items", std::move(items)}, {"maxItems", kMaxListItems}};
}

Json Object(Json properties, Json required) {
  return {{"type", "object"},
          {"required", std::move(required)},
          {"additionalProperties", false},
          {"properties", std::move(properties)}};
}

// A template, or an object with one and the options that its type has.
Json ValueOf(std::string_view about, const Json& options) {
  Json properties = {{"value", RefTo("template")},
                     {"map",
                      {{"description", "what is written instead of which text; \"\" for nothing"},
                       {"type", "object"},
                       {"additionalProperties", {{"type", "string"}}}}},
                     {"default", Text("taken where there is no value")}};
  properties.update(options);
  return {{"description", std::string(about)},
          {"oneOf",
           {RefTo("template"),
            {{"type", Json::array({"boolean", "integer"})}},
            Object(std::move(properties), Json::array({"value"}))}}};
}

Json Values() {
  const Json format = {{"format", Text("how the date is written, instead of `dates`")}};
  const Json currency = {{"currency", Text("ISO 4217 code, or a column in braces")}};
  return {{"template", Text("a text with columns in braces: \"crm:{id}\"; {{ stands for {")},
          {"value", ValueOf("a value", Json::object())},
          {"time", ValueOf("a day or a time", format)},
          {"amount", ValueOf("an amount of money", currency)}};
}

std::string_view DefinitionOf(ValueType type) {
  switch (type) {
    case ValueType::kTime:
    case ValueType::kDay:
      return "time";
    case ValueType::kMoney:
      return "amount";
    default:
      return "value";
  }
}

Json ObjectOf(const MemberSlot& member, const Json& value) {
  if (member.names.empty()) return {{"type", "object"}, {"additionalProperties", value}};
  Json properties = Json::object();
  for (const std::string_view name : member.names) properties[std::string(name)] = value;
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
}

Json SchemaOf(const MemberSlot& member) {
  Json value = RefTo(DefinitionOf(member.type));
  if (member.shape == MemberSlot::Shape::kList) value = List(std::move(value));
  if (member.shape == MemberSlot::Shape::kObject) {
    value = ObjectOf(member, value);
  }
  if (!member.about.empty()) value["description"] = std::string(member.about);
  return value;
}

Json Condition() {
  Json condition = Object({{"value", RefTo("template")},
                           {"in", List(Text("given, and one of these texts"))},
                           {"not_in", List(Text("given, but none of these texts"))},
                           {"given", {{"type", "boolean"}}}},
                          Json::array({"value"}));
  condition["minProperties"] = condition["maxProperties"] = 2;
  return condition;
}

Json SchemaOf(const FactKind& kind) {
  Json properties = {{"fact", {{"const", std::string(kind.name)}}},
                     {"about", Text("for people")},
                     {"when",
                      {{"description", "the rows that have this fact; of a list all must hold"},
                       {"oneOf", {RefTo("condition"), List(RefTo("condition"))}}}},
                     {"unique",
                      {{"description", "a record known by its first external id is passed over"},
                       {"type", "boolean"}}}};
  for (const MemberSlot& member : kind.members) {
    properties[std::string(member.name)] = SchemaOf(member);
  }
  return Object(std::move(properties), Json::array({"fact"}));
}

Json FileSchema() {
  return Object(
      {{"about", Text("for people")},
       {"match", Text("of the file's name: * stands for any text, ? for one character")},
       {"delimiter", Text("default: the most frequent of , ; tab | in the first row")},
       {"encoding",
        Text("utf-8, utf-16, utf-16le, utf-16be, latin-1 or windows-1252; default: what "
             "the byte order mark says, else utf-8")},
       {"decimal", {{"enum", {".", ","}}, {"default", "."}}},
       {"thousands", {{"enum", {".", ",", "'", "_", " "}}, {"description", "default: none"}}},
       {"dates", Text("such as %d.%m.%Y or %Y-%m-%d %H:%M:%S; default: ISO 8601 only")},
       {"time_zone", Text("IANA name, for times without a zone; default: UTC")},
       {"currency", Text("of amounts: ISO 4217 code, or a column in braces")},
       {"facts",
        {{"description", "what one row stands for, in this order"},
         {"type", "array"},
         {"items", RefTo("fact")},
         {"minItems", 1},
         {"maxItems", kMaxListItems}}}},
      Json::array({"match", "facts"}));
}

}  // namespace

nlohmann::ordered_json MappingSchema() {
  Json definitions = Values();
  definitions["condition"] = Condition();
  Json facts = Json::array();
  for (const FactKind& kind : FactKinds()) {
    definitions[std::string(kind.name)] = SchemaOf(kind);
    facts.push_back(RefTo(kind.name));
  }
  definitions["fact"] = {{"oneOf", std::move(facts)}};
  definitions["file"] = FileSchema();
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "Throughline mapping"},
                 {"description", "Which facts the rows of CSV files stand for; docs/import.md."}};
  schema.update(Object({{"$schema", {{"type", "string"}, {"description", "for editors"}}},
                        {"about", Text("for people")},
                        {"files",
                         {{"description", "the first that matches a file is taken"},
                          {"type", "array"},
                          {"items", RefTo("file")},
                          {"minItems", 1},
                          {"maxItems", kMaxListItems}}}},
                       Json::array({"files"})));
  schema["$defs"] = std::move(definitions);
  return schema;
}

}  // namespace throughline
