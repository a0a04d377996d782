#include "ledger/request_log.h"

#include <sodium/crypto_generichash.h>

#include "ledger/recorded_receipt.h"
#include "ledger/row_access.h"
#include "model/codec.h"
#include "model/text.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

constexpr size_t kDigestBytes = 16;

void AppendSize(uint64_t size, std::string& bytes) {
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(size >> (8 * i)));
}

}  // namespace

absl::Status CheckRequestId(std::string_view request_id) {
  return CheckText("request_id", request_id, kMaxRequestIdBytes);
}

std::string RequestDigest(std::span<const Command> commands, const Context& context,
                          std::string_view key) {
  Context anonymous = context;
  anonymous.request_id.clear();
  if (anonymous.mode == Mode::kDefault) anonymous.mode = Mode::kEnforce;
  std::string bytes;
  std::string encoded;
  for (const Command& command : commands) {
    encoded.clear();
    AppendCommand(command, anonymous, encoded);
    AppendSize(encoded.size(), bytes);
    bytes += encoded;
  }
  std::string digest(kDigestBytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return digest;
}

absl::StatusOr<std::optional<Receipt>> FindRequest(LedgerTransaction& transaction,
                                                   const std::string& request_id,
                                                   std::string_view digest) {
  RequestRow row;
  absl::StatusOr<bool> found = GetRow(transaction.store(), KeyValues(request_id), row);
  if (!found.ok()) return found.status();
  if (!*found) return std::optional<Receipt>();
  if (row.digest != digest) {
    ErrorDetail detail;
    detail.field = "request_id";
    return WithDetail(
        absl::AlreadyExistsError("request_id: this id belongs to a request of other content"),
        detail);
  }
  absl::StatusOr<Commit> commit = ReadCommit(transaction.store(), row.seq);
  if (!commit.ok()) return commit.status();
  return ReceiptOf(*commit);
}

absl::Status RememberRequest(LedgerTransaction& transaction, const std::string& request_id,
                             std::string_view digest, int64_t seq) {
  return PutRow(transaction.store(), RequestRow{request_id, std::string(digest), seq});
}

}  // namespace throughline
