#include "core/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "throughline/error.h"
#include "throughline/policy.h"

namespace throughline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> LookupsOf(const Identity& identity,
                                   const Policy& policy = *Policy::Default()) {
  absl::StatusOr<MatchPlan> plan = MatchPlan::Of(identity, policy);
  EXPECT_TRUE(plan.ok()) << plan.status();
  std::vector<std::string> lookups;
  if (!plan.ok()) return lookups;
  const std::vector<MatchLookup> all = plan->AllLookups();
  for (const MatchLookup& lookup : all) {
    lookups.push_back(std::string(NameOf(lookup.rule)) + " " + lookup.value);
  }
  return lookups;
}

std::shared_ptr<const Policy> PolicyWith(const std::string& matching) {
  std::string json(Policy::DefaultJson());
  const size_t begin = json.find("\"matching\"");
  const size_t end = json.find("\"reengagement_window_days\"");
  json.replace(begin, end - begin, "\"matching\": " + matching + ", ");
  auto policy = Policy::Parse(json);
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *policy;
}

std::string FieldOf(const Identity& identity) {
  return DetailOf(MatchPlan::Of(identity, *Policy::Default()).status()).field;
}

TEST(MatchPlan, AsksInTheOrderOfThePolicy) {
  const Identity identity{.email = "Ann@mail.acme.co.uk",
                          .company = "Acme Ltd",
                          .domain = "https://www.acme.com/x",
                          .contact_external_ids = {{"crm", "C1"}},
                          .account_external_ids = {{"crm", "A1"}}};
  EXPECT_THAT(LookupsOf(identity),
              ElementsAre("external_id crm:C1", "external_id crm:A1", "email ann@mail.acme.co.uk",
                          "domain acme.com", "domain acme.co.uk", "name acme"));
  EXPECT_THAT(
      LookupsOf(identity, *PolicyWith(R"({"order": ["name", "email"], "legal_forms": []})")),
      ElementsAre("name acme ltd", "email ann@mail.acme.co.uk"));
}

TEST(MatchPlan, FreeMailIsOfNoCompany) {
  EXPECT_THAT(LookupsOf({.email = "ann@GMail.com."}), ElementsAre("email ann@gmail.com"));
  EXPECT_THAT(LookupsOf({.email = "ann@x.yahoo.co.uk"}), ElementsAre("email ann@x.yahoo.co.uk"));
  EXPECT_THAT(LookupsOf({.email = "ann@acme.com", .domain = "gmail.com"}),
              ElementsAre("email ann@acme.com", "domain acme.com"));
  const Identity ann{.email = "ann@gmail.com"};
  EXPECT_EQ(MatchPlan::Of(ann, *Policy::Default())->Domain(), "");
}

TEST(MatchPlan, NeedsSomethingToKnowAgain) {
  EXPECT_EQ(FieldOf({.name = "Ann"}), "match");
  EXPECT_EQ(FieldOf({.email = "no address", .name = "Ann"}), "match");
  EXPECT_EQ(FieldOf({.domain = "localhost"}), "match");
  EXPECT_EQ(FieldOf({.company = "..."}), "match");
}

TEST(MatchPlan, BadInputIsNamed) {
  std::string huge;
  huge.resize(10'000'000, 'a');
  EXPECT_EQ(FieldOf({.email = "a\nnn@acme.com"}), "match.email");
  EXPECT_EQ(FieldOf({.email = std::string("a\0@acme.com", 11)}), "match.email");
  EXPECT_EQ(FieldOf({.email = huge + "@acme.com"}), "match.email");
  EXPECT_EQ(FieldOf({.email = "ann@acme.com", .name = huge}), "match.name");
  EXPECT_EQ(FieldOf({.email = "ann@acme.com", .company = "\xFF"}), "match.company");
  EXPECT_EQ(FieldOf({.domain = huge}), "match.domain");
  EXPECT_EQ(FieldOf({.contact_external_ids = {{"crm", ""}}}), "match.contact_external_ids[0].key");
  EXPECT_EQ(FieldOf({.account_external_ids = {{"c:rm", "1"}}}),
            "match.account_external_ids[0].system");
}

// What was asked of the pairs of three accounts: nothing, that the newer was opened for it, or
// else.
class Questions {
 public:
  explicit Questions(int number) : number_(number) {}

  Question Between(AccountId account, AccountId other) const {
    const int64_t newer = std::max(account.value, other.value);
    const int64_t older = std::min(account.value, other.value);
    const int64_t place = newer == 2 ? 0 : older;  // pairs 2-1, 3-1, 3-2
    const int answer = number_ / (place == 0 ? 1 : place == 1 ? 3 : 9) % 3;
    if (answer == 0) return Question::kNever;
    return answer == 1 && account.value == newer ? Question::kOpenedFor : Question::kAsked;
  }

  // Who answers for the first `accounts` of them; 0: it has to be asked.
  int64_t Answer(int accounts, int64_t oldest) const {
    bool all = true;
    for (int64_t i = accounts; i > 0; --i) {
      bool opened = true;
      for (int64_t k = 1; k <= accounts; ++k) {
        if (k == i) continue;
        const Question question = Between(AccountId{i}, AccountId{k});
        opened &= question == Question::kOpenedFor;
        all &= question != Question::kNever;
      }
      if (opened) return i;
    }
    return all ? oldest : 0;
  }

 private:
  int number_;
};

// The first that opened earliest: the bits of `times` say who opened late.
int64_t OldestOf(int accounts, int times) {
  int oldest = 0;
  while (times != (1 << accounts) - 1 && (times >> oldest & 1) != 0) ++oldest;
  return oldest + 1;
}

// Every set of two or three accounts that share a value, each opened at one of two times, and every
// set of questions asked before, under both policies.
TEST(Judge, EveryAmbiguityHasOneAnswer) {
  const MatchLookup lookup{MatchLookup::By::kDomain, MatchRule::kDomain, "acme.com", {}};
  for (int accounts = 2; accounts <= 3; ++accounts) {
    for (int times = 0; times < 1 << accounts; ++times) {
      std::vector<MatchCandidate> candidates;
      for (int i = 0; i < accounts; ++i) {
        candidates.push_back({AccountId{i + 1}, {}, Time{times >> i & 1}});
      }
      const int64_t oldest = OldestOf(accounts, times);
      for (int number = 0; number < 27; ++number) {
        const Questions questions(number);
        const auto question = [&](AccountId a, AccountId b) -> absl::StatusOr<Question> {
          return questions.Between(a, b);
        };
        MatchOutcome taken, reviewed;
        ASSERT_TRUE(Judge(lookup, candidates, Ambiguity::kOldest, question, taken).ok());
        EXPECT_EQ(taken.evidence.account.value, oldest);
        EXPECT_EQ(taken.evidence.candidates, accounts);
        ASSERT_TRUE(Judge(lookup, candidates, Ambiguity::kReview, question, reviewed).ok());
        EXPECT_EQ(reviewed.evidence.account.value, questions.Answer(accounts, oldest)) << number;
        EXPECT_EQ(reviewed.review.empty(), static_cast<bool>(reviewed.evidence.account));
        EXPECT_TRUE(reviewed.settled());
      }
    }
  }
}

TEST(Judge, NobodySettlesNothing) {
  MatchOutcome outcome;
  const auto never = [](AccountId, AccountId) -> absl::StatusOr<Question> {
    return Question::kNever;
  };
  ASSERT_TRUE(Judge({}, {}, Ambiguity::kReview, never, outcome).ok());
  EXPECT_FALSE(outcome.settled());
}

TEST(Judge, ContactsOfOneAccountAreNoAmbiguity) {
  const MatchLookup lookup{MatchLookup::By::kEmail, MatchRule::kEmail, "a@acme.com", {}};
  const MatchCandidate candidates[] = {{AccountId{7}, ContactId{5}, {}},
                                       {AccountId{7}, ContactId{3}, {}}};
  MatchOutcome outcome;
  const auto never = [](AccountId, AccountId) -> absl::StatusOr<Question> {
    return Question::kNever;
  };
  ASSERT_TRUE(Judge(lookup, candidates, Ambiguity::kReview, never, outcome).ok());
  EXPECT_EQ(outcome.evidence.contact, ContactId{3});
  EXPECT_EQ(outcome.evidence.candidates, 1);
  EXPECT_TRUE(outcome.personal);
}

TEST(JudgePerson, StaysInTheAccount) {
  const MatchLookup email{MatchLookup::By::kEmail, MatchRule::kEmail, "a@acme.com", {}};
  const MatchCandidate elsewhere[] = {{AccountId{7}, ContactId{5}, {}}};
  MatchOutcome outcome;
  outcome.evidence.account = AccountId{8};
  ASSERT_TRUE(JudgePerson(email, elsewhere, AccountId{8}, outcome).ok());
  EXPECT_FALSE(outcome.evidence.contact);
  const MatchLookup id{
      MatchLookup::By::kContactId, MatchRule::kExternalId, "crm:C1", {"crm", "C1"}};
  EXPECT_EQ(DetailOf(JudgePerson(id, elsewhere, AccountId{8}, outcome)).field,
            "match.contact_external_ids");
}

TEST(Policy, MatchingHasItsFaults) {
  const std::map<std::string, std::string> faults = {
      {R"({"order": ["domain", "postcode"]})", "matching.order[1]"},
      {R"({"ambiguous": "newest"})", "matching.ambiguous"},
      {R"({"free_mail": ["."]})", "matching.free_mail[0]"},
      {R"({"legal_forms": ["Inc", "&"]})", "matching.legal_forms[1]"},
      {R"({"phone": []})", "matching"},
      {R"([])", "matching"},
  };
  for (const auto& [matching, path] : faults) {
    std::string json(Policy::DefaultJson());
    const size_t begin = json.find("\"matching\"");
    const size_t end = json.find("\"reengagement_window_days\"");
    json.replace(begin, end - begin, "\"matching\": " + matching + ", ");
    EXPECT_EQ(DetailOf(Policy::Parse(json).status()).field, path) << matching;
  }
  EXPECT_THAT(PolicyWith(R"({"order": []})")->matching().order, IsEmpty());
}

}  // namespace
}  // namespace throughline
