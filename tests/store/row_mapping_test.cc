#include "store/row_mapping.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "model/random_value.h"
#include "store/attribute_json.h"

namespace throughline {
namespace {

using testing::RandomValues;
using testing::TestSeed;

template <class Row>
class RowMapping : public ::testing::Test {};

template <class Tuple>
struct TypesOf;
template <class... Rows>
struct TypesOf<std::tuple<Rows...>> {
  using Types = ::testing::Types<Rows...>;
};

struct RowNames {
  template <class Row>
  static std::string GetName(int) {
    return Row::kTable;
  }
};
TYPED_TEST_SUITE(RowMapping, TypesOf<LedgerRows>::Types, RowNames);

TYPED_TEST(RowMapping, RowsComeBack) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  RandomValues random(seed);
  RowValues<TypeParam> values;
  TypeParam back;  // used again: what one row leaves must not show in the next
  for (int round = 0; round < 200; ++round) {
    const auto row = random.Make<TypeParam>();
    ToValues(row, values);
    const absl::Status status = FromValues<TypeParam>(values.columns, back);
    ASSERT_TRUE(status.ok()) << status;
    ASSERT_EQ(back, row);
  }
}

TYPED_TEST(RowMapping, ValuesAreOfTheTypesOfTheSchema) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  RandomValues random(seed);
  const TableSchema& table = LedgerSchema().tables[kTableOf<TypeParam>];
  RowValues<TypeParam> values;
  for (int round = 0; round < 50; ++round) {
    const TypeParam row = round == 0 ? TypeParam{} : random.Make<TypeParam>();
    ToValues(row, values);
    ASSERT_EQ(values.columns.size(), table.columns.size());
    for (size_t i = 0; i < values.columns.size(); ++i) {
      const ColumnSchema& column = table.columns[i];
      const Value& value = values.columns[i];
      if (std::holds_alternative<std::monostate>(value)) {
        EXPECT_TRUE(column.nullable) << column.name;
      } else {
        const bool integer = column.type == ColumnType::kInteger;
        EXPECT_EQ(std::holds_alternative<int64_t>(value), integer) << column.name;
        EXPECT_EQ(std::holds_alternative<std::string_view>(value), !integer) << column.name;
      }
    }
  }
}

TYPED_TEST(RowMapping, KeysAreTheLeadingColumns) {
  RandomValues random(TestSeed());
  RowValues<TypeParam> values;
  std::map<decltype(KeyOf(std::declval<const TypeParam&>())), int> by_key;
  for (int round = 0; round < 20; ++round) {
    const auto row = random.Make<TypeParam>();
    ToValues(row, values);
    const auto key = KeyValuesOf(row);
    ASSERT_EQ(static_cast<int>(key.size()), LedgerSchema().tables[kTableOf<TypeParam>].key_columns);
    for (size_t i = 0; i < key.size(); ++i) EXPECT_EQ(key[i], values.columns[i]);
    by_key[KeyOf(row)] = round;
    EXPECT_EQ(by_key.at(KeyOf(row)), round);
  }
}

TYPED_TEST(RowMapping, WrongTypesAreDataLoss) {
  RandomValues random(TestSeed());
  const auto row = random.Make<TypeParam>();
  RowValues<TypeParam> values;
  ToValues(row, values);
  TypeParam back;
  for (size_t i = 0; i < values.columns.size(); ++i) {
    auto columns = values.columns;
    columns[i] = 0.5;
    EXPECT_EQ(FromValues<TypeParam>(columns, back).code(), absl::StatusCode::kDataLoss) << i;
  }
  EXPECT_FALSE(FromValues<TypeParam>(std::span<const Value>(values.columns).subspan(1), back).ok());
  EXPECT_FALSE(FromValues<TypeParam>({}, back).ok());
}

TEST(RowMappingErrors, NameTableAndColumn) {
  RowValues<LeadRow> values;
  LeadRow row;
  ToValues(row, values);
  values.columns[7] = int64_t{256};  // an enum is a byte
  EXPECT_EQ(FromValues<LeadRow>(values.columns, row).message(),
            "damaged row in table lead, column kind");
  EXPECT_FALSE(FromValues<LeadRow>(std::span(values.columns).first(3), row).ok());
}

TEST(RowMappingErrors, KeysAreNeverNull) {
  RowValues<LeadRow> values;
  ToValues(LeadRow{}, values);
  EXPECT_EQ(values.columns[0], Value(int64_t{0}));
  EXPECT_EQ(values.columns[1], Value());
}

TEST(KeyValues, TakesEveryKindOfPart) {
  const std::string system = "crm";
  const auto values = KeyValues(EntityKind::kLead, system, "L-17", LeadId{5}, Date{-1}, int64_t{7});
  EXPECT_EQ(values[0], Value(int64_t{3}));
  EXPECT_EQ(values[1], Value(std::string_view("crm")));
  EXPECT_EQ(values[2], Value(std::string_view("L-17")));
  EXPECT_EQ(values[3], Value(int64_t{5}));
  EXPECT_EQ(values[4], Value(int64_t{-1}));
  EXPECT_EQ(values[5], Value(int64_t{7}));
}

TEST(AttributeJson, WritesAnObjectInOrder) {
  std::string json;
  AppendAttributeJson({{"size", "50"}, {"a\"b", "\\\n"}}, json);
  EXPECT_EQ(json, R"({"size":"50","a\"b":"\\\u000a"})");
  json.clear();
  AppendAttributeJson({}, json);
  EXPECT_EQ(json, kNoAttributes);
}

TEST(AttributeJson, ReadsWhatOthersWrite) {
  std::vector<Attribute> attributes;
  EXPECT_TRUE(ParseAttributeJson(" { \"b\" : \"1\" , \"a\" : \"\\u00fc\" } ", attributes));
  EXPECT_EQ(attributes, (std::vector<Attribute>{{"b", "1"}, {"a", "\u00fc"}}));
  for (const char* bad : {"", "{", "}", "{\"a\"}", "{\"a\":1}", "{\"a\":\"b\"", "{\"a\":\"b\",}",
                          "[]", "null", "{\"a\":\"b\"}x", "{,}", "{\"a\":\"b\"\"c\":\"d\"}"}) {
    EXPECT_FALSE(ParseAttributeJson(bad, attributes)) << bad;
  }
}

}  // namespace
}  // namespace throughline
