#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/import/fact_import.h"
#include "ledger/import/salesforce/export_context.h"
#include "ledger/import/salesforce/export_file.h"
#include "ledger/import/salesforce/export_index.h"
#include "ledger/import/salesforce/export_values.h"
#include "ledger/import/salesforce/salesforce_file.h"
#include "ledger/import/salesforce/stage_map.h"
#include "throughline/error.h"
#include "throughline/salesforce.h"

namespace throughline {
namespace salesforce {
namespace {

// The CSV files of the folder but the rejects of an earlier import, in the order of their names.
absl::StatusOr<std::vector<std::string>> FindCsvFiles(std::string_view directory,
                                                      const std::string& rejects) {
  std::error_code error;
  std::vector<std::string> paths;
  const std::filesystem::path folder{std::string(directory)};
  std::filesystem::directory_iterator entry(folder, error);
  const std::filesystem::directory_iterator end;
  for (; !error && entry != end; entry.increment(error)) {
    const std::string extension = absl::AsciiStrToLower(entry->path().extension().string());
    std::error_code missing;
    if (extension != ".csv" || !entry->is_regular_file(missing)) continue;
    if (std::filesystem::equivalent(rejects, entry->path(), missing)) continue;
    paths.push_back(entry->path().string());
  }
  if (error) {
    return absl::NotFoundError(absl::StrCat(folder.string(), ": ", error.message()));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Tells of a file that is none of the export's.
class UnknownFile final : public FactFile {
 public:
  using FactFile::FactFile;
  absl::Status Check() override { return absl::OkStatus(); }
  absl::Status Read(FactSink& sink) override {
    sink.Warn({number(), 1, 0}, "unknown_file",
              "is left out: neither its name nor its columns are those of an object that can be "
              "imported");
    return absl::OkStatus();
  }
};

struct Recognized {
  std::vector<ExportFile> files;  // in the order of Object
  std::vector<std::string> unknown;
};

absl::StatusOr<Recognized> Recognize(const std::vector<std::string>& paths) {
  Recognized recognized;
  for (const std::string& path : paths) {
    absl::StatusOr<std::optional<ExportFile>> file = RecognizeFile(path, 0);
    if (!file.ok()) return file.status();
    if (*file) {
      recognized.files.push_back(**std::move(file));
    } else {
      recognized.unknown.push_back(path);
    }
  }
  std::stable_sort(
      recognized.files.begin(), recognized.files.end(),
      [](const ExportFile& a, const ExportFile& b) { return a.spec->object < b.spec->object; });
  uint32_t number = 0;
  for (ExportFile& file : recognized.files) file.number = number++;
  return recognized;
}

// What rows know of one another and the sorting share what an import may take.
ImportOptions Beside(const ExportIndex& index, ImportOptions options) {
  const size_t least = options.memory_bytes / 4;
  const size_t taken = std::min(options.memory_bytes - least, index.memory_bytes());
  options.memory_bytes -= taken;
  return options;
}

absl::Status ReadIndex(const std::vector<ExportFile>& files, const ExportValues& values,
                       ExportIndex& index) {
  for (const ExportFile& file : files) {
    if (absl::Status status = index.Read(file, values); !status.ok()) return status;
  }
  return index.Finish();
}

}  // namespace
}  // namespace salesforce

absl::StatusOr<ImportReport> ImportSalesforce(Ledger& ledger, std::string_view directory,
                                              const SalesforceOptions& salesforce,
                                              const ImportOptions& options) {
  absl::StatusOr<salesforce::ExportValues> values = salesforce::ExportValues::Compile(salesforce);
  if (!values.ok()) return values.status();
  absl::StatusOr<PolicyInForce> policy = ledger.CurrentPolicy();
  if (!policy.ok()) return policy.status();
  auto stages = salesforce::StageMap::Parse(salesforce.stages_json, *policy->policy);
  if (!stages.ok()) return stages.status();
  auto paths = salesforce::FindCsvFiles(directory, options.rejects_path);
  if (!paths.ok()) return paths.status();
  absl::StatusOr<salesforce::Recognized> found = salesforce::Recognize(*paths);
  if (!found.ok()) return found.status();
  if (found->files.empty()) {
    return absl::NotFoundError(absl::StrCat(std::string(directory),
                                            ": has no CSV file of an object that can be imported, "
                                            "such as Account.csv or Lead.csv"));
  }
  salesforce::ExportIndex index(*std::move(stages));
  absl::Status status = salesforce::ReadIndex(found->files, *values, index);
  if (!status.ok()) return status;
  absl::StatusOr<salesforce::LedgerRecords> records = salesforce::LedgerRecords::Begin(ledger);
  if (!records.ok()) return records.status();
  salesforce::ExportContext context(&index, *std::move(records), policy->policy);
  FactFiles files;
  for (salesforce::ExportFile& file : found->files) {
    files.push_back(salesforce::NewSalesforceFile(std::move(file), &*values, &context));
  }
  for (const std::string& path : found->unknown) {
    files.push_back(
        std::make_unique<salesforce::UnknownFile>(path, static_cast<uint32_t>(files.size())));
  }
  return ImportFactFiles(ledger, files, salesforce::Beside(index, options));
}

}  // namespace throughline
