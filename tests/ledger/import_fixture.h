#ifndef THROUGHLINE_TESTS_LEDGER_IMPORT_FIXTURE_H_
#define THROUGHLINE_TESTS_LEDGER_IMPORT_FIXTURE_H_

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "throughline/import.h"
#include "throughline/ledger.h"
#include "throughline/limits.h"
#include "throughline/memory_store.h"

namespace throughline {

inline std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// A ledger in memory, a folder for files, and short ways to import them.
class ImportTest : public testing::Test {
 public:
  ~ImportTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

 protected:
  ImportTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("import_") + test->name() + "_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    options_.rejects_path = Path("rejects.csv");
    options_.temporary_directory = folder_.string();
    // ThreadSanitizer takes a second to free the 100 MB that an import takes by default.
    options_.memory_bytes = size_t{2} << 20;
    ledger_ = NewLedger();
  }
  static std::unique_ptr<Ledger> NewLedger() {
    auto ledger = Ledger::Create(NewMemoryStore());
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    return *std::move(ledger);
  }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  std::string Write(const std::string& name, std::string_view text) const {
    std::ofstream file(Path(name), std::ios::binary);
    file << text;
    return Path(name);
  }

  std::string Rejects() const { return ReadText(options_.rejects_path); }

  absl::StatusOr<ImportReport> TryImport(const std::vector<std::string>& paths,
                                         std::string_view map = "") {
    return ImportFiles(*ledger_, paths, map, options_);
  }

  ImportReport Import(const std::vector<std::string>& paths, std::string_view map = "") {
    absl::StatusOr<ImportReport> report = TryImport(paths, map);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *std::move(report) : ImportReport();
  }

  ImportReport ImportLines(std::string_view lines) { return Import({Write("facts.jsonl", lines)}); }

  // One file, data.csv.
  ImportReport ImportCsv(std::string_view csv, std::string_view map) {
    return Import({Write("data.csv", csv)}, map);
  }
  absl::Status CsvError(std::string_view csv, std::string_view map) {
    return TryImport({Write("data.csv", csv)}, map).status();
  }

  LeadRow Lead(const std::string& key) {
    auto row = ledger_->GetLead(LeadRef("crm", key));
    EXPECT_TRUE(row.ok()) << row.status();
    return row.ok() ? *row : LeadRow();
  }
  OpportunityRow Deal(const std::string& key) {
    auto row = ledger_->GetOpportunity(OpportunityRef("crm", key));
    EXPECT_TRUE(row.ok()) << row.status();
    return row.ok() ? *row : OpportunityRow();
  }

  // The names of an account's events, oldest first.
  std::vector<std::string> EventsOf(const std::string& account) {
    auto row = ledger_->GetAccount(AccountRef("crm", account));
    EXPECT_TRUE(row.ok()) << row.status();
    std::vector<std::string> names;
    auto commits = ledger_->ReadCommits(0, kMaxPageSize);
    if (!row.ok() || !commits.ok()) return names;
    for (const Commit& commit : *commits) {
      if (commit.head.account != row->account) continue;
      for (const Event& event : commit.events) names.emplace_back(EventName(event.payload));
    }
    return names;
  }

  std::filesystem::path folder_;
  ImportOptions options_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_LEDGER_IMPORT_FIXTURE_H_
