#include "opened_ledger.h"

#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>

#include "throughline/time.h"

namespace throughline {
namespace {

absl::StatusOr<std::optional<Time>> ParseEnd(const std::string& name, const std::string& text) {
  if (text.empty()) return std::optional<Time>();
  absl::StatusOr<Moment> moment = ParseMoment(text);
  if (!moment.ok()) {
    return absl::InvalidArgumentError("--" + name + ": " + std::string(moment.status().message()));
  }
  if (moment->day) moment->at.micros += kMicrosPerDay - 1;
  return std::optional<Time>(moment->at);
}

}  // namespace

absl::Status CannotOpen(const std::string& path, const absl::Status& why) {
  std::string text(why.message());
  if (text.find(path) == std::string::npos) text = path + ": " + text;
  const bool missing = absl::IsNotFound(why);
  return absl::Status(missing ? absl::StatusCode::kFailedPrecondition : why.code(), text);
}

absl::StatusOr<std::unique_ptr<Ledger>> OpenLedger(const std::string& path, Access access) {
  SqliteOptions options;
  options.path = path;
  options.read_only = access == Access::kRead;
  if (access == Access::kRelaxedWrite) options.synchronous = SqliteOptions::kNormal;
  absl::StatusOr<std::unique_ptr<Store>> store = NewSqliteStore(options);
  if (!store.ok()) return CannotOpen(path, store.status());
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = Ledger::Open(*std::move(store));
  if (!ledger.ok()) return CannotOpen(path, ledger.status());
  return ledger;
}

absl::StatusOr<std::shared_ptr<const Snapshot>> TakeSnapshot(const std::string& path,
                                                             std::optional<int64_t> seq) {
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(path, Access::kRead);
  if (!ledger.ok()) return ledger.status();
  return Snapshot::Take((*ledger)->store(), seq);
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file && file.peek() == std::ifstream::traits_type::eof() && !file.bad()) {
    return absl::InvalidArgumentError(path + ": is empty");
  }
  if (!file || !(text << file.rdbuf())) {
    return absl::ErrnoToStatus(errno != 0 ? errno : EIO, path);
  }
  return text.str();
}

absl::StatusOr<AsOfRequest> ParseAsOf(const AsOfArguments& arguments) {
  AsOfRequest as_of;
  absl::StatusOr<std::optional<Time>> time = ParseEnd("through", arguments.through);
  if (!time.ok()) return time.status();
  as_of.through = *time;
  time = ParseEnd("known-at", arguments.known_at);
  if (!time.ok()) return time.status();
  as_of.known_at = *time;
  as_of.seq = arguments.seq;
  return as_of;
}

}  // namespace throughline
