// What a ledger knows of a person, and what is left of one who was erased.

#include "handles.h"
#include "to_c.h"
#include "to_model.h"

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_person_export(tl_ledger* ledger, const tl_ref* contact, tl_string** out_json,
                           tl_error* error) noexcept {
  ClearHandle(out_json);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    absl::Status status = CheckGiven("out_json", out_json);
    ContactRef taken;
    if (status.ok()) status = TakeRef("contact", contact, taken);
    if (!status.ok()) return status;
    absl::StatusOr<std::string> json = open.ledger->ExportPerson(taken);
    if (!json.ok()) return json.status();
    *out_json = MakeString(*std::move(json)).release();
    return absl::OkStatus();
  });
}

tl_status tl_finish_erasures(tl_ledger* ledger, int32_t* out_done, tl_error* error) noexcept {
  if (out_done != nullptr) *out_done = 0;
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    if (absl::Status status = CheckGiven("out_done", out_done); !status.ok()) return status;
    const absl::StatusOr<bool> done = open.ledger->FinishErasures();
    if (done.ok()) *out_done = *done ? 1 : 0;
    return done.status();
  });
}
