#ifndef THROUGHLINE_LEDGER_REQUEST_LOG_H_
#define THROUGHLINE_LEDGER_REQUEST_LOG_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/ledger_transaction.h"
#include "throughline/command.h"

// Request ids: a call that is made again gets the receipt of the first time. Refusals are not
// remembered: there is nothing to repeat.

namespace throughline {

// INVALID_ARGUMENT if the id is too long or not text.
absl::Status CheckRequestId(std::string_view request_id);

// What was asked: a keyed digest of the commands and their context, the request id aside.
std::string RequestDigest(std::span<const Command> commands, const Context& context,
                          std::string_view key);

// The receipt of the request's first time; nothing if this is the first. ALREADY_EXISTS if
// something else was asked then.
absl::StatusOr<std::optional<Receipt>> FindRequest(LedgerTransaction& transaction,
                                                   const std::string& request_id,
                                                   std::string_view digest);

absl::Status RememberRequest(LedgerTransaction& transaction, const std::string& request_id,
                             std::string_view digest, int64_t seq);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_REQUEST_LOG_H_
