#include "ledger/request_log.h"

#include <sodium/crypto_generichash.h>

#include <utility>
#include <variant>
#include <vector>

#include "ledger/journal_stream.h"
#include "ledger/opened_entity.h"
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

// What the journal has of the evidence that begins with `at`, which is moved behind what was opened
// for it: that is not what the command itself opened.
MatchEvidence EvidenceAt(const std::vector<Event>& events, size_t& at) {
  const auto& matched = std::get<Matched>(events[at].payload);
  size_t reviews = 0;
  const auto first = at + static_cast<size_t>(EventsBefore(matched, 0));
  while (first + reviews < events.size() &&
         std::holds_alternative<ReviewOpened>(events[first + reviews].payload)) {
    ++reviews;
  }
  at = first + reviews - 1;
  return {matched.rule,           matched.value,
          matched.candidates,     matched.account,
          matched.contact,        matched.opened_account,
          matched.opened_contact, EventsBefore(matched, reviews)};
}

Receipt ReceiptOf(const Commit& commit) {
  Receipt receipt;
  receipt.seq = commit.head.seq;
  receipt.account = commit.head.account;
  receipt.version = commit.head.version;
  receipt.recorded_at = commit.head.recorded_at;
  receipt.events = std::ssize(commit.events);
  for (size_t i = 0; i < commit.events.size(); ++i) {
    const Event& event = commit.events[i];
    receipt.breaches |= event.breaches;
    if (std::holds_alternative<Matched>(event.payload)) {
      MatchEvidence evidence = EvidenceAt(commit.events, i);
      if (!receipt.match) receipt.match = std::move(evidence);
      continue;
    }
    if (receipt.entity != EntityKind::kNone) continue;
    const OpenedEntity opened = OpenedBy(event.payload);
    receipt.entity = opened.kind;
    receipt.id = opened.id;
  }
  receipt.repeated = true;
  return receipt;
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
  absl::StatusOr<Commit> commit = absl::DataLossError("the commit of a request id is missing");
  found = transaction.store().ReadEntry(row.seq, [&](const JournalEntry& entry) {
    commit = CommitOf(entry);
    return true;
  });
  if (!found.ok()) return found.status();
  if (!commit.ok()) return commit.status();
  return ReceiptOf(*commit);
}

absl::Status RememberRequest(LedgerTransaction& transaction, const std::string& request_id,
                             std::string_view digest, int64_t seq) {
  return PutRow(transaction.store(), RequestRow{request_id, std::string(digest), seq});
}

}  // namespace throughline
