#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ledger/import_fixture.h"

// Facts as JSON lines: order, faults, repetition.

namespace throughline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

class ImportLinesTest : public ImportTest {};

constexpr std::string_view kOneDeal = R"(
{"fact":"account.open","at":"2024-01-01","name":"Acme","external_ids":["crm:A"]}
{"fact":"contact.add","at":"2024-01-01","account":"crm:A","name":"Zoe","external_ids":["crm:C"]}
{"fact":"touch.record","at":"2024-01-02T10:00:00Z","contact":"crm:C","kind":"webinar","channel":"web"}
{"fact":"lead.open","at":"2024-01-03","contact":"crm:C","stage":"sql","external_ids":["crm:L"]}
{"fact":"opportunity.open","at":"2024-02-01","leads":["crm:L"],"external_ids":["crm:O"]}
{"fact":"opportunity.win","at":"2024-03-01","opportunity":"crm:O","amount":"100.00 EUR"}
)";

TEST_F(ImportLinesTest, LoadsADeal) {
  const ImportReport report = ImportLines(kOneDeal);
  EXPECT_EQ(report.rows, 6);
  EXPECT_EQ(report.facts, 6);
  EXPECT_EQ(report.imported, 6);
  EXPECT_EQ(report.known, 0);
  EXPECT_EQ(report.rejected, 0);
  EXPECT_EQ(report.commits, 1);
  EXPECT_THAT(report.warnings, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(options_.rejects_path));
  EXPECT_EQ(Deal("O").phase, Phase::kWon);
  EXPECT_EQ(Deal("O").lineage.original.channel, "web");
  EXPECT_EQ(Lead("L").kind, StageKind::kConverted);
  EXPECT_TRUE(ledger_->Verify().ok());
}

TEST_F(ImportLinesTest, ASecondImportAddsNothing) {
  ImportLines(kOneDeal);
  const ImportReport again = ImportLines(kOneDeal);
  EXPECT_EQ(again.imported, 0);
  EXPECT_EQ(again.known, 6);
  EXPECT_EQ(again.events, 0);
  EXPECT_EQ(again.commits, 0);
  EXPECT_EQ(again.rejected, 0);
}

TEST_F(ImportLinesTest, EqualFactsAreToldApartByTheirNumber) {
  const std::string touch =
      R"({"fact":"touch.record","at":"2024-01-02","account":"crm:A","kind":"form"})"
      "\n";
  ImportLines(R"({"fact":"account.open","external_ids":["crm:A"]})");
  EXPECT_EQ(ImportLines(touch + touch).imported, 2);
  EXPECT_EQ(ImportLines(touch + touch).known, 2);
  const ImportReport longer = ImportLines(touch + touch + touch);
  EXPECT_EQ(longer.known, 2);
  EXPECT_EQ(longer.imported, 1);
}

TEST_F(ImportLinesTest, TheOwnKeyWins) {
  ImportLines(R"({"fact":"account.open","external_ids":["crm:A"]})");
  const std::string first =
      R"({"fact":"touch.record","at":"2024-01-02","account":"crm:A","kind":"form","key":"t-1"})";
  const std::string changed =
      R"({"fact":"touch.record","at":"2024-05-05","account":"crm:A","kind":"event","key":"t-1"})";
  EXPECT_EQ(ImportLines(first).imported, 1);
  EXPECT_EQ(ImportLines(changed).known, 1);
}

TEST_F(ImportLinesTest, ADefinitionSaidTwiceIsSaidOnce) {
  const std::string lines = R"({"fact":"owner.define","name":"Ada","external_ids":["crm:U"]}
{"fact":"owner.define","name":"Ada","external_ids":["crm:U"]}
{"fact":"campaign.define","name":"Spring","external_ids":["crm:K"]}
{"fact":"campaign.define","name":"Spring","external_ids":["crm:K"]}
{"fact":"account.open","name":"Acme","external_ids":["crm:A"]}
{"fact":"account.open","name":"Acme","external_ids":["crm:A"]}
)";
  const ImportReport report = ImportLines(lines);
  EXPECT_EQ(report.imported, 3);
  EXPECT_EQ(report.known, 3);
  EXPECT_EQ(report.rejected, 0);
  EXPECT_EQ(report.events, 3);
}

TEST_F(ImportLinesTest, AnyOrderOfTheInputGivesTheSame) {
  std::vector<std::string> lines;
  std::string line;
  for (std::istringstream text{std::string(kOneDeal)}; std::getline(text, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  int orders = 0;
  do {
    ledger_ = NewLedger();
    std::string text;
    for (const std::string& each : lines) text += each + "\n";
    const ImportReport report = ImportLines(text);
    ASSERT_EQ(report.imported, 6) << text;
    ASSERT_THAT(report.warnings, IsEmpty()) << text;
    ASSERT_THAT(EventsOf("A"), ElementsAre("account_opened", "contact_added", "touch_recorded",
                                           "lead_opened", "opportunity_opened", "lead_moved",
                                           "opportunity_valued", "opportunity_moved"));
  } while (++orders < 720 && std::next_permutation(lines.begin(), lines.end()));
  EXPECT_EQ(orders, 720);
}

TEST_F(ImportLinesTest, ACorrectionNeedsNoDate) {
  const ImportReport report = ImportLines(R"(
{"fact":"account.open","at":"2024-01-01","external_ids":["crm:A"]}
{"fact":"touch.record","at":"2024-01-02","account":"crm:A","kind":"form","key":"t"}
{"fact":"touch.retract","account":"crm:A","touch":"t","reason":"duplicate"}
)");
  EXPECT_EQ(report.imported, 3) << Rejects();
  EXPECT_THAT(report.warnings, IsEmpty());
}

TEST_F(ImportLinesTest, AFactWaitsForTheRecordThatItsDateComesBefore) {
  const ImportReport report = ImportLines(R"(
{"fact":"account.open","at":"2024-01-01","external_ids":["crm:A"]}
{"fact":"opportunity.win","at":"2024-01-09T12:00:00Z","opportunity":"crm:O"}
{"fact":"opportunity.open","at":"2024-01-09T12:00:00Z","leads":["crm:L"],"external_ids":["crm:O"]}
{"fact":"lead.open","at":"2024-01-10","account":"crm:A","stage":"mql","external_ids":["crm:L"]}
)");
  EXPECT_EQ(report.imported, 4);
  EXPECT_EQ(report.rejected, 0) << Rejects();
  EXPECT_EQ(report.warnings.at("before_lead"), 1);
  EXPECT_EQ(Deal("O").phase, Phase::kWon);
  EXPECT_EQ(FormatTime(*Deal("O").closed_at), "2024-01-09T12:00:00Z");
  EXPECT_EQ(FormatTime(Lead("L").opened_at), "2024-01-10T00:00:00Z");
  EXPECT_THAT(
      report.samples,
      testing::Contains(HasSubstr("facts.jsonl:4: warning: opportunity.open: before_lead")));
  EXPECT_TRUE(ledger_->Verify().ok());
}

TEST_F(ImportLinesTest, AnOwnerMayNameATeamThatComesLater) {
  const ImportReport report = ImportLines(R"(
{"fact":"owner.define","at":"2024-01-01","team":"crm:T","external_ids":["crm:U"]}
{"fact":"owner.define","at":"2024-01-02","kind":"team","external_ids":["crm:T"]}
)");
  EXPECT_EQ(report.imported, 2) << Rejects();
  EXPECT_TRUE(ledger_->GetOwner(OwnerRef("crm", "U"))->team);
}

TEST_F(ImportLinesTest, ACorrectionWaitsForTheFactItCorrects) {
  const ImportReport report = ImportLines(R"(
{"fact":"account.open","at":"2024-01-01","external_ids":["crm:A"]}
{"fact":"touch.retract","at":"2024-01-02","account":"crm:A","touch":"t-1","reason":"duplicate"}
{"fact":"touch.record","at":"2024-01-03","account":"crm:A","kind":"form","key":"t-1"}
)");
  EXPECT_EQ(report.imported, 3) << Rejects();
  EXPECT_EQ(ledger_->GetAccount(AccountRef("crm", "A"))->touches, 0);
}

TEST_F(ImportLinesTest, AMovedContactIsFollowed) {
  const std::string lines = R"(
{"fact":"account.open","at":"2024-01-01","external_ids":["crm:A"]}
{"fact":"account.open","at":"2024-01-01","external_ids":["crm:B"]}
{"fact":"contact.add","at":"2024-01-02","account":"crm:B","external_ids":["crm:C"]}
{"fact":"touch.record","at":"2024-02-01","account":"crm:B","contact":"crm:C","kind":"form"}
{"fact":"contact.move","at":"2024-03-01","contact":"crm:C","account":"crm:A"}
{"fact":"touch.record","at":"2024-04-01","account":"crm:A","contact":"crm:C","kind":"form"}
{"fact":"lead.open","at":"2024-04-02","contact":"crm:C","external_ids":["crm:L"]}
)";
  const ImportReport report = ImportLines(lines);
  EXPECT_EQ(report.imported, 7) << Rejects();
  EXPECT_EQ(Lead("L").account, ledger_->GetAccount(AccountRef("crm", "A"))->account);
}

TEST_F(ImportLinesTest, IdsOfOneAccountAreSortedAsOne) {
  const ImportReport report = ImportLines(R"(
{"fact":"lead.move","at":"2024-01-05","lead":"crm:L","stage":"working"}
{"fact":"lead.open","at":"2024-01-04","account":"erp:7","external_ids":["crm:L"]}
{"fact":"account.open","at":"2024-01-01","external_ids":["crm:A","erp:7"]}
{"fact":"lead.move","at":"2024-01-06","lead":"crm:L","stage":"sql"}
{"fact":"note.add","at":"2024-01-07","account":"crm:A","text":"Call."}
)");
  EXPECT_EQ(report.imported, 5) << Rejects();
  EXPECT_THAT(report.warnings, IsEmpty());
  EXPECT_EQ(report.commits, 1);
}

TEST_F(ImportLinesTest, RecordsOfTheLedgerAreFound) {
  ImportLines(kOneDeal);
  const int64_t account = ledger_->GetAccount(AccountRef("crm", "A"))->account.value;
  const ImportReport report = ImportLines(
      R"({"fact":"lead.reopen","at":"2024-06-02","lead":"crm:L","stage":"working"}
{"fact":"contact.update","at":"2024-06-01","contact":"crm:C","title":"COO"}
{"fact":"note.add","at":"2024-06-03","account":)" +
      std::to_string(account) + R"(,"text":"Back."}
)");
  EXPECT_EQ(report.imported, 3) << Rejects();
  EXPECT_EQ(report.commits, 1);
}

TEST_F(ImportLinesTest, RejectsOfAnEarlierImportGo) {
  ImportLines("not json");
  EXPECT_THAT(Rejects(), HasSubstr("not json"));
  ImportLines(kOneDeal);
  EXPECT_FALSE(std::filesystem::exists(options_.rejects_path));
}

TEST_F(ImportLinesTest, AFileThatHoldsNoRejectsIsLeftAlone) {
  options_.rejects_path = Write("letter.txt", "Dear Ada,\n");
  ImportLines(kOneDeal);
  EXPECT_EQ(Rejects(), "Dear Ada,\n");
}

TEST_F(ImportLinesTest, RejectsAreNotWrittenOverTheInput) {
  options_.rejects_path = Write("facts.jsonl", "not json");
  const absl::Status status = TryImport({options_.rejects_path}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(Rejects(), "not json");
}

TEST_F(ImportLinesTest, BadLinesAreRejectedAndTheRestIsLoaded) {
  const ImportReport report = ImportLines(std::string(kOneDeal) + R"(
{"fact":"lead.move","at":"2024-13-01","lead":"crm:L","stage":"working"}
{"fact":"lead.move","at":"2024-01-05","lead":"crm:X","stage":"working"}
{"fact":"lead.move","at":"2024-01-05","lead":"crm:L","stage":"wrking"}
{"fact":"lead.assign","at":"2024-01-05","lead":"crm:L","owner":"crm:nobody"}
{"fact":"lead.move","at":"2024-01-05","lead":"crm:L","stage":"working","request_id":"r"}
{"fact":"account.open","name":"Nameless"}
not json
)");
  EXPECT_EQ(report.rows, 13);
  EXPECT_EQ(report.facts, 11);
  EXPECT_EQ(report.imported, 6);
  EXPECT_EQ(report.rejected, 7);
  const std::string rejects = Rejects();
  EXPECT_THAT(rejects, testing::StartsWith("file,line,column,why,text\n"));
  const std::string file = Path("facts.jsonl");
  for (const char* expected : {",9,at,", ",10,lead,", ",11,stage,", ",12,owner,", ",13,request_id,",
                               ",14,external_ids,", ",15,fact,"}) {
    EXPECT_THAT(rejects, HasSubstr(file + expected));
  }
  EXPECT_THAT(rejects, HasSubstr("no lead has the external id crm:X"));
  EXPECT_THAT(rejects, HasSubstr("not json"));
  EXPECT_EQ(report.samples.size(), 7u);
  struct stat info;
  ASSERT_EQ(stat(options_.rejects_path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(ImportLinesTest, BytesThatAreNotTextAreShownInHex) {
  ImportLines("{\"fact\":\"account.open\",\"name\":\"caf\xE9\",\"external_ids\":[\"crm:A\"]}\n");
  EXPECT_THAT(Rejects(), HasSubstr(",1,name,name: is not UTF-8,"));
  EXPECT_THAT(Rejects(), HasSubstr("caf\\xe9"));
}

TEST_F(ImportLinesTest, AnObservedMissingReasonIsAWarningAnEnforcedOneAReject) {
  const std::string lines = R"(
{"fact":"account.open","at":"2024-01-01","external_ids":["crm:A"]}
{"fact":"lead.open","at":"2024-01-02","account":"crm:A","external_ids":["crm:L"]}
{"fact":"lead.open","at":"2024-01-02","account":"crm:A","external_ids":["crm:M"]}
{"fact":"lead.close","at":"2024-01-03","lead":"crm:L","stage":"dead"}
{"fact":"lead.close","at":"2024-01-03","lead":"crm:M","stage":"dead","mode":"enforce"}
)";
  const ImportReport report = ImportLines(lines);
  EXPECT_THAT(report.warnings, UnorderedElementsAre(Pair("missing_reason", 1)));
  EXPECT_EQ(report.rejected, 1);
  options_.mode = Mode::kEnforce;
  ledger_ = NewLedger();
  EXPECT_EQ(ImportLines(lines).rejected, 2);
}

TEST_F(ImportLinesTest, AFactWithoutDateIsWarnedFor) {
  const ImportReport report = ImportLines(R"(
{"fact":"account.open","external_ids":["crm:A"]}
{"fact":"lead.open","account":"crm:A","external_ids":["crm:L"]}
)");
  EXPECT_EQ(report.imported, 2);
  EXPECT_THAT(report.warnings, UnorderedElementsAre(Pair("no_date", 1)));
}

TEST_F(ImportLinesTest, MissingFilesAndFilesGivenTwiceAreErrors) {
  const std::string good = Write("good.jsonl", kOneDeal);
  EXPECT_TRUE(absl::IsNotFound(TryImport({good, Path("none.jsonl")}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(TryImport({good, good}).status()));
  EXPECT_EQ(ledger_->ReadCommits(0, 10)->size(), 1u);
}

TEST_F(ImportLinesTest, ARejectsFileThatCannotBeWrittenIsAnError) {
  options_.rejects_path = Path("no_such_folder/rejects.csv");
  const absl::Status status = TryImport({Write("facts.jsonl", "oops\n")}).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("no_such_folder"));
  EXPECT_TRUE(TryImport({Write("facts.jsonl", kOneDeal)}).ok());
}

TEST_F(ImportLinesTest, SeveralFilesAreOneInput) {
  const std::string first =
      Write("1.jsonl",
            R"({"fact":"lead.open","at":"2024-01-02","account":"crm:A","external_ids":["crm:L"]})");
  const std::string second =
      Write("2.jsonl", R"({"fact":"account.open","at":"2024-01-01","external_ids":["crm:A"]})");
  EXPECT_EQ(Import({first, second}).imported, 2);
}

TEST_F(ImportLinesTest, TellsItsProgress) {
  std::vector<std::string> steps;
  int64_t last_done = 0, last_total = 0;
  options_.progress = [&](std::string_view step, int64_t done, int64_t total) {
    if (steps.empty() || steps.back() != step) steps.emplace_back(step);
    last_done = done;
    last_total = total;
  };
  ImportLines(kOneDeal);
  EXPECT_THAT(steps, ElementsAre("reading", "writing"));
  EXPECT_EQ(last_done, 6);
  EXPECT_EQ(last_total, 6);
}

}  // namespace
}  // namespace throughline
