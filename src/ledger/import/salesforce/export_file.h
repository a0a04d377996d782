#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_FILE_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_FILE_H_

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/import/csv_reader.h"
#include "ledger/import/salesforce/export_columns.h"
#include "ledger/import/salesforce/export_values.h"
#include "ledger/import/salesforce/salesforce_id.h"
#include "ledger/import/text_encoding.h"
#include "throughline/time.h"

namespace throughline::salesforce {

// A file of an export, and what its columns are.
struct ExportFile {
  static constexpr size_t kNoField = SIZE_MAX;

  std::string path;
  uint32_t number = 0;
  const ObjectSpec* spec = nullptr;
  std::vector<std::string> header;
  std::array<size_t, kColumns> fields{};  // where a column is; kNoField
  std::vector<std::string> ignored;       // columns that mean nothing to the import

  bool Has(Column column) const { return fields[static_cast<size_t>(column)] != kNoField; }
  // What the file calls it; its name in the API, if it does not have it.
  std::string NameOf(Column column) const;
};

// Reads the header. Null: no object was recognized. INVALID_ARGUMENT for a file that lacks a column
// which the object cannot do without, or has one twice.
absl::StatusOr<std::optional<ExportFile>> RecognizeFile(const std::string& path, uint32_t number);

// One row. The first value that cannot be read is kept as the row's fault; values after it are
// still handed out, so that a reader may look once at the end.
class ExportRow {
 public:
  ExportRow(const ExportFile& file, const ExportValues& values, const CsvRow& row)
      : file_(file), values_(values), row_(row) {}

  bool Has(Column column) const { return file_.Has(column); }
  std::string_view Text(Column column) const;  // without white space around; empty: blank
  bool Flag(Column column);                    // blank is false
  SalesforceId IdOf(Column column);            // blank is none
  std::optional<Moment> TimeOf(Column column);
  std::optional<Date> DateOf(Column column);
  std::optional<Money> MoneyOf(Column column);
  std::optional<Money> MoneyIn(Column column, std::string_view text);  // of another cell's text

  void Fail(Column column, const absl::Status& why);
  const absl::Status& fault() const { return fault_; }
  Column fault_column() const { return fault_column_; }
  const ExportFile& file() const { return file_; }
  const ExportValues& values() const { return values_; }
  uint64_t line() const { return row_.line; }

 private:
  const ExportFile& file_;
  const ExportValues& values_;
  const CsvRow& row_;
  absl::Status fault_;
  Column fault_column_ = Column::kId;
};

// The rows below the header, without those that reports put under their table.
class ExportReader {
 public:
  static absl::StatusOr<std::unique_ptr<ExportReader>> Open(const ExportFile& file);

  // False: no more. Lines that a report puts under its table are passed over.
  absl::StatusOr<bool> Next(CsvRow& row);
  int64_t bytes_read() const { return source_->bytes_read(); }
  char delimiter() const { return reader_.delimiter(); }

 private:
  explicit ExportReader(std::unique_ptr<TextSource> source)
      : source_(std::move(source)), reader_(source_.get()) {}

  // A row of one cell, which is a fault or of a footer: that shows further down.
  struct LoneCell {
    std::string text;
    uint64_t line = 0;
    std::optional<CsvError> error;
  };

  absl::Status ReadLoneCells(CsvRow& row);

  std::unique_ptr<TextSource> source_;
  CsvReader reader_;
  std::deque<LoneCell> lone_;   // to be handed out before what is held
  std::optional<CsvRow> held_;  // the row behind them
  LoneCell current_;
  std::string_view field_;  // of it
};

}  // namespace throughline::salesforce

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_FILE_H_
