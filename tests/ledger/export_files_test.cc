#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "ledger/export/output_file.h"
#include "ledger/ledger_fixture.h"
#include "throughline/export.h"
#include "throughline/memory_store.h"

namespace throughline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ExportFilesTest : public LedgerTest {
 protected:
  ExportFilesTest() {
    const AccountId account = OpenAccount("Acme, \"Pumps\"");
    Must(AccountUpdate{
        .account = account, .domains = {"acme.com"}, .attributes = {{"industry", "retail"}}});
    Must(OwnerDefine{.name = "Ann"});
    Must(ContactAdd{.account = account, .name = "Bob", .email = "Bob@acme.com"});
    Must(TouchRecord{.account = account, .channel = "web", .kind = "form"},
         At("2024-10-01T12:30:00Z"));
    Must(OpportunityOpen{.account = account,
                         .name = "Deal",
                         .amount = *ParseMoney("12.50 EUR"),
                         .close_date = Date{20'100}},
         At("2024-10-02", Mode::kObserve));
  }

  std::string Text(const std::string& name) const {
    std::ifstream file(folder_.File(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  int ModeOf(const std::string& name) const {
    struct stat about {};
    EXPECT_EQ(stat(folder_.File(name).c_str(), &about), 0);
    return about.st_mode & 0777;
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, ExportFilesTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

TEST_P(ExportFilesTest, AFileComesBackAsTheSameFile) {
  const absl::StatusOr<ExportReport> report = ExportFile(*ledger_, folder_.File("a.jsonl"));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->seq, LastSeq());
  EXPECT_EQ(report->commits, LastSeq());
  EXPECT_GT(report->rows, 5);
  EXPECT_EQ(ModeOf("a.jsonl"), 0600);
  const auto restored = RestoreFile(NewMemoryStore(), folder_.File("a.jsonl"), Options());
  ASSERT_TRUE(restored.ok()) << restored.status();
  ASSERT_TRUE(ExportFile(**restored, folder_.File("b.jsonl")).ok());
  EXPECT_EQ(Text("b.jsonl"), Text("a.jsonl"));
  EXPECT_FALSE(std::filesystem::exists(folder_.File("b.jsonl.part")));
}

TEST_P(ExportFilesTest, FaultsAreNamedByFile) {
  const std::string path = folder_.File("bad.jsonl");
  std::ofstream(path) << "{\"fact\": \"account.open\"}\n";
  EXPECT_EQ(RestoreFile(NewMemoryStore(), path).status().message(),
            path + ": line 1: throughline_export: is missing: this is no export of a ledger");
  EXPECT_EQ(RestoreFile(NewMemoryStore(), folder_.File("none")).status().code(),
            absl::StatusCode::kNotFound);
  const absl::Status missing = ExportFile(*ledger_, folder_.File("none/a.jsonl")).status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.message()), HasSubstr("none/a.jsonl"));
  EXPECT_FALSE(ExportFile(*ledger_, folder_.File("")).ok()) << "a folder";
  EXPECT_EQ(ExportFile(*ledger_, "/dev/full").status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(ExportFile(*ledger_, "/dev/null").ok());
}

TEST_P(ExportFilesTest, WhatIsNotWholeDoesNotGetTheName) {
  std::ofstream(folder_.File("kept")) << "precious";
  {
    auto file = *OutputFile::Open(folder_.File("kept"));
    ASSERT_TRUE(file->Write(std::string(1 << 20, 'x')).ok());
    EXPECT_TRUE(std::filesystem::exists(folder_.File("kept.part")));
  }
  EXPECT_EQ(Text("kept"), "precious");
  EXPECT_FALSE(std::filesystem::exists(folder_.File("kept.part")));
  auto file = *OutputFile::Open(folder_.File("kept"));
  ASSERT_TRUE(file->Write("new").ok());
  ASSERT_TRUE(file->Close().ok());
  EXPECT_EQ(Text("kept"), "new");
  EXPECT_EQ(ModeOf("kept"), 0600);
}

TEST_P(ExportFilesTest, TablesAreWrittenForPeople) {
  const absl::StatusOr<ExportReport> report = ExportTables(*ledger_, folder_.File("csv"));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->seq, LastSeq());
  EXPECT_EQ(ModeOf("csv"), 0700);
  EXPECT_EQ(ModeOf("csv/contact_profile.csv"), 0600);
  EXPECT_EQ(Text("csv/account.csv"),
            "account,version,name,opened_at,episodes,touches,first_touch,first_at,first_channel,"
            "first_campaign,first_day,last_touch_at,last_opened_at,merged_into,aliases,"
            "attributes,name_key\r\n"
            "0,2,,1970-01-01T00:00:00Z,0,0,,1970-01-01T00:00:00Z,,,false,,,,0,{},\r\n"
            "1,5,\"Acme, \"\"Pumps\"\"\",2024-10-04T00:00:01Z,1,1,6:0,2024-10-01T12:30:00Z,web,,"
            "false,2024-10-01T12:30:00Z,2024-10-02T00:00:00Z,,0,\"{\"\"industry\"\":\"\"retail\"\"}"
            "\",acme pumps\r\n");
  EXPECT_THAT(Text("csv/opportunity.csv"),
              HasSubstr(",amount,amount_currency,close_date,booked,booked_currency,booked_on,"));
  EXPECT_THAT(Text("csv/opportunity.csv"),
              HasSubstr("\r\n1,1,,new_business,Deal,12,opportunity,open,2024-10-02T00:00:00Z,"
                        "2024-10-02T00:00:00Z,,,,12,12.50,EUR,2025-01-12,,,,"));
  EXPECT_THAT(Text("csv/contact_profile.csv"),
              StartsWith("contact,revision,name,email,phone,title,attributes,email_key,salt\r\n"
                         "1,1,Bob,Bob@acme.com,,,{},bob@acme.com,"));
  EXPECT_THAT(Text("csv/id_counter.csv"), StartsWith("entity,last\r\naccount,1\r\n"));
  EXPECT_EQ(Text("csv/lead.csv").find("\r\n"), Text("csv/lead.csv").size() - 2) << "its header";
  EXPECT_FALSE(std::filesystem::exists(folder_.File("csv/ledger_setting.csv")));
  EXPECT_FALSE(std::filesystem::exists(folder_.File("csv/request.csv")));
  ASSERT_TRUE(ExportTables(*ledger_, folder_.File("csv")).ok()) << "again, over the same files";
}

TEST_P(ExportFilesTest, AFileInPlaceOfTheFolderIsAnError) {
  std::ofstream(folder_.File("file")) << "x";
  const absl::Status status = ExportTables(*ledger_, folder_.File("file")).status();
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), HasSubstr("file"));
}

}  // namespace
}  // namespace throughline
