#include "throughline/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "model/abseil_text.h"
#include "model/golden.h"
#include "model/random_value.h"
#include "nlohmann/json.hpp"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

using ::testing::HasSubstr;
using testing::ReadWholeFile;
using testing::SourcePath;
using ::testing::StartsWith;
using testing::TestSeed;
using Json = nlohmann::ordered_json;

std::string ErrorOf(std::string_view text) {
  const auto policy = Policy::Parse(text);
  return policy.ok() ? "" : std::string(FromAbsl(policy.status().message()));
}

Json DefaultAsJson() { return Json::parse(Policy::DefaultJson()); }

TEST(DefaultPolicy, IsTheTableOfTheDesign) {
  const auto policy = Policy::Default();
  ASSERT_NE(policy, nullptr);
  std::map<Phase, std::string> table;
  for (const Stage& stage : policy->stages()) {
    table[stage.phase] += stage.key + "(" + std::string(NameOf(stage.kind)) + ") ";
  }
  EXPECT_EQ(table[Phase::kMarketing], "inquiry(open) engaged(open) mql(open) nurture(parked) ");
  EXPECT_EQ(table[Phase::kLead],
            "assigned(open) accepted(open) working(open) sql(open) converted(converted) "
            "disqualified(closed) dead(closed) ");
  EXPECT_EQ(table[Phase::kOpportunity],
            "discovery(open) proposal(open) negotiation(open) on_hold(parked) ");
  EXPECT_EQ(table[Phase::kWon], "won(closed) ");
  EXPECT_EQ(table[Phase::kLost], "lost(closed) ");
  EXPECT_EQ(policy->reengagement_window_days(), 730);
  EXPECT_EQ(policy->sourcing_window_days(), 180);
  EXPECT_EQ(policy->direct_channels(), (std::vector<std::string>{"direct", "unknown"}));
  EXPECT_FALSE(policy->milestone_weights());
}

TEST(DefaultPolicy, RequiresWhatTheDesignSays) {
  const auto policy = Policy::Default();
  const std::map<std::string, Requirement> required = {
      {"nurture", Requirement::kReturnDate},  {"assigned", Requirement::kOwner},
      {"disqualified", Requirement::kReason}, {"dead", Requirement::kReason},
      {"on_hold", Requirement::kReturnDate},  {"won", Requirement::kAmount},
      {"lost", Requirement::kReason}};
  for (const Stage& stage : policy->stages()) {
    const auto found = required.find(stage.key);
    const uint32_t bits = found == required.end() ? 0 : 1U << static_cast<unsigned>(found->second);
    EXPECT_EQ(stage.requirements, bits) << stage.key;
  }
}

TEST(DefaultPolicy, NamesTheStagesThatCommandsMean) {
  const auto policy = Policy::Default();
  EXPECT_EQ(policy->first_lead_stage().key, "inquiry");
  EXPECT_EQ(policy->hand_off_stage().key, "assigned");
  EXPECT_EQ(policy->nurture_stage().key, "nurture");
  EXPECT_EQ(policy->converted_stage().key, "converted");
  EXPECT_EQ(policy->first_opportunity_stage().key, "discovery");
  EXPECT_EQ(policy->won_stage().key, "won");
  EXPECT_EQ(policy->lost_stage().key, "lost");
}

// Every pair of stages against a second reading of the file.
TEST(DefaultPolicy, AllowsExactlyTheTransitionsOfTheFile) {
  const auto policy = Policy::Default();
  const Json transitions = DefaultAsJson()["transitions"];
  const auto of_leads = [](const Stage& stage) {
    return stage.phase == Phase::kMarketing || stage.phase == Phase::kLead;
  };
  const auto lists = [&](const std::string& source, const Stage& target) {
    if (!transitions.contains(source)) return false;
    const auto& targets = transitions[source];
    return std::find(targets.begin(), targets.end(), target.key) != targets.end();
  };
  for (const Stage& from : policy->stages()) {
    for (const Stage& to : policy->stages()) {
      const bool open = from.kind == StageKind::kOpen || from.kind == StageKind::kParked;
      const bool any = open && of_leads(from) == of_leads(to) && from.id != to.id;
      const bool expected = lists(from.key, to) || (any && lists("*", to));
      EXPECT_EQ(policy->Allows(from, to), expected) << from.key << " -> " << to.key;
    }
  }
}

TEST(DefaultPolicy, WhatIsClosedCanGoBackToAllThatIsOpen) {
  const auto policy = Policy::Default();
  for (const Stage& from : policy->stages()) {
    for (const Stage& to : policy->stages()) {
      if (from.kind != StageKind::kClosed || to.kind != StageKind::kOpen) continue;
      if (!policy->Allows(to, from)) continue;
      EXPECT_TRUE(policy->Allows(from, to)) << from.key << " -> " << to.key;
    }
  }
}

TEST(DefaultPolicy, SendsAndImpressionsAreNotResponses) {
  const auto policy = Policy::Default();
  for (const char* key : {"form", "reply", "webinar", "event", "trade_show", "demo_request",
                          "call_in", "chat", "content_download", "referral"}) {
    const TouchKind* kind = policy->FindTouchKind(key);
    ASSERT_NE(kind, nullptr) << key;
    EXPECT_TRUE(kind->response) << key;
    EXPECT_EQ(kind->direction, Direction::kInbound) << key;
  }
  for (const char* key : {"email_send", "ad_impression", "direct_mail", "page_view", "email_open",
                          "sequence_email", "call"}) {
    const TouchKind* kind = policy->FindTouchKind(key);
    ASSERT_NE(kind, nullptr) << key;
    EXPECT_FALSE(kind->response) << key;
  }
}

TEST(DefaultPolicy, FollowUpsAreCallsMeetingsAndPersonalMessages) {
  const auto policy = Policy::Default();
  for (const char* key : {"call", "meeting", "personal_email", "personal_message"}) {
    ASSERT_NE(policy->FindTouchKind(key), nullptr) << key;
    EXPECT_TRUE(policy->FindTouchKind(key)->follow_up) << key;
  }
  EXPECT_FALSE(policy->FindTouchKind("sequence_email")->follow_up);
  EXPECT_EQ(policy->FindTouchKind("smoke_signal"), nullptr);
}

TEST(Policy, FindsStagesByKeyNameAndAliasInAnyCase) {
  const auto policy = Policy::Default();
  const Stage* accepted = policy->FindStage("accepted");
  ASSERT_NE(accepted, nullptr);
  for (const char* text : {"accepted", "ACCEPTED", "Sal", "Sales Accepted Lead", " sal "}) {
    EXPECT_EQ(policy->FindStageNamed(text), accepted) << text;
  }
  EXPECT_EQ(policy->FindStage(accepted->id), accepted);
  EXPECT_EQ(policy->FindStage("ACCEPTED"), nullptr);
  EXPECT_EQ(policy->FindStage(int64_t{99}), nullptr);
  EXPECT_EQ(policy->FindStageNamed("no such stage"), nullptr);
}

TEST(Policy, KnowsAttributesByEntity) {
  const auto policy = Policy::Default();
  ASSERT_NE(policy->FindAttribute(EntityKind::kContact, "mobile"), nullptr);
  EXPECT_TRUE(policy->FindAttribute(EntityKind::kContact, "mobile")->personal);
  EXPECT_EQ(policy->FindAttribute(EntityKind::kAccount, "mobile"), nullptr);
}

TEST(Policy, WithoutLeadTypesTakesAny) {
  EXPECT_FALSE(Policy::Default()->HasLeadType("telepathy"));
  Json json = DefaultAsJson();
  json.erase("lead_types");
  const auto policy = Policy::Parse(json.dump());
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_TRUE((*policy)->HasLeadType("telepathy"));
}

TEST(Policy, KeepsItsTextAsItWas) {
  const std::string text = " " + DefaultAsJson().dump(1) + "\n";
  const auto policy = Policy::Parse(text);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ((*policy)->json(), text);
}

TEST(Policy, BrokenFilesAreRefusedWithThePathOfTheFault) {
  const Json cases = Json::parse(ReadWholeFile(SourcePath("tests/model/broken_policies.json")));
  ASSERT_GT(cases.size(), 50u);
  for (const Json& each : cases) {
    const auto expected = each["error"].get<std::string>();
    const std::string error = ErrorOf(DefaultAsJson().patch(each["patch"]).dump());
    EXPECT_THAT(error, StartsWith(expected));
  }
}

TEST(Policy, NamesTheFaultInTheDetailToo) {
  Json json = DefaultAsJson();
  json["stages"][3]["key"] = "mql";
  const auto policy = Policy::Parse(json.dump());
  ASSERT_FALSE(policy.ok());
  EXPECT_EQ(DetailOf(policy.status()).field, "stages[3].key");
  EXPECT_EQ(policy.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Policy, SyntaxErrorsTellLineAndColumn) {
  EXPECT_THAT(ErrorOf("{\n  \"name\": \"x\",\n  oops\n}"),
              StartsWith("policy: is not JSON: line 3, column 3: "));
  EXPECT_THAT(ErrorOf(""), StartsWith("policy: is not JSON: line 1, column 1: "));
  EXPECT_THAT(ErrorOf("{\"name\": \"\xff\"}"), StartsWith("policy: is not JSON: "));
  EXPECT_EQ(ErrorOf("[]"), "policy: is not an object");
  EXPECT_EQ(ErrorOf("{\"name\": \"a\", \"name\": \"b\"}"), "policy: an object gives 'name' twice");
  EXPECT_THAT(ErrorOf(std::string(100'000, '[')), StartsWith("policy: is nested deeper"));
}

// Whatever happens to the bytes of a file: an error, or a policy.
TEST(Policy, DamagedFilesAreRefusedOrRead) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const std::string intact = DefaultAsJson().dump();
  constexpr std::string_view kBytes = "{}[]\":,\\*019-.aetn \0\xff";
  for (int round = 0; round < 1000; ++round) {
    std::string text = intact;
    for (uint64_t i = random() % 3 + 1; i > 0; --i) {
      text[random() % text.size()] = kBytes[random() % kBytes.size()];
    }
    const auto policy = Policy::Parse(text);
    if (policy.ok()) {
      EXPECT_EQ((*policy)->stages().size(), 17u);
    } else {
      EXPECT_EQ(policy.status().code(), absl::StatusCode::kInvalidArgument);
      EXPECT_NE(DetailOf(policy.status()).field, "");
    }
  }
}

TEST(Policy, SizeIsLimited) {
  std::string text = DefaultAsJson().dump();
  text.resize(kMaxPolicyBytes, ' ');
  EXPECT_EQ(ErrorOf(text), "");
  EXPECT_THAT(ErrorOf(text + " "), StartsWith("policy: has 4194305 bytes, at most 4194304"));
}

TEST(Policy, ListsAreLimited) {
  Json json = DefaultAsJson();
  json["lead_types"] = Json::array();
  for (size_t i = 0; i < kMaxListItems; ++i) json["lead_types"].push_back(std::to_string(i));
  EXPECT_EQ(ErrorOf(json.dump()), "");
  json["lead_types"].push_back("one more");
  EXPECT_EQ(ErrorOf(json.dump()), "lead_types: has more than 1000 items");
}

TEST(Policy, ARetiredStageMayBeLeftOnly) {
  Json json = DefaultAsJson();
  json["stages"].push_back(
      {{"id", 18}, {"key", "demo"}, {"phase", "opportunity"}, {"retired", true}});
  json["transitions"]["demo"] = {"proposal"};
  const auto policy = Policy::Parse(json.dump());
  ASSERT_TRUE(policy.ok()) << policy.status();
  const Stage& demo = *(*policy)->FindStage("demo");
  EXPECT_TRUE(demo.retired);
  EXPECT_EQ(demo.name, "demo");
  EXPECT_EQ(demo.kind, StageKind::kOpen);
  EXPECT_TRUE((*policy)->Allows(demo, (*policy)->lost_stage()));
  EXPECT_TRUE((*policy)->Allows(demo, *(*policy)->FindStage("proposal")));
  EXPECT_FALSE((*policy)->Allows(demo, *(*policy)->FindStage("negotiation")));
}

TEST(PolicySuccessor, MayAddRenameAndRetire) {
  Json json = DefaultAsJson();
  json["stages"][1]["name"] = "Interested";
  json["stages"].push_back({{"id", 18}, {"key", "demo"}, {"phase", "opportunity"}});
  json["transitions"]["discovery"].push_back("demo");
  const auto next = Policy::Parse(json.dump());
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_TRUE(Policy::Default()->CheckSuccessor(**next).ok());
  EXPECT_EQ((*next)->CheckSuccessor(*Policy::Default()).message(),
            "stages: stage 18 ('demo') is gone: records may be or have been in it; keep it with "
            "\"retired\": true");
}

TEST(PolicySuccessor, KeepsPhaseAndKindOfEveryStage) {
  Json json = DefaultAsJson();
  json["stages"][2]["phase"] = "lead";
  auto next = Policy::Parse(json.dump());
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(Policy::Default()->CheckSuccessor(**next).message(),
            "stages[2].phase: stage 3 ('mql') is in phase 'marketing' and stays there");
  json = DefaultAsJson();
  json["stages"][2]["kind"] = "parked";
  next = Policy::Parse(json.dump());
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(Policy::Default()->CheckSuccessor(**next).message(),
            "stages[2].kind: stage 3 ('mql') is open and stays so");
}

TEST(PolicyPage, ItsExamplesAreValidPolicies) {
  const std::string page = ReadWholeFile(SourcePath("docs/policy.md"));
  constexpr std::string_view kFence = "```json\n";
  int examples = 0;
  for (size_t at = page.find(kFence); at != page.npos; at = page.find(kFence, at)) {
    at += kFence.size();
    const size_t end = page.find("\n```\n", at);
    ASSERT_NE(end, page.npos);
    EXPECT_EQ(ErrorOf(std::string_view(page).substr(at, end - at)), "");
    ++examples;
  }
  EXPECT_GE(examples, 1);
}

TEST(PolicyPage, ItsErrorsAreThoseOfTheParser) {
  const std::string page = ReadWholeFile(SourcePath("docs/policy.md"));
  Json json = DefaultAsJson();
  json["stages"][3]["key"] = "mql";
  EXPECT_THAT(page, HasSubstr(ErrorOf(json.dump())));
}

}  // namespace
}  // namespace throughline
