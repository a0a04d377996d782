#include <unistd.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "ledger/import/record_map.h"
#include "ledger/import_fixture.h"

// Many facts, in any order and in little memory.

namespace throughline {
namespace {

using testing::IsEmpty;

constexpr int kAccounts = 2500;
constexpr int kFactsOfAccount = 8;

// The life of one account; only openings name it.
void AppendFacts(int number, std::vector<std::string>& lines) {
  const std::string n = std::to_string(number);
  const auto id = [&](const char* kind) { return "\"crm:" + std::string(kind) + n + "\""; };
  const auto add = [&](const std::string& fact, int day, const std::string& members) {
    lines.push_back("{\"fact\":\"" + fact + "\",\"at\":\"2024-01-" + (day < 10 ? "0" : "") +
                    std::to_string(day) + "\"," + members + "}");
  };
  add("account.open", 1, "\"external_ids\":[" + id("A") + "]");
  add("contact.add", 1, "\"account\":" + id("A") + ",\"external_ids\":[" + id("C") + "]");
  add("touch.record", 2, "\"contact\":" + id("C") + ",\"kind\":\"form\",\"channel\":\"web\"");
  add("lead.open", 3, "\"contact\":" + id("C") + ",\"external_ids\":[" + id("L") + "]");
  add("lead.move", 4, "\"lead\":" + id("L") + ",\"stage\":\"working\"");
  add("lead.move", 5, "\"lead\":" + id("L") + ",\"stage\":\"sql\"");
  add("opportunity.open", 6, "\"leads\":[" + id("L") + "],\"external_ids\":[" + id("O") + "]");
  add("opportunity.win", 7, "\"opportunity\":" + id("O") + ",\"amount\":\"10.00 EUR\"");
}

std::vector<std::string> AllFacts() {
  std::vector<std::string> lines;
  for (int i = 1; i <= kAccounts; ++i) AppendFacts(i, lines);
  return lines;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

class ImportBulkTest : public ImportTest {
 protected:
  void ExpectAllAccounts() {
    for (int i = 1; i <= kAccounts; ++i) {
      const std::string n = std::to_string(i);
      const OpportunityRow deal = Deal("O" + n);
      ASSERT_EQ(deal.phase, Phase::kWon) << i;
      ASSERT_EQ(deal.lineage.original.channel, "web") << i;
      ASSERT_EQ(FormatTime(Lead("L" + n).stage_since), "2024-01-06T00:00:00Z") << i;
      ASSERT_EQ(ledger_->GetAccount(AccountRef("crm", "A" + n))->version, 1) << i;
    }
  }
};

TEST_F(ImportBulkTest, InOrder) {
  const ImportReport report = ImportLines(Joined(AllFacts()));
  EXPECT_EQ(report.imported, kAccounts * kFactsOfAccount) << report.rejected;
  EXPECT_EQ(report.commits, kAccounts);
  EXPECT_THAT(report.warnings, IsEmpty());
  ExpectAllAccounts();
  // In the order of the input.
  EXPECT_EQ(ledger_->GetAccount(AccountRef("crm", "A17"))->account.value, 17);
}

TEST_F(ImportBulkTest, ShuffledInLittleMemoryAndAgain) {
  options_.memory_bytes = size_t{64} << 10;
  std::vector<std::string> lines = AllFacts();
  std::mt19937 random(1);
  std::shuffle(lines.begin(), lines.end(), random);
  const ImportReport report = ImportLines(Joined(lines));
  ASSERT_EQ(report.imported, kAccounts * kFactsOfAccount) << report.rejected;
  EXPECT_EQ(report.commits, kAccounts);
  EXPECT_THAT(report.warnings, IsEmpty());
  ExpectAllAccounts();

  std::shuffle(lines.begin(), lines.end(), random);
  const ImportReport again = ImportLines(Joined(lines));
  EXPECT_EQ(again.known, kAccounts * kFactsOfAccount) << again.rejected;
  EXPECT_EQ(again.imported, 0);
  EXPECT_EQ(again.commits, 0);
}

TEST_F(ImportBulkTest, MoreMovesThanCanBeRemembered) {
  options_.memory_bytes = size_t{64} << 10;
  std::vector<std::string> lines;
  constexpr int kPairs = 1000;
  for (int i = 0; i < kPairs; ++i) {
    const std::string n = std::to_string(i);
    lines.push_back(R"({"fact":"account.open","at":"2024-01-01","external_ids":["crm:A)" + n +
                    R"("]})");
    lines.push_back(R"({"fact":"account.open","at":"2024-01-01","external_ids":["crm:B)" + n +
                    R"("]})");
    lines.push_back(R"({"fact":"contact.add","at":"2024-01-01","account":"crm:B)" + n +
                    R"(","external_ids":["crm:C)" + n + R"("]})");
    lines.push_back(R"({"fact":"contact.move","at":"2024-02-01","contact":"crm:C)" + n +
                    R"(","account":"crm:A)" + n + R"("})");
    lines.push_back(R"({"fact":"touch.record","at":"2024-03-01","account":"crm:A)" + n +
                    R"(","contact":"crm:C)" + n + R"(","kind":"form"})");
  }
  std::mt19937 random(2);
  std::shuffle(lines.begin(), lines.end(), random);
  const ImportReport report = ImportLines(Joined(lines));
  EXPECT_EQ(report.imported, 5 * kPairs) << report.rejected;
}

// Twice over: facts are known again in the stream where they were recorded.
TEST_F(ImportBulkTest, FactsOfAContactThatMovedAreKnownAgain) {
  constexpr std::string_view kFacts = R"(
{"fact":"account.open","at":"2024-01-01","external_ids":["crm:A"]}
{"fact":"account.open","at":"2024-01-01","external_ids":["crm:B"]}
{"fact":"account.open","at":"2024-01-01","external_ids":["crm:D"]}
{"fact":"contact.add","at":"2024-01-02","account":"crm:A","name":"Ada","external_ids":["crm:C"]}
{"fact":"contact.update","at":"2024-01-03","contact":"crm:C","title":"CTO"}
{"fact":"touch.record","at":"2024-01-04","contact":"crm:C","kind":"form"}
{"fact":"lead.open","at":"2024-01-05","account":"crm:A","contact":"crm:C","external_ids":["crm:L"]}
{"fact":"note.add","at":"2024-01-06","contact":"crm:C","text":"hello"}
{"fact":"contact.move","at":"2024-02-01","contact":"crm:C","account":"crm:B"}
{"fact":"touch.record","at":"2024-02-02","contact":"crm:C","kind":"call"}
{"fact":"contact.move","at":"2024-03-01","contact":"crm:C","account":"crm:D"}
{"fact":"touch.record","at":"2024-03-02","account":"crm:D","contact":"crm:C","kind":"call"}
)";
  const ImportReport first = ImportLines(kFacts);
  EXPECT_EQ(first.imported, 12) << Rejects();
  const ImportReport again = ImportLines(kFacts);
  EXPECT_EQ(again.known, 12) << Rejects();
  EXPECT_EQ(again.events, 0);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_F(ImportBulkTest, ParsedFacts) {
  std::vector<Request> facts;
  Request open{AccountOpen{.name = "Acme", .external_ids = {{"crm", "A"}}}, {}};
  Request touch{TouchRecord{.account = {"crm", "A"}, .kind = "form"}, {}};
  touch.context.occurred_at = Moment{StartOf(Date{19'000}), true};
  facts = {touch, touch, open};
  for (Request& fact : facts) fact.context.mode = Mode::kObserve;
  const absl::StatusOr<ImportReport> report = ImportFacts(*ledger_, facts, options_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->imported, 3);
  EXPECT_EQ(ImportFacts(*ledger_, facts, options_)->known, 3);
  facts.push_back({LeadMove{.lead = {"crm", "none"}, .stage = "sql"}, {}});
  const ImportReport rejected = *ImportFacts(*ledger_, facts, options_);
  EXPECT_EQ(rejected.rejected, 1);
  EXPECT_THAT(rejected.samples, testing::ElementsAre(testing::StartsWith("fact 4: lead: no lead")));
}

TEST(RecordMapTest, HoldsWhatItIsTold) {
  RecordMap map(size_t{1} << 20);
  std::mt19937_64 random(3);
  std::vector<RecordKey> keys;
  for (uint32_t i = 1; i <= 50'000; ++i) {
    keys.push_back(random());
    ASSERT_TRUE(map.Set(keys.back(), i));
  }
  for (uint32_t i = 1; i <= 50'000; ++i) ASSERT_EQ(map.Find(keys[i - 1]), i);
  EXPECT_EQ(map.Find(random()), 0u);
  EXPECT_TRUE(map.Set(keys[7], 99));
  EXPECT_EQ(map.Find(keys[7]), 99u);
}

TEST(RecordMapTest, SaysWhenItIsFull) {
  RecordMap map(0);
  std::mt19937_64 random(4);
  std::vector<RecordKey> keys;
  for (RecordKey key = random(); map.Set(key, 5); key = random()) keys.push_back(key);
  EXPECT_GE(keys.size(), 1000u);
  EXPECT_EQ(map.size(), keys.size());
  EXPECT_EQ(map.Find(keys.front()), 5u);
  EXPECT_TRUE(map.Set(keys.front(), 6));
  EXPECT_FALSE(map.Set(random(), 6));
}

}  // namespace
}  // namespace throughline
