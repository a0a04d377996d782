#include "model/json_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "nlohmann/json.hpp"

namespace throughline {
namespace {

using Json = nlohmann::ordered_json;

// One of everything, nested.
std::string Example(int indent) {
  JsonWriter json(indent);
  json.BeginObject();
  json.Key("empty");
  json.BeginObject();
  json.EndObject();
  json.Key("list");
  json.BeginList();
  json.BeginList();
  json.EndList();
  json.Integer(std::numeric_limits<int64_t>::min());
  json.Boolean(true);
  json.Null();
  json.BeginObject();
  json.Key("a \"key\"");
  json.Text("line\nbreak \xc3\xa9 \\");
  json.Key("reals");
  json.BeginList();
  for (const double real : {0.1, 3.0, -1e300, std::numeric_limits<double>::infinity()}) {
    json.Real(real);
  }
  json.EndList();
  json.EndObject();
  json.EndList();
  json.EndObject();
  return std::move(json).Take();
}

TEST(JsonWriter, WritesAsNlohmannDoes) {
  for (const int indent : {-1, 0, 2}) {
    const std::string text = Example(indent);
    EXPECT_EQ(text, Json::parse(text).dump(indent));
  }
}

TEST(JsonWriter, EscapesAndRepairsText) {
  JsonWriter json;
  json.Text(std::string("\x01\x7f\t\xff\"\0", 6));
  EXPECT_EQ(std::move(json).Take(), "\"\\u0001\x7f\\t\uFFFD\\\"\\u0000\"");
}

}  // namespace
}  // namespace throughline
