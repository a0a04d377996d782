#include "ledger/import/rejects_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "ledger/export/csv_line.h"
#include "model/abseil_text.h"
#include "simdjson.h"

namespace throughline {
namespace {

constexpr size_t kBufferBytes = size_t{64} << 10;
constexpr std::string_view kHeader = "file,line,column,why,text\n";

void AppendField(std::string_view field, std::string& out) {
  if (!simdjson::validate_utf8(field.data(), field.size())) {
    const std::string escaped = absl::CHexEscape(ToAbsl(field));
    return AppendCsvText(escaped, out);
  }
  AppendCsvText(field, out);
}

}  // namespace

RejectsFile::~RejectsFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status RejectsFile::Open() {
  const auto fail = [this] { return absl::ErrnoToStatus(errno, path_); };
  descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor_ < 0) return fail();
  // A file that was there keeps its mode else; a device is not ours to change.
  struct stat info;
  if (fstat(descriptor_, &info) != 0) return fail();
  if (S_ISREG(info.st_mode) && fchmod(descriptor_, 0600) != 0) return fail();
  buffer_ = kHeader;
  return absl::OkStatus();
}

absl::Status RejectsFile::Add(std::string_view file, uint64_t line, const RowFault& fault) {
  if (path_.empty()) return absl::OkStatus();
  if (descriptor_ < 0) {
    if (absl::Status status = Open(); !status.ok()) return status;
  }
  AppendField(file, buffer_);
  absl::StrAppend(&buffer_, ",", line, ",");
  AppendField(fault.column, buffer_);
  buffer_ += ',';
  AppendField(fault.why, buffer_);
  buffer_ += ',';
  if (fault.text.size() <= kTextBytesMax) AppendField(fault.text, buffer_);
  buffer_ += '\n';
  return buffer_.size() < kBufferBytes ? absl::OkStatus() : Flush();
}

absl::Status RejectsFile::Flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return absl::ErrnoToStatus(errno, path_);
    rest.remove_prefix(static_cast<size_t>(written));
  }
  buffer_.clear();
  return absl::OkStatus();
}

// Another file that somebody named by mistake is left alone: ours begins with our header.
absl::Status RejectsFile::RemoveStale() const {
  if (path_.empty()) return absl::OkStatus();
  std::error_code none;
  if (!std::filesystem::is_regular_file(path_, none)) return absl::OkStatus();
  std::ifstream file(path_, std::ios::binary);
  std::string begin(kHeader.size(), '\0');
  file.read(begin.data(), std::ssize(begin));
  if (!file || begin != kHeader) return absl::OkStatus();
  return unlink(path_.c_str()) == 0 ? absl::OkStatus() : absl::ErrnoToStatus(errno, path_);
}

absl::Status RejectsFile::Close() {
  if (descriptor_ < 0) return RemoveStale();
  absl::Status status = Flush();
  const int closed = close(descriptor_);
  descriptor_ = -1;
  if (status.ok() && closed != 0) return absl::ErrnoToStatus(errno, path_);
  return status;
}

}  // namespace throughline
