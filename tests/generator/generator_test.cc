#include "generator/generator.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <set>
#include <string>

#include "generator/generated.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/json.h"
#include "throughline/policy.h"

namespace throughline {
namespace {

using ::testing::IsEmpty;

// FNV-1a over the facts as JSON lines.
uint64_t HashOf(const GeneratorOptions& options) {
  uint64_t hash = 14695981039346656037u;
  const auto take = [&](const Command& command, const Context& context) {
    for (const char c : FactToJson(command, context) + "\n") {
      hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    }
  };
  EXPECT_TRUE(GenerateFacts(options, take).ok());
  return hash;
}

// The same on every machine. A change to the generator changes it: then put the new one here.
TEST(GeneratorTest, SameOptionsSameFacts) {
  const uint64_t hash = HashOf({1000, 7});
  std::printf("hash of 1000 facts, seed 7: %016llx\n", static_cast<unsigned long long>(hash));
  EXPECT_EQ(hash, 0x73d000cdb1c068f2u);
  EXPECT_EQ(HashOf({1000, 7}), hash);
  EXPECT_NE(HashOf({1000, 8}), hash);
}

TEST(GeneratorTest, MakesAboutAsManyFactsAsAskedFor) {
  for (const int64_t events : {100, 150, 500, 1000, 5000, 20'000, 100'000}) {
    for (const uint64_t seed : {1u, 2u, 3u}) {
      absl::StatusOr<GeneratedTotals> totals =
          GenerateFacts({events, seed}, [](const Command&, const Context&) {});
      ASSERT_TRUE(totals.ok());
      const int64_t tolerance = 60 + events / 100;
      EXPECT_NEAR(totals->facts, events, tolerance) << "seed " << seed;
    }
  }
}

TEST(GeneratorTest, RefusesCountsOutOfRange) {
  const auto ignore = [](const Command&, const Context&) {};
  for (const int64_t events : {-1, 0, 99, 10'000'001}) {
    EXPECT_EQ(GenerateFacts({events, 1}, ignore).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(GeneratorTest, AccountsAverageTwelveFactsWithAHeavyTail) {
  const Generated all = Generate(200'000, 1);
  const double facts = static_cast<double>(all.totals.facts) - all.reference.size();
  EXPECT_NEAR(facts / all.totals.accounts, 12, 0.6);
  const auto large = std::count_if(all.accounts.begin(), all.accounts.end(),
                                   [](const auto& a) { return a.facts.size() >= 200; });
  EXPECT_GE(large, 20);
  EXPECT_GE(all.totals.largest_account, 300);
}

TEST(GeneratorTest, EveryFactIsAValidLine) {
  FactParser parser;
  int64_t number = 0;
  const auto take = [&](const Command& command, const Context& context) {
    ++number;
    EXPECT_EQ(context.fact, FactKeyOf("g:" + std::to_string(number)));
    Command parsed;
    Context parsed_context;
    const std::string line = FactToJson(command, context);
    const absl::Status status = parser.Parse(line, parsed, parsed_context);
    ASSERT_TRUE(status.ok()) << status << "\n" << line;
    EXPECT_EQ(parsed, command) << line;
    EXPECT_EQ(parsed_context, context) << line;
  };
  ASSERT_TRUE(GenerateFacts({20'000, 5}, take).ok());
}

TEST(GeneratorTest, WritesTheSameFactsAsLines) {
  const std::string path = testing::TempDir() + "/facts_" + std::to_string(getpid()) + ".jsonl";
  int64_t told = 0;
  const auto progress = [&](int64_t done, int64_t) { told = done; };
  absl::StatusOr<GeneratedTotals> totals = WriteFacts({1000, 7}, path, progress);
  ASSERT_TRUE(totals.ok()) << totals.status();
  EXPECT_EQ(told, totals->facts);
  std::ifstream file(path);
  FactParser parser;
  std::string line;
  const auto compare = [&](const Command& command, const Context& context) {
    ASSERT_TRUE(std::getline(file, line));
    Command parsed;
    Context parsed_context;
    ASSERT_TRUE(parser.Parse(line, parsed, parsed_context).ok()) << line;
    EXPECT_EQ(parsed, command);
    EXPECT_EQ(parsed_context, context);
  };
  ASSERT_TRUE(GenerateFacts({1000, 7}, compare).ok());
  EXPECT_FALSE(std::getline(file, line));
  std::remove(path.c_str());
}

TEST(GeneratorTest, SaysThatAFileCannotBeWritten) {
  EXPECT_EQ(WriteFacts({1000, 7}, "/nowhere/facts.jsonl").status().code(),
            absl::StatusCode::kUnavailable);
}

TEST(GeneratorTest, UsesEveryCommandButThoseOfPoliciesMergesAndErasure) {
  const GeneratedTotals totals = Generate(100'000, 1).totals;
  std::set<std::string> unused;
  const auto note = [&]<size_t... i>(std::index_sequence<i...>) {
    (unused.insert(std::variant_alternative_t<i, Command>::kName), ...);
  };
  note(std::make_index_sequence<std::variant_size_v<Command>>());
  for (const auto& [name, count] : totals.commands) unused.erase(name);
  EXPECT_THAT(unused, testing::ElementsAre("account.distinct", "account.merge", "account.unmerge",
                                           "contact.erase", "contact.merge", "contact.unmerge",
                                           "policy.set"));
}

TEST(GeneratorTest, AFactIsEnteredAfterItHappenedAndAfterTheFactsBeforeIt) {
  Time entered;
  bool reference = true;
  const Time end = *ParseTime("2024-12-31T23:59:59Z");
  const auto take = [&](const Command& command, const Context& context) {
    ASSERT_TRUE(context.occurred_at && context.entered_at);
    EXPECT_GE(*context.entered_at, context.occurred_at->at);
    EXPECT_LE(*context.entered_at, end);
    if (std::holds_alternative<AccountOpen>(command)) {
      entered = {};
      reference = false;
    }
    if (reference) return;
    EXPECT_GE(*context.entered_at, entered);
    entered = *context.entered_at;
  };
  ASSERT_TRUE(GenerateFacts({50'000, 3}, take).ok());
}

TEST(GeneratorTest, NoTwoFactsOfAnAccountHappenInTheSameSecond) {
  for (const GeneratedAccount& account : Generate(50'000, 3).accounts) {
    for (size_t i = 1; i < account.facts.size(); ++i) {
      ASSERT_GE(TimeOf(account.facts[i]).micros - TimeOf(account.facts[i - 1]).micros,
                kMicrosPerSecond);
    }
  }
}

// The share of days that are among the last five of a quarter is 5.5%.
TEST(GeneratorTest, DeadLeadsClusterAtQuarterEnds) {
  const GeneratedTotals totals = Generate(100'000, 1).totals;
  ASSERT_GT(totals.dead, 500);
  EXPECT_GT(totals.dead_at_quarter_end, totals.dead * 45 / 100);
  EXPECT_LT(totals.dead_at_quarter_end, totals.dead * 80 / 100);
}

TEST(GeneratorTest, TellsOfWhatMakesTheFieldCrooked) {
  const GeneratedTotals totals = Generate(100'000, 1).totals;
  EXPECT_GT(totals.entered_late, 200);
  EXPECT_GT(totals.won_without_amount, 0);
  EXPECT_GE(totals.won_minor.size(), 3u);
  EXPECT_GE(totals.leads_by_source.size(), 8u);
  for (const std::string link : {"", "joins", "reengages", "follows_on", "converts"}) {
    EXPECT_GT(totals.links.at(link), 30) << link;
  }
  for (const Stage& stage : Policy::Default()->stages()) {
    EXPECT_TRUE(totals.stages.contains(stage.key)) << "nothing stands in " << stage.key;
  }
}

TEST(GeneratorTest, TotalsAgreeWithFactsAndTruth) {
  const Generated all = Generate(20'000, 9);
  int64_t facts = static_cast<int64_t>(all.reference.size());
  int64_t records = 0;
  for (const GeneratedAccount& account : all.accounts) {
    facts += std::ssize(account.facts);
    records += std::ssize(account.truth);
  }
  EXPECT_EQ(facts, all.totals.facts);
  EXPECT_EQ(std::ssize(all.accounts), all.totals.accounts);
  EXPECT_EQ(records, all.totals.leads + all.totals.opportunities);
  EXPECT_EQ(all.totals.leads, all.totals.commands.at("lead.open"));
  EXPECT_EQ(all.totals.opportunities, all.totals.commands.at("opportunity.open"));
}

// --- The story of the demo. ---

const GeneratedTruth& RecordOf(const GeneratedAccount& account, const std::string& key) {
  for (const GeneratedTruth& truth : account.truth) {
    if (truth.record == key) return truth;
  }
  ADD_FAILURE() << "no record " << key;
  return account.truth.front();
}

class DemoStoryTest : public testing::TestWithParam<int64_t> {
 protected:
  const Generated all_ = Generate(GetParam(), 1);
  const GeneratedAccount& hero_ = all_.accounts.front();
};

TEST_P(DemoStoryTest, ALeadOfAWebinarIsClosedDeadAtTheEndOfTheQuarter) {
  const GeneratedTruth& lead = RecordOf(hero_, "L-1-1");
  EXPECT_EQ(lead.account, "A-1");
  EXPECT_EQ(lead.original.channel, "webinar");
  EXPECT_EQ(FormatDate(DateOf(lead.original.at)), "2023-01-24");
  EXPECT_EQ(lead.stage, "dead");
  EXPECT_EQ(FormatDate(DateOf(*lead.closed_at)), "2023-03-30");
}

TEST_P(DemoStoryTest, AndComesBackAsADealThatSalesTypedIn) {
  const GeneratedTruth& deal = RecordOf(hero_, "O-1-1");
  EXPECT_EQ(deal.link, Link::kReengages);
  EXPECT_EQ(deal.previous, "L-1-1");
  EXPECT_EQ(deal.episode, 2);
  EXPECT_EQ(deal.original.channel, "webinar");
  EXPECT_EQ(deal.original.campaign, "WEB-1");
  EXPECT_EQ(deal.latest.channel, "phone");
  EXPECT_EQ(deal.stage, "won");
  EXPECT_EQ(FormatDate(DateOf(*deal.closed_at)), "2024-03-26");
  EXPECT_EQ(FormatMoney(*deal.amount), "84000.00 EUR");
}

TEST_P(DemoStoryTest, LoggedWeeksLateWithoutLead) {
  for (const GeneratedFact& fact : hero_.facts) {
    const auto* open = std::get_if<OpportunityOpen>(&fact.command);
    if (open == nullptr) continue;
    EXPECT_THAT(open->leads, IsEmpty());
    EXPECT_EQ(open->source, "sales");
    EXPECT_GT(fact.context.entered_at->micros - TimeOf(fact).micros, 30 * kMicrosPerDay);
  }
}

INSTANTIATE_TEST_SUITE_P(Events, DemoStoryTest, testing::Values(100, 1000, 20'000, 200'000));

}  // namespace
}  // namespace throughline
