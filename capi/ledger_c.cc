// Opening, closing and upkeep of a ledger.

#include <optional>
#include <string_view>
#include <utility>

#include "handles.h"
#include "throughline/memory_store.h"
#include "throughline/sqlite_host_store.h"
#include "throughline/sqlite_store.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

// Zero is the default, negative means none at all.
template <class T>
void TakeLimit(int64_t in, T& out) {
  if (in != 0) out = static_cast<T>(in < 0 ? 0 : in);
}

absl::Status TakeSqliteOptions(const tl_ledger_options& in, SqliteOptions& out) {
  if (absl::Status status = CheckTruth({"options.read_only"}, in.read_only); !status.ok()) {
    return status;
  }
  out.read_only = in.read_only == 1;
  if (in.synchronous != TL_SYNCHRONOUS_FULL && in.synchronous != TL_SYNCHRONOUS_NORMAL) {
    return NoSuchValue({"options.synchronous"}, in.synchronous);
  }
  out.synchronous =
      in.synchronous == TL_SYNCHRONOUS_FULL ? SqliteOptions::kFull : SqliteOptions::kNormal;
  TakeLimit(in.busy_timeout_ms, out.busy_timeout_ms);
  TakeLimit(in.idle_readers, out.idle_readers);
  return absl::OkStatus();
}

absl::Status TakeLedgerOptions(const tl_ledger_options& in, LedgerOptions& out) {
  if (in.group_limit < 0 || in.group_limit > 1024) {
    return NoSuchValue({"options.group_limit"}, in.group_limit);
  }
  TakeLimit(in.group_limit, out.group_limit);
  TakeLimit(in.group_wait_us, out.group_wait_us);
  if (in.clock == nullptr) return absl::OkStatus();
  out.clock = [clock = in.clock, payload = in.payload] {
    const CallbackScope scope;
    return Time{clock(payload)};
  };
  return absl::OkStatus();
}

enum class Founding { kCreate, kOpen };

absl::Status OpenOn(std::unique_ptr<Store> store, const tl_ledger_options& options,
                    Founding founding, tl_ledger** out) {
  LedgerOptions ledger_options;
  absl::Status status = TakeLedgerOptions(options, ledger_options);
  std::string_view policy;
  if (status.ok()) status = ViewOf({"options.policy_json"}, options.policy_json, policy);
  if (status.ok() && founding == Founding::kOpen && !policy.empty()) {
    status = InvalidField("options.policy_json", "is only for a new ledger");
  }
  if (!status.ok()) return status;
  // Before the ledger is there, so that nothing fails afterwards.
  auto handle = std::make_unique<tl_ledger>();
  handle->open = std::make_shared<OpenLedger>();
  absl::StatusOr<std::unique_ptr<Ledger>> ledger =
      founding == Founding::kCreate
          ? Ledger::Create(std::move(store), std::move(ledger_options), policy)
          : Ledger::Open(std::move(store), std::move(ledger_options));
  if (!ledger.ok()) return ledger.status();
  OpenLedger& open = *handle->open;
  open.ledger = *std::move(ledger);
  open.log = options.log;
  open.payload = options.payload;
  open.destroy = options.destroy;
  *out = handle.release();
  return absl::OkStatus();
}

absl::Status OpenFile(std::string_view path, const tl_ledger_options* in, Founding founding,
                      tl_ledger** out) {
  tl_ledger_options options;
  if (absl::Status status = ReadStruct("options", in, options); !status.ok()) return status;
  if (path.find('\0') != std::string_view::npos) return InvalidField("path", "has a NUL in it");
  SqliteOptions sqlite;
  sqlite.path = path;
  if (absl::Status status = TakeSqliteOptions(options, sqlite); !status.ok()) return status;
  absl::StatusOr<std::unique_ptr<Store>> store = NewSqliteStore(std::move(sqlite));
  if (!store.ok()) return store.status();
  return OpenOn(*std::move(store), options, founding, out);
}

absl::Status CheckHostOptions(const tl_ledger_options& in) {
  const std::pair<std::string_view, int32_t> of_the_host[] = {
      {"options.read_only", in.read_only},
      {"options.synchronous", in.synchronous},
      {"options.busy_timeout_ms", in.busy_timeout_ms},
      {"options.idle_readers", in.idle_readers}};
  for (const auto& [name, value] : of_the_host) {
    if (value != 0) return InvalidField(name, "is a property of the host's connection: must be 0");
  }
  return absl::OkStatus();
}

absl::Status OpenOnHost(const tl_sqlite_host& host, const tl_ledger_options* in, tl_ledger** out) {
  tl_ledger_options options;
  absl::Status status = ReadStruct("options", in, options);
  if (status.ok()) status = CheckHostOptions(options);
  if (status.ok()) status = CheckTruth({"host.create"}, host.create);
  if (status.ok()) status = CheckGiven("host.connection", host.connection);
  if (status.ok() && host.libversion == nullptr) {
    status = InvalidField("host.libversion", "is NULL");
  }
  std::string_view prefix;
  if (status.ok()) status = ViewOf({"host.prefix"}, host.prefix, prefix);
  if (!status.ok()) return status;
  SqliteHostOptions sqlite;
  sqlite.connection = host.connection;
  sqlite.libversion = host.libversion;
  if (host.prefix.data != nullptr) sqlite.prefix = prefix;
  absl::StatusOr<std::unique_ptr<Store>> store = NewSqliteHostStore(std::move(sqlite));
  if (absl::IsInvalidArgument(store.status())) {
    return WithDetail(store.status(), {.field = "host.prefix"});
  }
  if (!store.ok()) return store.status();
  return OpenOn(*std::move(store), options, host.create == 1 ? Founding::kCreate : Founding::kOpen,
                out);
}

tl_status GuardedOpen(const char* path, size_t path_size, const tl_ledger_options* options,
                      Founding founding, tl_ledger** out, tl_error* error) noexcept {
  ClearHandle(out);
  return Guarded(error, [&]() -> absl::Status {
    if (absl::Status status = CheckGiven("out_ledger", out); !status.ok()) return status;
    std::string_view view;
    if (absl::Status status = ViewOf({"path"}, path, path_size, view); !status.ok()) return status;
    return OpenFile(view, options, founding, out);
  });
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_ledger_create(const char* path, size_t path_size, const tl_ledger_options* options,
                           tl_ledger** out_ledger, tl_error* error) noexcept {
  return GuardedOpen(path, path_size, options, Founding::kCreate, out_ledger, error);
}

tl_status tl_ledger_open(const char* path, size_t path_size, const tl_ledger_options* options,
                         tl_ledger** out_ledger, tl_error* error) noexcept {
  return GuardedOpen(path, path_size, options, Founding::kOpen, out_ledger, error);
}

tl_status tl_ledger_create_in_memory(const tl_ledger_options* options, tl_ledger** out_ledger,
                                     tl_error* error) noexcept {
  ClearHandle(out_ledger);
  return Guarded(error, [&]() -> absl::Status {
    tl_ledger_options read;
    absl::Status status = CheckGiven("out_ledger", out_ledger);
    if (status.ok()) status = ReadStruct("options", options, read);
    if (!status.ok()) return status;
    return OpenOn(NewMemoryStore(), read, Founding::kCreate, out_ledger);
  });
}

tl_status tl_open_on_sqlite(const tl_sqlite_host* host, const tl_ledger_options* options,
                            tl_ledger** out_ledger, tl_error* error) noexcept {
  ClearHandle(out_ledger);
  return Guarded(error, [&]() -> absl::Status {
    tl_sqlite_host read;
    absl::Status status = CheckGiven("out_ledger", out_ledger);
    if (status.ok()) status = CheckGiven("host", host);
    if (status.ok()) status = ReadStruct("host", host, read);
    if (!status.ok()) return status;
    return OpenOnHost(read, options, out_ledger);
  });
}

void tl_ledger_close(tl_ledger* ledger) noexcept { delete ledger; }

tl_status tl_ledger_rebuild(tl_ledger* ledger, tl_error* error) noexcept {
  return GuardedOn(ledger, error, [](OpenLedger& open) { return open.ledger->Rebuild(); });
}
