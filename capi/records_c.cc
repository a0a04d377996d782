// Reads of records, as copies with views into them.

#include <utility>
#include <vector>

#include "handles.h"
#include "to_c.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

// Rows of one kind, and the C structs that view them.
template <class Row, class Record>
struct RecordList {
  std::vector<Row> rows;
  std::vector<Record> records;
  AttributeLists attributes;

  void Assign(std::vector<Row> given) {
    rows = std::move(given);
    records.reserve(rows.size());
    for (const Row& row : rows) {
      Record& record = records.emplace_back();
      record = {};
      GiveMembers(row, record, attributes);
    }
  }
  void Assign(Row row) {
    std::vector<Row> one;
    one.push_back(std::move(row));
    Assign(std::move(one));
  }
};

}  // namespace
}  // namespace throughline::capi

struct tl_records {
  template <class Row, class Record>
  using List = throughline::capi::RecordList<Row, Record>;

  List<throughline::AccountRow, tl_account_record> accounts;
  List<throughline::ContactRow, tl_contact_record> contacts;
  List<throughline::ContactProfileRow, tl_profile_record> profiles;
  List<throughline::LeadRow, tl_lead_record> leads;
  List<throughline::OpportunityRow, tl_opportunity_record> opportunities;
  List<throughline::OwnerRow, tl_owner_record> owners;
  List<throughline::CampaignRow, tl_campaign_record> campaigns;
  std::vector<std::string> domains;
  std::vector<throughline::ExternalId> external_ids;
  std::vector<throughline::OpportunityLeadRow> opportunity_leads;
  std::vector<throughline::OpportunityRoleRow> opportunity_roles;
  std::string next_cursor;
  tl_as_of_answer as_of = {};
};

namespace throughline::capi {
namespace {

// The list of tl_records that a row belongs in.
auto& ListOf(tl_records& records, const AccountRow*) { return records.accounts; }
auto& ListOf(tl_records& records, const ContactRow*) { return records.contacts; }
auto& ListOf(tl_records& records, const ContactProfileRow*) { return records.profiles; }
auto& ListOf(tl_records& records, const LeadRow*) { return records.leads; }
auto& ListOf(tl_records& records, const OpportunityRow*) { return records.opportunities; }
auto& ListOf(tl_records& records, const OwnerRow*) { return records.owners; }
auto& ListOf(tl_records& records, const CampaignRow*) { return records.campaigns; }

template <class Row>
void Fill(Row row, tl_records& records) {
  ListOf(records, static_cast<Row*>(nullptr)).Assign(std::move(row));
}
template <class Row>
void Fill(std::vector<Row> rows, tl_records& records) {
  ListOf(records, static_cast<Row*>(nullptr)).Assign(std::move(rows));
}
template <class Row>
void Fill(Page<Row> page, tl_records& records) {
  Fill(std::move(page.items), records);
  records.next_cursor = std::move(page.next);
}
void Fill(std::vector<ExternalId> ids, tl_records& records) {
  records.external_ids = std::move(ids);
}
void Fill(AccountState state, tl_records& records) {
  Fill(std::move(state.account), records);
  Fill(std::move(state.contacts), records);
  Fill(std::move(state.leads), records);
  Fill(std::move(state.opportunities), records);
  records.domains = std::move(state.domains);
  records.opportunity_leads = std::move(state.opportunity_leads);
  records.opportunity_roles = std::move(state.opportunity_roles);
  records.as_of = AnswerOf(state.as_of);
}

// read(Ledger&) gives what the records are filled from.
template <class Read>
tl_status ReadRecords(tl_ledger* ledger, tl_records** out, tl_error* error, Read&& read) noexcept {
  ClearHandle(out);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    if (absl::Status status = CheckGiven("out_records", out); !status.ok()) return status;
    auto found = read(*open.ledger);
    if (!found.ok()) return found.status();
    auto records = std::make_unique<tl_records>();
    Fill(*std::move(found), *records);
    *out = records.release();
    return absl::OkStatus();
  });
}

// The same for a record named by a reference.
template <class Tag, class Row>
tl_status ReadByRef(tl_ledger* ledger, const char* name, const tl_ref* ref, tl_records** out,
                    tl_error* error, absl::StatusOr<Row> (Ledger::*get)(const Ref<Tag>&)) noexcept {
  return ReadRecords(ledger, out, error, [&](Ledger& opened) -> absl::StatusOr<Row> {
    Ref<Tag> taken;
    if (absl::Status status = TakeRef(name, ref, taken); !status.ok()) return status;
    return (opened.*get)(taken);
  });
}

template <class Row>
tl_status ReadList(tl_ledger* ledger, const tl_filter* filter, const tl_page* page,
                   tl_records** out, tl_error* error,
                   absl::StatusOr<Page<Row>> (Ledger::*list)(const RecordFilter&,
                                                             const PageRequest&)) noexcept {
  return ReadRecords(ledger, out, error, [&](Ledger& opened) -> absl::StatusOr<Page<Row>> {
    RecordFilter conditions;
    PageRequest part;
    absl::Status status = TakeFilter(filter, conditions);
    if (status.ok()) status = TakePage(page, part);
    if (!status.ok()) return status;
    return (opened.*list)(conditions, part);
  });
}

template <class Row>
tl_status ReadByText(tl_ledger* ledger, const char* name, const char* text, size_t size,
                     tl_records** out, tl_error* error,
                     absl::StatusOr<std::vector<Row>> (Ledger::*find)(std::string_view)) noexcept {
  return ReadRecords(ledger, out, error, [&](Ledger& opened) -> absl::StatusOr<std::vector<Row>> {
    std::string_view view;
    if (absl::Status status = ViewOf({name}, text, size, view); !status.ok()) return status;
    return (opened.*find)(view);
  });
}

// give(record list of `records`) fills what `out` points to; both are there.
template <class T, class Items, class GiveOne>
tl_status GiveAt(const tl_records* records, int64_t index, T* out, tl_error* error,
                 Items tl_records::*items, GiveOne&& give) noexcept {
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("records", records);
    if (status.ok()) status = CheckGiven("out", out);
    if (!status.ok()) return status;
    const auto& list = records->*items;
    if (status = CheckIndex(index, list.size()); !status.ok()) return status;
    give(list[static_cast<size_t>(index)]);
    return absl::OkStatus();
  });
}

template <class Record, class List>
tl_status GiveRecord(const tl_records* records, int64_t index, Record* out, tl_error* error,
                     List tl_records::*items) noexcept {
  ClearStruct(out);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("records", records);
    if (status.ok()) status = CheckOut("out", out);
    if (!status.ok()) return status;
    const auto& list = (records->*items).records;
    if (status = CheckIndex(index, list.size()); !status.ok()) return status;
    WriteStruct(list[static_cast<size_t>(index)], out);
    return absl::OkStatus();
  });
}

size_t CountOf(const tl_records& records, int32_t kind) {
  switch (kind) {
    case TL_RECORD_ACCOUNT:
      return records.accounts.rows.size();
    case TL_RECORD_CONTACT:
      return records.contacts.rows.size();
    case TL_RECORD_PROFILE:
      return records.profiles.rows.size();
    case TL_RECORD_LEAD:
      return records.leads.rows.size();
    case TL_RECORD_OPPORTUNITY:
      return records.opportunities.rows.size();
    case TL_RECORD_OWNER:
      return records.owners.rows.size();
    case TL_RECORD_CAMPAIGN:
      return records.campaigns.rows.size();
    case TL_RECORD_DOMAIN:
      return records.domains.size();
    case TL_RECORD_EXTERNAL_ID:
      return records.external_ids.size();
    case TL_RECORD_OPPORTUNITY_LEAD:
      return records.opportunity_leads.size();
    case TL_RECORD_OPPORTUNITY_ROLE:
      return records.opportunity_roles.size();
    default:
      return 0;
  }
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_account_get(tl_ledger* ledger, const tl_ref* account, tl_records** out_records,
                         tl_error* error) noexcept {
  return ReadByRef(ledger, "account", account, out_records, error, &Ledger::GetAccount);
}

tl_status tl_contact_get(tl_ledger* ledger, const tl_ref* contact, tl_records** out_records,
                         tl_error* error) noexcept {
  return ReadByRef(ledger, "contact", contact, out_records, error, &Ledger::GetContact);
}

tl_status tl_contact_profile(tl_ledger* ledger, const tl_ref* contact, tl_records** out_records,
                             tl_error* error) noexcept {
  return ReadByRef(ledger, "contact", contact, out_records, error, &Ledger::GetContactProfile);
}

tl_status tl_lead_get(tl_ledger* ledger, const tl_ref* lead, tl_records** out_records,
                      tl_error* error) noexcept {
  return ReadByRef(ledger, "lead", lead, out_records, error, &Ledger::GetLead);
}

tl_status tl_opportunity_get(tl_ledger* ledger, const tl_ref* opportunity, tl_records** out_records,
                             tl_error* error) noexcept {
  return ReadByRef(ledger, "opportunity", opportunity, out_records, error, &Ledger::GetOpportunity);
}

tl_status tl_owner_get(tl_ledger* ledger, const tl_ref* owner, tl_records** out_records,
                       tl_error* error) noexcept {
  return ReadByRef(ledger, "owner", owner, out_records, error, &Ledger::GetOwner);
}

tl_status tl_campaign_get(tl_ledger* ledger, const tl_ref* campaign, tl_records** out_records,
                          tl_error* error) noexcept {
  return ReadByRef(ledger, "campaign", campaign, out_records, error, &Ledger::GetCampaign);
}

tl_status tl_contacts_by_email(tl_ledger* ledger, const char* email, size_t email_size,
                               tl_records** out_records, tl_error* error) noexcept {
  return ReadByText(ledger, "email", email, email_size, out_records, error,
                    &Ledger::FindContactsByEmail);
}

tl_status tl_accounts_by_domain(tl_ledger* ledger, const char* domain, size_t domain_size,
                                tl_records** out_records, tl_error* error) noexcept {
  return ReadByText(ledger, "domain", domain, domain_size, out_records, error,
                    &Ledger::FindAccountsByDomain);
}

tl_status tl_external_ids_get(tl_ledger* ledger, int32_t entity, int64_t id,
                              tl_records** out_records, tl_error* error) noexcept {
  return ReadRecords(ledger, out_records, error,
                     [&](Ledger& opened) -> absl::StatusOr<std::vector<ExternalId>> {
                       EntityKind kind = EntityKind::kNone;
                       absl::Status status = Take({"entity"}, entity, kind);
                       if (status.ok()) status = CheckId({"id"}, id);
                       if (!status.ok()) return status;
                       return opened.GetExternalIds(kind, id);
                     });
}

tl_status tl_lead_list(tl_ledger* ledger, const tl_filter* filter, const tl_page* page,
                       tl_records** out_records, tl_error* error) noexcept {
  return ReadList(ledger, filter, page, out_records, error, &Ledger::ListLeads);
}

tl_status tl_opportunity_list(tl_ledger* ledger, const tl_filter* filter, const tl_page* page,
                              tl_records** out_records, tl_error* error) noexcept {
  return ReadList(ledger, filter, page, out_records, error, &Ledger::ListOpportunities);
}

tl_status tl_account_state(tl_ledger* ledger, const tl_ref* account, const tl_as_of* as_of,
                           tl_records** out_records, tl_error* error) noexcept {
  return ReadRecords(ledger, out_records, error,
                     [&](Ledger& opened) -> absl::StatusOr<AccountState> {
                       AccountRef taken;
                       AsOfRequest when;
                       absl::Status status = TakeRef("account", account, taken);
                       if (status.ok()) status = TakeAsOf(as_of, when);
                       if (!status.ok()) return status;
                       return opened.StateOf(taken, when);
                     });
}

int64_t tl_records_count(const tl_records* records, int32_t kind) noexcept {
  return records == nullptr ? 0 : static_cast<int64_t>(CountOf(*records, kind));
}

tl_status tl_records_get_info(const tl_records* records, tl_records_info* out_info,
                              tl_error* error) noexcept {
  ClearStruct(out_info);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("records", records);
    if (status.ok()) status = CheckOut("out_info", out_info);
    if (!status.ok()) return status;
    tl_records_info info{};
    info.next_cursor = TextOf(records->next_cursor);
    info.as_of = records->as_of;
    WriteStruct(info, out_info);
    return absl::OkStatus();
  });
}

tl_status tl_records_account(const tl_records* records, int64_t index,
                             tl_account_record* out_account, tl_error* error) noexcept {
  return GiveRecord(records, index, out_account, error, &tl_records::accounts);
}

tl_status tl_records_contact(const tl_records* records, int64_t index,
                             tl_contact_record* out_contact, tl_error* error) noexcept {
  return GiveRecord(records, index, out_contact, error, &tl_records::contacts);
}

tl_status tl_records_profile(const tl_records* records, int64_t index,
                             tl_profile_record* out_profile, tl_error* error) noexcept {
  return GiveRecord(records, index, out_profile, error, &tl_records::profiles);
}

tl_status tl_records_lead(const tl_records* records, int64_t index, tl_lead_record* out_lead,
                          tl_error* error) noexcept {
  return GiveRecord(records, index, out_lead, error, &tl_records::leads);
}

tl_status tl_records_opportunity(const tl_records* records, int64_t index,
                                 tl_opportunity_record* out_opportunity, tl_error* error) noexcept {
  return GiveRecord(records, index, out_opportunity, error, &tl_records::opportunities);
}

tl_status tl_records_owner(const tl_records* records, int64_t index, tl_owner_record* out_owner,
                           tl_error* error) noexcept {
  return GiveRecord(records, index, out_owner, error, &tl_records::owners);
}

tl_status tl_records_campaign(const tl_records* records, int64_t index,
                              tl_campaign_record* out_campaign, tl_error* error) noexcept {
  return GiveRecord(records, index, out_campaign, error, &tl_records::campaigns);
}

tl_status tl_records_domain(const tl_records* records, int64_t index, tl_text* out_domain,
                            tl_error* error) noexcept {
  if (out_domain != nullptr) *out_domain = {};
  return GiveAt(records, index, out_domain, error, &tl_records::domains,
                [&](const std::string& domain) { *out_domain = TextOf(domain); });
}

tl_status tl_records_external_id(const tl_records* records, int64_t index, tl_external_id* out_id,
                                 tl_error* error) noexcept {
  if (out_id != nullptr) *out_id = {};
  return GiveAt(records, index, out_id, error, &tl_records::external_ids,
                [&](const ExternalId& id) {
                  *out_id = {TextOf(id.system), TextOf(id.key)};
                });
}

tl_status tl_records_opportunity_lead(const tl_records* records, int64_t index,
                                      int64_t* out_opportunity, int64_t* out_lead,
                                      tl_error* error) noexcept {
  int64_t unused = 0;
  if (out_opportunity == nullptr) out_opportunity = &unused;
  if (out_lead != nullptr) *out_lead = 0;
  *out_opportunity = 0;
  return GiveAt(records, index, out_lead, error, &tl_records::opportunity_leads,
                [&](const OpportunityLeadRow& row) {
                  *out_opportunity = row.opportunity.value;
                  *out_lead = row.lead.value;
                });
}

tl_status tl_records_opportunity_role(const tl_records* records, int64_t index,
                                      int64_t* out_opportunity, int64_t* out_contact,
                                      tl_text* out_role, tl_error* error) noexcept {
  int64_t unused = 0;
  if (out_opportunity == nullptr) out_opportunity = &unused;
  if (out_contact == nullptr) out_contact = &unused;
  if (out_role != nullptr) *out_role = {};
  *out_opportunity = *out_contact = 0;
  return GiveAt(records, index, out_role, error, &tl_records::opportunity_roles,
                [&](const OpportunityRoleRow& row) {
                  *out_opportunity = row.opportunity.value;
                  *out_contact = row.contact.value;
                  *out_role = TextOf(row.role);
                });
}

void tl_records_free(tl_records* records) noexcept { delete records; }

tl_status tl_note_text(tl_ledger* ledger, int64_t note, tl_string** out_text,
                       tl_error* error) noexcept {
  ClearHandle(out_text);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    absl::Status status = CheckGiven("out_text", out_text);
    if (status.ok()) status = CheckId({"note"}, note);
    if (!status.ok()) return status;
    absl::StatusOr<std::string> text = open.ledger->NoteText(NoteId{note});
    if (!text.ok()) return text.status();
    *out_text = MakeString(*std::move(text)).release();
    return absl::OkStatus();
  });
}
