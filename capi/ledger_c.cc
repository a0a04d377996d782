// Opening, restoring, closing and upkeep of a ledger.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "handles.h"
#include "progress.h"
#include "throughline/export.h"
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
  TakeLimit(in.mapped_bytes, out.mapped_bytes);
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

// How a ledger comes to be in a store.
using Founding = std::function<absl::StatusOr<std::unique_ptr<Ledger>>(
    std::unique_ptr<Store> store, LedgerOptions options, std::string_view policy)>;

absl::Status CheckNoPolicy(std::string_view policy) {
  return policy.empty() ? absl::OkStatus()
                        : InvalidField("options.policy_json", "is only for a new ledger");
}

absl::StatusOr<std::unique_ptr<Ledger>> Found(std::unique_ptr<Store> store, LedgerOptions options,
                                              std::string_view policy) {
  return Ledger::Create(std::move(store), std::move(options), policy);
}

absl::StatusOr<std::unique_ptr<Ledger>> OpenFounded(std::unique_ptr<Store> store,
                                                    LedgerOptions options,
                                                    std::string_view policy) {
  if (absl::Status status = CheckNoPolicy(policy); !status.ok()) return status;
  return Ledger::Open(std::move(store), std::move(options));
}

// The source is checked now, and read when the ledger is made.
absl::StatusOr<Founding> RestoredFrom(const tl_restore_source* in) {
  tl_restore_source source;
  std::string file;
  absl::Status status = CheckGiven("source", in);
  if (status.ok()) status = ReadStruct("source", in, source);
  if (status.ok()) status = CheckZero({"source.reserved"}, source.reserved);
  if (status.ok()) status = TakePath({"source.file"}, source.file, file);
  if (!status.ok()) return status;
  return [file = std::move(file), progress = ProgressOf(source.progress, source.payload)](
             std::unique_ptr<Store> store, LedgerOptions options,
             std::string_view policy) -> absl::StatusOr<std::unique_ptr<Ledger>> {
    if (absl::Status refused = CheckNoPolicy(policy); !refused.ok()) return refused;
    return RestoreFile(std::move(store), file, std::move(options), progress);
  };
}

absl::Status OpenOn(std::unique_ptr<Store> store, const tl_ledger_options& options,
                    const Founding& founding, tl_ledger** out) {
  LedgerOptions ledger_options;
  absl::Status status = TakeLedgerOptions(options, ledger_options);
  std::string_view policy;
  if (status.ok()) status = ViewOf({"options.policy_json"}, options.policy_json, policy);
  if (!status.ok()) return status;
  // Before the ledger is there, so that nothing fails afterwards.
  auto handle = std::make_unique<tl_ledger>();
  handle->open = std::make_shared<OpenLedger>();
  absl::StatusOr<std::unique_ptr<Ledger>> ledger =
      founding(std::move(store), std::move(ledger_options), policy);
  if (!ledger.ok()) return ledger.status();
  OpenLedger& open = *handle->open;
  open.ledger = *std::move(ledger);
  open.log = options.log;
  open.payload = options.payload;
  open.destroy = options.destroy;
  *out = handle.release();
  return absl::OkStatus();
}

absl::Status OpenFile(const tl_text& path, const tl_ledger_options* in, const Founding& founding,
                      tl_ledger** out) {
  tl_ledger_options options;
  SqliteOptions sqlite;
  absl::Status status = TakePath({"path"}, path, sqlite.path);
  if (status.ok()) status = ReadStruct("options", in, options);
  if (status.ok()) status = TakeSqliteOptions(options, sqlite);
  if (!status.ok()) return status;
  absl::StatusOr<std::unique_ptr<Store>> store = NewSqliteStore(std::move(sqlite));
  if (!store.ok()) return store.status();
  return OpenOn(*std::move(store), options, founding, out);
}

absl::Status OpenInMemory(const tl_ledger_options* in, const Founding& founding, tl_ledger** out) {
  tl_ledger_options options;
  if (absl::Status status = ReadStruct("options", in, options); !status.ok()) return status;
  return OpenOn(NewMemoryStore(), options, founding, out);
}

absl::Status CheckHostOptions(const tl_ledger_options& in) {
  const std::pair<std::string_view, int64_t> of_the_host[] = {
      {"options.read_only", in.read_only},
      {"options.synchronous", in.synchronous},
      {"options.busy_timeout_ms", in.busy_timeout_ms},
      {"options.idle_readers", in.idle_readers},
      {"options.mapped_bytes", in.mapped_bytes}};
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
  return OpenOn(*std::move(store), options, host.create == 1 ? Found : OpenFounded, out);
}

// open() makes the ledger of the handle.
template <class Open>
tl_status GuardedOpen(tl_ledger** out, tl_error* error, Open&& open) noexcept {
  ClearHandle(out);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("out_ledger", out);
    return status.ok() ? open() : status;
  });
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_ledger_create(const char* path, size_t path_size, const tl_ledger_options* options,
                           tl_ledger** out_ledger, tl_error* error) noexcept {
  return GuardedOpen(out_ledger, error, [&] {
    return OpenFile({path, path_size}, options, Found, out_ledger);
  });
}

tl_status tl_ledger_open(const char* path, size_t path_size, const tl_ledger_options* options,
                         tl_ledger** out_ledger, tl_error* error) noexcept {
  return GuardedOpen(out_ledger, error, [&] {
    return OpenFile({path, path_size}, options, OpenFounded, out_ledger);
  });
}

tl_status tl_ledger_create_in_memory(const tl_ledger_options* options, tl_ledger** out_ledger,
                                     tl_error* error) noexcept {
  return GuardedOpen(out_ledger, error, [&] { return OpenInMemory(options, Found, out_ledger); });
}

tl_status tl_ledger_restore(const char* path, size_t path_size, const tl_restore_source* source,
                            const tl_ledger_options* options, tl_ledger** out_ledger,
                            tl_error* error) noexcept {
  return GuardedOpen(out_ledger, error, [&]() -> absl::Status {
    absl::StatusOr<Founding> restored = RestoredFrom(source);
    if (!restored.ok()) return restored.status();
    return OpenFile({path, path_size}, options, *restored, out_ledger);
  });
}

tl_status tl_ledger_restore_in_memory(const tl_restore_source* source,
                                      const tl_ledger_options* options, tl_ledger** out_ledger,
                                      tl_error* error) noexcept {
  return GuardedOpen(out_ledger, error, [&]() -> absl::Status {
    absl::StatusOr<Founding> restored = RestoredFrom(source);
    if (!restored.ok()) return restored.status();
    return OpenInMemory(options, *restored, out_ledger);
  });
}

tl_status tl_open_on_sqlite(const tl_sqlite_host* host, const tl_ledger_options* options,
                            tl_ledger** out_ledger, tl_error* error) noexcept {
  return GuardedOpen(out_ledger, error, [&]() -> absl::Status {
    tl_sqlite_host read;
    absl::Status status = CheckGiven("host", host);
    if (status.ok()) status = ReadStruct("host", host, read);
    return status.ok() ? OpenOnHost(read, options, out_ledger) : status;
  });
}

void tl_ledger_close(tl_ledger* ledger) noexcept { delete ledger; }

tl_status tl_ledger_rebuild(tl_ledger* ledger, tl_error* error) noexcept {
  return GuardedOn(ledger, error, [](OpenLedger& open) { return open.ledger->Rebuild(); });
}
