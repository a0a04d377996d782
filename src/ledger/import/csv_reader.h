#ifndef THROUGHLINE_LEDGER_IMPORT_CSV_READER_H_
#define THROUGHLINE_LEDGER_IMPORT_CSV_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/import/text_encoding.h"

namespace throughline {

struct CsvOptions {
  char delimiter = 0;  // 0: the most frequent of , ; tab | in the first row, outside quotes

  // Bounds on one row; beyond them the row is refused, the reading goes on.
  size_t field_bytes_max = size_t{1} << 20;  // between the quotes, doubled quotes counted twice
  size_t row_bytes_max = size_t{4} << 20;
  size_t columns_max = 4096;
};

// Why one row cannot be used.
struct CsvError {
  uint64_t line = 0;    // where the offending field begins, from 1
  uint32_t column = 0;  // the number of that field, from 1; 0: the row as a whole
  std::string why;
};

struct CsvRow {
  std::span<const std::string_view> fields;  // unquoted; valid until the next call of Next
  uint64_t line = 0;                         // the physical line on which the row begins, from 1
  std::optional<CsvError> error;             // if set, `fields` is what was read so far
};

// Rows of a CSV text: RFC 4180, and what people have: another delimiter, LF or CR or CRLF (also
// mixed), quoted line breaks, empty lines (skipped), no line break at the end. Spaces are kept. The
// first row is handed out like any other and says how many fields each later row must have.
//
// A row refused for its quotes or its size ends with the physical line on which its offending field
// begins: a stray quote costs one row, not all up to the next quote. Memory: about two rows of the
// greatest size. Not thread-safe. `source` is borrowed and must outlive the reader.
class CsvReader {
 public:
  explicit CsvReader(TextSource* source, const CsvOptions& options = {});

  // False: no more rows. An error is the source's, or INVALID_ARGUMENT for a delimiter that cannot
  // be told or used; it ends the reading. What is wrong with one row is in `row.error` instead.
  absl::StatusOr<bool> Next(CsvRow& row);

  // 0 before the first call of Next, if it was to be detected.
  char delimiter() const { return options_.delimiter; }

 private:
  absl::Status Start();
  absl::Status DetectDelimiter();
  bool HasWholeFirstRow() const;
  bool FindRow();
  void SkipLine();
  void ReadFields(CsvRow& row);
  void SkimPlainFields();
  bool ReadPlain(CsvRow& row);
  bool ReadQuoted(CsvRow& row);
  bool FindClosingQuote(CsvRow& row, bool& escaped);
  bool EndField();
  bool CheckBounds(CsvRow& row, size_t begin, size_t end);
  bool Refuse(CsvRow& row, std::string why);
  void CheckCount(CsvRow& row);
  void CheckEncoding(CsvRow& row) const;
  bool Refill();

  TextSource* source_;
  CsvOptions options_;
  std::array<bool, 256> special_{};  // what may end an unquoted field
  bool started_ = false;
  absl::Status failed_;

  std::vector<char> buffer_;  // buffer_[end_] is a line feed: scans stop there without a test
  size_t row_ = 0;            // what lies before it may be overwritten
  size_t field_ = 0;
  size_t at_ = 0;
  size_t end_ = 0;
  bool at_end_ = false;     // of the source
  bool after_cr_ = false;   // a line feed now belongs to the line break before it
  bool skip_line_ = false;  // after a refused row

  std::vector<std::string_view> fields_;  // of this row so far
  bool unescaped_ = false;                // one of them lost quotes: the buffer is no more as read
  uint64_t line_ = 1;
  size_t columns_ = 0;  // 0: the first row is still to come
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_CSV_READER_H_
