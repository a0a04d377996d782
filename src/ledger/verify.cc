#include "ledger/verify.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/fold.h"
#include "core/rows.h"
#include "ledger/account_group.h"
#include "ledger/account_rows.h"
#include "ledger/journal_stream.h"
#include "ledger/opened_entity.h"
#include "ledger/row_access.h"
#include "ledger/row_text.h"
#include "ledger/vault_check.h"
#include "ledger/writer_cache.h"

namespace throughline {
namespace {

constexpr size_t kMaxSamples = 20;
constexpr int kBatch = 4096;

class Verifier {
 public:
  explicit Verifier(ReadTransaction& store) : store_(store) {}

  absl::StatusOr<VerifyReport> Run() {
    absl::Status status = CheckJournal();
    for (int64_t account = 0; status.ok() && account <= last_account_; ++account) {
      status = CheckAccount(AccountId{account});
    }
    if (status.ok()) status = CheckForStrangers();
    if (status.ok()) status = CheckCounters();
    if (status.ok()) status = CheckRequests();
    if (!status.ok()) return status;
    return std::move(report_);
  }

 private:
  void Differs(std::string what) {
    ++report_.differences;
    if (report_.samples.size() < kMaxSamples) report_.samples.push_back(std::move(what));
  }

  // Damage is a finding, everything else ends the work.
  absl::Status Tolerate(const absl::Status& status, std::string_view where) {
    if (!absl::IsDataLoss(status)) return status;
    Differs(absl::StrCat(std::string(where), ": ", status.message()));
    return absl::OkStatus();
  }

  // --- The journal as a whole. ---

  absl::Status CheckJournal() {
    CommitHead last;
    while (true) {
      std::vector<CommitHead> requests;
      int read = 0;
      absl::Status status = store_.ReadJournal(last.seq, [&](const JournalEntry& entry) {
        const CommitHead head = HeadOf(entry);
        CheckOrder(last, head);
        if (!head.request.empty()) requests.push_back(head);
        last_account_ = std::max(last_account_, head.account.value);
        last = head;
        return ++read < kBatch;
      });
      if (!status.ok()) return status;
      if (read == 0) return absl::OkStatus();
      for (const CommitHead& head : requests) {
        if (status = CheckHasRequest(head); !status.ok()) return status;
      }
    }
  }

  void CheckOrder(const CommitHead& last, const CommitHead& head) {
    ++report_.commits;
    if (head.seq <= last.seq) {
      Differs(absl::StrCat("commit ", head.seq, " comes after commit ", last.seq));
    }
    if (last.seq != 0 && head.recorded_at <= last.recorded_at) {
      Differs(absl::StrCat("commit ", head.seq, " was not recorded after the one before it"));
    }
    if (head.policy < 1) Differs(absl::StrCat("commit ", head.seq, " names no policy"));
  }

  absl::Status CheckHasRequest(const CommitHead& head) {
    RequestRow row;
    absl::StatusOr<bool> found = GetRow(store_, KeyValues(head.request), row);
    if (!found.ok()) return Tolerate(found.status(), "request");
    if (!*found || row.seq != head.seq) {
      Differs(absl::StrCat("the request id of commit ", head.seq, " is not remembered"));
    }
    return absl::OkStatus();
  }

  // --- One account. ---

  absl::Status CheckAccount(AccountId account) {
    std::vector<RecordedEvent> history;
    int64_t version = 0;
    absl::Status status = VisitStream(
        store_, account, [&](const RecordedEvent& event) { history.push_back(event); },
        [&](const CommitHead& head) {
          if (head.version == ++version) return;
          Differs(absl::StrCat("account ", account.value, ": version ", version, " is missing"));
          version = head.version;
        });
    status = Tolerate(status, absl::StrCat("history of account ", account.value));
    if (!status.ok()) return status;
    report_.events += std::ssize(history);
    VaultCheck vault(store_);
    for (const RecordedEvent& event : history) {
      NoteIds(event);
      if (status = CheckVault(event, vault); !status.ok()) return status;
    }
    if (MergedInHistory(history).empty()) {
      return CompareRows(std::span(&account, 1), Fold(history));
    }
    return CheckGroup(account);
  }

  // Accounts that were ever merged are compared together, when it is the turn of the first.
  absl::Status CheckGroup(AccountId account) {
    absl::StatusOr<GroupHistory> group = ReadGroupHistory(store_, account);
    if (!group.ok()) {
      return Tolerate(group.status(), absl::StrCat("group of account ", account.value));
    }
    if (group->accounts.front() != account) return absl::OkStatus();
    return CompareRows(group->accounts, Fold(group->events));
  }

  void NoteIds(const RecordedEvent& event) {
    const OpenedEntity opened = OpenedBy(event.event.payload);
    int64_t& highest = highest_ids_[static_cast<size_t>(opened.kind)];
    highest = std::max(highest, opened.id);
  }

  absl::Status CheckVault(const RecordedEvent& event, VaultCheck& vault) {
    absl::StatusOr<std::string> fault = vault.FaultAt(event);
    if (!fault.ok()) return Tolerate(fault.status(), "vault");
    if (!fault->empty()) {
      Differs(absl::StrCat("event ", event.id.seq(), ":", event.id.ordinal(), ": ", *fault));
    }
    return absl::OkStatus();
  }

  absl::Status CompareRows(std::span<const AccountId> accounts, const Rows& folded) {
    Rows stored;
    absl::Status status;
    for (const AccountId account : accounts) {
      if (status.ok()) status = LoadAccount(store_, account, stored);
    }
    // Rows that hang on a record are looked for also when the record is gone.
    if (status.ok()) status = LoadDependents(store_, folded, stored);
    const AccountId account = accounts.front();
    if (absl::IsDataLoss(status)) {
      return Tolerate(status, absl::StrCat("rows of account ", account.value));
    }
    if (!status.ok()) return status;
    Rows::ForEachDerivedPair(folded, stored, [&](const auto& should_be, const auto& is) {
      Compare(account, should_be, is);
    });
    return absl::OkStatus();
  }

  template <class Row>
  void Compare(AccountId account, const RowSet<Row>& folded, const RowSet<Row>& stored) {
    const auto of = [&](const Row& row) {
      return absl::StrCat(NameOfRow(row), " of account ", account.value);
    };
    stored.ForEach([&](const Row& row) {
      ++rows_found_[kTableOf<Row>];
      if (folded.Find(KeyOf(row)) == nullptr) {
        Differs(absl::StrCat(of(row), " is not in its history"));
      }
    });
    folded.ForEach([&](const Row& row) {
      ++report_.rows;
      const Row* is = stored.Find(KeyOf(row));
      if (is == nullptr) {
        Differs(absl::StrCat(of(row), " is missing"));
      } else if (!(*is == row)) {
        Differs(absl::StrCat(of(row), ": ", DifferenceOf(*is, row)));
      }
    });
  }

  // --- What no account leads to. ---

  absl::Status CheckForStrangers() {
    const std::vector<TableSchema>& tables = LedgerSchema().tables;
    for (TableNumber table = 0; table < std::ssize(tables); ++table) {
      if (!tables[table].derived || table == kTableOf<IdCounterRow>) continue;
      int64_t rows = 0;
      Scan all;
      all.table = table;
      absl::Status status = store_.ScanRows(all, [&](std::span<const Value>) {
        ++rows;
        return true;
      });
      if (!status.ok()) return status;
      if (rows > rows_found_[table]) {
        Differs(absl::StrCat("table ", tables[table].name, ": ", rows - rows_found_[table],
                             " rows belong to no account"));
      }
    }
    return absl::OkStatus();
  }

  absl::Status CheckCounters() {
    IdSupply::Counters counters{};
    absl::Status status = ScanRowsOf<IdCounterRow>(store_, {}, [&](IdCounterRow row) {
      const auto kind = static_cast<size_t>(row.entity);
      if (kind < kEntityKinds) counters[kind] = row.last;
      return true;
    });
    if (status = Tolerate(status, "id_counter"); !status.ok()) return status;
    for (size_t kind = 1; kind < kEntityKinds; ++kind) {
      ++report_.rows;
      if (counters[kind] >= highest_ids_[kind]) continue;
      Differs(absl::StrCat("id_counter ", std::string(NameOf(static_cast<EntityKind>(kind))),
                           ": last is ", counters[kind], ", but ", highest_ids_[kind],
                           " was given out"));
    }
    return absl::OkStatus();
  }

  absl::Status CheckRequests() {
    std::string after;
    while (true) {
      std::vector<RequestRow> batch;
      const auto position = KeyValues(after);
      Scan scan;
      if (!after.empty()) scan.after = position;
      absl::Status status = ScanRowsOf<RequestRow>(store_, scan, [&](RequestRow row) {
        batch.push_back(std::move(row));
        return std::ssize(batch) < kBatch;
      });
      if (!status.ok()) return Tolerate(status, "request");
      if (batch.empty()) return absl::OkStatus();
      for (const RequestRow& row : batch) {
        if (status = CheckRequest(row); !status.ok()) return status;
      }
      after = std::move(batch.back().request);
    }
  }

  absl::Status CheckRequest(const RequestRow& row) {
    bool carries_it = false;
    absl::StatusOr<bool> found = store_.ReadEntry(row.seq, [&](const JournalEntry& entry) {
      carries_it = entry.request == row.request;
      return true;
    });
    if (found.ok() && !carries_it) {
      Differs(absl::StrCat("request '", row.request, "': commit ", row.seq, " is not its commit"));
    }
    return found.status();
  }

  ReadTransaction& store_;
  VerifyReport report_;
  int64_t last_account_ = 0;
  std::array<int64_t, kTableCount> rows_found_{};
  IdSupply::Counters highest_ids_{};
};

}  // namespace

absl::StatusOr<VerifyReport> VerifyLedger(ReadTransaction& transaction) {
  return Verifier(transaction).Run();
}

}  // namespace throughline
