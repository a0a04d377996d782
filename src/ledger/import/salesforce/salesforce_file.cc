#include "ledger/import/salesforce/salesforce_file.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/import/salesforce/row_facts.h"
#include "model/abseil_text.h"

namespace throughline::salesforce {
namespace {

using RowReader = void (*)(ExportRow& row, ExportContext& context, FactList& facts);

// By Object.
constexpr std::array<RowReader, 13> kReaders = {
    UserFacts,
    CampaignFacts,
    AccountFacts,
    ContactFacts,
    LeadFacts,
    OpportunityFacts,
    LeadHistoryFacts,
    OpportunityHistoryFacts,
    OpportunityFieldHistoryFacts,
    RoleFacts,
    MemberFacts,
    TaskFacts,
    EventFacts,
};

// The columns by which a row belongs to another record.
constexpr Column kParents[] = {Column::kConvertedAccountId,
                               Column::kConvertedContactId,
                               Column::kAccountId,
                               Column::kLeadId,
                               Column::kOpportunityId,
                               Column::kContactId,
                               Column::kCampaignId,
                               Column::kWhoId,
                               Column::kWhatId};

class SalesforceFile final : public FactFile {
 public:
  SalesforceFile(ExportFile file, const ExportValues* values, ExportContext* context)
      : FactFile(file.path, file.number),
        file_(std::move(file)),
        values_(*values),
        context_(*context) {}

  absl::Status Check() override { return absl::OkStatus(); }

  absl::Status Read(FactSink& sink) override {
    TellIgnoredColumns(sink);
    absl::StatusOr<std::unique_ptr<ExportReader>> reader = ExportReader::Open(file_);
    if (!reader.ok()) return reader.status();
    CsvRow row;
    for (uint64_t rows = 0;; ++rows) {
      if (rows % kRowsPerProgress == 0) sink.BytesRead((*reader)->bytes_read());
      absl::StatusOr<bool> more = (*reader)->Next(row);
      if (!more.ok()) return InFile(path(), more.status());
      if (!*more) break;
      absl::Status status = ReadRow(row, (*reader)->delimiter(), sink);
      if (status.ok()) status = context_.records().status();
      if (!status.ok()) return status;
    }
    sink.BytesRead((*reader)->bytes_read());
    return absl::OkStatus();
  }

 private:
  static constexpr uint64_t kRowsPerProgress = 1024;

  void TellIgnoredColumns(FactSink& sink) const {
    if (file_.ignored.empty()) return;
    sink.Warn({number(), 1, 0}, absl::StrCat("ignored_columns of ", std::string(file_.spec->name)),
              absl::StrJoin(file_.ignored, ", "));
  }

  absl::Status ReadRow(const CsvRow& cells, char delimiter, FactSink& sink) {
    if (absl::Status status = sink.Row(); !status.ok()) return status;
    if (cells.error) {
      const size_t column = cells.error->column;
      const bool named = column > 0 && column <= file_.header.size();
      return Refuse(cells, cells.error->line, named ? file_.header[column - 1] : "",
                    cells.error->why, delimiter, sink);
    }
    ExportRow row(file_, values_, cells);
    FactList facts;
    const FactPosition position{number(), cells.line, 0};
    if (row.Flag(Column::kIsDeleted) && row.IdOf(Column::kMasterRecordId)) {
      ReadMerged(row, facts);
    } else if (!IsLeftOut(row, position, sink)) {
      kReaders[Place()](row, context_, facts);
    }
    if (!row.fault().ok()) {
      return Refuse(cells, cells.line, file_.NameOf(row.fault_column()),
                    absl::StrCat(file_.NameOf(row.fault_column()), ": ", row.fault().message()),
                    delimiter, sink);
    }
    for (const auto& [kind, text] : facts.warnings) sink.Warn(position, kind, text);
    return Hand(facts, cells.line, sink);
  }

  void ReadMerged(ExportRow& row, FactList& facts) {
    const Object object = file_.spec->object;
    if (object == Object::kAccount) AccountMergeFacts(row, context_, facts);
    if (object == Object::kContact) ContactMergeFacts(row, context_, facts);
    if (object == Object::kLead) LeadMergeFacts(row, context_, facts);
  }

  size_t Place() const { return static_cast<size_t>(file_.spec->object); }

  absl::Status Hand(FactList& facts, uint64_t line, FactSink& sink) const {
    for (size_t i = 0; i < facts.facts.size(); ++i) {
      const FactPosition position{number(), line, static_cast<uint32_t>(i)};
      Request& fact = facts.facts[i];
      absl::Status status = sink.Fact(position, fact.command, fact.context);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // Deleted rows, and those of deleted or merged records, say nothing any more; but what the ledger
  // has of them is told.
  bool IsLeftOut(ExportRow& row, const FactPosition& position, FactSink& sink) {
    if (row.Flag(Column::kIsDeleted)) {
      const SalesforceId id = row.IdOf(Column::kId);
      const bool imported = id && IsImported(id);
      sink.Warn(position, imported ? "deleted_after_import" : "deleted",
                imported ? absl::StrCat(id.Long(), " stays in the ledger, which has imported it")
                         : "is left out");
      return true;
    }
    for (const Column column : kParents) {
      if (!row.Has(column)) continue;
      if (!context_.index().IsDeleted(row.IdOf(column))) continue;
      sink.Warn(position, "of_deleted_record",
                absl::StrCat("is left out: ", file_.NameOf(column), " names a deleted record"));
      return true;
    }
    return false;
  }

  bool IsImported(SalesforceId id) {
    LedgerRecords& records = context_.records();
    switch (file_.spec->object) {
      case Object::kAccount:
        return records.Account(ExternalOf(id)).has_value();
      case Object::kContact:
        return records.Contact(ExternalOf(id)).has_value();
      case Object::kLead:
        return records.Lead(ExternalOf(id)).has_value();
      case Object::kOpportunity:
        return records.Opportunity(ExternalOf(id)).has_value();
      case Object::kCampaign:
        return records.Campaign(ExternalOf(id)).has_value();
      default:
        return false;
    }
  }

  absl::Status Refuse(const CsvRow& cells, uint64_t line, std::string column, std::string why,
                      char delimiter, FactSink& sink) const {
    std::string text;
    for (size_t i = 0; i < cells.fields.size() && text.size() <= RejectsFile::kTextBytesMax; ++i) {
      if (i > 0) text += delimiter;
      text += cells.fields[i];
    }
    return sink.Reject({number(), line, 0}, {std::move(column), std::move(why), std::move(text)});
  }

  const ExportFile file_;
  const ExportValues& values_;
  ExportContext& context_;
};

}  // namespace

SalesforceId RequiredId(ExportRow& row, Column column) {
  const SalesforceId id = row.IdOf(column);
  if (!id) row.Fail(column, absl::InvalidArgumentError("is blank"));
  return id;
}

std::optional<Moment> RequiredTime(ExportRow& row, Column column) {
  const std::optional<Moment> at = row.TimeOf(column);
  if (!at) row.Fail(column, absl::InvalidArgumentError("is blank"));
  return at;
}

void WarnOfMerge(SalesforceId merged, std::string_view why, FactList& facts) {
  facts.Warn("merged_after_import",
             absl::StrCat(merged.Long(),
                          " was merged in Salesforce after it was imported, and stays "
                          "a record of its own: ",
                          ToAbsl(why)));
}

std::unique_ptr<FactFile> NewSalesforceFile(ExportFile file, const ExportValues* values,
                                            ExportContext* context) {
  return std::make_unique<SalesforceFile>(std::move(file), values, context);
}

}  // namespace throughline::salesforce
