#ifndef THROUGHLINE_STORE_FORWARDED_READS_H_
#define THROUGHLINE_STORE_FORWARDED_READS_H_

#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/store.h"

namespace throughline {

// The reads of a transaction, read or write (`Base`), made of those of what it reads from.
template <class Base, class Source>
class ForwardedReads : public Base {
 public:
  absl::StatusOr<bool> Get(TableNumber table, std::span<const Value> key, StoredRow& row) override {
    return source().Get(table, key, row);
  }
  absl::Status ScanRows(const Scan& scan, const RowVisitor& visitor) override {
    return source().ScanRows(scan, visitor);
  }
  absl::Status ReadJournal(int64_t after, const JournalVisitor& visitor) override {
    return source().ReadJournal(after, visitor);
  }
  absl::Status ReadStream(int64_t account, int64_t after, bool descending,
                          const JournalVisitor& visitor) override {
    return source().ReadStream(account, after, descending, visitor);
  }
  absl::StatusOr<bool> ReadEntry(int64_t seq, const JournalVisitor& visitor) override {
    return source().ReadEntry(seq, visitor);
  }
  absl::StatusOr<ReadTransaction::Tail> JournalTail() override { return source().JournalTail(); }

 protected:
  virtual Source& source() = 0;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_FORWARDED_READS_H_
