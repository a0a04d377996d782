// Batches: made from structs or JSON lines (columns: batch_columns.cc), and executed.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "commands.h"
#include "handles.h"
#include "model/json.h"
#include "throughline/json.h"
#include "to_model.h"

struct tl_outcomes {
  std::vector<absl::StatusOr<throughline::Receipt>> outcomes;
  std::vector<tl_status> statuses;
  std::vector<int64_t> ids, seqs, accounts, versions;
  int64_t accepted = 0;
};

namespace throughline::capi {
namespace {

// The status with what stands before its field, e.g. "lines[3].".
absl::Status WithPrefix(const absl::Status& status, const std::string& prefix) {
  ErrorDetail detail = DetailOf(status);
  detail.field = prefix + detail.field;
  const std::string message = prefix + std::string(FromAbsl(status.message()));
  return WithDetail(absl::Status(status.code(), ToAbsl(message)), detail);
}

absl::Status AddLines(std::string_view text, Mode mode, std::vector<Request>& requests) {
  FactParser parser(mode);
  for (int64_t line = 0; !text.empty(); ++line) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view fact = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (fact.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Request& request = requests.emplace_back();
    absl::Status status = parser.Parse(fact, request.command, request.context);
    if (!status.ok()) return WithPrefix(status, "lines[" + std::to_string(line) + "].");
  }
  return absl::OkStatus();
}

absl::Status Interleave(int64_t parts, tl_batch& batch) {
  std::vector<Request>& requests = batch.requests;
  const auto size = static_cast<int64_t>(requests.size());
  if (parts < 1 || size % parts != 0) {
    return InvalidField("parts", std::to_string(size) + " commands cannot be cut into " +
                                     std::to_string(parts) + " equal parts");
  }
  std::vector<Request>& ordered = batch.emptied;
  ordered.reserve(requests.size());
  const int64_t rows = size / parts;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t at = row; at < size; at += rows) {
      ordered.push_back(std::move(requests[static_cast<size_t>(at)]));
    }
  }
  std::swap(requests, ordered);
  ordered.clear();
  return absl::OkStatus();
}

std::unique_ptr<tl_outcomes> MakeOutcomes(std::vector<absl::StatusOr<Receipt>> outcomes) {
  auto made = std::make_unique<tl_outcomes>();
  made->outcomes = std::move(outcomes);
  const size_t count = made->outcomes.size();
  made->statuses.reserve(count);
  for (auto* column : {&made->ids, &made->seqs, &made->accounts, &made->versions}) {
    column->reserve(count);
  }
  const Receipt none;
  for (const absl::StatusOr<Receipt>& outcome : made->outcomes) {
    const Receipt& receipt = outcome.ok() ? *outcome : none;
    made->accepted += outcome.ok() ? 1 : 0;
    made->statuses.push_back(static_cast<tl_status>(outcome.status().code()));
    made->ids.push_back(receipt.id);
    made->seqs.push_back(receipt.seq);
    made->accounts.push_back(receipt.account.value);
    made->versions.push_back(receipt.version);
  }
  return made;
}

absl::Status CheckSlice(const tl_batch& batch, int64_t first, int64_t count) {
  const auto size = static_cast<int64_t>(batch.requests.size());
  if (first < 0 || first > size) return InvalidField("first", "is not within the batch");
  if (count < 0 || count > size - first) return InvalidField("count", "is not within the batch");
  if (count <= TL_MAX_COMMANDS) return absl::OkStatus();
  return InvalidField("count", "is more than " + std::to_string(TL_MAX_COMMANDS));
}

absl::StatusOr<Receipt> ExecuteAtomic(Ledger& ledger, const tl_batch& batch,
                                      const Context& context) {
  const size_t count = batch.requests.size();
  if (count == 0 || count > TL_MAX_COMMANDS) {
    return InvalidField("batch", "has " + std::to_string(count) + " commands");
  }
  std::vector<Command> commands;
  commands.reserve(count);
  for (const Request& request : batch.requests) commands.push_back(request.command);
  return ledger.ExecuteAtomic(commands, context);
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_batch_create(tl_batch** out_batch, tl_error* error) noexcept {
  ClearHandle(out_batch);
  return Guarded(error, [&]() -> absl::Status {
    if (absl::Status status = CheckGiven("out_batch", out_batch); !status.ok()) return status;
    *out_batch = std::make_unique<tl_batch>().release();
    return absl::OkStatus();
  });
}

tl_status tl_batch_add(tl_batch* batch, const tl_command* args, const tl_context* context,
                       tl_error* error) noexcept {
  return Guarded(error, [&]() -> absl::Status {
    Request request;
    absl::Status status = CheckGiven("batch", batch);
    if (status.ok()) status = TakeCommand(args, 0, request.command);
    if (status.ok()) status = TakeContext(context, request.context);
    if (status.ok()) batch->requests.push_back(std::move(request));
    return status;
  });
}

tl_status tl_batch_add_json(tl_batch* batch, const char* text, size_t text_size,
                            int32_t default_mode, tl_error* error) noexcept {
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("batch", batch);
    if (status.ok() && text == nullptr && text_size > 0) {
      status = InvalidField("text", "has a size but is NULL");
    }
    Mode mode = Mode::kDefault;
    if (status.ok()) status = TakeMode({"default_mode"}, default_mode, mode);
    std::vector<Request> added;
    if (status.ok()) status = AddLines({text, text_size}, mode, added);
    if (!status.ok()) return status;
    batch->requests.reserve(batch->requests.size() + added.size());
    std::move(added.begin(), added.end(), std::back_inserter(batch->requests));
    return absl::OkStatus();
  });
}

tl_status tl_batch_interleave(tl_batch* batch, int64_t parts, tl_error* error) noexcept {
  return Guarded(error, [&]() -> absl::Status {
    if (absl::Status status = CheckGiven("batch", batch); !status.ok()) return status;
    return Interleave(parts, *batch);
  });
}

int64_t tl_batch_count(const tl_batch* batch) noexcept {
  return batch == nullptr ? 0 : static_cast<int64_t>(batch->requests.size());
}

tl_status tl_batch_json(const tl_batch* batch, int64_t index, tl_string** out_json,
                        tl_error* error) noexcept {
  ClearHandle(out_json);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("batch", batch);
    if (status.ok()) status = CheckGiven("out_json", out_json);
    if (status.ok()) status = CheckIndex(index, batch->requests.size());
    if (!status.ok()) return status;
    const Request& request = batch->requests[static_cast<size_t>(index)];
    *out_json = MakeString(ToJson(request.command, request.context)).release();
    return absl::OkStatus();
  });
}

tl_status tl_batch_clear(tl_batch* batch, tl_error* error) noexcept {
  return Guarded(error, [&]() -> absl::Status {
    if (absl::Status status = CheckGiven("batch", batch); !status.ok()) return status;
    batch->requests.clear();
    return absl::OkStatus();
  });
}

void tl_batch_free(tl_batch* batch) noexcept { delete batch; }

tl_status tl_execute_atomic(tl_ledger* ledger, const tl_batch* batch, const tl_context* context,
                            tl_receipt* out_receipt, tl_error* error) noexcept {
  ClearStruct(out_receipt);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    absl::Status status = CheckGiven("batch", batch);
    if (status.ok() && out_receipt != nullptr) status = CheckOut("out_receipt", out_receipt);
    Context taken;
    if (status.ok()) status = TakeContext(context, taken);
    if (!status.ok()) return status;
    const absl::StatusOr<Receipt> receipt = ExecuteAtomic(*open.ledger, *batch, taken);
    if (receipt.ok()) GiveReceipt(*receipt, out_receipt);
    return receipt.status();
  });
}

tl_status tl_execute_all(tl_ledger* ledger, const tl_batch* batch, int64_t first, int64_t count,
                         tl_outcomes** out_outcomes, tl_error* error) noexcept {
  ClearHandle(out_outcomes);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    absl::Status status = CheckGiven("batch", batch);
    if (status.ok()) status = CheckGiven("out_outcomes", out_outcomes);
    if (status.ok()) status = CheckSlice(*batch, first, count);
    if (!status.ok()) return status;
    std::vector<absl::StatusOr<Receipt>> outcomes;
    const auto slice =
        std::span(batch->requests).subspan(static_cast<size_t>(first), static_cast<size_t>(count));
    status = open.ledger->ExecuteAll(slice, outcomes);
    if (status.ok()) *out_outcomes = MakeOutcomes(std::move(outcomes)).release();
    return status;
  });
}

tl_status tl_outcomes_columns(const tl_outcomes* outcomes, tl_outcome_columns* out_columns,
                              tl_error* error) noexcept {
  ClearStruct(out_columns);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("outcomes", outcomes);
    if (status.ok()) status = CheckOut("out_columns", out_columns);
    if (!status.ok()) return status;
    tl_outcome_columns columns{};
    columns.count = static_cast<int64_t>(outcomes->outcomes.size());
    columns.accepted = outcomes->accepted;
    columns.statuses = outcomes->statuses.data();
    columns.ids = outcomes->ids.data();
    columns.seqs = outcomes->seqs.data();
    columns.accounts = outcomes->accounts.data();
    columns.versions = outcomes->versions.data();
    WriteStruct(columns, out_columns);
    return absl::OkStatus();
  });
}

tl_status tl_outcomes_at(const tl_outcomes* outcomes, int64_t index, tl_receipt* out_receipt,
                         tl_error* error) noexcept {
  ClearStruct(out_receipt);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("outcomes", outcomes);
    if (status.ok() && out_receipt != nullptr) status = CheckOut("out_receipt", out_receipt);
    if (status.ok()) status = CheckIndex(index, outcomes->outcomes.size());
    if (!status.ok()) return status;
    const absl::StatusOr<Receipt>& outcome = outcomes->outcomes[static_cast<size_t>(index)];
    if (outcome.ok()) GiveReceipt(*outcome, out_receipt);
    return outcome.status();
  });
}

void tl_outcomes_free(tl_outcomes* outcomes) noexcept { delete outcomes; }
