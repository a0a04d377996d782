#include "ledger/import/mapped_csv_file.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/import/csv_reader.h"
#include "model/abseil_text.h"
#include "model/json_members.h"
#include "model/text.h"
#include "throughline/error.h"

namespace throughline {
namespace {

class MappedCsvFile final : public FactFile {
 public:
  MappedCsvFile(std::string path, uint32_t number, const FileMapping* mapping, Mode default_mode)
      : FactFile(std::move(path), number), mapping_(*mapping), default_mode_(default_mode) {}

  absl::Status Check() override {
    absl::Status status = Open();
    if (MayReopen()) Close();
    return status;
  }

  absl::Status Read(FactSink& sink) override {
    if (absl::Status status = Open(); !status.ok()) return status;
    facts_.resize(mapping_.facts.size());
    CsvRow row;
    for (uint64_t rows = 0;; ++rows) {
      if (rows % kRowsPerProgress == 0) sink.BytesRead(source_->bytes_read());
      absl::StatusOr<bool> more = reader_->Next(row);
      if (!more.ok()) return InFile(path(), more.status());
      if (!*more) break;
      if (absl::Status status = ReadRow(row, sink); !status.ok()) return status;
    }
    sink.BytesRead(source_->bytes_read());
    Close();
    return absl::OkStatus();
  }

  std::string ColumnOf(const FactPosition& position, std::string_view member) const override {
    std::string columns;
    if (position.fact < mapping_.facts.size()) {
      columns = mapping_.facts[position.fact].ColumnsOf(member, mapping_.columns);
    }
    return columns.empty() ? std::string(member) : columns;
  }

 private:
  static constexpr uint64_t kRowsPerProgress = 1024;

  struct RowFact {
    bool given = false;
    Command command;
    Context context;
  };

  absl::Status Open();
  absl::Status ReadHeader();
  absl::Status FindColumns(const CsvRow& header);
  absl::Status ReadRow(const CsvRow& row, FactSink& sink);
  absl::Status Refuse(const CsvRow& row, std::string column, std::string why, FactSink& sink) const;
  void Close() {
    reader_.reset();
    source_.reset();
  }

  const FileMapping& mapping_;
  Mode default_mode_;
  std::unique_ptr<TextSource> source_;
  std::unique_ptr<CsvReader> reader_;
  std::vector<std::string> header_;
  std::vector<size_t> fields_of_columns_;
  std::vector<RowFact> facts_;  // of one row, reused
};

absl::Status MappedCsvFile::Open() {
  if (source_ != nullptr) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<TextSource>> source = TextSource::Open(path(), mapping_.encoding);
  if (!source.ok()) return InFile(path(), source.status());
  source_ = *std::move(source);
  reader_ = std::make_unique<CsvReader>(source_.get(), CsvOptions{.delimiter = mapping_.delimiter});
  return InFile(path(), ReadHeader());
}

absl::Status MappedCsvFile::ReadHeader() {
  CsvRow row;
  absl::StatusOr<bool> more = reader_->Next(row);
  if (!more.ok()) return more.status();
  if (!*more) return absl::InvalidArgumentError("has no row with the names of its columns");
  if (row.error) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", row.error->line, ", the names of the columns: ", row.error->why));
  }
  header_.clear();
  for (const std::string_view name : row.fields) header_.emplace_back(TrimAscii(name));
  return FindColumns(row);
}

absl::Status MappedCsvFile::FindColumns(const CsvRow& header) {
  fields_of_columns_.clear();
  for (const std::string& name : mapping_.columns.names()) {
    const auto found = std::find(header_.begin(), header_.end(), name);
    if (found == header_.end()) {
      return absl::InvalidArgumentError(absl::StrCat("line ", header.line, ": has no column ",
                                                     Quoted(name), "; it has ",
                                                     Shortened(absl::StrJoin(header_, ", "))));
    }
    if (std::find(found + 1, header_.end(), name) != header_.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", header.line, ": has two columns ", Quoted(name)));
    }
    fields_of_columns_.push_back(static_cast<size_t>(found - header_.begin()));
  }
  return absl::OkStatus();
}

absl::Status MappedCsvFile::ReadRow(const CsvRow& row, FactSink& sink) {
  if (absl::Status status = sink.Row(); !status.ok()) return status;
  if (row.error) {
    const size_t column = row.error->column;
    const bool named = column > 0 && column <= header_.size();
    return Refuse(row, named ? header_[column - 1] : "", row.error->why, sink);
  }
  const RowCells cells{row.fields, fields_of_columns_};
  RowReader reader(cells);
  for (size_t i = 0; i < facts_.size(); ++i) {
    RowFact& fact = facts_[i];
    fact.context = Context{.mode = default_mode_};
    absl::StatusOr<bool> given = mapping_.facts[i].Render(reader, fact.command, fact.context);
    if (!given.ok()) {
      const std::string member = DetailOf(given.status()).field;
      return Refuse(row, ColumnOf({number(), row.line, static_cast<uint32_t>(i)}, member),
                    std::string(FromAbsl(given.status().message())), sink);
    }
    fact.given = *given;
  }
  for (size_t i = 0; i < facts_.size(); ++i) {
    if (!facts_[i].given) continue;
    const FactPosition position{number(), row.line, static_cast<uint32_t>(i)};
    absl::Status status = sink.Fact(position, facts_[i].command, facts_[i].context);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status MappedCsvFile::Refuse(const CsvRow& row, std::string column, std::string why,
                                   FactSink& sink) const {
  std::string text;
  for (size_t i = 0; i < row.fields.size() && text.size() <= RejectsFile::kTextBytesMax; ++i) {
    if (i > 0) text += reader_->delimiter();
    text += row.fields[i];
  }
  const uint64_t line = row.error ? row.error->line : row.line;
  return sink.Reject({number(), line, 0}, {std::move(column), std::move(why), std::move(text)});
}

}  // namespace

std::unique_ptr<FactFile> NewMappedCsvFile(std::string path, uint32_t number,
                                           const FileMapping* mapping, Mode default_mode) {
  return std::make_unique<MappedCsvFile>(std::move(path), number, mapping, default_mode);
}

}  // namespace throughline
