#include "ledger/ledger_transaction.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/read_records.h"
#include "ledger/row_access.h"
#include "ledger/settings.h"
#include "model/abseil_text.h"

namespace throughline {
namespace {

constexpr size_t kSaltBytes = 16;
constexpr size_t kSaltsAtOnce = 256;
constexpr size_t kMaxReferences = 10'000;  // of each kind, before they are forgotten

std::string ReferenceKey(EntityKind kind, const ExternalId& external) {
  return absl::StrCat(static_cast<int>(kind), external.system, ":", external.key);
}

// Finds a row in memory or reads it there; null if there is none.
template <class Row, class Map, class Key>
absl::StatusOr<const Row*> FindReference(ReadTransaction& store, Map& known, Key id) {
  if (const auto at = known.find(id); at != known.end()) return &at->second;
  Row row;
  absl::StatusOr<bool> found = GetRow(store, KeyValues(id), row);
  if (!found.ok()) return found.status();
  if (!*found) return nullptr;
  if (known.size() >= kMaxReferences) known.clear();
  return &known.emplace(id, std::move(row)).first->second;
}

}  // namespace

// Asking the system for each salt would cost an import a call a contact.
std::string IdSupply::Salt() {
  if (salts_.empty()) {
    salts_.resize(kSaltsAtOnce * kSaltBytes);
    random_(salts_.data(), salts_.size());
  }
  std::string salt = salts_.substr(salts_.size() - kSaltBytes);
  salts_.resize(salts_.size() - kSaltBytes);
  return salt;
}

void ReferenceRows::Clear() {
  owners.clear();
  campaigns.clear();
  external_ids.clear();
}

absl::StatusOr<std::unique_ptr<LedgerTransaction>> LedgerTransaction::Begin(
    Store& store, WriterCache& cache, const std::function<Time()>& clock) {
  absl::StatusOr<std::unique_ptr<WriteTransaction>> begun = store.BeginWrite();
  if (!begun.ok()) return begun.status();
  if ((*begun)->ChangedByOthers()) cache.valid = false;
  std::unique_ptr<LedgerTransaction> transaction(
      new LedgerTransaction(store, *std::move(begun), cache, clock));
  if (!cache.valid) {
    if (absl::Status status = transaction->Load(); !status.ok()) return status;
  }
  return transaction;
}

LedgerTransaction::~LedgerTransaction() = default;

absl::Status LedgerTransaction::ReadCounters() {
  cache_.stored_ids = {};
  return ScanRowsOf<IdCounterRow>(*store_, {}, [&](IdCounterRow row) {
    const auto kind = static_cast<size_t>(row.entity);
    if (kind >= kEntityKinds) return true;
    cache_.stored_ids[kind] = row.last;
    cache_.ids.RaiseTo(row.entity, row.last);
    return true;
  });
}

absl::Status LedgerTransaction::Load() {
  cache_.references.Clear();
  absl::StatusOr<ReadTransaction::Tail> tail = store_->JournalTail();
  if (!tail.ok()) return tail.status();
  cache_.tail = *tail;
  cache_.ids.Restore({});
  absl::Status status = ReadCounters();
  if (!status.ok()) return status;
  if (status = LoadPolicy(); !status.ok()) return status;
  if (cache_.request_key.empty()) {
    absl::StatusOr<std::string> key = ReadSetting(*store_, kRequestKeySetting);
    if (!key.ok()) return key.status();
    cache_.request_key = *std::move(key);
  }
  cache_.anybody_erased = false;
  status = ScanRowsOf<ErasedIdentityRow>(*store_, {}, [&](const ErasedIdentityRow&) {
    cache_.anybody_erased = true;
    return false;
  });
  cache_.valid = status.ok();
  return status;
}

absl::Status LedgerTransaction::LoadPolicy() {
  Scan newest;
  newest.descending = true;
  PolicyRow row;
  absl::Status status = ScanRowsOf<PolicyRow>(*store_, newest, [&](PolicyRow found) {
    row = std::move(found);
    return false;
  });
  if (!status.ok()) return status;
  if (cache_.policy != nullptr && cache_.policy_version == row.version &&
      cache_.policy->json() == row.json) {
    return absl::OkStatus();
  }
  cache_.policy_version = row.version;
  cache_.policy = nullptr;
  if (row.version == 0) return absl::OkStatus();
  absl::StatusOr<std::shared_ptr<const Policy>> policy = Policy::Parse(row.json);
  if (policy.ok()) cache_.policy = *std::move(policy);
  return absl::OkStatus();
}

Time LedgerTransaction::Now() const {
  return Time{std::max(clock_().micros, cache_.tail.recorded_at + 1)};
}

void LedgerTransaction::MarkWritten() {
  wrote_ = true;
  cache_.valid = false;  // until it is committed
}

JournalEntry LedgerTransaction::EntryOf(const CommitHead& head, std::string_view events) {
  return {head.seq,         head.account.value, head.version, head.recorded_at.micros,
          head.actor.value, head.policy,        head.request, events};
}

absl::Status LedgerTransaction::Append(std::span<const JournalEntry> commits) {
  MarkWritten();
  absl::Status status = store_->AppendAll(commits);
  if (absl::IsAlreadyExists(status)) {
    // Not a refusal: versions and seqs were read in this transaction.
    return absl::InternalError(status.message());
  }
  if (!status.ok()) return status;
  last_ = commits.back();
  last_size_ = last_.events.size();
  last_.request = last_.events = {};
  cache_.tail = {last_.seq, last_.recorded_at};
  return absl::OkStatus();
}

absl::StatusOr<const OwnerRow*> LedgerTransaction::FindOwner(OwnerId id) {
  return FindReference<OwnerRow>(*store_, cache_.references.owners, id);
}

absl::StatusOr<const CampaignRow*> LedgerTransaction::FindCampaign(CampaignId id) {
  return FindReference<CampaignRow>(*store_, cache_.references.campaigns, id);
}

absl::StatusOr<int64_t> LedgerTransaction::FindExternal(EntityKind kind,
                                                        const ExternalId& external) {
  if (!IsReference(kind)) return FindExternalId(*store_, kind, external);
  auto& known = cache_.references.external_ids;
  std::string key = ReferenceKey(kind, external);
  if (const auto at = known.find(key); at != known.end()) return at->second;
  absl::StatusOr<int64_t> id = FindExternalId(*store_, kind, external);
  if (!id.ok() || *id == 0) return id;
  if (known.size() >= kMaxReferences) known.clear();
  known.emplace(std::move(key), *id);
  return id;
}

void LedgerTransaction::SetPolicy(int64_t version, std::shared_ptr<const Policy> policy) {
  cache_.policy_version = version;
  cache_.policy = std::move(policy);
}

LedgerTransaction::Mark LedgerTransaction::TakeMark() const {
  return {cache_.ids.counters(), cache_.policy, cache_.policy_version};
}

void LedgerTransaction::Restore(const Mark& mark) {
  cache_.ids.Restore(mark.ids);
  cache_.policy = mark.policy;
  cache_.policy_version = mark.policy_version;
}

absl::Status LedgerTransaction::PutIdCounters() {
  for (size_t kind = 0; kind < kEntityKinds; ++kind) {
    const int64_t last = cache_.ids.counters()[kind];
    if (last == cache_.stored_ids[kind]) continue;
    absl::Status status = PutRow(*store_, IdCounterRow{static_cast<EntityKind>(kind), last});
    if (!status.ok()) return status;
    cache_.stored_ids[kind] = last;
  }
  return absl::OkStatus();
}

absl::Status LedgerTransaction::RewriteVault() {
  absl::Status status;
  for (const TableNumber table :
       {kTableOf<ContactProfileRow>, kTableOf<ContactExternalIdRow>, kTableOf<NoteRow>}) {
    if (status.ok()) status = store_->Rewrite(table);
  }
  return status;
}

absl::StatusOr<bool> LedgerTransaction::Landed() {
  store_.reset();
  // A reader could see the state before a commit that is still on its way; a writer cannot.
  absl::StatusOr<std::unique_ptr<WriteTransaction>> probe = store_object_.BeginWrite();
  if (!probe.ok()) return probe.status();
  bool same = false;
  absl::StatusOr<bool> found = (*probe)->ReadEntry(last_.seq, [&](const JournalEntry& entry) {
    same = entry.account == last_.account && entry.version == last_.version &&
           entry.recorded_at == last_.recorded_at && entry.events.size() == last_size_;
    return true;
  });
  if (!found.ok()) return found.status();
  return *found && same;
}

absl::Status LedgerTransaction::Commit() {
  if (absl::Status status = PutIdCounters(); !status.ok()) return status;
  if (erased_) {
    if (absl::Status status = RewriteVault(); !status.ok()) return status;
  }
  absl::Status status = store_->Commit();
  if (absl::IsUnavailable(status)) {
    const absl::StatusOr<bool> landed = Landed();
    outcome_unknown_ = !landed.ok() || last_.seq == 0;
    if (landed.ok() && *landed) status = absl::OkStatus();
  }
  // After a failure, and after a probe that used up the store's hint about others, read it anew.
  cache_.valid = status.ok() && !outcome_unknown_ && store_ != nullptr;
  return status;
}

}  // namespace throughline
