#include <string>
#include <string_view>
#include <variant>

#include "model/fact_key.h"
#include "model/json.h"
#include "model/json_values.h"

namespace throughline {
namespace {

void WriteContext(const Context& context, JsonWriter& json) {
  WriteIfGiven("at", context.occurred_at, json);
  WriteIfGiven("actor", context.actor, json);
  WriteIfGiven("request_id", context.request_id, json);
  WriteIfGiven("expected_version", context.expected_version, json);
  WriteIfGiven("mode", context.mode, json);
  WriteIfGiven("entered_at", context.entered_at, json);
  if (context.fact != 0) WriteMember("key", FactKeyText(context.fact), json);
}

}  // namespace

std::string FactToJson(const Command& command, const Context& context) {
  JsonWriter json;
  json.Reserve(256);
  json.BeginObject();
  std::visit(
      [&]<class Kind>(const Kind& value) {
        WriteMember("fact", std::string_view(Kind::kName), json);
        WriteContext(context, json);
        ForEachField<Kind>(
            [&](const auto& field) { WriteIfGiven(field.name, value.*field.member, json); });
      },
      command);
  json.EndObject();
  return std::move(json).Take();
}

}  // namespace throughline
