#include <string>

#include "ledger/import_fixture.h"

// Facts that say who somebody is, instead of naming a record.

namespace throughline {
namespace {

using testing::IsEmpty;

class ImportMatchTest : public ImportTest {
 protected:
  AccountId AccountOf(const std::string& email) {
    const auto contacts = ledger_->FindContactsByEmail(email);
    EXPECT_TRUE(contacts.ok() && contacts->size() == 1u) << email;
    return contacts.ok() && !contacts->empty() ? contacts->front().account : AccountId{};
  }
};

constexpr std::string_view kForms = R"(
{"fact":"touch.record","at":"2024-01-02T10:00:00Z","kind":"form","match":{"email":"ann@acme.co.uk","name":"Ann"}}
{"fact":"lead.open","at":"2024-01-03","match":{"email":"ann@acme.co.uk"},"external_ids":["crm:L1"]}
{"fact":"touch.record","at":"2024-01-04","kind":"form","match":{"email":"jo@gmail.com"}}
{"fact":"lead.move","at":"2024-01-05","lead":"crm:L1","stage":"mql"}
{"fact":"touch.record","at":"2024-01-06","kind":"form","match":{"email":"bob@mail.acme.co.uk","company":"Acme Ltd"}}
{"fact":"touch.record","at":"2024-01-07","kind":"form","match":{"company":"ACME"}}
{"fact":"account.open","at":"2024-01-08","name":"Acme Limited","domains":["www.acme.co.uk"],"external_ids":["crm:A1"]}
{"fact":"opportunity.open","at":"2024-01-09","match":{"account_external_ids":["crm:A1"]},"external_ids":["crm:O1"]}
)";

TEST_F(ImportMatchTest, FactsOfOneCompanyComeTogether) {
  const ImportReport report = ImportLines(kForms);
  EXPECT_EQ(report.imported, 8);
  EXPECT_EQ(report.rejected, 0) << Rejects();
  const AccountId acme = ledger_->GetAccount(AccountRef("crm", "A1"))->account;
  EXPECT_EQ(AccountOf("ann@acme.co.uk"), acme);
  EXPECT_EQ(AccountOf("bob@mail.acme.co.uk"), acme);
  EXPECT_NE(AccountOf("jo@gmail.com"), acme);
  EXPECT_EQ(ledger_->GetAccount(acme)->touches, 3);
  EXPECT_EQ(ledger_->GetOpportunity(OpportunityRef("crm", "O1"))->account, acme);
  EXPECT_THAT(ledger_->Verify()->samples, IsEmpty());
}

TEST_F(ImportMatchTest, ASecondImportAddsNothing) {
  ImportLines(kForms);
  const int64_t seq = *ledger_->store().LastSeq();
  const ImportReport again = ImportLines(kForms);
  EXPECT_EQ(again.imported, 0);
  EXPECT_EQ(again.known, 8);
  EXPECT_EQ(*ledger_->store().LastSeq(), seq);
}

TEST_F(ImportMatchTest, ASecondImportAddsNothingUnderReview) {
  std::string json(Policy::DefaultJson());
  const std::string before = R"("ambiguous": "oldest")";
  json.replace(json.find(before), before.size(), R"("ambiguous": "review")");
  ASSERT_TRUE(ledger_->Execute(PolicyChange{json}, {}).ok());
  ImportLines(R"(
{"fact":"account.open","name":"Acme","domains":["acme.com"],"external_ids":["crm:A1"]}
{"fact":"account.open","name":"Acme Two","domains":["acme.com"],"external_ids":["crm:A2"]})");
  const std::string touches = R"(
{"fact":"touch.record","at":"2024-01-02","kind":"form","match":{"domain":"acme.com"}}
{"fact":"touch.record","at":"2024-01-03","kind":"form","match":{"email":"x@acme.com"}})";
  EXPECT_EQ(ImportLines(touches).imported, 2);
  EXPECT_EQ(ledger_->ListReviews(ReviewState::kOpen, {})->items.size(), 2u);
  const ImportReport again = ImportLines(touches);
  EXPECT_EQ(again.known, 2);
  EXPECT_EQ(again.imported, 0);
}

// The company had one account when the fact was recorded, and has two by now.
TEST_F(ImportMatchTest, AKnownFactIsFoundAmongSeveralAccounts) {
  const std::string touch =
      R"({"fact":"touch.record","at":"2024-01-02","kind":"form","match":{"domain":"acme.com"}})";
  EXPECT_EQ(ImportLines(touch).imported, 1);
  ImportLines(
      R"({"fact":"account.open","at":"2001-01-01","name":"A","domains":["acme.com"],"external_ids":["crm:A"]})");
  EXPECT_EQ(ImportLines(touch).known, 1);
}

TEST_F(ImportMatchTest, MappingsMatchToo) {
  const std::string map = R"({"files": [{"match": "*.csv", "facts": [
    {"fact": "touch.record", "at": "{when}", "kind": "form",
     "match": {"email": "{email}", "name": "{name}", "company": "{company}",
               "contact_external_ids": "crm:{id}"}}]}]})";
  const ImportReport report = ImportCsv(
      "when,email,name,company,id\n"
      "2024-01-02,ann@acme.com,Ann,Acme Inc,1\n"
      "2024-01-03,ANN@acme.com,,,\n"
      "2024-01-04,,,acme,\n"
      "2024-01-05,,Ann,,1\n"
      "2024-01-06,,,,\n",
      map);
  EXPECT_EQ(report.rejected, 1);  // says nothing of anybody
  EXPECT_EQ(report.imported, 4);
  EXPECT_EQ(ledger_->GetAccount(AccountOf("ann@acme.com"))->touches, 4);
  EXPECT_FALSE(TryImport({Write("data.csv", "a\n1\n")},
                         R"({"files": [{"match": "*", "facts": [{"fact": "lead.open",
                         "at": "2024-01-01", "match": {"emial": "{a}"}}]}]})")
                   .ok());
}

TEST_F(ImportMatchTest, OrderOfTheInputDoesNotMatterForACompany) {
  std::string forward, backward;
  for (int i = 0; i < 60; ++i) {
    const std::string company = std::to_string(i % 7);
    const std::string line = R"({"fact":"touch.record","at":"2024-01-)" +
                             std::to_string(10 + i % 20) +
                             R"(","kind":"form","match":{"email":"p)" + std::to_string(i) + "@c" +
                             company + ".com\"}}\n";
    forward += line;
    backward.insert(0, line);
  }
  EXPECT_EQ(ImportLines(forward).imported, 60);
  for (int i = 0; i < 60; ++i) {
    const std::string email = "p" + std::to_string(i) + "@c" + std::to_string(i % 7) + ".com";
    EXPECT_EQ(AccountOf(email),
              AccountOf("p" + std::to_string(i % 7) + "@c" + std::to_string(i % 7) + ".com"));
  }
  EXPECT_EQ(ImportLines(backward).known, 60);
}

}  // namespace
}  // namespace throughline
