#ifndef THROUGHLINE_TOOLS_OPENED_LEDGER_H_
#define THROUGHLINE_TOOLS_OPENED_LEDGER_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "commands.h"
#include "throughline/ids.h"
#include "throughline/ledger.h"
#include "throughline/read.h"
#include "throughline/report.h"
#include "throughline/sqlite_store.h"

namespace throughline {

enum class Access { kRead, kWrite, kRelaxedWrite };

// Why a ledger cannot be opened or made: with its path, and never NOT_FOUND, which is left to what
// the arguments name in a ledger or beside it.
absl::Status CannotOpen(const std::string& path, const absl::Status& why);

// Opens the ledger in a file. Reading asks for no more than reading.
absl::StatusOr<std::unique_ptr<Ledger>> OpenLedger(const std::string& path, Access access);

// Opens it for reading, and takes a snapshot of the commits up to `seq`.
absl::StatusOr<std::shared_ptr<const Snapshot>> TakeSnapshot(const std::string& path,
                                                             std::optional<int64_t> seq);

// A file's text; INVALID_ARGUMENT if it is empty, else errors by errno, with its path.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// "17" or "crm:A-1". INVALID_ARGUMENT for anything else.
template <class Tag>
absl::StatusOr<Ref<Tag>> ParseRef(const std::string& text) {
  const size_t colon = text.find(':');
  if (colon != std::string::npos && colon > 0 && colon + 1 < text.size()) {
    return Ref<Tag>(text.substr(0, colon), text.substr(colon + 1));
  }
  const bool digits = !text.empty() && text.size() < 19 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || std::stoll(text) == 0) {
    return absl::InvalidArgumentError("'" + text + "' is neither an id nor system:key");
  }
  return Ref<Tag>(Id<Tag>{std::stoll(text)});
}

// Times as people give them: a day means its end.
absl::StatusOr<AsOfRequest> ParseAsOf(const AsOfArguments& arguments);

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_OPENED_LEDGER_H_
