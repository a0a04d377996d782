#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "ledger/export/csv_line.h"
#include "ledger/export/export_lines.h"
#include "ledger/export/output_file.h"
#include "ledger/row_access.h"
#include "throughline/export.h"

namespace throughline {
namespace {

// What a ledger needs for itself says nothing of leads.
template <class Row>
constexpr bool kIsForReaders =
    !std::is_same_v<Row, RequestRow> && !std::is_same_v<Row, LedgerSettingRow>;

template <class Row>
absl::Status WriteTable(ReadTransaction& store, const std::string& path, ExportReport& report) {
  absl::StatusOr<std::unique_ptr<OutputFile>> file = OutputFile::Open(path);
  if (!file.ok()) return file.status();
  CsvLine line;
  absl::Status written = (*file)->Write(line.HeaderOf<Row>());
  absl::Status status = ScanRowsOf<Row>(store, {}, [&](const Row& row) {
    ++report.rows;
    written.Update((*file)->Write(line.LineOf(row)));
    return written.ok();
  });
  if (!status.ok()) return status;
  return written.ok() ? (*file)->Close() : written;
}

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return absl::OkStatus();
  std::filesystem::create_directories(path, error);
  if (error) return absl::ErrnoToStatus(error.value(), path);
  // Its files hold personal data.
  std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ExportReport> ExportTables(Ledger& ledger, const std::string& directory,
                                          const ExportProgress& progress) {
  absl::StatusOr<std::unique_ptr<ReadTransaction>> transaction = ledger.store().BeginRead();
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<ReadTransaction::Tail> tail = (*transaction)->JournalTail();
  if (!tail.ok()) return tail.status();
  ExportReport report;
  report.seq = tail->seq;
  absl::Status status = MakeDirectory(directory);
  if (!status.ok()) return status;
  int64_t tables = 0;
  status = ForEachTable([&]<class Row>() {
    if (progress) progress("exporting", ++tables, kTableCount);
    if (!kIsForReaders<Row>) return absl::OkStatus();
    const std::filesystem::path file =
        std::filesystem::path(directory) / (std::string(Row::kTable) + ".csv");
    return WriteTable<Row>(**transaction, file.string(), report);
  });
  if (!status.ok()) return status;
  return report;
}

}  // namespace throughline
