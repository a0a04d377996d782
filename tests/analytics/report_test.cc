#include "throughline/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "analytics/history.h"
#include "model/table_rows.h"

namespace throughline {
namespace {

using ::testing::HasSubstr;

TEST_F(ReportTest, UnknownNameIsRefusedWithTheKnownOnes) {
  const absl::Status status = RunReport(*ledger.Take(), "piepline", {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("no 'piepline'; there are: scorecard, pipeline, movement"));
}

TEST_F(ReportTest, EveryListedReportRunsOnAnEmptyLedger) {
  for (const ReportInfo& info : Reports()) {
    const Table table = ledger.Run(info.name);
    EXPECT_EQ(table.report, info.name);
    EXPECT_THAT(table.finding, HasSubstr("Too little data"));
    EXPECT_FALSE(info.about.empty());
    for (const auto& column : table.columns) EXPECT_EQ(column.rows(), table.rows());
    for (const TableColumn& column : table.columns) EXPECT_FALSE(column.definition.empty());
  }
}

TEST_F(ReportTest, ThroughAfterAllThatIsKnownIsRefused) {
  Lead("2024-02-01");
  const auto snapshot = ledger.Take();
  ReportRequest request;
  request.as_of.through = snapshot->recorded_at();
  EXPECT_TRUE(RunReport(*snapshot, "funnel", request).ok());
  request.as_of.through = Time{snapshot->recorded_at().micros + 1};
  const absl::Status status = RunReport(*snapshot, "funnel", request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("through"));
}

TEST_F(ReportTest, AnswersSayWhatTheyWereMadeFrom) {
  Lead("2024-02-01");
  const auto snapshot = ledger.Take();
  Table table = *RunReport(*snapshot, "pipeline", {});
  EXPECT_EQ(table.as_of.through, snapshot->recorded_at());
  EXPECT_EQ(table.as_of.known_at, snapshot->recorded_at());
  EXPECT_EQ(table.as_of.seq, snapshot->seq());
  ReportRequest request;
  request.as_of = {*ParseTime("2024-03-31"), kMaxTime};  // capped at the last commit
  table = *RunReport(*snapshot, "pipeline", request);
  EXPECT_EQ(FormatTime(table.as_of.through), "2024-03-31T00:00:00Z");
  EXPECT_EQ(table.as_of.known_at, snapshot->recorded_at());
}

// What was true on 31 March, and what was known of it then, differ by what was entered late.
TEST_F(ReportTest, LateEntryChangesWhatWasTrueButNotWhatWasKnown) {
  ledger.SetNow(*ParseTime("2024-03-20"));
  const int64_t lead = Lead("2024-03-20", "working");
  ledger.SetNow(*ParseTime("2024-04-15"));
  Deal("2024-03-28", "900 EUR", {LeadId{lead}});
  ledger.SetNow(*ParseTime("2024-05-02"));
  Lead("2024-05-01");

  const Table then = ledger.Run("pipeline", AsOfDates("2024-03-31", "2024-03-31"));
  EXPECT_EQ(IntegerAt(then, "working", "count"), 1);
  EXPECT_EQ(IntegerAt(then, "discovery", "count"), 0);
  EXPECT_FALSE(HasColumn(then, "amount_eur"));
  const Table later = ledger.Run("pipeline", AsOfDates("2024-03-31", "2024-04-30"));
  EXPECT_EQ(IntegerAt(later, "working", "count"), 0);
  EXPECT_EQ(IntegerAt(later, "converted", "count"), 1);
  EXPECT_EQ(RealAt(later, "discovery", "amount_eur"), 900);
  EXPECT_EQ(IntegerAt(later, "inquiry", "count"), 0);
  EXPECT_EQ(IntegerAt(ledger.Run("pipeline"), "inquiry", "count"), 1);
}

// A quarter as it was entered: most things on their day, some weeks after its end.
struct Entry {
  const char* happened;
  const char* entered;
  std::function<void(TestLedger&, const Context&)> say;
};

LeadId LeadOf(TestLedger& ledger, size_t company) {
  LeadId lead;
  const AccountId account = ledger.accounts().at(company);
  const std::vector<RecordedEvent> history = ledger.History(account.value);
  for (const RecordedEvent& event : history) {
    if (const auto* opened = std::get_if<LeadOpened>(&event.event.payload)) lead = opened->lead;
  }
  return lead;
}

Entry Opens(const char* happened, const char* entered, const char* source) {
  return {happened, entered, [=](TestLedger& ledger, const Context& context) {
            const AccountId account = ledger.OpenAccount();
            ledger.Must(TouchRecord{.account = account, .channel = source, .kind = "webinar"},
                        context);
            ledger.Must(LeadOpen{.account = account, .source = source}, context);
          }};
}

Entry Moves(const char* happened, const char* entered, size_t company, const char* stage) {
  return {happened, entered, [=](TestLedger& ledger, const Context& context) {
            ledger.Must(LeadMove{.lead = LeadOf(ledger, company), .stage = stage}, context);
          }};
}

Entry Wins(const char* happened, const char* entered, size_t company, const char* amount) {
  return {happened, entered, [=](TestLedger& ledger, const Context& context) {
            const int64_t deal = ledger.Must(
                OpportunityOpen{.leads = {LeadOf(ledger, company)}, .amount = *ParseMoney(amount)},
                context);
            ledger.Must(OpportunityWin{.opportunity = OpportunityId{deal}}, context);
          }};
}

// The companies that are opened late come last, so that they have the same numbers in any order.
std::vector<Entry> Quarter() {
  return {Opens("2024-01-10", "2024-01-10", "web"),
          Opens("2024-01-20", "2024-01-21", "event"),
          Opens("2024-02-01", "2024-02-01", "webinar"),
          Opens("2024-02-14", "2024-02-14", "web"),
          Moves("2024-02-20", "2024-02-20", 0, "mql"),
          Moves("2024-02-25", "2024-03-01", 1, "mql"),
          Moves("2024-03-05", "2024-04-02", 0, "working"),
          Moves("2024-03-06", "2024-03-06", 2, "mql"),
          Wins("2024-03-20", "2024-03-20", 1, "900 EUR"),
          Wins("2024-03-28", "2024-04-15", 2, "4000 EUR"),
          Moves("2024-03-30", "2024-04-29", 3, "dead"),
          Opens("2024-03-29", "2024-04-20", "event"),
          Opens("2024-05-02", "2024-05-02", "web")};
}

std::unique_ptr<TestLedger> Told(std::vector<Entry> entries) {
  auto ledger = std::make_unique<TestLedger>();
  std::ranges::stable_sort(entries, {}, [](const Entry& e) { return std::string(e.entered); });
  for (const Entry& entry : entries) {
    ledger->SetNow(*ParseTime(entry.entered));
    entry.say(*ledger, On(entry.happened, Mode::kObserve));
  }
  return ledger;
}

TEST_F(ReportTest, AQuarterKnownLaterDiffersByWhatWasEnteredLateAndByNothingElse) {
  const ReportRequest then = AsOfDates("2024-03-31", "2024-03-31");
  const ReportRequest later = AsOfDates("2024-03-31", "2024-04-30");
  std::vector<Entry> without_late = Quarter(), on_time = Quarter();
  std::erase_if(without_late, [](const Entry& e) {
    return e.entered > std::string("2024-03-31") && e.happened < std::string("2024-04-01");
  });
  for (Entry& entry : on_time) entry.entered = entry.happened;
  const auto as_it_was = Told(Quarter());
  for (const char* report : {"pipeline", "funnel", "sources"}) {
    SCOPED_TRACE(report);
    const Table known_then = as_it_was->Run(report, then);
    const Table known_later = as_it_was->Run(report, later);
    EXPECT_NE(RowsOf(known_then), RowsOf(known_later));
    EXPECT_EQ(RowsOf(known_then), RowsOf(Told(without_late)->Run(report, later)));
    EXPECT_EQ(RowsOf(known_later), RowsOf(Told(on_time)->Run(report, later)));
  }
}

TEST_F(ReportTest, ClaimedEntryDatesCountAsKnown) {
  ledger.SetNow(*ParseTime("2024-06-01"));
  Context imported = On("2024-03-01", Mode::kObserve);
  imported.entered_at = *ParseTime("2024-04-10");
  ledger.Must(LeadOpen{.account = ledger.OpenAccount()}, imported);
  EXPECT_EQ(
      IntegerAt(ledger.Run("funnel", AsOfDates("2024-03-31", "2024-04-09")), "inquiry", "entered"),
      0);
  EXPECT_EQ(
      IntegerAt(ledger.Run("funnel", AsOfDates("2024-03-31", "2024-04-10")), "inquiry", "entered"),
      1);
}

TEST_F(ReportTest, AmendmentsAndVoidsCountFromWhenTheyAreKnown) {
  ledger.SetNow(*ParseTime("2024-03-01"));
  const int64_t deal = Deal("2024-03-01", "100 EUR");
  ledger.Must(
      OpportunityValue{.opportunity = OpportunityId{deal}, .amount = *ParseMoney("500 EUR")},
      On("2024-03-01"));
  const EventId valued = ledger.History(ledger.accounts()[0].value).back().id;
  ledger.SetNow(*ParseTime("2024-04-01"));
  ledger.Must(Amend{.event = {valued}, .changes = {{"amount", "700 EUR"}}, .reason = "typo"});
  ledger.SetNow(*ParseTime("2024-05-01"));
  ledger.Must(Void{.event = {valued}, .reason = "another deal"});
  ledger.SetNow(*ParseTime("2024-06-01"));
  ledger.Must(Void{.event = {ledger.History(ledger.accounts()[0].value).back().id},
                   .reason = "it was this deal"});
  const auto amount_known_at = [&](std::string_view known_at) {
    return RealAt(ledger.Run("pipeline", AsOfDates("2024-03-31", known_at)), "discovery",
                  "amount_eur");
  };
  EXPECT_EQ(amount_known_at("2024-03-31"), 500);
  EXPECT_EQ(amount_known_at("2024-04-30"), 700);
  EXPECT_EQ(amount_known_at("2024-05-31"), 100);
  EXPECT_EQ(amount_known_at("2024-06-30"), 700);
}

TEST_F(ReportTest, AllOpen) {
  for (int i = 0; i < 12; ++i) Lead("2024-02-01", "mql", "web");
  EXPECT_EQ(ledger.Run("pipeline").finding, "12 leads and 0 opportunities are open or parked.");
  EXPECT_EQ(ledger.Run("funnel").finding,
            "Of 12 leads, 0 (0.0%) were converted; there are no opportunities; the fewest went on "
            "from mql: 0 of 12 (0.0%).");
  EXPECT_EQ(ledger.Run("sources").finding,
            "web brought the most leads, 12 of 12 (100.0%), and 0 of 0 won deals.");
}

TEST_F(ReportTest, AllLost) {
  for (int i = 0; i < 12; ++i) Lose(Deal("2024-02-01"), "2024-03-01");
  EXPECT_EQ(ledger.Run("pipeline").finding, "0 leads and 0 opportunities are open or parked.");
  const Table sources = ledger.Run("sources");
  EXPECT_DOUBLE_EQ(RealAt(sources, "(blank)", "win_rate"), 0);
  EXPECT_EQ(sources.finding, "Too little data: 0 leads.");
}

TEST_F(ReportTest, OneLead) {
  Lead("2024-02-01");
  EXPECT_EQ(ledger.Run("pipeline").finding, "1 lead and 0 opportunities are open or parked.");
  EXPECT_EQ(ledger.Run("funnel").finding, "Too little data: 1 lead and 0 opportunities.");
  EXPECT_EQ(ledger.Run("sources").finding, "Too little data: 1 lead.");
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(THROUGHLINE_SOURCE_DIR + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST_F(ReportTest, TheExampleInTheDocumentsWorks) {
  JournalStore store;
  ledger.OpenAccount();
  ledger.WriteTo(store);
  std::ostringstream out;
  // docs/reports.md:
  auto snapshot = Snapshot::Take(store);  // a ledger's is ledger->store()
  if (!snapshot.ok()) return;
  auto table = RunReport(**snapshot, "funnel", {});
  if (table.ok()) out << ToText(*table, /*width=*/100);
  // :docs/reports.md
  EXPECT_THAT(out.str(), HasSubstr("Too little data"));

  const std::string source = ReadFile("/tests/analytics/report_test.cc");
  const size_t begin = source.find("// docs/reports.md:\n") + 20;
  std::string example = source.substr(begin, source.find("  // :docs/reports.md") - begin);
  example = std::regex_replace(example, std::regex("(^|\n)  "), "$1");
  EXPECT_THAT(ReadFile("/docs/reports.md"), HasSubstr("```cpp\n" + example + "```"));
}

// The page tells of every column what the table itself tells.
TEST_F(ReportTest, EveryDefinitionIsInTheDocuments) {
  const std::string page = ReadFile("/docs/reports.md");
  ASSERT_FALSE(page.empty());
  Win(Deal("2024-02-01", "10 EUR"), "2024-02-10");
  for (const ReportInfo& info : Reports()) {
    EXPECT_THAT(page, HasSubstr("## " + std::string(info.name)));
    for (const TableColumn& column : ledger.Run(info.name).columns) {
      std::string name = column.name, unit = column.unit, definition = column.definition;
      if (unit == "EUR") {
        name.replace(name.size() - 3, 3, "<currency>");
        unit = "the currency";
        definition.replace(definition.find("EUR"), 3, "that currency");
      }
      std::string line = "| `" + name + "` | " + unit + " | " + definition + " |";
      EXPECT_THAT(page, HasSubstr(line)) << info.name;
    }
  }
}

}  // namespace
}  // namespace throughline
