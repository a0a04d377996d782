#include "ledger/import/external_sort.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <new>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "ledger/import/spill_run.h"

namespace throughline {
namespace {

constexpr size_t kMemoryBytesMin = 4096;
constexpr size_t kWriteBufferBytesMax = 256 * 1024;
// As many files are open at most; 16 KiB of memory for each, for the sake of few and long reads.
constexpr size_t kFanInMax = 64;
constexpr size_t kFanInMin = 4;
constexpr size_t kReadBufferBytesMin = 16 * 1024;

struct Entry {
  SortKey key;
  uint64_t offset;  // in the block, of the payload's size; grows in the order of adding
};

static_assert(std::is_trivially_copyable_v<Entry> && sizeof(Entry) == 32);

bool Before(const Entry& a, const Entry& b) {
  if (a.key.group != b.key.group) return a.key.group < b.key.group;
  if (a.key.time != b.key.time) return a.key.time < b.key.time;
  if (a.key.line != b.key.line) return a.key.line < b.key.line;
  return a.offset < b.offset;
}

}  // namespace

class ExternalSort::Impl {
 public:
  explicit Impl(ExternalSortOptions options);

  absl::Status Add(const SortKey& key, std::string_view payload);
  absl::Status Finish();
  absl::StatusOr<bool> Next(SortKey* key, std::string_view* payload);

  uint64_t records() const { return records_; }
  uint64_t disk_bytes_peak() const { return disk_bytes_peak_; }

 private:
  // Neighbours among the runs: only such may be merged, for the sake of equal keys.
  struct Window {
    size_t first;
    size_t count;
    uint64_t bytes;
  };

  // The block: payloads from its beginning upwards, entries from its end downwards, the write
  // buffer behind them. While runs are merged, the first two are the buffers of the readers.
  char* Bytes() const { return reinterpret_cast<char*>(block_.get()); }
  std::span<char> Arena() const { return {Bytes(), arena_bytes_}; }
  std::span<char> WriteBuffer() const { return {Bytes() + arena_bytes_, write_buffer_bytes_}; }
  std::span<Entry> Entries() const;
  absl::Status Allocate();
  bool Fits(size_t payload_bytes) const;
  void Keep(const SortKey& key, std::string_view payload);

  std::string_view PayloadOf(const Entry& entry) const;
  void Sort();
  absl::Status Spill();
  absl::Status SpillOne(const SortKey& key, std::string_view payload);
  absl::Status AddRun(TempFile& run, RunWriter& writer);
  absl::Status ReduceRuns();
  absl::Status Merge(Window window);
  Window CheapestWindow(size_t count) const;
  uint64_t DiskBytes() const;
  bool NextKept(SortKey* key, std::string_view* payload);

  ExternalSortOptions options_;
  size_t arena_bytes_;
  size_t write_buffer_bytes_;
  size_t fan_in_;
  std::unique_ptr<std::byte[]> block_;
  size_t payloads_end_ = 0;
  size_t entry_count_ = 0;
  uint64_t records_ = 0;
  uint64_t disk_bytes_peak_ = 0;
  std::vector<TempFile> runs_;  // in the order of adding
  bool finished_ = false;
  size_t next_entry_ = 0;
  std::optional<RunMerger> merger_;
};

ExternalSort::Impl::Impl(ExternalSortOptions options) : options_(std::move(options)) {
  const size_t memory = std::max(options_.memory_bytes, kMemoryBytesMin);
  write_buffer_bytes_ = std::min(memory / 8, kWriteBufferBytesMax);
  arena_bytes_ = (memory - write_buffer_bytes_) / sizeof(Entry) * sizeof(Entry);
  fan_in_ = std::clamp(arena_bytes_ / kReadBufferBytesMin, kFanInMin, kFanInMax);
}

absl::Status ExternalSort::Impl::Allocate() {
  block_.reset(new (std::nothrow) std::byte[arena_bytes_ + write_buffer_bytes_]);
  if (block_ != nullptr) return absl::OkStatus();
  return absl::ResourceExhaustedError("no memory to sort in");
}

std::span<Entry> ExternalSort::Impl::Entries() const {
  Entry* const end = reinterpret_cast<Entry*>(block_.get() + arena_bytes_);
  return {end - entry_count_, entry_count_};
}

bool ExternalSort::Impl::Fits(size_t payload_bytes) const {
  const size_t used = payloads_end_ + (entry_count_ + 1) * sizeof(Entry) + sizeof(uint32_t);
  return used <= arena_bytes_ && payload_bytes <= arena_bytes_ - used;
}

void ExternalSort::Impl::Keep(const SortKey& key, std::string_view payload) {
  const auto payload_bytes = static_cast<uint32_t>(payload.size());
  ++entry_count_;
  Entries().front() = {key, payloads_end_};
  char* const place = Bytes() + payloads_end_;
  std::memcpy(place, &payload_bytes, sizeof(payload_bytes));
  std::copy(payload.begin(), payload.end(), place + sizeof(payload_bytes));
  payloads_end_ += sizeof(payload_bytes) + payload.size();
}

std::string_view ExternalSort::Impl::PayloadOf(const Entry& entry) const {
  uint32_t payload_bytes;
  std::memcpy(&payload_bytes, Bytes() + entry.offset, sizeof(payload_bytes));
  return {Bytes() + entry.offset + sizeof(payload_bytes), payload_bytes};
}

absl::Status ExternalSort::Impl::Add(const SortKey& key, std::string_view payload) {
  if (finished_) return absl::FailedPreconditionError("records are added before Finish");
  if (payload.size() > std::numeric_limits<uint32_t>::max()) {
    return absl::InvalidArgumentError("a record to be sorted must be less than 4 GiB");
  }
  if (block_ == nullptr) {
    if (absl::Status status = Allocate(); !status.ok()) return status;
  }
  ++records_;
  if (!Fits(payload.size())) {
    if (absl::Status status = Spill(); !status.ok()) return status;
    if (!Fits(payload.size())) return SpillOne(key, payload);
  }
  Keep(key, payload);
  return absl::OkStatus();
}

void ExternalSort::Impl::Sort() {
  const std::span<Entry> entries = Entries();
  std::sort(entries.begin(), entries.end(), Before);
}

absl::Status ExternalSort::Impl::Spill() {
  if (entry_count_ == 0) return absl::OkStatus();
  Sort();
  absl::StatusOr<TempFile> run = TempFile::Create(options_.directory);
  if (!run.ok()) return run.status();
  RunWriter writer(&*run, WriteBuffer());
  for (const Entry& entry : Entries()) {
    if (absl::Status status = writer.Append(entry.key, PayloadOf(entry)); !status.ok()) {
      return status;
    }
  }
  entry_count_ = payloads_end_ = 0;
  return AddRun(*run, writer);
}

// A record that is too great for the block is a run of its own.
absl::Status ExternalSort::Impl::SpillOne(const SortKey& key, std::string_view payload) {
  absl::StatusOr<TempFile> run = TempFile::Create(options_.directory);
  if (!run.ok()) return run.status();
  RunWriter writer(&*run, WriteBuffer());
  if (absl::Status status = writer.Append(key, payload); !status.ok()) return status;
  return AddRun(*run, writer);
}

// Waits until a merge of the full fan-in costs at most half of what is on the disk.
absl::Status ExternalSort::Impl::AddRun(TempFile& run, RunWriter& writer) {
  if (absl::Status status = writer.Flush(); !status.ok()) return status;
  runs_.push_back(std::move(run));
  disk_bytes_peak_ = std::max(disk_bytes_peak_, DiskBytes());
  return runs_.size() < 2 * fan_in_ ? absl::OkStatus() : Merge(CheapestWindow(fan_in_));
}

uint64_t ExternalSort::Impl::DiskBytes() const {
  uint64_t bytes = 0;
  for (const TempFile& run : runs_) bytes += run.size();
  return bytes;
}

ExternalSort::Impl::Window ExternalSort::Impl::CheapestWindow(size_t count) const {
  Window window{0, count, 0};
  for (size_t i = 0; i < count; ++i) window.bytes += runs_[i].size();
  Window cheapest = window;
  for (size_t end = count; end < runs_.size(); ++end) {
    window.bytes += runs_[end].size() - runs_[window.first++].size();
    if (window.bytes < cheapest.bytes) cheapest = window;
  }
  return cheapest;
}

// A merge takes as much again as its runs: none may cost more than half of all. Two disjoint pairs
// exist among five runs, so such a merge always exists.
absl::Status ExternalSort::Impl::ReduceRuns() {
  static_assert(kFanInMin >= 4);
  while (runs_.size() > fan_in_) {
    size_t count = std::min(fan_in_, runs_.size() - fan_in_ + 1);
    while (count > 2 && CheapestWindow(count).bytes > DiskBytes() / 2) --count;
    if (absl::Status status = Merge(CheapestWindow(count)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ExternalSort::Impl::Merge(Window window) {
  absl::StatusOr<TempFile> merged = TempFile::Create(options_.directory);
  if (!merged.ok()) return merged.status();
  RunWriter writer(&*merged, WriteBuffer());
  const std::span<const TempFile> all = runs_;
  RunMerger merger(all.subspan(window.first, window.count), Arena());
  absl::Status status = merger.Start();
  while (status.ok()) {
    SortKey key;
    std::string_view payload;
    absl::StatusOr<bool> more = merger.Next(&key, &payload);
    if (!more.ok()) return more.status();
    if (!*more) break;
    status = writer.Append(key, payload);
  }
  if (status.ok()) status = writer.Flush();
  if (!status.ok()) return status;
  disk_bytes_peak_ = std::max(disk_bytes_peak_, DiskBytes() + merged->size());
  const auto first = runs_.begin() + static_cast<std::ptrdiff_t>(window.first);
  *first = *std::move(merged);
  runs_.erase(first + 1, first + static_cast<std::ptrdiff_t>(window.count));
  return absl::OkStatus();
}

absl::Status ExternalSort::Impl::Finish() {
  if (finished_) return absl::FailedPreconditionError("Finish is called once");
  finished_ = true;
  if (runs_.empty()) {
    if (block_ != nullptr) Sort();
    return absl::OkStatus();
  }
  if (absl::Status status = Spill(); !status.ok()) return status;
  if (absl::Status status = ReduceRuns(); !status.ok()) return status;
  merger_.emplace(runs_, Arena());
  return merger_->Start();
}

bool ExternalSort::Impl::NextKept(SortKey* key, std::string_view* payload) {
  if (next_entry_ == entry_count_) return false;
  const Entry& entry = Entries()[next_entry_++];
  *key = entry.key;
  *payload = PayloadOf(entry);
  return true;
}

absl::StatusOr<bool> ExternalSort::Impl::Next(SortKey* key, std::string_view* payload) {
  if (!finished_) return absl::FailedPreconditionError("records are read after Finish");
  return merger_.has_value() ? merger_->Next(key, payload) : NextKept(key, payload);
}

ExternalSort::ExternalSort(ExternalSortOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
ExternalSort::~ExternalSort() = default;

absl::Status ExternalSort::Add(const SortKey& key, std::string_view payload) {
  if (failed_.ok()) failed_ = impl_->Add(key, payload);
  return failed_;
}

absl::Status ExternalSort::Finish() {
  if (failed_.ok()) failed_ = impl_->Finish();
  return failed_;
}

absl::StatusOr<bool> ExternalSort::Next(SortKey* key, std::string_view* payload) {
  if (!failed_.ok()) return failed_;
  absl::StatusOr<bool> more = impl_->Next(key, payload);
  if (!more.ok()) failed_ = more.status();
  return more;
}

uint64_t ExternalSort::records() const { return impl_->records(); }
uint64_t ExternalSort::disk_bytes_peak() const { return impl_->disk_bytes_peak(); }

}  // namespace throughline
