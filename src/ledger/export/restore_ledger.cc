#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/export/export_lines.h"
#include "ledger/import/text_encoding.h"
#include "ledger/ledger_impl.h"
#include "ledger/line_reader.h"
#include "ledger/rebuild.h"
#include "ledger/row_access.h"
#include "model/hash_map.h"
#include "throughline/error.h"
#include "throughline/export.h"

namespace throughline {
namespace {

constexpr char kCutShort[] = "the file is cut short: it lacks its last line, {\"end\": true, ...";

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
      : lines_(source, kExportLineBytesMax + 1),
        prefix_(std::move(prefix)),
        derives_(std::move(derives)) {}

  absl::Status Begin() {
    absl::StatusOr<bool> more = NextLine();
    if (!more.ok()) return more.status();
    if (!*more) return WithPrefix(absl::InvalidArgumentError("the file is empty"));
    return AtLine(ReadHeader());
  }

  absl::Status Fill(LedgerTransaction& transaction) {
    while (!ended_) {
      absl::StatusOr<bool> more = NextLine();
      if (!more.ok()) return more.status();
      if (!*more) return WithPrefix(absl::InvalidArgumentError(kCutShort));
      if (absl::Status status = TakeLine(transaction); !status.ok()) return status;
    }
    absl::Status status = CheckNothingFollows();
    if (status.ok() && derives_) derives_();
    if (status.ok()) status = RebuildLedger(transaction);
    if (status.ok()) status = CheckPolicy(transaction.store());
    filled_ = status.ok();
    return status;
  }

  // An error of the restoring; if it is the store's, with what is to be done about it.
  absl::Status Explained(const absl::Status& status) const {
    const bool may_pass = absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
    if (source_failed_ || !may_pass) return status;
    const bool unknown = filled_ && absl::IsUnavailable(status);
    return absl::Status(status.code(),
                        absl::StrCat(status.message(), ": ", unknown ? kMayBeThere : kNotThere));
  }

 private:
  absl::StatusOr<bool> NextLine() {
    absl::StatusOr<bool> more = lines_.Next(line_);
    source_failed_ = !more.ok();
    return more;
  }

  absl::Status WithPrefix(const absl::Status& status, std::string_view line = "") const {
    if (status.ok()) return status;
    const std::string text = absl::StrCat(prefix_, std::string(line), status.message());
    return WithDetail(absl::Status(status.code(), text), DetailOf(status));
  }

  // A fault of the store is none of the line.
  absl::Status AtLine(const absl::Status& status) const {
    if (absl::IsFailedPrecondition(status)) return WithPrefix(status);
    if (!absl::IsInvalidArgument(status)) return status;
    return WithPrefix(status, absl::StrCat("line ", lines_.number(), ": "));
  }

  absl::StatusOr<ParsedJson> ParseLine() {
    if (line_.size() > kExportLineBytesMax) return InvalidField("line", "is too long");
    return ParseJsonText(line_, "line", kExportLineBytesMax);
  }

  absl::Status ReadHeader() {
    absl::StatusOr<ParsedJson> json = ParseLine();
    if (!json.ok() || KindOf(*json) != ExportLine::kHeader) {
      return InvalidField("throughline_export", "is missing: this is no export of a ledger");
    }
    // Before the other members, which may have changed.
    const int64_t* format = json->Find("throughline_export")->integer();
    if (format != nullptr && *format > kExportFormat) return IsLater("format", *format);
    if (absl::Status status = ReadLine(*json, header_); !status.ok()) return status;
    if (header_.format != kExportFormat) {
      return InvalidField("throughline_export", "there is no such format");
    }
    const int64_t schema = LedgerSchema().version;
    if (header_.schema > schema) return IsLater("schema", header_.schema);
    digest_.Add(line_);
    return absl::OkStatus();
  }

  static absl::Status IsLater(std::string_view what, int64_t version) {
    return absl::FailedPreconditionError(
        absl::StrCat("a later version of Throughline wrote this: ", std::string(what), " ", version,
                     " is unknown here"));
  }

  absl::Status TakeLine(LedgerTransaction& transaction) {
    absl::StatusOr<ParsedJson> json = ParseLine();
    // The end of a line that was being written says little of what is missing.
    if (!json.ok() && !lines_.ended()) {
      return WithPrefix(absl::InvalidArgumentError(kCutShort));
    }
    if (!json.ok()) return AtLine(json.status());
    absl::Status status;
    switch (KindOf(*json)) {
      case ExportLine::kRow:
        status = TakeRow(transaction, *json);
        break;
      case ExportLine::kCommit:
        status = TakeCommit(transaction, *std::move(json));
        break;
      case ExportLine::kEnd:
        return AtLine(TakeEnd(*json));
      default:
        status = InvalidField("line", "is no row, no commit and no end");
    }
    digest_.Add(line_);
    return AtLine(status);
  }

  absl::Status TakeRow(LedgerTransaction& transaction, const ParsedJson& json) {
    const ParsedJson& table = *json.Find("table");
    const std::string* name = table.text();
    bool known = false;
    ++rows_;
    absl::Status status = ForEachTable([&]<class Row>() {
      if (!IsExported(kTableOf<Row>) || name == nullptr || *name != Row::kTable) {
        return absl::OkStatus();
      }
      known = true;
      return PutRowOf<Row>(transaction, json);
    });
    if (known || !status.ok()) return status;
    JsonFault fault;
    IsNot("a table of an export", table, fault);
    return fault.ToStatus("table");
  }

  template <class Row>
  static absl::Status PutRowOf(LedgerTransaction& transaction, const ParsedJson& json) {
    Row row;
    if (absl::Status status = ReadRowLine(json, row); !status.ok()) return status;
    return PutRow(transaction.store(), row);
  }

  absl::Status TakeCommit(LedgerTransaction& transaction, ParsedJson json) {
    CommitHead head;
    if (absl::Status status = ReadCommitLine(std::move(json), head, events_); !status.ok()) {
      return status;
    }
    if (absl::Status status = CheckOrder(head); !status.ok()) return status;
    last_ = head;
    ++commits_;
    return transaction.Append(head, events_);
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

  absl::Status TakeEnd(const ParsedJson& json) {
    ExportEnd end;
    if (absl::Status status = ReadLine(json, end); !status.ok()) return status;
    const auto check = [](std::string_view what, int64_t said, int64_t found) {
      if (said == found) return absl::OkStatus();
      return InvalidField(what, absl::StrCat("is ", said, ", but there are ", found));
    };
    absl::Status status = check("rows", end.rows, rows_);
    if (status.ok()) status = check("commits", end.commits, commits_);
    if (status.ok() && last_.seq != header_.seq) {
      status = InvalidField("seq", absl::StrCat("the last commit is ", last_.seq,
                                                ", but the first line says ", header_.seq));
    }
    if (status.ok() && !end.digest.empty() && end.digest != digest_.Finish()) {
      status = InvalidField("digest", "the lines above are not those that were written");
    }
    ended_ = true;
    return status;
  }

  absl::Status CheckNothingFollows() {
    while (true) {
      absl::StatusOr<bool> more = NextLine();
      if (!more.ok()) return more.status();
      if (!*more) return absl::OkStatus();
      if (!line_.empty()) return AtLine(InvalidField("line", "follows the end"));
    }
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
    return status.ok() ? WithPrefix(policy) : status;
  }

  LineReader lines_;
  const std::string prefix_;
  const std::function<void()> derives_;
  std::string_view line_;
  ExportHeader header_;
  LineDigest digest_;
  std::string events_;
  CommitHead last_;
  HashMap<AccountId, int64_t> versions_;  // the last of each account
  int64_t rows_ = 0;
  int64_t commits_ = 0;
  bool ended_ = false;
  bool filled_ = false;
  bool source_failed_ = false;
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
