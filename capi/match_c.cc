// Who somebody would be, and which accounts may be one company.

#include <string>
#include <utility>
#include <vector>

#include "handles.h"
#include "table_handle.h"
#include "throughline/matching.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

constexpr int64_t kMaxIdentities = 1'000'000;

absl::Status TakeIdentities(const tl_identity* in, int64_t count, std::vector<Identity>& out) {
  if (count < 0 || count > kMaxIdentities) return NoSuchValue({"count"}, count);
  if (count > 0 && in == nullptr) return InvalidField("identities", "is NULL");
  out.resize(static_cast<size_t>(count));
  for (size_t i = 0; i < out.size(); ++i) {
    // The structs lie side by side: they have this version's size.
    if (in[i].struct_size != sizeof(tl_identity)) {
      return BadStructSize("identities[" + std::to_string(i) + "]", in[i].struct_size);
    }
    if (absl::Status status = TakeIdentity("match", &in[i], out[i]); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Makes a table of what make(Ledger&) gives.
template <class Make>
tl_status GiveTable(tl_ledger* ledger, tl_table** out, tl_error* error, Make&& make) noexcept {
  ClearHandle(out);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    if (absl::Status status = CheckGiven("out_table", out); !status.ok()) return status;
    absl::StatusOr<Table> table = make(*open.ledger);
    if (!table.ok()) return table.status();
    *out = MakeTable(*std::move(table)).release();
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_match(tl_ledger* ledger, const tl_identity* identities, int64_t count,
                   tl_table** out_table, tl_error* error) noexcept {
  return GiveTable(ledger, out_table, error, [&](Ledger& opened) -> absl::StatusOr<Table> {
    std::vector<Identity> taken;
    absl::Status status = TakeIdentities(identities, count, taken);
    if (!status.ok()) return status;
    return MatchTable(opened, taken);
  });
}

tl_status tl_reviews(tl_ledger* ledger, int32_t state, tl_table** out_table,
                     tl_error* error) noexcept {
  return GiveTable(ledger, out_table, error, [&](Ledger& opened) -> absl::StatusOr<Table> {
    ReviewState wanted = ReviewState::kNone;
    if (absl::Status status = Take({"state"}, state, wanted); !status.ok()) return status;
    return ReviewTable(opened, wanted);
  });
}
