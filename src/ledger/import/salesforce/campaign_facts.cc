#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/import/salesforce/row_facts.h"

// Campaigns, and what they cost.

namespace throughline::salesforce {
namespace {

CampaignDefine DefinitionOf(ExportRow& row, SalesforceId id) {
  CampaignDefine define;
  define.external_ids = {ExternalOf(id)};
  if (row.Has(Column::kName)) define.name = std::string(row.Text(Column::kName));
  if (row.Has(Column::kType)) define.channel = KeyOfText(row.Text(Column::kType));
  if (const SalesforceId parent = row.IdOf(Column::kParentId)) define.parent = ExternalOf(parent);
  define.starts_on = row.DateOf(Column::kStartDate);
  define.ends_on = row.DateOf(Column::kEndDate);
  return define;
}

bool Changes(const CampaignDefine& define, const CampaignRow& known, ExportContext& context) {
  const auto parent = context.records().Campaign(define.parent);
  return (define.name && *define.name != known.name) ||
         (define.channel && *define.channel != known.channel) ||
         (define.parent && (!parent || parent->campaign != known.parent)) ||
         (define.starts_on && define.starts_on != known.starts_on) ||
         (define.ends_on && define.ends_on != known.ends_on);
}

void AddCost(ExportRow& row, SalesforceId id, FactList& facts) {
  const std::optional<Money> cost = row.MoneyOf(Column::kActualCost);
  if (!cost || cost->minor == 0) return;
  const std::optional<Date> start = row.DateOf(Column::kStartDate);
  const std::optional<Date> day = start ? start : row.DateOf(Column::kEndDate);
  if (!day) {
    facts.Warn("cost_without_date",
               "ActualCost is left out: the campaign has no StartDate and no "
               "EndDate");
    return;
  }
  facts.Add(
      CampaignCost{ExternalOf(id), *day, *cost}, {},
      absl::StrCat("campaign.cost/", id.Long(), "/", FormatDate(*day), "/", FormatMoney(*cost)));
}

}  // namespace

void CampaignFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const SalesforceId id = RequiredId(row);
  CampaignDefine define = DefinitionOf(row, id);
  if (define.parent) {
    const auto parent = SalesforceId::Parse(define.parent.external.key);
    if (parent.ok()) context.EnsureCampaign(*parent, facts);
  }
  const auto known = context.records().Campaign(ExternalOf(id));
  if (!known) {
    facts.Add(std::move(define), {}, absl::StrCat("campaign.define/", id.Long()));
  } else if (Changes(define, *known, context)) {
    facts.Add(std::move(define), {},
              absl::StrCat("campaign.define/", id.Long(), "/", known->version));
  }
  AddCost(row, id, facts);
}

}  // namespace throughline::salesforce
