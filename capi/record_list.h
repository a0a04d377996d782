#ifndef THROUGHLINE_CAPI_RECORD_LIST_H_
#define THROUGHLINE_CAPI_RECORD_LIST_H_

#include <string>
#include <utility>
#include <vector>

#include "throughline.h"
#include "throughline/ids.h"
#include "throughline/row.h"
#include "to_c.h"

namespace throughline::capi {

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

#endif  // THROUGHLINE_CAPI_RECORD_LIST_H_
