#include "ledger/import/spill_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace throughline {
namespace {

absl::Status Failed(const std::string& directory, absl::string_view what) {
  return absl::ErrnoToStatus(errno, absl::StrCat(directory, ": ", what));
}

int OpenUnlinked(const std::string& directory) {
#ifdef O_TMPFILE
  const int nameless = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (nameless >= 0) return nameless;
    // Some file systems do not know it; what else is wrong shows again below.
#endif
  std::string name = directory + "/throughline-sort-XXXXXX";
  const int descriptor = mkstemp(name.data());  // mode 0600
  if (descriptor < 0) return descriptor;
  unlink(name.c_str());
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return descriptor;
}

}  // namespace

TempFile::TempFile(std::string directory, int descriptor)
    : directory_(std::move(directory)), descriptor_(descriptor) {}

TempFile::TempFile(TempFile&& other) noexcept
    : directory_(std::move(other.directory_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(std::exchange(other.size_, 0)) {}

TempFile& TempFile::operator=(TempFile&& other) noexcept {
  std::swap(directory_, other.directory_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

TempFile::~TempFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::StatusOr<TempFile> TempFile::Create(const std::string& directory) {
  const int descriptor = OpenUnlinked(directory);
  if (descriptor < 0) return Failed(directory, "cannot create a temporary file");
  return TempFile(directory, descriptor);
}

absl::Status TempFile::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed(directory_, "cannot write a temporary file");
    bytes.remove_prefix(static_cast<size_t>(written));
    size_ += static_cast<uint64_t>(written);
  }
  return absl::OkStatus();
}

absl::Status TempFile::Read(uint64_t offset, std::span<char> into) const {
  while (!into.empty()) {
    const ssize_t got = pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed(directory_, "cannot read a temporary file");
    if (got == 0) {
      return absl::DataLossError(absl::StrCat(directory_, ": a temporary file has become shorter"));
    }
    into = into.subspan(static_cast<size_t>(got));
    offset += static_cast<uint64_t>(got);
  }
  return absl::OkStatus();
}

absl::Status RunWriter::Append(const SortKey& key, std::string_view payload) {
  const auto payload_bytes = static_cast<uint32_t>(payload.size());
  char header[RunReader::kHeaderBytes];
  std::memcpy(header, &key, sizeof(key));
  std::memcpy(header + sizeof(key), &payload_bytes, sizeof(payload_bytes));
  if (absl::Status status = Put({header, sizeof(header)}); !status.ok()) return status;
  return Put(payload);
}

absl::Status RunWriter::Put(std::string_view bytes) {
  if (bytes.size() > buffer_.size() - used_) {
    if (absl::Status status = Flush(); !status.ok()) return status;
    if (bytes.size() > buffer_.size()) return file_->Append(bytes);
  }
  std::copy(bytes.begin(), bytes.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ += bytes.size();
  return absl::OkStatus();
}

absl::Status RunWriter::Flush() { return file_->Append({buffer_.data(), std::exchange(used_, 0)}); }

// Sees to it that the buffer holds at least `bytes`, which it has room for.
absl::Status RunReader::Ensure(size_t bytes) {
  if (end_ - begin_ >= bytes) return absl::OkStatus();
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const size_t rest =
      static_cast<size_t>(std::min<uint64_t>(buffer_.size() - end_, file_->size() - offset_));
  const std::span<char> into = buffer_.subspan(end_, std::max(rest, bytes - end_));
  if (absl::Status status = file_->Read(offset_, into); !status.ok()) return status;
  offset_ += into.size();
  end_ += into.size();
  return absl::OkStatus();
}

absl::StatusOr<bool> RunReader::Next() {
  static_assert(kHeaderBytes == sizeof(SortKey) + sizeof(uint32_t));
  if (begin_ == end_ && offset_ == file_->size()) return false;
  if (absl::Status status = Ensure(kHeaderBytes); !status.ok()) return status;
  uint32_t payload_bytes;
  std::memcpy(&key_, buffer_.data() + begin_, sizeof(key_));
  std::memcpy(&payload_bytes, buffer_.data() + begin_ + sizeof(key_), sizeof(payload_bytes));
  payload_bytes_ = payload_bytes;
  begin_ += kHeaderBytes;
  return true;
}

absl::StatusOr<std::string_view> RunReader::Payload(std::string& spare) {
  if (payload_bytes_ <= buffer_.size()) {
    if (absl::Status status = Ensure(payload_bytes_); !status.ok()) return status;
    begin_ += payload_bytes_;
    return std::string_view(buffer_.data() + begin_ - payload_bytes_, payload_bytes_);
  }
  const size_t held = end_ - begin_;
  spare.assign(buffer_.data() + begin_, held);
  spare.resize(payload_bytes_);
  begin_ = end_ = 0;
  const std::span<char> rest = std::span(spare).subspan(held);
  if (absl::Status status = file_->Read(offset_, rest); !status.ok()) return status;
  offset_ += rest.size();
  return std::string_view(spare);
}

RunMerger::RunMerger(std::span<const TempFile> runs, std::span<char> memory) {
  const size_t part = memory.size() / std::max(runs.size(), size_t{1});
  for (size_t i = 0; i < runs.size(); ++i) {
    readers_.emplace_back(&runs[i], memory.subspan(i * part, part));
  }
}

absl::Status RunMerger::Start() {
  for (size_t i = 0; i < readers_.size(); ++i) {
    absl::StatusOr<bool> more = readers_[i].Next();
    if (!more.ok()) return more.status();
    if (*more) heap_.push_back(i);
  }
  for (size_t place = heap_.size(); place > 0; --place) SiftDown(place - 1);
  return absl::OkStatus();
}

bool RunMerger::Before(size_t a, size_t b) const {
  const std::strong_ordering order = readers_[a].key() <=> readers_[b].key();
  return order == 0 ? a < b : order < 0;
}

void RunMerger::SiftDown(size_t place) {
  for (;;) {
    size_t child = 2 * place + 1;
    if (child >= heap_.size()) return;
    if (child + 1 < heap_.size() && Before(heap_[child + 1], heap_[child])) ++child;
    if (!Before(heap_[child], heap_[place])) return;
    std::swap(heap_[child], heap_[place]);
    place = child;
  }
}

absl::Status RunMerger::Advance() {
  absl::StatusOr<bool> more = readers_[heap_.front()].Next();
  if (!more.ok()) return more.status();
  if (!*more) {
    heap_.front() = heap_.back();
    heap_.pop_back();
  }
  SiftDown(0);
  return absl::OkStatus();
}

absl::StatusOr<bool> RunMerger::Next(SortKey* key, std::string_view* payload) {
  // Not earlier: the payload handed out before lies in that reader's buffer.
  if (std::exchange(top_is_used_, false)) {
    if (absl::Status status = Advance(); !status.ok()) return status;
  }
  if (heap_.empty()) return false;
  RunReader& top = readers_[heap_.front()];
  absl::StatusOr<std::string_view> found = top.Payload(spare_);
  if (!found.ok()) return found.status();
  *key = top.key();
  *payload = *found;
  top_is_used_ = true;
  return true;
}

}  // namespace throughline
