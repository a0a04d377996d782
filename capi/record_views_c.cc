// What was read, as views: records by kind and place.

#include "handles.h"
#include "record_list.h"
#include "to_c.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

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
