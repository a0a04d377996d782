#include <unistd.h>

#include <string>
#include <string_view>

#include "ledger/import_fixture.h"

// CSV files as people have them, through a mapping.

namespace throughline {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ImportCsvTest : public ImportTest {};

// Leads with an account each and, if there is one, the amount of their deal.
std::string LeadMapping(std::string_view members) {
  return R"({"files": [{"match": "*.csv", "currency": "EUR", )" + std::string(members) + R"(
    "facts": [
      {"fact": "account.open", "at": "{Opened}", "name": "{Name}", "external_ids": ["crm:{Id}"]},
      {"fact": "lead.open", "at": "{Opened}", "account": "crm:{Id}", "stage": "sql",
       "external_ids": ["crm:{Id}"]},
      {"fact": "opportunity.open", "at": "{Opened}", "leads": ["crm:{Id}"], "amount": "{Amount}",
       "external_ids": ["crm:{Id}"], "when": {"value": "{Amount}", "given": true}}
    ]}]})";
}

const std::string& German() {
  static const auto* const mapping =
      new std::string(LeadMapping(R"("decimal": ",", "thousands": ".", "dates": "%d.%m.%Y",)"));
  return *mapping;
}

constexpr std::string_view kGerman =
    "Id;Name;Opened;Amount\n"
    "1;M\xC3\xBCller;31.01.2024;1.234,50\n"
    "2;\"A; \"\"B\"\"\";01.02.2024;\n";

void ExpectTwoLeads(Ledger& ledger) {
  EXPECT_EQ(ledger.GetAccount(AccountRef("crm", "1"))->name, "M\xC3\xBCller");
  EXPECT_EQ(ledger.GetAccount(AccountRef("crm", "2"))->name, "A; \"B\"");
  const LeadRow lead = *ledger.GetLead(LeadRef("crm", "1"));
  EXPECT_EQ(FormatTime(lead.opened_at), "2024-01-31T00:00:00Z");
  EXPECT_EQ(FormatMoney(*ledger.GetOpportunity(OpportunityRef("crm", "1"))->amount), "1234.50 EUR");
  EXPECT_TRUE(absl::IsNotFound(ledger.GetOpportunity(OpportunityRef("crm", "2")).status()));
}

std::string Utf16(std::string_view text, bool little) {
  std::string out = little ? "\xFF\xFE" : "\xFE\xFF";
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned unit = static_cast<unsigned char>(text[i]);
    if (unit >= 0xC0) unit = (unit & 0x1F) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F);
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    out += little ? low : high;
    out += little ? high : low;
  }
  return out;
}

std::string WithCrLf(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

TEST_F(ImportCsvTest, ReadsOneTableInManyEncodings) {
  const std::string variants[] = {
      std::string(kGerman), "\xEF\xBB\xBF" + std::string(kGerman),
      Utf16(kGerman, true), Utf16(kGerman, false),
      WithCrLf(kGerman),    std::string(kGerman.substr(0, kGerman.size() - 1)),
  };
  for (const std::string& csv : variants) {
    ledger_ = NewLedger();
    const ImportReport report = ImportCsv(csv, German());
    EXPECT_EQ(report.rows, 2);
    EXPECT_EQ(report.imported, 5) << Rejects();
    ExpectTwoLeads(*ledger_);
  }
}

TEST_F(ImportCsvTest, ReadsStatedEncodings) {
  const std::string mapping = LeadMapping(R"("encoding": "latin-1", "decimal": ",",)");
  ImportCsv("Id;Name;Opened;Amount\n1;M\xFCller;2024-01-31;12,5\n", mapping);
  EXPECT_EQ(ledger_->GetAccount(AccountRef("crm", "1"))->name, "M\xC3\xBCller");
  EXPECT_EQ(FormatMoney(*Deal("1").amount), "12.50 EUR");
}

TEST_F(ImportCsvTest, QuotedLineBreaksBelongToTheCell) {
  const std::string mapping = R"({"files": [{"match": "*", "facts": [
    {"fact": "account.open", "external_ids": ["crm:{Id}"]},
    {"fact": "note.add", "at": "{Day}", "account": "crm:{Id}", "text": "{Note}"}]}]})";
  const ImportReport report = ImportCsv(
      "Id,Day,Note\n1,2024-01-01,\"one\ntwo\"\n2,2024-01-32,\"three\nfour\"\n3,oops,x\n", mapping);
  EXPECT_EQ(report.imported, 2);
  EXPECT_EQ(report.rejected, 2);
  EXPECT_THAT(Rejects(), AllOf(HasSubstr("data.csv,4,Day,"), HasSubstr("data.csv,6,Day,")));
  EXPECT_EQ(*ledger_->NoteText(NoteId{1}), "one\ntwo");
}

TEST_F(ImportCsvTest, AnAmbiguousDateIsRefused) {
  const ImportReport report =
      ImportCsv("Id,Name,Opened,Amount\n1,A,03/04/2024,\n2,B,2024-04-03,\n", LeadMapping(""));
  EXPECT_EQ(report.imported, 2);
  EXPECT_EQ(report.rejected, 1);
  EXPECT_THAT(Rejects(), HasSubstr("state the format in the mapping"));
  EXPECT_THAT(Rejects(), HasSubstr("data.csv,2,Opened,"));
}

TEST_F(ImportCsvTest, ABadRowIsPutAsideAsAWhole) {
  const ImportReport report = ImportCsv(
      "Id,Name,Opened,Amount\n"
      "1,A,2024-01-01,12.345\n"  // too many decimals: nothing of the row
      "2,B,2024-01-01\n"         // a cell is missing
      "3,\xFF,2024-01-01,\n"     // not UTF-8
      "4,D,,\n"                  // no date
      ",E,2024-01-01,\n"         // no id
      "6,F,2024-01-01,5\n",
      LeadMapping(""));
  EXPECT_EQ(report.rows, 6);
  EXPECT_EQ(report.imported, 3);
  EXPECT_TRUE(absl::IsNotFound(ledger_->GetAccount(AccountRef("crm", "1")).status()));
  const std::string rejects = Rejects();
  EXPECT_THAT(rejects, HasSubstr("data.csv,2,Amount,"));
  EXPECT_THAT(rejects, HasSubstr("\"1,A,2024-01-01,12.345\""));
  EXPECT_THAT(rejects, HasSubstr("data.csv,3,,"));
  EXPECT_THAT(rejects, HasSubstr("data.csv,4,Name,"));
  EXPECT_THAT(rejects, HasSubstr("data.csv,5,Opened,at: is blank,"));
  EXPECT_THAT(rejects, HasSubstr("data.csv,6,"));
}

TEST_F(ImportCsvTest, RefusalsOfTheLedgerNameTheColumn) {
  const std::string mapping = R"({"files": [{"match": "*", "facts": [
    {"fact": "account.open", "external_ids": ["crm:{Id}"],
     "attributes": {"industry": "{Branch}", "colour": "{Colour}"}},
    {"fact": "lead.open", "at": "{Day}", "account": "crm:{Id}", "stage": "{Status}",
     "owner": "crm:{Rep}"}]}]})";
  const ImportReport report = ImportCsv(
      "Id,Day,Status,Rep,Branch,Colour\n"
      "1,2024-01-01,wrking,,,\n"
      "2,2024-01-01,working,nobody,,\n"
      "3,2024-01-01,working,,steel,red\n"
      "4,2024-01-01,Marketing Qualified Lead,,steel,\n",
      mapping);
  EXPECT_EQ(report.imported, 4);
  const std::string rejects = Rejects();
  EXPECT_THAT(rejects, HasSubstr("data.csv,2,Status,"));
  EXPECT_THAT(rejects, HasSubstr("data.csv,3,Rep,"));
  EXPECT_THAT(rejects, HasSubstr("data.csv,4,Colour,"));
  EXPECT_THAT(rejects, HasSubstr("data.csv,4,Id,"));  // its lead, whose account was refused
}

TEST_F(ImportCsvTest, FaultsOfTheFileAreErrorsAndNothingIsImported) {
  const std::string mapping = LeadMapping("");
  EXPECT_THAT(std::string(CsvError("Id,Name,Opened\n", mapping).message()),
              AllOf(HasSubstr("data.csv: line 1: has no column 'Amount'"), HasSubstr("Id, Name")));
  EXPECT_THAT(std::string(CsvError("Id,Name,Opened,Amount,Id\n", mapping).message()),
              HasSubstr("has two columns 'Id'"));
  EXPECT_THAT(std::string(CsvError("", mapping).message()), HasSubstr("has no row"));
  const std::string other = Write("other.txt", "Id\n");
  EXPECT_THAT(std::string(TryImport({other}, mapping).status().message()),
              HasSubstr("no entry of the mapping matches"));
  EXPECT_TRUE(absl::IsNotFound(TryImport({Path("none.csv")}, mapping).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(TryImport({other}, "{}").status()));
  EXPECT_EQ(ledger_->ReadCommits(0, 10)->size(), 1u);
}

TEST_F(ImportCsvTest, AUniqueRecordIsTakenFromItsFirstRowByDate) {
  const std::string mapping = R"({"files": [{"match": "*", "facts": [
    {"fact": "account.open", "at": "{Day}", "unique": true, "name": "{Name}",
     "external_ids": ["crm:{Id}"]}]}]})";
  const std::string csv = "Id,Day,Name\n1,2024-02-02,Later\n1,2024-01-01,First\n2,2024-01-01,Two\n";
  const ImportReport report = ImportCsv(csv, mapping);
  EXPECT_EQ(report.imported, 2);
  EXPECT_EQ(report.known, 1);
  EXPECT_EQ(report.rejected, 0);
  EXPECT_EQ(ledger_->GetAccount(AccountRef("crm", "1"))->name, "First");
  EXPECT_EQ(ImportCsv(csv + "1,2023-01-01,Earlier\n", mapping).known, 4);
}

TEST_F(ImportCsvTest, ValuesOfAllTypes) {
  const std::string mapping = R"({"files": [{"match": "*", "time_zone": "Europe/Berlin",
    "decimal": ",", "facts": [
    {"fact": "exchange_rate.set", "base": "USD", "quote": "EUR", "valid_from": "{Day}",
     "rate": "{Rate}"},
    {"fact": "owner.define", "retired": "{Left}", "kind": {"value": "{Kind}", "default": "team"},
     "external_ids": ["crm:u-{Id}"]},
    {"fact": "account.open", "at": "{Day} {Time}", "external_ids": ["crm:{Id}", "erp:{Erp}"]},
    {"fact": "touch.record", "at": {"value": "{Us}", "format": "%m/%d/%Y %I:%M %p"},
     "account": "crm:{Id}", "kind": "form", "response": false, "side": "sales",
     "entered_at": "{Day}", "actor": "crm:u-{Id}", "key": "touch {Id}"},
    {"fact": "opportunity.open", "at": "{Day}", "account": "crm:{Id}", "close_date": "{Close}",
     "amount": {"value": "{Sum}", "currency": "{Cur}"}, "external_ids": ["crm:{Id}"],
     "name": "{{{Id}}}"}]}]})";
  const ImportReport report = ImportCsv(
      "Id;Day;Time;Rate;Left;Kind;Erp;Us;Close;Sum;Cur\n"
      "7;2024-07-01;12:30;1,0845;yes;n/a;;3/9/2024 5:05 PM;2024-12-31;99;JPY\n",
      std::string(mapping).replace(mapping.find("\"{Kind}\""), 8,
                                   "\"{Kind}\", \"map\": {\"n/a\": \"\"}"));
  ASSERT_EQ(report.rejected, 0) << Rejects();
  EXPECT_EQ(report.imported, 5);
  EXPECT_EQ(FormatTime(ledger_->GetAccount(AccountRef("crm", "7"))->opened_at),
            "2024-07-01T10:30:00Z");
  const OwnerRow owner = *ledger_->GetOwner(OwnerRef("crm", "u-7"));
  EXPECT_TRUE(owner.retired);
  EXPECT_EQ(owner.kind, OwnerKind::kTeam);
  const OpportunityRow deal = Deal("7");
  EXPECT_EQ(FormatMoney(*deal.amount), "99 JPY");
  EXPECT_EQ(FormatDate(*deal.close_date), "2024-12-31");
  EXPECT_EQ(deal.name, "{7}");
  const auto commits = *ledger_->ReadCommits(0, 100);
  for (const Commit& commit : commits) {
    for (const Event& event : commit.events) {
      if (const auto* rate = std::get_if<ExchangeRateSet>(&event.payload)) {
        EXPECT_EQ(rate->rate_e9, 1'084'500'000);
      }
      if (std::holds_alternative<TouchRecorded>(event.payload)) {
        EXPECT_EQ(FormatTime(event.occurred_at), "2024-03-09T16:05:00Z");
        EXPECT_EQ(ActorOf(commit.head.actor, event), owner.owner);
      }
    }
  }
}

TEST_F(ImportCsvTest, AMappingAndJsonLinesGiveTheSameLedger) {
  ImportCsv(kGerman, German());
  const auto from_csv = std::move(ledger_);
  ledger_ = NewLedger();
  ImportLines(R"(
{"fact":"account.open","at":"2024-01-31","name":"Müller","external_ids":["crm:1"]}
{"fact":"lead.open","at":"2024-01-31","account":"crm:1","stage":"sql","external_ids":["crm:1"]}
{"fact":"opportunity.open","at":"2024-01-31","leads":["crm:1"],"amount":"1234.50 EUR","external_ids":["crm:1"]}
{"fact":"account.open","at":"2024-02-01","name":"A; \"B\"","external_ids":["crm:2"]}
{"fact":"lead.open","at":"2024-02-01","account":"crm:2","stage":"sql","external_ids":["crm:2"]}
)");
  const auto csv_commits = *from_csv->ReadCommits(1, 100);
  const auto line_commits = *ledger_->ReadCommits(1, 100);
  ASSERT_EQ(csv_commits.size(), line_commits.size());
  for (size_t i = 0; i < csv_commits.size(); ++i) {
    EXPECT_EQ(csv_commits[i].events, line_commits[i].events);
  }
  // The same facts have the same keys, however they were written.
  EXPECT_EQ(ImportCsv(kGerman, German()).known, 5);
}

}  // namespace
}  // namespace throughline
