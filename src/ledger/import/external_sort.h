#ifndef THROUGHLINE_LEDGER_IMPORT_EXTERNAL_SORT_H_
#define THROUGHLINE_LEDGER_IMPORT_EXTERNAL_SORT_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace throughline {

struct SortKey {
  uint64_t group = 0;
  int64_t time = 0;
  uint64_t line = 0;
  friend auto operator<=>(const SortKey&, const SortKey&) = default;
};

struct ExternalSortOptions {
  std::string directory;  // of the temporary files; used only when memory does not suffice

  // One block, touched as it fills; at least 4 KiB. Beside it at most one record is held in memory.
  size_t memory_bytes = size_t{192} << 20;
};

// Sorts records by key, those of equal keys in the order of their adding, on disk if need be.
//
// Records gather in memory; each time it is full they are sorted and written as one run to an
// unlinked temporary file (mode 0600), and the runs are merged at the end: in one pass up to 64
// times the memory. The files never take more than twice what was added (payload and 24 bytes of
// key a record), and are gone with this object, however the process ends. Not thread-safe.
//
// Call Add any number of times, Finish once, then Next until it says false. After an error every
// call returns that error.
class ExternalSort {
 public:
  explicit ExternalSort(ExternalSortOptions options);
  ~ExternalSort();
  ExternalSort(const ExternalSort&) = delete;
  ExternalSort& operator=(const ExternalSort&) = delete;

  // Copies `payload`: any bytes, less than 4 GiB. RESOURCE_EXHAUSTED when the disk is full; other
  // I/O errors by their errno, with the directory.
  absl::Status Add(const SortKey& key, std::string_view payload);
  absl::Status Finish();

  // False: no more records. `*payload` is valid until the next call.
  absl::StatusOr<bool> Next(SortKey* key, std::string_view* payload);

  uint64_t records() const;
  uint64_t disk_bytes_peak() const;  // 0: all was sorted in memory

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
  absl::Status failed_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_EXTERNAL_SORT_H_
