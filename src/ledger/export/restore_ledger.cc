#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/export/export_reader.h"
#include "ledger/import/text_encoding.h"
#include "ledger/ledger_impl.h"
#include "ledger/rebuild.h"
#include "ledger/row_access.h"
#include "model/hash_map.h"
#include "throughline/error.h"
#include "throughline/export.h"

namespace throughline {
namespace {

// What to do when the store fails.
constexpr char kNotThere[] = "nothing was restored; restore again when the store works";
constexpr char kMayBeThere[] =
    "whether it was restored is unknown: all of it, if the ledger can be opened; else restore "
    "again";

// One restoring: Begin reads the first line, Fill all others.
class Restorer {
 public:
  // `prefix` stands before what is said of the source; `derives` is called when all was read.
  Restorer(const ByteSource& source, std::string prefix, std::function<void()> derives)
      : reader_(source, std::move(prefix)), derives_(std::move(derives)) {}

  absl::Status Begin() { return reader_.Begin(); }

  absl::Status Fill(LedgerTransaction& transaction) {
    absl::Status status = TakeLines(transaction);
    if (status.ok() && derives_) derives_();
    if (status.ok()) status = RebuildLedger(transaction);
    if (status.ok()) status = CheckPolicy(transaction.store());
    filled_ = status.ok();
    return status;
  }

  // An error of the restoring; if it is the store's, with what is to be done about it.
  absl::Status Explained(const absl::Status& status) const {
    const bool may_pass = absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
    if (reader_.source_failed() || !may_pass) return status;
    const bool unknown = filled_ && absl::IsUnavailable(status);
    return absl::Status(status.code(),
                        absl::StrCat(status.message(), ": ", unknown ? kMayBeThere : kNotThere));
  }

 private:
  absl::Status TakeLines(LedgerTransaction& transaction) {
    ParsedJson line;
    ExportLine kind = ExportLine::kUnknown;
    while (true) {
      absl::StatusOr<bool> more = reader_.Next(line, kind);
      if (!more.ok()) return more.status();
      if (!*more) return absl::OkStatus();
      absl::Status status = kind == ExportLine::kRow ? TakeRow(transaction, line)
                                                     : TakeCommit(transaction, std::move(line));
      if (!status.ok()) return reader_.AtLine(status);
    }
  }

  static absl::Status TakeRow(LedgerTransaction& transaction, const ParsedJson& json) {
    bool known = false;
    absl::Status status = ForEachTable([&]<class Row>() {
      if (!IsExported(kTableOf<Row>) || !IsRowOf<Row>(json)) return absl::OkStatus();
      known = true;
      Row row;
      if (absl::Status fault = ReadRowLine(json, row); !fault.ok()) return fault;
      return PutRow(transaction.store(), row);
    });
    if (known || !status.ok()) return status;
    JsonFault fault;
    IsNot("a table of an export", *json.Find("table"), fault);
    return fault.ToStatus("table");
  }

  absl::Status TakeCommit(LedgerTransaction& transaction, ParsedJson json) {
    CommitHead head;
    if (absl::Status status = ReadCommitLine(std::move(json), head, events_); !status.ok()) {
      return status;
    }
    if (absl::Status status = CheckOrder(head); !status.ok()) return status;
    last_ = head;
    const JournalEntry entry = LedgerTransaction::EntryOf(head, events_);
    return transaction.Append(std::span(&entry, 1));
  }

  // What a store relies on, and every reader of the journal.
  absl::Status CheckOrder(const CommitHead& head) {
    if (head.seq <= last_.seq || head.seq > INT64_MAX >> EventId::kOrdinalBits) {
      return InvalidField("seq", absl::StrCat(head.seq, " does not follow ", last_.seq));
    }
    if (last_.seq != 0 && head.recorded_at <= last_.recorded_at) {
      return InvalidField("recorded_at", "is not after that of the commit before");
    }
    if (head.account.value < 0) return InvalidField("account", "is negative");
    int64_t& version = versions_[head.account];
    if (head.version != version + 1) {
      return InvalidField("version", absl::StrCat(head.version, " does not follow ", version,
                                                  " of account ", head.account.value));
    }
    version = head.version;
    return absl::OkStatus();
  }

  // Without one nothing can be decided.
  absl::Status CheckPolicy(ReadTransaction& store) const {
    Scan newest;
    newest.descending = true;
    absl::Status policy = InvalidField("policy_set", "there is no policy");
    const absl::Status status = ScanRowsOf<PolicyRow>(store, newest, [&](const PolicyRow& row) {
      policy = Policy::Parse(row.json).status();
      return false;
    });
    return status.ok() ? reader_.WithPrefix(policy) : status;
  }

  ExportReader reader_;
  const std::function<void()> derives_;
  std::string events_;
  CommitHead last_;
  HashMap<AccountId, int64_t> versions_;  // the last of each account
  bool filled_ = false;
};
absl::StatusOr<std::unique_ptr<Ledger>> Restore(std::unique_ptr<Store> store,
                                                const ByteSource& source, std::string prefix,
                                                LedgerOptions options,
                                                std::function<void()> derives = nullptr) {
  Restorer restorer(source, std::move(prefix), std::move(derives));
  if (absl::Status status = restorer.Begin(); !status.ok()) return status;
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = LedgerImpl::CreateFrom(
      std::move(store), std::move(options),
      [&](LedgerTransaction& transaction) { return restorer.Fill(transaction); });
  if (!ledger.ok()) return restorer.Explained(ledger.status());
  return ledger;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Ledger>> RestoreLedger(std::unique_ptr<Store> store,
                                                      const ByteSource& source,
                                                      LedgerOptions options) {
  return Restore(std::move(store), source, "", std::move(options));
}

absl::StatusOr<std::unique_ptr<Ledger>> RestoreFile(std::unique_ptr<Store> store,
                                                    const std::string& path, LedgerOptions options,
                                                    const ExportProgress& progress) {
  absl::StatusOr<std::unique_ptr<TextSource>> opened = TextSource::Open(path);
  if (!opened.ok()) return opened.status();
  TextSource& file = **opened;
  const auto tell = [&](std::string_view step) {
    if (progress) progress(step, file.bytes_read(), file.total_bytes());
  };
  const ByteSource source = [&] {
    tell("restoring");
    return file.NextChunk();
  };
  return Restore(std::move(store), source, path + ": ", std::move(options),
                 [&] { tell("deriving"); });
}

}  // namespace throughline
