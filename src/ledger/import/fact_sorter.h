#ifndef THROUGHLINE_LEDGER_IMPORT_FACT_SORTER_H_
#define THROUGHLINE_LEDGER_IMPORT_FACT_SORTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/import/account_groups.h"
#include "ledger/import/external_sort.h"
#include "ledger/import/fact_record.h"
#include "throughline/command.h"
#include "throughline/ledger.h"

namespace throughline {

// Puts facts in order by account and, within an account, as OrderOf says.
//
// A fact whose account is not known when it is read is kept aside until all input was, and is then
// joined, by sorting, with the facts that say whose it is. A fact of no known account comes last.
//
// Call Add any number of times, Finish once, then Next until it says false. Errors are those of the
// disk and of the ledger. Holds a read transaction of the ledger until Finish returns.
class FactSorter {
 public:
  // `memory_bytes` is what it may take in all.
  static absl::StatusOr<std::unique_ptr<FactSorter>> Begin(Ledger& ledger, std::string directory,
                                                           size_t memory_bytes);

  absl::Status Add(const FactPosition& position, const Command& command, Context& context);
  absl::Status Finish();

  // False: no more facts. `key` has the account's group and the packed position; `*record` is valid
  // until the next call.
  absl::StatusOr<bool> Next(SortKey* key, std::string_view* record);

 private:
  // A record that waits to be joined: of one key, who defines it comes before who asks for it.
  enum Side : int64_t { kDefinition, kQuestion };

  FactSorter(std::string directory, size_t memory_bytes);

  absl::Status Place(const SortKey& key, const Command& command, std::string_view record);
  absl::Status Ask(RecordKey missing, const SortKey& key, std::string_view record);
  absl::Status Define(RecordKey record, Group group);
  ExternalSort& Later();
  absl::Status AnswerAll();
  absl::StatusOr<int64_t> AnswerRound(ExternalSort& questions);
  absl::Status GiveUp(ExternalSort& questions);
  std::unique_ptr<ExternalSort> NewSort(size_t memory_bytes) const;

  std::string directory_;
  size_t memory_bytes_;
  std::unique_ptr<AccountGroups> groups_;
  std::unique_ptr<ExternalSort> sorted_;
  std::unique_ptr<ExternalSort> later_;   // null: nothing waits
  std::unique_ptr<ExternalSort> linked_;  // of accounts that are written as one
  bool reads_linked_ = false;
  int64_t asked_ = 0;  // facts in later_
  std::string buffer_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_FACT_SORTER_H_
