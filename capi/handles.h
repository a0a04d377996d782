#ifndef THROUGHLINE_CAPI_HANDLES_H_
#define THROUGHLINE_CAPI_HANDLES_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "entry.h"
#include "structs.h"
#include "throughline.h"
#include "throughline/command.h"
#include "throughline/ledger.h"
#include "throughline/policy.h"
#include "throughline/report.h"

// The objects behind the handles that more than one file needs.

namespace throughline::capi {

// An open ledger and what belongs to the host in it. The handle holds it, and so does everything
// that keeps the ledger: a call that runs, a subscription.
struct OpenLedger {
  OpenLedger() = default;
  OpenLedger(const OpenLedger&) = delete;
  OpenLedger& operator=(const OpenLedger&) = delete;
  ~OpenLedger();

  std::unique_ptr<Ledger> ledger;
  tl_log_fn log = nullptr;
  tl_destroy_fn destroy = nullptr;  // once the ledger is open
  void* payload = nullptr;
};

// Writes what an operator should know of to the host's log; other statuses are left out.
void LogFailure(const OpenLedger& open, tl_status status, const tl_error* error) noexcept;

// As Guarded, for what needs a ledger, which stays open until the body is done even if a callback
// closes it: body(OpenLedger&).
template <class Body>
tl_status GuardedOn(tl_ledger* ledger, tl_error* error, Body&& body) noexcept;

}  // namespace throughline::capi

struct tl_ledger {
  std::shared_ptr<throughline::capi::OpenLedger> open;
};

struct tl_string {
  std::string text;
};

struct tl_policy {
  std::shared_ptr<const throughline::Policy> policy;
  int64_t version = 0;
  // For views of lists, by stage.
  std::vector<std::vector<tl_text>> reasons;
  std::vector<std::vector<tl_text>> aliases;
};

struct tl_snapshot {
  std::shared_ptr<const throughline::Snapshot> snapshot;
};

struct tl_batch {
  std::vector<throughline::Request> requests;
  std::vector<throughline::Request> emptied;  // memory for the next order of them
};

namespace throughline::capi {

template <class Body>
tl_status GuardedOn(tl_ledger* ledger, tl_error* error, Body&& body) noexcept {
  std::shared_ptr<OpenLedger> open;
  const tl_status status = Guarded(error, [&]() -> absl::Status {
    if (absl::Status given = CheckGiven("ledger", ledger); !given.ok()) return given;
    open = ledger->open;
    return std::forward<Body>(body)(*open);
  });
  if (status != TL_OK && open != nullptr && open->log != nullptr) LogFailure(*open, status, error);
  return status;
}

// A new handle of the policy.
std::unique_ptr<tl_policy> MakePolicy(std::shared_ptr<const Policy> policy, int64_t version);

inline std::unique_ptr<tl_string> MakeString(std::string text) {
  auto string = std::make_unique<tl_string>();
  string->text = std::move(text);
  return string;
}

// Sets what an out_ argument points to, if it is given, to nothing.
template <class T>
void ClearHandle(T** out) noexcept {
  if (out != nullptr) *out = nullptr;
}

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_HANDLES_H_
