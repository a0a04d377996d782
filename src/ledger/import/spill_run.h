#ifndef THROUGHLINE_LEDGER_IMPORT_SPILL_RUN_H_
#define THROUGHLINE_LEDGER_IMPORT_SPILL_RUN_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/import/external_sort.h"

// Sorted runs of records in temporary files: the part of ExternalSort that touches the disk.

namespace throughline {

// A temporary file that has no name: it goes when this object or the process does. Move-only.
class TempFile {
 public:
  static absl::StatusOr<TempFile> Create(const std::string& directory);
  TempFile(TempFile&& other) noexcept;
  TempFile& operator=(TempFile&& other) noexcept;
  ~TempFile();

  absl::Status Append(std::string_view bytes);
  // Exactly `into.size()` bytes from `offset`.
  absl::Status Read(uint64_t offset, std::span<char> into) const;
  uint64_t size() const { return size_; }

 private:
  TempFile(std::string directory, int descriptor);

  std::string directory_;
  int descriptor_;
  uint64_t size_ = 0;
};

// Appends records to a file through `buffer`, which is borrowed. Call Flush at the end.
class RunWriter {
 public:
  RunWriter(TempFile* file, std::span<char> buffer) : file_(file), buffer_(buffer) {}

  absl::Status Append(const SortKey& key, std::string_view payload);
  absl::Status Flush();

 private:
  absl::Status Put(std::string_view bytes);

  TempFile* file_;
  std::span<char> buffer_;
  size_t used_ = 0;
};

// Reads the records of a file in their order through `buffer`, which is borrowed.
class RunReader {
 public:
  static constexpr size_t kHeaderBytes = 28;  // of a record: the key, and the size of the payload

  // `buffer` holds at least kHeaderBytes.
  RunReader(const TempFile* file, std::span<char> buffer) : file_(file), buffer_(buffer) {}

  // Goes to the next record. False: there is none.
  absl::StatusOr<bool> Next();
  const SortKey& key() const { return key_; }
  // Once per record. The view lies in the buffer or, where it does not fit, in `spare`, and is
  // valid until Next or until `spare` changes.
  absl::StatusOr<std::string_view> Payload(std::string& spare);

 private:
  absl::Status Ensure(size_t bytes);

  const TempFile* file_;
  std::span<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  uint64_t offset_ = 0;  // in the file, of what follows the buffer
  SortKey key_;
  size_t payload_bytes_ = 0;
};

// Merges runs; of equal keys those of the earlier run come first. The readers read all through
// equal parts of `memory`, which is borrowed, as are the files.
class RunMerger {
 public:
  RunMerger(std::span<const TempFile> runs, std::span<char> memory);

  absl::Status Start();
  absl::StatusOr<bool> Next(SortKey* key, std::string_view* payload);

 private:
  bool Before(size_t a, size_t b) const;
  void SiftDown(size_t place);
  absl::Status Advance();

  std::vector<RunReader> readers_;
  std::vector<size_t> heap_;  // of indexes of readers that have a record, the first one on top
  bool top_is_used_ = false;
  std::string spare_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_SPILL_RUN_H_
