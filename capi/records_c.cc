// Reads of records from a ledger.

#include <utility>
#include <vector>

#include "handles.h"
#include "record_list.h"
#include "to_c.h"
#include "to_model.h"

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
