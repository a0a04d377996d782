#include "ledger/export/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace throughline {
namespace {

constexpr size_t kBufferBytes = size_t{256} << 10;

bool IsDeviceOrPipe(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
         !std::filesystem::is_directory(status);
}

}  // namespace

absl::Status OutputFile::Fail() const { return absl::ErrnoToStatus(errno, path_); }

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Open(const std::string& path) {
  std::unique_ptr<OutputFile> file(new OutputFile(path));
  if (absl::Status status = file->Begin(); !status.ok()) return status;
  return file;
}

absl::Status OutputFile::Begin() {
  if (path_ == "-") {
    descriptor_ = STDOUT_FILENO;
    return absl::OkStatus();
  }
  if (IsDeviceOrPipe(path_)) {
    descriptor_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    return descriptor_ < 0 ? Fail() : absl::OkStatus();
  }
  std::error_code error;
  if (std::filesystem::is_directory(path_, error)) {
    errno = EISDIR;
    return Fail();
  }
  part_ = path_ + ".part";
  descriptor_ = open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor_ >= 0 && fchmod(descriptor_, 0600) == 0) return absl::OkStatus();
  return Fail();
}

OutputFile::~OutputFile() {
  if (descriptor_ < 0 || descriptor_ == STDOUT_FILENO) return;
  close(descriptor_);
  if (!part_.empty()) unlink(part_.c_str());
}

absl::Status OutputFile::Write(std::string_view bytes) {
  buffer_ += bytes;
  return buffer_.size() < kBufferBytes ? absl::OkStatus() : Flush();
}

absl::Status OutputFile::Flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Fail();
    rest.remove_prefix(static_cast<size_t>(written));
  }
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status OutputFile::Close() {
  if (absl::Status status = Flush(); !status.ok()) return status;
  if (descriptor_ == STDOUT_FILENO) return absl::OkStatus();
  if (!part_.empty() && fsync(descriptor_) != 0) return Fail();
  if (close(std::exchange(descriptor_, -1)) != 0) return Fail();
  if (part_.empty() || std::rename(part_.c_str(), path_.c_str()) == 0) return absl::OkStatus();
  absl::Status status = Fail();
  unlink(part_.c_str());
  return status;
}

}  // namespace throughline
