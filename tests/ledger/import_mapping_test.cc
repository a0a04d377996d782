#include <unistd.h>

#include <fstream>
#include <string>
#include <string_view>

#include "ledger/import/mapping.h"
#include "ledger/import_fixture.h"
#include "nlohmann/json.hpp"
#include "throughline/error.h"

// The mapping file itself: what is wrong with one, and its schema.

namespace throughline {
namespace {

using testing::HasSubstr;

// A mapping with these members in its one file and these facts.
std::string MappingOf(std::string_view facts, std::string_view members = "") {
  return R"({"files": [{"match": "*.csv")" + std::string(members) + R"(, "facts": [)" +
         std::string(facts) + "]}]}";
}

std::string FaultOf(const std::string& json) {
  const absl::StatusOr<Mapping> mapping = ParseMapping(json);
  if (mapping.ok()) return "no fault";
  EXPECT_TRUE(absl::IsInvalidArgument(mapping.status()));
  return std::string(mapping.status().message());
}

constexpr std::string_view kOpen =
    R"({"fact": "account.open", "external_ids": ["crm:{id}"], "name": "{name}"})";

TEST(MappingTest, ParsesAndCollectsColumns) {
  const absl::StatusOr<Mapping> mapping = ParseMapping(MappingOf(kOpen));
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  ASSERT_EQ(mapping->files.size(), 1u);
  EXPECT_THAT(mapping->files[0].columns.names(), testing::UnorderedElementsAre("id", "name"));
}

struct Fault {
  std::string json;
  std::string message;
};

TEST(MappingTest, FaultsNameTheirPath) {
  const Fault faults[] = {
      {"{", "mapping: is not JSON: line 1"},
      {"[]", "mapping: is not an object"},
      {"{}", "files: is missing"},
      {R"({"files": []})", "files: is empty"},
      {R"({"files": [{"match": "*", "facts": []}]})", "files[0].facts: is empty"},
      {R"({"files": [{"facts": [{}]}]})", "files[0].match: is missing"},
      {R"({"files": [{"match": "*", "facts": [{}]}], "fiels": 1})",
       "files[0].facts[0].fact: is missing"},
      {R"({"fiels": 1, "files": [{"match": "*", "facts": [)" + std::string(kOpen) + "]}]}",
       "members: 'fiels' is not a known member"},
      {MappingOf(R"({"fact": "lead.opne"})"), "files[0].facts[0].fact: unknown fact 'lead.opne'"},
      {MappingOf(R"({"fact": "lead.open", "stage": "mql"})"), "files[0].facts[0].at: is missing"},
      {MappingOf(R"({"fact": "lead.open", "at": "{d}", "staeg": "mql"})"),
       "files[0].facts[0]: 'staeg' is not a known member"},
      {MappingOf(R"({"fact": "lead.open", "at": "{d", "stage": "mql"})"),
       "files[0].facts[0].at: '{d' has a { without }"},
      {MappingOf(R"({"fact": "lead.open", "at": "d}", "stage": "mql"})"),
       "files[0].facts[0].at: 'd}' has a } without {"},
      {MappingOf(R"({"fact": "lead.open", "at": "2024-02-30"})"), "files[0].facts[0].at: "},
      {MappingOf(R"({"fact": "lead.open", "at": "{d}", "external_ids": "crm:{id}"})"),
       "files[0].facts[0].external_ids: is not a list"},
      {MappingOf(R"({"fact": "lead.open", "at": "{d}", "external_ids": ["id"]})"),
       "files[0].facts[0].external_ids[0]: 'id' is not written as \"system:key\""},
      {MappingOf(R"({"fact": "lead.open", "at": "{d}", "attributes": "x"})"),
       "files[0].facts[0].attributes: is not an object"},
      {MappingOf(R"({"fact": "lead.open", "at": "{d}", "stage": null})"),
       "files[0].facts[0].stage: is null"},
      {MappingOf(R"({"fact": "lead.open", "at": "{d}", "stage": {"map": {}}})"),
       "files[0].facts[0].stage.value: is missing"},
      {MappingOf(
           R"({"fact": "lead.open", "at": "{d}", "stage": {"value": "{s}", "map": {"a": 1}}})"),
       "files[0].facts[0].stage.map: 'a' is not mapped to a text"},
      {MappingOf(
           R"({"fact": "lead.open", "at": "{d}", "stage": {"value": "{s}", "format": "%Y"}})"),
       "files[0].facts[0].stage: 'format' is not a known member"},
      {MappingOf(R"({"fact": "lead.open", "at": {"value": "{d}", "format": "%Y-%q"}})"),
       "files[0].facts[0].at.format: "},
      {MappingOf(R"({"fact": "owner.define", "kind": "boss"})"),
       "files[0].facts[0].kind: 'boss' is not one of: rep, team, partner"},
      {MappingOf(R"({"fact": "opportunity.win", "at": "{d}", "amount": "{a}"})"),
       "files[0].facts[0].amount: needs a currency"},
      {MappingOf(R"({"fact": "lead.open", "at": "{d}", "when": {"value": "{s}"}})"),
       "files[0].facts[0].when: needs one of"},
      {MappingOf(R"({"fact": "lead.open", "at": "{d}", "when": [{"value": "{s}", "in": [""]}]})"),
       "files[0].facts[0].when[0].in[0]: is empty"},
      {MappingOf(R"({"fact": "lead.move", "at": "{d}", "unique": true})"),
       "files[0].facts[0].unique: is for facts that give external_ids"},
      {MappingOf(
           R"({"fact": "account.open", "external_ids": ["a:b"], "key": "k", "unique": true})"),
       "files[0].facts[0].unique: and a key exclude one another"},
      {MappingOf(kOpen, R"(, "decimal": ";")"), "files[0].decimal: "},
      {MappingOf(kOpen, R"(, "decimal": ",", "thousands": ",")"), "files[0].decimal: "},
      {MappingOf(kOpen, R"(, "delimiter": "\"")"), "files[0].delimiter: is not one character"},
      {MappingOf(kOpen, R"(, "dates": "%d.%m")"), "files[0].dates: "},
      {MappingOf(kOpen, R"(, "currency": "EURO")"), "files[0].currency: "},
      {MappingOf(kOpen, R"(, "encoding": "utf-7")"), "files[0].encoding: unknown encoding"},
      {MappingOf(R"({"fact": "opportunity.win", "at": "{d}",
                     "amount": {"value": "{a}", "currency": "XXQ"}})"),
       "files[0].facts[0].amount.currency: "},
      {MappingOf(kOpen, R"(, "time_zone": "Europe/Belrin")"),
       "files[0].time_zone: unknown time zone"},
  };
  for (const Fault& fault : faults) {
    EXPECT_THAT(FaultOf(fault.json), HasSubstr(fault.message)) << fault.json;
  }
}

TEST(MappingTest, GlobsMatchNames) {
  EXPECT_TRUE(MatchesGlob("*", "a.csv"));
  EXPECT_TRUE(MatchesGlob("*.csv", ".csv"));
  EXPECT_TRUE(MatchesGlob("*closed_deals*.csv", "olist_closed_deals_dataset.csv"));
  EXPECT_TRUE(MatchesGlob("a?c*", "abc"));
  EXPECT_TRUE(MatchesGlob("*ab*ab", "abcabab"));
  EXPECT_FALSE(MatchesGlob("*.csv", "a.csv.bak"));
  EXPECT_FALSE(MatchesGlob("a?c", "ac"));
  EXPECT_FALSE(MatchesGlob("", "a"));
  Mapping mapping;
  mapping.files.push_back({.match = "deals*"});
  EXPECT_NE(mapping.Find("/some/deals_folder/deals.csv"), nullptr);
  EXPECT_EQ(mapping.Find("/some/deals_folder/other.csv"), nullptr);
}

// To write it anew: set THROUGHLINE_WRITE_SCHEMA.
TEST(MappingTest, TheSchemaIsThatOfTheParser) {
  const std::string path = std::string(THROUGHLINE_SOURCE_DIR) + "/docs/mapping.schema.json";
  const std::string schema = MappingSchema().dump(1) + "\n";
  if (std::getenv("THROUGHLINE_WRITE_SCHEMA") != nullptr) std::ofstream(path) << schema;
  EXPECT_EQ(ReadText(path), schema);
}

TEST(MappingTest, TheMappingsThatShipAreRight) {
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(THROUGHLINE_SOURCE_DIR) + "/mappings")) {
    EXPECT_EQ(FaultOf(ReadText(entry.path())), "no fault") << entry.path();
  }
}

// The text between ```<language> and ```.
std::string CodeOf(const std::string& document, const std::string& language) {
  const std::string fence = "```" + language + "\n";
  const size_t begin = document.find(fence) + fence.size();
  return document.substr(begin, document.find("```", begin) - begin);
}

class ImportDocTest : public ImportTest {};

TEST_F(ImportDocTest, ItsExampleWorks) {
  const std::string document = ReadText(std::string(THROUGHLINE_SOURCE_DIR) + "/docs/import.md");
  const std::string file = Write("deals.csv", CodeOf(document, "csv"));
  const ImportReport report = Import({file}, CodeOf(document, "json"));
  EXPECT_EQ(report.rows, 3);
  EXPECT_EQ(report.rejected, 0) << Rejects();
  EXPECT_EQ(report.facts, 11);
  EXPECT_EQ(report.known, 2);  // Ada and Acme, the second time
  const auto deal = [&](const char* key) {
    return *ledger_->GetOpportunity(OpportunityRef("sheet", key));
  };
  EXPECT_EQ(deal("D-1").phase, Phase::kWon);
  EXPECT_EQ(FormatMoney(*deal("D-1").amount), "45000.00 EUR");
  EXPECT_EQ(deal("D-2").phase, Phase::kOpportunity);
  EXPECT_EQ(FormatMoney(*deal("D-2").amount), "12500.50 EUR");
  EXPECT_EQ(deal("D-3").reason, "price");
  EXPECT_EQ(deal("D-1").account, deal("D-3").account);
}

}  // namespace
}  // namespace throughline
