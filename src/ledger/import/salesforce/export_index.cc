#include "ledger/import/salesforce/export_index.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/import/fact_file.h"
#include "model/abseil_text.h"
#include "model/text.h"
#include "throughline/limits.h"

namespace throughline::salesforce {
namespace {

using Outcome = StageMap::Outcome;

// Every time and amount is looked at, so that what has to be said is asked for at once.
void TryValues(ExportRow& row) {
  for (const ColumnSpec& column : row.file().spec->columns) {
    if (!row.Has(column.column)) continue;
    if (column.shape == Shape::kTime) row.TimeOf(column.column);
    if (column.shape == Shape::kMoney) row.MoneyOf(column.column);
    if (absl::IsFailedPrecondition(row.fault())) return;
  }
}

template <class Map>
auto FindIn(const Map& map, SalesforceId id) -> const typename Map::mapped_type* {
  const auto found = map.find(id);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

std::string CompanyKey(std::string_view name) {
  std::string key;
  for (const char c : TrimAscii(name)) {
    const bool space = absl::ascii_isspace(c);
    if (space && (key.empty() || key.back() == ' ')) continue;
    key += space ? ' ' : absl::ascii_tolower(c);
  }
  size_t end = std::min(key.size(), kMaxKeyBytes);
  while (end > 0 && end < key.size() && (static_cast<unsigned char>(key[end]) & 0xC0) == 0x80)
    --end;
  key.resize(end);
  while (key.ends_with(' ')) key.pop_back();
  return key;
}

std::string PersonName(const ExportRow& row) {
  std::string name(row.Text(Column::kFirstName));
  const std::string_view last = row.Text(Column::kLastName);
  if (!name.empty() && !last.empty()) name += ' ';
  name += last;
  return name.empty() ? std::string(row.Text(Column::kName)) : name;
}

HistoryField FieldOf(std::string_view name) {
  const std::string plain = PlainName(name);
  if (plain == "status" || plain == "leadstatus" || plain == "stage" || plain == "stagename") {
    return HistoryField::kStage;
  }
  if (plain == "owner" || plain == "ownerid") return HistoryField::kOwner;
  if (plain == "amount") return HistoryField::kAmount;
  return plain == "closedate" ? HistoryField::kCloseDate : HistoryField::kOther;
}

absl::Status ExportIndex::Read(const ExportFile& file, const ExportValues& values) {
  absl::StatusOr<std::unique_ptr<ExportReader>> reader = ExportReader::Open(file);
  if (!reader.ok()) return reader.status();
  CsvRow cells;
  for (;;) {
    absl::StatusOr<bool> more = (*reader)->Next(cells);
    if (!more.ok()) return InFile(file.path, more.status());
    if (!*more) return absl::OkStatus();
    if (cells.error) continue;
    ExportRow row(file, values, cells);
    TryValues(row);
    if (absl::IsFailedPrecondition(row.fault())) {
      return absl::InvalidArgumentError(absl::StrCat(file.path, ":", cells.line, ": ",
                                                     file.NameOf(row.fault_column()), ": ",
                                                     row.fault().message()));
    }
    if (absl::Status status = ReadRow(row); !status.ok()) return status;
  }
}

absl::Status ExportIndex::ReadRow(ExportRow& row) {
  NoteNewest(row);
  if (row.Flag(Column::kIsDeleted)) {
    const SalesforceId id = row.IdOf(Column::kId), master = row.IdOf(Column::kMasterRecordId);
    if (id && master && id != master) masters_[id] = master;
    if (id && !master) deleted_[id] = true;
    return absl::OkStatus();
  }
  switch (row.file().spec->object) {
    case Object::kUser:
      NoteUser(row);
      break;
    case Object::kCampaign:
      campaigns_[row.IdOf(Column::kId)] = std::string(row.Text(Column::kType));
      break;
    case Object::kAccount:
      NoteAccount(row);
      break;
    case Object::kContact:
      NoteContact(row);
      break;
    case Object::kLead:
      NoteLead(row);
      break;
    case Object::kOpportunity:
      NoteOpportunity(row);
      break;
    case Object::kOpportunityHistory:
      NoteState(row);
      break;
    case Object::kLeadHistory:
    case Object::kOpportunityFieldHistory:
      NoteField(row, row.file().spec->object == Object::kLeadHistory);
      break;
    default:
      break;
  }
  return absl::OkStatus();
}

absl::Status ExportIndex::Finish() {
  history_.Sort();
  DeleteWhatAccountsHad();
  for (const auto& [loser, master] : masters_) losers_[Master(master)].push_back(loser);
  for (auto& [master, losers] : losers_) std::sort(losers.begin(), losers.end());
  return stages_.Check();
}

// Contacts, opportunities and leads that became them go with their account, also where their own
// rows do not say so.
void ExportIndex::DeleteWhatAccountsHad() {
  if (deleted_.empty()) return;
  for (const auto& [id, contact] : contacts_) {
    if (IsDeleted(contact.account)) deleted_[id] = true;
  }
  for (const auto& [id, opportunity] : opportunities_) {
    if (IsDeleted(opportunity.account)) deleted_[id] = true;
  }
  for (const auto& [id, lead] : leads_) {
    if (IsDeleted(lead.account) || IsDeleted(lead.contact)) deleted_[id] = true;
  }
}

size_t ExportIndex::memory_bytes() const {
  constexpr size_t kRecordBytes = 200;  // with its share of the maps
  const size_t records =
      account_companies_.size() + contacts_.size() + leads_.size() + opportunities_.size();
  return records * kRecordBytes + history_.size() * sizeof(Change);
}

void ExportIndex::NoteNewest(ExportRow& row) {
  for (const Column column : {Column::kSystemModstamp, Column::kLastModifiedDate}) {
    const std::optional<Moment> at = row.TimeOf(column);
    if (at) newest_ = std::max(newest_, at->at);
  }
}

void ExportIndex::NoteUser(ExportRow& row) {
  const SalesforceId id = row.IdOf(Column::kId);
  const std::string name = PersonName(row);
  if (!id) return;
  users_[id] = true;
  if (name.empty()) return;
  const auto [found, added] = users_by_name_.try_emplace(name, id);
  if (!added && found->second != id) found->second = {};  // two of one name
}

void ExportIndex::NoteAccount(ExportRow& row) {
  const SalesforceId id = row.IdOf(Column::kId);
  if (!id) return;
  // The name of a person account is a person's, which does not go into the journal.
  std::string company;
  if (!row.Flag(Column::kIsPersonAccount)) company = CompanyKey(row.Text(Column::kName));
  if (!account_companies_.try_emplace(id, company).second || company.empty()) return;
  accounts_by_company_[company].push_back(id);
}

void ExportIndex::NoteContact(ExportRow& row) {
  const SalesforceId id = row.IdOf(Column::kId);
  Contact& contact = contacts_[id];
  contact.account = row.IdOf(Column::kAccountId);
  contact.company = CompanyKey(row.Text(Column::kAccountName));
  contact_rows_[id] = true;
}

void ExportIndex::NoteLead(ExportRow& row) {
  const SalesforceId id = row.IdOf(Column::kId);
  Lead lead;
  lead.company = CompanyKey(row.Text(Column::kAccountName));
  lead.account = row.IdOf(Column::kConvertedAccountId);
  lead.contact = row.IdOf(Column::kConvertedContactId);
  lead.opportunity = row.IdOf(Column::kConvertedOpportunityId);
  lead.converted_at = row.TimeOf(Column::kConvertedDate);
  lead.converted = row.Flag(Column::kIsConverted) || lead.account || lead.contact ||
                   lead.opportunity || lead.converted_at;
  stages_.Note(true, row.Text(Column::kStatus),
               lead.converted ? Outcome::kConverted : Outcome::kUnknown);
  if (lead.opportunity) opportunities_[lead.opportunity].leads.push_back(id);
  if (lead.contact) {
    Contact& contact = contacts_[lead.contact];
    contact.leads.push_back(id);
    if (!contact.account) contact.account = lead.account;
  }
  leads_[id] = std::move(lead);
}

void ExportIndex::NoteOpportunity(ExportRow& row) {
  Opportunity& opportunity = opportunities_[row.IdOf(Column::kId)];
  opportunity.account = row.IdOf(Column::kAccountId);
  opportunity.company = CompanyKey(row.Text(Column::kAccountName));
  opportunity.created = row.TimeOf(Column::kCreatedDate);
  opportunity.close_date = row.DateOf(Column::kCloseDate);
  Outcome outcome = Outcome::kUnknown;
  if (row.Flag(Column::kIsWon)) {
    outcome = Outcome::kWon;
  } else if (row.Flag(Column::kIsClosed) && row.Has(Column::kIsWon)) {
    outcome = Outcome::kLost;
  }
  stages_.Note(false, row.Text(Column::kStageName), outcome);
}

void ExportIndex::NoteState(ExportRow& row) {
  Change change;
  const std::optional<Moment> at = row.TimeOf(Column::kCreatedDate);
  change.record = row.IdOf(Column::kOpportunityId);
  change.to = texts_.Number(row.Text(Column::kStageName));
  change.amount = row.MoneyOf(Column::kAmount);
  change.close_date = row.DateOf(Column::kCloseDate);
  if (!row.fault().ok() || !at || !change.record) return;
  stages_.Note(false, row.Text(Column::kStageName), Outcome::kUnknown);
  change.at = at->at;
  change.day = at->day;
  change.file = row.file().number;
  change.line = row.line();
  history_.Add(change);
}

void ExportIndex::NoteField(ExportRow& row, bool of_lead) {
  const HistoryField field = FieldOf(row.Text(Column::kField));
  if (field == HistoryField::kOther) return;
  std::string_view before = row.Text(Column::kOldValue), after = row.Text(Column::kNewValue);
  Change change;
  const std::optional<Moment> at = row.TimeOf(Column::kCreatedDate);
  change.record = row.IdOf(of_lead ? Column::kLeadId : Column::kOpportunityId);
  if (field == HistoryField::kStage) {
    change.kind = Change::Kind::kStage;
    stages_.Note(of_lead, before, Outcome::kUnknown);
    stages_.Note(of_lead, after, Outcome::kUnknown);
  } else if (field == HistoryField::kOwner) {
    // Each change of owner is there twice, with names and with ids; only ids are unique.
    if (!SalesforceId::Parse(after).ok()) return;
    change.kind = Change::Kind::kOwner;
  } else if (field == HistoryField::kAmount) {
    change.kind = Change::Kind::kAmount;
    change.amount = row.MoneyIn(Column::kOldValue, before);
    before = after = {};
  } else {
    change.kind = Change::Kind::kCloseDate;
    if (const std::optional<Moment> day = row.TimeOf(Column::kOldValue)) {
      change.close_date = DateOf(day->at);
    }
    before = after = {};
  }
  if (!row.fault().ok() || !at || !change.record) return;
  change.from = texts_.Number(before);
  change.to = texts_.Number(after);
  change.at = at->at;
  change.day = at->day;
  change.file = row.file().number;
  change.line = row.line();
  history_.Add(change);
}

SalesforceId ExportIndex::Master(SalesforceId id) const {
  // A chain of merges is short; a circle would be damage.
  constexpr int kMergesMax = 64;
  for (int i = 0; i < kMergesMax; ++i) {
    const auto found = masters_.find(id);
    if (found == masters_.end()) break;
    id = found->second;
  }
  return id;
}

std::vector<SalesforceId> ExportIndex::MergedInto(SalesforceId master) const {
  const auto* losers = FindIn(losers_, master);
  return losers == nullptr ? std::vector<SalesforceId>() : *losers;
}

std::string_view ExportIndex::CompanyOf(SalesforceId account) const {
  const std::string* company = FindIn(account_companies_, account);
  return company == nullptr ? std::string_view() : *company;
}

SalesforceId ExportIndex::AccountNamed(std::string_view company) const {
  const auto found = accounts_by_company_.find(std::string(company));
  if (found == accounts_by_company_.end() || found->second.size() > 1) return {};
  return found->second.front();
}

const ExportIndex::Lead* ExportIndex::FindLead(SalesforceId id) const { return FindIn(leads_, id); }

const ExportIndex::Opportunity* ExportIndex::FindOpportunity(SalesforceId id) const {
  const Opportunity* found = FindIn(opportunities_, id);
  // A lead may name one that has no row.
  return found == nullptr || !found->created ? nullptr : found;
}

const ExportIndex::Contact* ExportIndex::FindContact(SalesforceId id) const {
  return FindIn(contacts_, id);
}

SalesforceId ExportIndex::UserNamed(std::string_view name) const {
  const auto found = users_by_name_.find(std::string(name));
  return found == users_by_name_.end() ? SalesforceId() : found->second;
}

const std::string* ExportIndex::CampaignType(SalesforceId id) const {
  return FindIn(campaigns_, id);
}

}  // namespace throughline::salesforce
