#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/bulk_writer.h"
#include "ledger/import/fact_file.h"
#include "ledger/import/fact_import.h"
#include "ledger/import/fact_sorter.h"
#include "ledger/import/fact_writer.h"
#include "ledger/import/import_log.h"
#include "ledger/import/mapped_csv_file.h"
#include "ledger/import/mapping.h"
#include "ledger/settings.h"
#include "model/json_values.h"
#include "throughline/error.h"
#include "throughline/import.h"

namespace throughline {
namespace {

class FileNames final : public InputNames {
 public:
  explicit FileNames(const FactFiles* files) : files_(*files) {}

  std::string FileOf(const FactPosition& position) const override {
    return position.file < files_.size() ? files_[position.file]->path() : "";
  }
  std::string ColumnOf(const FactPosition& position, std::string_view member) const override {
    if (position.file < files_.size()) return files_[position.file]->ColumnOf(position, member);
    return std::string(member);
  }

 private:
  const FactFiles& files_;
};

// One import, from the first fact read to the last one written.
class Import final : public FactSink {
 public:
  static absl::StatusOr<std::unique_ptr<Import>> Begin(Ledger& ledger, const ImportOptions& options,
                                                       const InputNames* names) {
    auto import = std::unique_ptr<Import>(new Import(ledger, options, names));
    auto sorter = FactSorter::Begin(ledger, DirectoryOf(options),
                                    std::max(options.memory_bytes, kMemoryBytesMin));
    if (!sorter.ok()) return sorter.status();
    import->sorter_ = *std::move(sorter);
    return import;
  }

  absl::Status Row() override {
    ++log_.report().rows;
    return absl::OkStatus();
  }
  absl::Status Fact(const FactPosition& position, const Command& command,
                    Context& context) override {
    ++log_.report().facts;
    if (context.mode == Mode::kDefault) context.mode = mode_;
    const auto* open = std::get_if<AccountOpen>(&command);
    if (open != nullptr && open->external_ids.empty())
      return RefuseNameless(position, command, context);
    return sorter_->Add(position, command, context);
  }
  absl::Status Reject(const FactPosition& position, const RowFault& fault) override {
    return log_.Reject(position, fault);
  }
  void Warn(const FactPosition& position, const Command& command, std::string_view kind) override {
    log_.Warn(position, command, kind);
  }
  void Warn(const FactPosition& position, std::string_view kind, std::string_view text) override {
    log_.Warn(position, kind, text);
  }
  void BytesRead(int64_t bytes) override {
    log_.Progress("reading", bytes_before_ + bytes, total_bytes_);
  }

  absl::Status ReadAll(const FactFiles& files) {
    std::vector<int64_t> sizes;
    for (const auto& file : files) sizes.push_back(SizeOf(file->path()));
    for (const int64_t size : sizes) total_bytes_ += size;
    if (std::find(sizes.begin(), sizes.end(), 0) != sizes.end()) total_bytes_ = 0;
    for (size_t i = 0; i < files.size(); ++i) {
      if (absl::Status status = files[i]->Read(*this); !status.ok()) return status;
      bytes_before_ += sizes[i];
    }
    return absl::OkStatus();
  }

  // Writes what was read.
  absl::StatusOr<ImportReport> Finish() {
    if (absl::Status status = sorter_->Finish(); !status.ok()) return status;
    absl::StatusOr<std::unique_ptr<BulkWriter>> bulk = BulkWriter::Begin(ledger_);
    if (!bulk.ok()) return bulk.status();
    FactWriter writer(bulk->get(), &log_);
    absl::Status status = WriteAll(writer);
    if (status.ok()) status = writer.Finish();
    if (status.ok()) status = log_.Close();
    if (!status.ok()) return status;
    log_.report().events = (*bulk)->progress().events;
    log_.report().commits = (*bulk)->progress().commits;
    return std::move(log_.report());
  }

 private:
  static constexpr int64_t kFactsPerProgress = 4096;
  static constexpr size_t kMemoryBytesMin = size_t{64} << 10;

  Import(Ledger& ledger, const ImportOptions& options, const InputNames* names)
      : ledger_(ledger),
        mode_(options.mode == Mode::kDefault ? Mode::kObserve : options.mode),
        log_(options, names) {}

  absl::Status RefuseNameless(const FactPosition& position, const Command& command,
                              const Context& context) {
    const absl::Status why =
        InvalidField("external_ids", "without one, an imported account would not be known again");
    return log_.Refuse(position, command, context, why);
  }

  static std::string DirectoryOf(const ImportOptions& options) {
    if (!options.temporary_directory.empty()) return options.temporary_directory;
    std::error_code error;
    const std::filesystem::path directory = std::filesystem::temp_directory_path(error);
    return error ? "/tmp" : directory.string();
  }

  // 0: it cannot be known.
  static int64_t SizeOf(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : static_cast<int64_t>(size);
  }

  absl::Status WriteAll(FactWriter& writer) {
    const int64_t facts = log_.report().facts;
    SortKey key;
    std::string_view record;
    for (int64_t written = 0;; ++written) {
      if (written % kFactsPerProgress == 0) log_.Progress("writing", written, facts);
      absl::StatusOr<bool> more = sorter_->Next(&key, &record);
      if (!more.ok()) return more.status();
      if (!*more) break;
      if (absl::Status status = writer.Write(key, record); !status.ok()) return status;
    }
    log_.Progress("writing", facts, facts);
    return absl::OkStatus();
  }

  Ledger& ledger_;
  const Mode mode_;  // of facts that do not say their own
  ImportLog log_;
  std::unique_ptr<FactSorter> sorter_;
  int64_t bytes_before_ = 0;
  int64_t total_bytes_ = 0;  // 0: unknown
};

absl::StatusOr<std::string> IdOf(Ledger& ledger) {
  absl::StatusOr<std::unique_ptr<ReadTransaction>> transaction = ledger.store().BeginRead();
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<std::string> id = ReadSetting(**transaction, kLedgerIdSetting);
  if (!id.ok()) return id.status();
  return HexOf(*id);
}

absl::StatusOr<FactFiles> OpenFiles(Ledger& ledger, std::span<const std::string> paths,
                                    const Mapping* mapping, Mode default_mode) {
  if (paths.size() > FactPosition::kMaxFiles) {
    return absl::InvalidArgumentError(
        absl::StrCat("more than ", FactPosition::kMaxFiles, " files at once"));
  }
  absl::StatusOr<std::string> id = IdOf(ledger);
  if (!id.ok()) return id.status();
  FactFiles files;
  std::set<std::string_view> seen;
  for (const std::string& path : paths) {
    if (!seen.insert(path).second) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": is given twice"));
    }
    const auto number = static_cast<uint32_t>(files.size());
    if (mapping == nullptr) {
      files.push_back(NewJsonLinesFile(path, number, default_mode, *id));
      continue;
    }
    const FileMapping* entry = mapping->Find(path);
    if (entry == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": no entry of the mapping matches its name"));
    }
    files.push_back(NewMappedCsvFile(path, number, entry, default_mode));
  }
  for (const auto& file : files) {
    if (absl::Status status = file->Check(); !status.ok()) return status;
  }
  return files;
}

}  // namespace

absl::Status CheckRejectsPath(const std::string& rejects, std::span<const std::string> paths) {
  for (const std::string& path : paths) {
    std::error_code missing;
    if (std::filesystem::equivalent(rejects, path, missing)) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": is read, and cannot take the rejects"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ImportReport> ImportFactFiles(Ledger& ledger, const FactFiles& files,
                                             const ImportOptions& options) {
  const FileNames names(&files);
  absl::StatusOr<std::unique_ptr<Import>> import = Import::Begin(ledger, options, &names);
  if (!import.ok()) return import.status();
  if (absl::Status status = (*import)->ReadAll(files); !status.ok()) return status;
  return (*import)->Finish();
}

absl::StatusOr<ImportReport> ImportFiles(Ledger& ledger, std::span<const std::string> paths,
                                         std::string_view map_json, const ImportOptions& options) {
  Mapping mapping;
  if (!map_json.empty()) {
    absl::StatusOr<Mapping> parsed = ParseMapping(map_json);
    if (!parsed.ok()) return parsed.status();
    mapping = *std::move(parsed);
  }
  if (absl::Status status = CheckRejectsPath(options.rejects_path, paths); !status.ok()) {
    return status;
  }
  absl::StatusOr<FactFiles> files =
      OpenFiles(ledger, paths, map_json.empty() ? nullptr : &mapping, options.mode);
  if (!files.ok()) return files.status();
  return ImportFactFiles(ledger, *files, options);
}

absl::StatusOr<ImportReport> ImportFacts(Ledger& ledger, std::span<const Request> facts,
                                         const ImportOptions& options) {
  const FactFiles files;
  const FileNames names(&files);
  absl::StatusOr<std::unique_ptr<Import>> import = Import::Begin(ledger, options, &names);
  if (!import.ok()) return import.status();
  FactPosition position;
  for (const Request& fact : facts) {
    ++position.line;
    Context context = fact.context;
    absl::Status status = (*import)->Row();
    if (status.ok()) status = (*import)->Fact(position, fact.command, context);
    if (!status.ok()) return status;
  }
  return (*import)->Finish();
}

}  // namespace throughline
