#ifndef THROUGHLINE_STORE_SQLITE_HOST_WRITER_H_
#define THROUGHLINE_STORE_SQLITE_HOST_WRITER_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/host_transaction.h"
#include "store/sqlite/layout.h"
#include "store/sqlite/statement.h"
#include "store/sqlite/writer.h"
#include "throughline/store.h"

namespace throughline {

// The writer on the host's connection.
//
// What was committed here may be rolled back by the host without a word. But nobody else writes the
// ledger's tables through this connection, so after a rollback the journal ends earlier than this
// writer left it, until this writer goes on; and what others commit changes PRAGMA data_version,
// which the host's own commits leave alone. Only a transaction that wrote no entry (a rebuild)
// leaves no such trace: after one inside the host's transaction everything counts as changed, until
// the host is seen outside of it.
class HostWriter final : public Writer {
 public:
  HostWriter(std::unique_ptr<Connection> connection, const Layout& layout);

  absl::Status Begin() override;
  absl::Status Commit() override;
  void Rollback() noexcept override;
  absl::StatusOr<bool> EraseTraces() override;
  absl::Status AppendAll(std::span<const JournalEntry> entries) override;

  // FAILED_PRECONDITION if the tables are gone.
  absl::StatusOr<ReadTransaction::Tail> JournalTail();

 private:
  struct Place {
    int64_t data_version = 0;
    int64_t seq = 0;
    int64_t recorded_at = 0;
    friend bool operator==(const Place&, const Place&) = default;
  };

  absl::StatusOr<Place> Look();

  // Whether nothing at all was committed since the previous transaction, which was final.
  bool Untouched();
  void End(const Place& left) noexcept;

  HostTransaction transaction_;
  StatementSlot data_version_;
  Place begun_;                           // at Begin
  Place now_;                             // in this transaction
  std::optional<Place> left_;             // at the end of the previous transaction
  bool left_nested_ = false;              // what it did may be rolled back
  std::optional<uint32_t> left_version_;  // DataVersion then
  bool traceless_ = false;                // the host may have rolled back what left no trace
  int changes_ = 0;                       // SQLite's count at Begin
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_HOST_WRITER_H_
