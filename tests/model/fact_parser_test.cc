#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "model/abseil_text.h"
#include "model/golden.h"
#include "model/json.h"
#include "model/random_value.h"
#include "model/valid_value.h"
#include "nlohmann/json.hpp"
#include "throughline/error.h"

namespace throughline {
namespace {

using ::testing::HasSubstr;
using testing::ReadWholeFile;
using testing::SourcePath;
using testing::TestSeed;
using testing::ValidValues;

class FactParserTest : public ::testing::Test {
 protected:
  std::string ErrorOf(std::string_view line) {
    const absl::Status status = parser_.Parse(line, command_, context_);
    return status.ok() ? "" : std::string(FromAbsl(status.message()));
  }

  FactParser parser_;
  Command command_;
  Context context_;
};

// "<256*x>" stands for 256 times "x".
std::string Expanded(const std::string& text) {
  static const std::regex kRepeat("<([0-9]+)\\*([^>]+)>");
  std::smatch match;
  if (!std::regex_search(text, match, kRepeat)) return text;
  std::string expanded = match.prefix();
  for (int i = std::stoi(match[1]); i > 0; --i) expanded += match[2];
  return expanded.append(match.suffix());
}

// The lines of the page's examples.
std::vector<std::string> ExamplesOf(const std::string& path) {
  std::istringstream page(ReadWholeFile(SourcePath(path)));
  std::vector<std::string> examples;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      inside = line.starts_with("```json");  // "json": a fact, but abridged
    } else if (inside) {
      examples.push_back(line);
    }
  }
  return examples;
}

TEST_F(FactParserTest, EveryCommandComesBackFromItsJson) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  ValidValues random(seed);
  for (size_t kind = 0; kind < std::variant_size_v<Command>; ++kind) {
    for (int round = 0; round < 60; ++round) {
      const Command command = random.MakeCommand(kind);
      const Context context = random.MakeContext();
      const std::string json = FactToJson(command, context);
      ASSERT_EQ(ErrorOf(json), "") << json;
      ASSERT_EQ(command_, command) << json;
      ASSERT_EQ(context_, context) << json;
    }
  }
}

TEST_F(FactParserTest, MembersMayStandInAnyOrder) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  ValidValues random(seed);
  for (size_t kind = 0; kind < std::variant_size_v<Command>; ++kind) {
    const Command command = random.MakeCommand(kind);
    const Context context = random.MakeContext();
    const auto fact = nlohmann::ordered_json::parse(FactToJson(command, context));
    auto reversed = nlohmann::ordered_json::object();
    for (auto member = fact.rbegin(); member != fact.rend(); ++member) {
      reversed[member.key()] = member.value();
    }
    ASSERT_EQ(ErrorOf(reversed.dump()), "") << reversed;
    ASSERT_EQ(command_, command) << reversed;
    ASSERT_EQ(context_, context) << reversed;
  }
}

TEST_F(FactParserTest, BrokenLinesNameTheMember) {
  std::istringstream lines(ReadWholeFile(SourcePath("tests/model/broken_facts.jsonl")));
  int count = 0;
  for (std::string text; std::getline(lines, text); ++count) {
    const auto broken = nlohmann::json::parse(text);
    const std::string line = Expanded(broken["line"]);
    const absl::Status status = parser_.Parse(line, command_, context_);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(DetailOf(status).field, broken["field"]) << text;
    EXPECT_THAT(std::string(FromAbsl(status.message())), HasSubstr(broken.value("why", "")));
  }
  EXPECT_GT(count, 80);
}

TEST_F(FactParserTest, BadUtf8NamesTheMember) {
  EXPECT_EQ(ErrorOf("{\"fact\": \"account.open\", \"name\": \"Acme\xff\", \"domains\": []}"),
            "name: is not UTF-8");
  EXPECT_EQ(
      ErrorOf("{\"fact\": \"account.open\", \"name\": \"Zo\xc3\xab\", \"domains\": [\"\xc3\"]}"),
      "domains: is not UTF-8");
  EXPECT_EQ(ErrorOf("\xff\xfe{}"), "fact: is not UTF-8");
}

TEST_F(FactParserTest, EveryExampleOfThePageIsAFact) {
  std::set<size_t> kinds;
  for (const std::string& line : ExamplesOf("docs/fact-format.md")) {
    EXPECT_EQ(ErrorOf(line), "") << line;
    kinds.insert(command_.index());
    const Command command = command_;
    const Context context = context_;
    EXPECT_EQ(ErrorOf(FactToJson(command, context)), "");
    EXPECT_EQ(command_, command);
    EXPECT_EQ(context_, context);
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<Command>) << "a command without an example";
}

TEST_F(FactParserTest, ReadsWhatTheExampleOfTheHeaderSays) {
  ASSERT_EQ(ErrorOf(R"({"fact": "lead.move", "at": "2024-03-30", "lead": "crm:L-17",)"
                    R"( "stage": "working"})"),
            "");
  LeadMove move;
  move.lead = LeadRef("crm", "L-17");
  move.stage = "working";
  EXPECT_EQ(command_, Command(move));
  EXPECT_EQ(context_.occurred_at, (Moment{Time{1'711'756'800'000'000}, true}));
  EXPECT_EQ(context_.mode, Mode::kDefault);
}

TEST_F(FactParserTest, NothingIsLeftOfTheFactBefore) {
  ASSERT_EQ(ErrorOf(R"({"fact": "lead.move", "at": "2024-03-30", "key": "k", "mode": "observe",)"
                    R"( "actor": 3, "lead": 5, "stage": "working", "reason": "r"})"),
            "");
  ASSERT_EQ(ErrorOf(R"({"fact": "lead.move", "lead": 5})"), "");
  LeadMove move;
  move.lead = LeadId{5};
  EXPECT_EQ(command_, Command(move));
  EXPECT_EQ(context_, Context());
}

TEST_F(FactParserTest, TheModeOfFactsThatNameNoneIsTheCallers) {
  FactParser observing(Mode::kObserve);
  ASSERT_TRUE(observing.Parse(R"({"fact": "lead.move"})", command_, context_).ok());
  EXPECT_EQ(context_.mode, Mode::kObserve);
  ASSERT_TRUE(
      observing.Parse(R"({"fact": "lead.move", "mode": "enforce"})", command_, context_).ok());
  EXPECT_EQ(context_.mode, Mode::kEnforce);
}

TEST_F(FactParserTest, AbsentAndEmptyAreToldApartInUpdates) {
  ASSERT_EQ(ErrorOf(R"({"fact": "contact.update", "contact": 1, "name": "", "title": "CEO"})"), "");
  const auto& update = std::get<ContactUpdate>(command_);
  EXPECT_EQ(update.name, "");
  EXPECT_EQ(update.title, "CEO");
  EXPECT_FALSE(update.email.has_value());
}

TEST_F(FactParserTest, ExternalIdsAreSplitAtTheFirstColon) {
  ASSERT_EQ(ErrorOf(R"({"fact": "account.open", "external_ids": ["crm:a:b", "\u00fc x:\u00e9"]})"),
            "");
  const std::vector<ExternalId> expected = {{"crm", "a:b"}, {"\u00fc x", "\u00e9"}};
  EXPECT_EQ(std::get<AccountOpen>(command_).external_ids, expected);
}

TEST_F(FactParserTest, AnEventIsItsIdOrAKey) {
  const auto event_of = [&](const std::string& text) {
    EXPECT_EQ(ErrorOf(R"({"fact": "event.void", "event": ")" + text + "\"}"), "");
    return std::get<Void>(command_).event;
  };
  EXPECT_EQ(event_of("812:3"), (EventRef{EventId::Of(812, 3), ""}));
  EXPECT_EQ(event_of("0:3"), (EventRef{{}, "0:3"}));
  EXPECT_EQ(event_of("8796093022208:0"), (EventRef{{}, "8796093022208:0"}));
  EXPECT_EQ(event_of("1:1048576"), (EventRef{{}, "1:1048576"}));
  EXPECT_EQ(event_of("812:3x"), (EventRef{{}, "812:3x"}));
  EXPECT_EQ(event_of("touch-9"), (EventRef{{}, "touch-9"}));
}

TEST_F(FactParserTest, LinesBeyondTheLimitAreNotRead) {
  EXPECT_EQ(ErrorOf(std::string(kMaxFactBytes + 1, ' ')), "fact: has more than 16777216 bytes");
  const std::string line = R"({"fact": "lead.move", "lead": 5})";
  EXPECT_EQ(ErrorOf(line + std::string(100'000, ' ')), "");
}

// Whatever happens to the bytes of a line: an error, or a fact that can be written and read again.
TEST_F(FactParserTest, DamagedLinesAreRefusedOrRead) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const std::vector<std::string> examples = ExamplesOf("docs/fact-format.md");
  constexpr std::string_view kBytes = "{}[]\":,\\ue0179-+.tfn \0\xc3\xff";
  for (int round = 0; round < 20'000; ++round) {
    std::string line = examples[random() % examples.size()];
    if (random() % 4 == 0) line.resize(random() % line.size());
    for (uint64_t i = random() % 3; i > 0 && !line.empty(); --i) {
      line[random() % line.size()] = kBytes[random() % kBytes.size()];
    }
    if (!ErrorOf(line).empty()) continue;
    const Command command = command_;
    ASSERT_EQ(ErrorOf(FactToJson(command, context_)), "") << line;
    ASSERT_EQ(command_, command) << line;
  }
}

// These values are on disk. They were checked against another implementation of SipHash.
TEST(FactKey, IsSipHashOfTheKey) {
  EXPECT_EQ(FactKeyOf(""), 0x1e924b9d737700d7u);
  EXPECT_EQ(FactKeyOf("x"), 0x60e593e15a57e705u);
  EXPECT_EQ(FactKeyOf("touch-9"), 0x185615910f5d78f5u);
  EXPECT_EQ(FactKeyOf("salesforce:00Q5f00000abcdeEAA"), 0x5e2a9b6c88ae1863u);
}

TEST(FactKey, AHashInHexStandsForItself) {
  EXPECT_EQ(FactKeyOf("#60e593e15a57e705"), 0x60e593e15a57e705u);
  EXPECT_EQ(FactKeyOf("#0000000000000000"), 1u);
  EXPECT_NE(FactKeyOf("#60E593E15A57E705"), 0x60e593e15a57e705u);
  EXPECT_NE(FactKeyOf("#60e593e15a57e70"), 0x060e593e15a57e70u);
}

}  // namespace
}  // namespace throughline
