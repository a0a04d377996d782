#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/export/export_lines.h"
#include "ledger/export/output_file.h"
#include "ledger/row_access.h"
#include "ledger/row_text.h"
#include "ledger/settings.h"
#include "throughline/export.h"

namespace throughline {
namespace {

// One export, from the state that `store` shows.
class Exporter {
 public:
  Exporter(ReadTransaction& store, const ByteSink& sink, const ExportProgress& progress)
      : store_(store), sink_(sink), progress_(progress) {}

  absl::StatusOr<ExportReport> Run() {
    absl::Status status = WriteHeader();
    if (status.ok()) {
      status = ForEachTable([this]<class Row>() {
        return IsExported(kTableOf<Row>) ? WriteTable<Row>() : absl::OkStatus();
      });
    }
    if (status.ok()) status = WriteCommits();
    if (status.ok()) status = WriteEnd();
    if (!status.ok()) return status;
    Tell(report_.seq);
    return report_;
  }

 private:
  static constexpr int64_t kCommitsPerProgress = 1024;

  // Commits are numbered with few gaps: counting them first would take as long as exporting them.
  void Tell(int64_t seq) const {
    if (progress_) progress_("exporting", seq, report_.seq);
  }

  absl::Status Write(std::string line) {
    digest_.Add(line);
    line += '\n';
    return sink_(line);
  }

  absl::Status WriteHeader() {
    absl::StatusOr<ReadTransaction::Tail> tail = store_.JournalTail();
    if (!tail.ok()) return tail.status();
    absl::StatusOr<std::string> id = ReadSetting(store_, kLedgerIdSetting);
    if (!id.ok()) return id.status();
    report_.seq = tail->seq;
    return Write(LineOf(ExportHeader{
        .schema = LedgerSchema().version, .ledger = *std::move(id), .seq = tail->seq}));
  }

  template <class Row>
  absl::Status WriteTable() {
    absl::Status written;
    const absl::Status status = ScanRowsOf<Row>(store_, {}, [&](const Row& row) {
      written = WriteRow(row);
      return written.ok();
    });
    return status.ok() ? written : status;
  }

  template <class Row>
  absl::Status WriteRow(const Row& row) {
    std::string line = RowLine(row);
    if (!GivesBack(line, row)) {
      return absl::DataLossError(absl::StrCat(NameOfRow(row), ": a text is not UTF-8"));
    }
    ++report_.rows;
    return Write(std::move(line));
  }

  template <class Row>
  static bool GivesBack(std::string_view line, const Row& row) {
    const absl::StatusOr<ParsedJson> json = ParseJsonText(line, "line", kExportLineBytesMax);
    Row back;
    return json.ok() && ReadRowLine(*json, back).ok() && back == row;
  }

  absl::Status WriteCommits() {
    absl::Status written;
    const absl::Status status = store_.ReadJournal(0, [&](const JournalEntry& entry) {
      ++report_.commits;
      written = Write(CommitLine(entry));
      if (report_.commits % kCommitsPerProgress == 0) Tell(entry.seq);
      return written.ok();
    });
    return status.ok() ? written : status;
  }

  absl::Status WriteEnd() {
    const ExportEnd end{
        .rows = report_.rows, .commits = report_.commits, .digest = digest_.Finish()};
    return sink_(LineOf(end) + "\n");
  }

  ReadTransaction& store_;
  const ByteSink& sink_;
  const ExportProgress& progress_;
  LineDigest digest_;
  ExportReport report_;
};

}  // namespace

absl::StatusOr<ExportReport> ExportLedger(Ledger& ledger, const ByteSink& sink,
                                          const ExportProgress& progress) {
  absl::StatusOr<std::unique_ptr<ReadTransaction>> transaction = ledger.store().BeginRead();
  if (!transaction.ok()) return transaction.status();
  return Exporter(**transaction, sink, progress).Run();
}

absl::StatusOr<ExportReport> ExportFile(Ledger& ledger, const std::string& path,
                                        const ExportProgress& progress) {
  absl::StatusOr<std::unique_ptr<OutputFile>> file = OutputFile::Open(path);
  if (!file.ok()) return file.status();
  absl::StatusOr<ExportReport> report = ExportLedger(
      ledger, [&](std::string_view bytes) { return (*file)->Write(bytes); }, progress);
  if (!report.ok()) return report;
  if (absl::Status status = (*file)->Close(); !status.ok()) return status;
  return report;
}

}  // namespace throughline
