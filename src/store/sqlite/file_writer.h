#ifndef THROUGHLINE_STORE_SQLITE_FILE_WRITER_H_
#define THROUGHLINE_STORE_SQLITE_FILE_WRITER_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/statement.h"
#include "store/sqlite/writer.h"

namespace throughline {

// The writer of a file of our own: it also keeps the write-ahead log short.
class FileWriter final : public Writer {
 public:
  // `has_traces`: the log, which somebody left behind, may hold what was erased.
  FileWriter(std::unique_ptr<Connection> connection, const Layout& layout, int busy_timeout_ms,
             bool has_traces);

  absl::Status Begin() override;
  absl::Status Commit() override;
  void Rollback() noexcept override;
  absl::StatusOr<bool> EraseTraces() override;

 private:
  void End() noexcept;
  void KeepLogShort();

  StatementSlot begin_, commit_;
  std::optional<uint32_t> left_at_;  // DataVersion at the end of the previous transaction
  const int busy_timeout_ms_;
  bool has_traces_;          // of rows that were erased: the log is to be emptied
  int log_pages_ = 0;        // in the log, set by SQLite with each commit that writes to it
  int known_pages_ = 0;      // in the log after the commit before
  int next_checkpoint_ = 0;  // in pages of the log
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_FILE_WRITER_H_
