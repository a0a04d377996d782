#include "store/sqlite/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/sqlite/errors.h"

namespace throughline {
namespace {

absl::Status ErrnoStatus(const std::string& path, const std::string& what, int error) {
  absl::StatusCode code = absl::StatusCode::kInternal;
  if (error == EACCES || error == EPERM || error == EROFS) {
    code = absl::StatusCode::kPermissionDenied;
  } else if (error == ENOENT || error == ENOTDIR) {
    code = absl::StatusCode::kNotFound;
  } else if (error == ENOSPC || error == EDQUOT || error == EMFILE || error == ENFILE) {
    code = absl::StatusCode::kResourceExhausted;
  } else if (error == ENAMETOOLONG || error == ELOOP) {
    code = absl::StatusCode::kInvalidArgument;
  }
  return PathStatus(code, path, what + ": " + std::generic_category().message(error));
}

// Of the file itself, if `path` is a symbolic link: there SQLite puts its other files.
std::string FolderOf(const std::string& path) {
  std::error_code error;
  std::filesystem::path file = std::filesystem::canonical(path, error);
  if (error) file = path;
  const std::string folder = file.parent_path().string();
  return folder.empty() ? "." : folder;
}

bool MayAccess(const std::string& path, int mode) {
  return faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0;
}

// Makes the entry of a new file in its folder last. Best effort: not every file system can.
void SyncFolder(const std::string& path) {
  const int descriptor = open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace

absl::StatusOr<FileKind> KindOfFile(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) {
    const int error = errno;
    if (error == ENOENT) return FileKind::kMissing;
    return ErrnoStatus(path, "cannot look at it", error);
  }
  if (S_ISREG(info.st_mode)) return FileKind::kRegular;
  return S_ISDIR(info.st_mode) ? FileKind::kFolder : FileKind::kOther;
}

absl::StatusOr<int64_t> SizeOfFile(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return ErrnoStatus(path, "cannot look at it", errno);
  return static_cast<int64_t>(info.st_size);
}

absl::Status CreatePrivateFile(const std::string& path) {
  static std::mutex& creating = *new std::mutex;
  const std::lock_guard<std::mutex> lock(creating);
  const int descriptor = open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    const int error = errno;
    return error == EEXIST ? absl::OkStatus() : ErrnoStatus(path, "cannot create it", error);
  }
  fsync(descriptor);
  close(descriptor);
  SyncFolder(path);
  return absl::OkStatus();
}

absl::Status CheckAccess(const std::string& path, bool write) {
  if (!MayAccess(path, R_OK)) return ErrnoStatus(path, "cannot read it", errno);
  if (!write) return absl::OkStatus();
  if (!MayAccess(path, W_OK)) return ErrnoStatus(path, "cannot write to it", errno);
  if (MayAccess(FolderOf(path), W_OK)) return absl::OkStatus();
  return ErrnoStatus(path, "cannot write to its folder", errno);
}

}  // namespace throughline
