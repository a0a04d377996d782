#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "model/fact_values.h"
#include "model/json.h"
#include "nlohmann/json.hpp"

// The schema says what the parser accepts, as far as JSON Schema can: lengths count characters
// where the parser counts bytes, and patterns do not know the calendar or the currencies.

namespace throughline {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kDay = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
constexpr std::string_view kTimeOfDay =
    "[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?";

Json Text(size_t max) { return {{"type", "string"}, {"maxLength", max}}; }

Json Pattern(const std::string& pattern, std::string_view about) {
  return {
      {"description", std::string(about)}, {"type", "string"}, {"pattern", "^" + pattern + "$"}};
}

Json List(Json item) {
  return {{"type", "array"}, {"items", std::move(item)}, {"maxItems", kMaxListItems}};
}

Json RefTo(std::string_view name) { return {{"$ref", "#/$defs/" + std::string(name)}}; }

// What the types of members look like in JSON.
Json TypeDefinitions() {
  const std::string day(kDay);
  const std::string moment = day + "([Tt ]" + std::string(kTimeOfDay) + ")?";
  Json external = Pattern("[^:]+:.+", "id in another system, as system:key");
  external["maxLength"] = 2 * kMaxKeyBytes + 1;
  return {
      {"external_id", external},
      {"reference",
       {{"description", "an entity: its id, or an id in another system as \"system:key\""},
        {"oneOf", {{{"type", "integer"}, {"minimum", 1}}, RefTo("external_id")}}}},
      {"event_reference",
       {{"description", "an event: its id as \"seq:ordinal\", or a fact key"},
        {"type", "string"},
        {"minLength", 1},
        {"maxLength", kMaxKeyBytes}}},
      {"moment", Pattern(moment, "a day, or a time; without a zone it is UTC")},
      {"date", Pattern(day, "a day")},
      {"money", Pattern("-?[0-9]+([.][0-9]+)? [A-Z]{3}", "an amount, e.g. \"1234.50 EUR\"")},
      {"currency", Pattern("[A-Z]{3}", "an ISO 4217 code")},
      {"attributes",
       {{"type", "object"},
        {"propertyNames", {{"minLength", 1}, {"maxLength", kMaxKeyBytes}}},
        {"additionalProperties", Text(kMaxNameBytes)},
        {"maxProperties", kMaxListItems}}},
  };
}

// --- One overload per type of member. ---

template <class T>
struct Type {};

Json SchemaOf(Type<std::string>, std::string_view member) {
  switch (TextKindOf(member)) {
    case TextKind::kKey:
      return Text(kMaxKeyBytes);
    case TextKind::kName:
      return Text(kMaxNameBytes);
    case TextKind::kNote:
      return Text(kMaxNoteBytes);
    case TextKind::kAnything:
      break;
  }
  return Text(kMaxPolicyBytes);
}

Json SchemaOf(Type<bool>, std::string_view) { return {{"type", "boolean"}}; }
Json SchemaOf(Type<int64_t>, std::string_view) { return {{"type", "integer"}}; }
Json SchemaOf(Type<EventRef>, std::string_view) { return RefTo("event_reference"); }
Json SchemaOf(Type<ExternalId>, std::string_view) { return RefTo("external_id"); }
Json SchemaOf(Type<Date>, std::string_view) { return RefTo("date"); }
Json SchemaOf(Type<Time>, std::string_view) { return RefTo("moment"); }
Json SchemaOf(Type<Moment>, std::string_view) { return RefTo("moment"); }
Json SchemaOf(Type<Money>, std::string_view) { return RefTo("money"); }
Json SchemaOf(Type<Currency>, std::string_view) { return RefTo("currency"); }
Json SchemaOf(Type<std::vector<Attribute>>, std::string_view) { return RefTo("attributes"); }
Json SchemaOf(Type<Identity>, std::string_view) { return RefTo("identity"); }

template <class Tag>
Json SchemaOf(Type<throughline::Ref<Tag>>, std::string_view) {
  return RefTo("reference");
}

template <NamedEnum Enum>
Json SchemaOf(Type<Enum>, std::string_view) {
  Json names = Json::array();
  for (const auto& [value, name] : EnumNames<Enum>::kValues) {
    if (!name.empty()) names.push_back(std::string(name));
  }
  return {{"enum", names}};
}

template <class T>
Json SchemaOf(Type<std::optional<T>>, std::string_view member) {
  return SchemaOf(Type<T>(), member);
}

template <class T>
Json SchemaOf(Type<std::vector<T>>, std::string_view member) {
  Json item = SchemaOf(Type<T>(), member);
  if (item.contains("type") && item["type"] == "string") item["minLength"] = 1;
  return List(std::move(item));
}

template <class T>
Json Described(Type<T> type, std::string_view member, std::string_view about) {
  Json schema = SchemaOf(type, member);
  if (!about.empty()) schema["description"] = std::string(about);
  return schema;
}

// The members of a struct, described one by one.
template <class Struct>
Json PropertiesOf() {
  Json properties = Json::object();
  ForEachField<Struct>([&](const auto& field) {
    using Member = typename std::decay_t<decltype(field)>::MemberType;
    properties[std::string(field.name)] = Described(Type<Member>(), field.name, field.about);
  });
  return properties;
}

// --- What each fact needs. ---

struct Needs {
  std::string_view fact;
  std::vector<std::string_view> all;
  std::vector<std::string_view> any = {};  // at least one of them
  std::vector<std::string_view> one = {};  // exactly one of them
};

const std::vector<Needs>& AllNeeds() {
  static const auto* const needs = new std::vector<Needs>{
      {AccountOpen::kName, {}, {"name", "domains", "external_ids"}},
      {AccountUpdate::kName, {"account"}},
      {ContactAdd::kName, {"account"}},
      {ContactUpdate::kName, {"contact"}},
      {ContactMove::kName, {"contact", "account"}},
      {ContactErase::kName, {"contact"}},
      {TouchRecord::kName, {"kind"}, {"account", "contact", "lead", "opportunity", "match"}},
      {TouchRetract::kName, {"touch"}},
      {NoteAdd::kName, {"text"}, {}, {"account", "contact", "lead", "opportunity"}},
      {LeadOpen::kName, {}, {"account", "contact", "match"}},
      {LeadMove::kName, {"lead", "stage"}},
      {LeadAssign::kName, {"lead", "owner"}},
      {LeadNurture::kName, {"lead", "until"}},
      {LeadClose::kName, {"lead", "stage"}},
      {LeadReopen::kName, {"lead"}},
      {LeadConvert::kName, {"lead", "opportunity"}},
      {OpportunityOpen::kName, {}, {"account", "leads", "match"}},
      {OpportunityMove::kName, {"opportunity", "stage"}},
      {OpportunityValue::kName, {"opportunity"}, {"amount", "close_date"}},
      {OpportunityAssign::kName, {"opportunity", "owner"}},
      {OpportunityRole::kName, {"opportunity", "contact"}},
      {OpportunityWin::kName, {"opportunity"}},
      {OpportunityLose::kName, {"opportunity"}},
      {OpportunityBook::kName, {"opportunity", "amount", "booked_on"}},
      {OpportunityReopen::kName, {"opportunity"}},
      {Amend::kName, {"event"}, {"occurred_at", "changes"}},
      {Void::kName, {"event"}},
      {CampaignCost::kName, {"campaign", "spent_on", "amount"}},
      {ExchangeRate::kName, {"base", "quote", "valid_from", "rate_e9"}},
      {PolicyChange::kName, {"json"}},
      {AccountMerge::kName, {"account", "merged"}},
      {AccountUnmerge::kName, {"account"}},
      {ContactMerge::kName, {"contact", "merged"}},
      {ContactUnmerge::kName, {"contact"}},
      {AccountDistinct::kName, {"account", "other"}},
  };
  return *needs;
}

Json RequiredEach(const std::vector<std::string_view>& members) {
  Json list = Json::array();
  for (const std::string_view member : members) {
    list.push_back({{"required", {std::string(member)}}});
  }
  return list;
}

void AddNeeds(std::string_view fact, Json& schema) {
  schema["required"] = {"fact"};
  const auto& all = AllNeeds();
  const auto needs =
      std::find_if(all.begin(), all.end(), [&](const Needs& each) { return each.fact == fact; });
  if (needs == all.end()) return;
  for (const std::string_view member : needs->all) {
    schema["required"].push_back(std::string(member));
  }
  if (!needs->any.empty()) schema["anyOf"] = RequiredEach(needs->any);
  if (!needs->one.empty()) schema["oneOf"] = RequiredEach(needs->one);
}

// --- Facts. ---

Json CommonProperties() {
  Json request = Described(Type<std::string>(), "request_id",
                           "the same id again changes nothing and gives the first receipt");
  request["maxLength"] = kMaxRequestIdBytes;
  Json version = Described(Type<int64_t>(), "expected_version",
                           "of the account; refused if it is another one by now");
  version["minimum"] = 0;
  Json key = Described(Type<std::string>(), "key",
                       "the fact's own key: a fact whose key is known adds nothing");
  key["minLength"] = 1;
  return {{"at", Described(Type<Moment>(), "at", "when it happened; default: now")},
          {"actor", Described(Type<OwnerRef>(), "actor", "the owner who does it")},
          {"request_id", request},
          {"expected_version", version},
          {"mode", Described(Type<Mode>(), "mode", "default: observe in an import, else enforce")},
          {"entered_at", Described(Type<Time>(), "entered_at",
                                   "when it was entered in the system it comes from")},
          {"key", key}};
}

template <class Kind>
Json FactDefinition() {
  Json properties = {{"fact", {{"const", Kind::kName}}}};
  const Json common = CommonProperties();
  for (const auto& [name, schema] : common.items()) properties[name] = RefTo(name);
  properties.update(PropertiesOf<Kind>());
  Json schema = {{"type", "object"}, {"properties", properties}};
  AddNeeds(Kind::kName, schema);
  schema["additionalProperties"] = false;
  return schema;
}

template <class Kind>
void AddFact(Json& schema) {
  const std::string name = Kind::kName;
  schema["properties"]["fact"]["enum"].push_back(name);
  schema["$defs"][name] = FactDefinition<Kind>();
  schema["allOf"].push_back(
      {{"if", {{"required", {"fact"}}, {"properties", {{"fact", {{"const", name}}}}}}},
       {"then", RefTo(name)}});
}

}  // namespace

Json FactSchema() {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "Throughline fact"},
                 {"description", "One line of a JSON lines import; docs/fact-format.md"},
                 {"type", "object"},
                 {"required", {"fact"}},
                 {"properties", {{"fact", {{"enum", Json::array()}}}}},
                 {"allOf", Json::array()},
                 {"$defs", TypeDefinitions()}};
  schema["$defs"].update(CommonProperties());
  schema["$defs"]["identity"] = {
      {"description", "what is known of a person and a company, to look them up; docs/matching.md"},
      {"type", "object"},
      {"properties", PropertiesOf<Identity>()},
      {"additionalProperties", false},
      {"minProperties", 1}};
  [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    (AddFact<std::variant_alternative_t<kIndex, Command>>(schema), ...);
  }
  (std::make_index_sequence<std::variant_size_v<Command>>());
  return schema;
}

}  // namespace throughline
