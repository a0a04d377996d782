#ifndef THROUGHLINE_LEDGER_IMPORT_FACT_WRITER_H_
#define THROUGHLINE_LEDGER_IMPORT_FACT_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/bulk_writer.h"
#include "ledger/import/external_sort.h"
#include "ledger/import/fact_refs.h"
#include "ledger/import/import_log.h"
#include "model/hash_map.h"
#include "throughline/command.h"

namespace throughline {

// Writes sorted facts to the ledger. A fact that names a record which is not there (its dates put
// it before the opening) waits for a fact of the same account to bring it; what still waits when
// the account is done is refused. Not thread-safe.
class FactWriter {
 public:
  // Facts that wait for longer than this are refused at once.
  static constexpr size_t kWaitingBytesMax = size_t{16} << 20;

  // `writer` and `log` are borrowed.
  FactWriter(BulkWriter* writer, ImportLog* log) : writer_(*writer), log_(*log) {}

  // Errors are those of the store and of the rejects file.
  absl::Status Write(const SortKey& key, std::string_view record);
  absl::Status Finish();

 private:
  struct Waiting {
    SortKey key;
    std::string record;
    uint64_t fact = 0;  // its key
    absl::Status why;
  };
  struct Fact {
    const SortKey& key;
    std::string_view record;
    uint64_t fact = 0;
  };

  absl::Status Read(const Fact& fact);
  uint64_t KeyOf(std::string_view record);
  void ForgetEqual();
  absl::Status Apply(const Fact& fact);
  absl::Status Accept(const Fact& fact, const Receipt& receipt);
  absl::Status PutAside(const Fact& fact, absl::Status why);
  absl::Status Refuse(const Fact& fact, const absl::Status& why);
  void Wake(uint64_t fact_key);
  void Wake(std::vector<Waiting> woken);
  absl::Status ApplyWoken();
  absl::Status EndGroup();
  absl::Status RefuseWaiting();
  absl::Status CommitIfOver(int64_t transactions);

  BulkWriter& writer_;
  ImportLog& log_;

  Command command_;
  Context context_;

  // Facts equal to one another follow one another: they have the same account and time.
  std::optional<SortKey> last_;
  HashMap<uint64_t, uint64_t> equal_;  // by content: how many of this account and time

  HashMap<RecordKey, std::vector<Waiting>> waiting_;  // by what they wait for
  size_t waiting_bytes_ = 0;
  std::vector<Waiting> woken_;  // the next to be applied is the last
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_FACT_WRITER_H_
