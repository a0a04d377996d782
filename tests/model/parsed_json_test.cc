#include "model/parsed_json.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace throughline {
namespace {

std::string FaultOf(std::string_view text) {
  return std::string(ParseJsonText(text, "it", 4096).status().message());
}

std::string Nested(size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(ParsedJson, HasWhatTheTextSays) {
  const absl::StatusOr<ParsedJson> json = ParseJsonText(
      R"({"b": [null, true, -7, 9223372036854775808, 0.5, "caf\u00e9"], "a": {}})", "it", 4096);
  ASSERT_TRUE(json.ok()) << json.status();
  const ParsedJson::Object& members = *json->object();
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].name, "b");
  EXPECT_TRUE(members[1].value.object()->empty());
  const ParsedJson::List& list = *members[0].value.list();
  ASSERT_EQ(list.size(), 6u);
  EXPECT_EQ(list[0].TypeName(), "null");
  EXPECT_EQ(*list[1].boolean(), true);
  EXPECT_EQ(*list[2].integer(), -7);
  EXPECT_TRUE(list[3].is_whole_number());
  EXPECT_EQ(list[3].integer(), nullptr);
  EXPECT_EQ(list[3].Written(), "9223372036854775808");
  EXPECT_FALSE(list[4].is_whole_number());
  EXPECT_EQ(*list[5].text(), "caf\u00e9");
}

TEST(ParsedJson, TellsWhereTheTextIsBroken) {
  EXPECT_EQ(FaultOf("{\"a\": 1,\n}").find("it: is not JSON: line 2, column 1:"), 0u);
  EXPECT_EQ(FaultOf("[1e999]").find("it: is not JSON: "), 0u);
  EXPECT_EQ(FaultOf("[] []").find("it: is not JSON: "), 0u);
  EXPECT_EQ(FaultOf("").find("it: is not JSON: "), 0u);
}

TEST(ParsedJson, RefusesAMemberGivenTwice) {
  EXPECT_EQ(FaultOf(R"([{"a": {"a": 1}}, {"b": 1, "c": 2, "b": 3}])"),
            "it: an object gives 'b' twice");
}

TEST(ParsedJson, RefusesWhatIsTooDeepOrTooLong) {
  EXPECT_EQ(FaultOf(Nested(kMaxJsonDepth)), "");
  EXPECT_EQ(FaultOf(Nested(kMaxJsonDepth + 1)), "it: is nested deeper than 64");
  EXPECT_EQ(FaultOf(std::string(4097, ' ')), "it: has 4097 bytes, at most 4096 are allowed");
}

}  // namespace
}  // namespace throughline
