#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/import/salesforce/row_facts.h"
#include "model/abseil_text.h"
#include "model/text.h"

// Accounts, also those that were known as the company of a lead until now.

namespace throughline::salesforce {
namespace {

struct CompanyFields {
  std::string name;
  std::string domain;
  std::vector<Attribute> attributes;
};

CompanyFields FieldsOf(ExportRow& row, const ExportContext& context, SalesforceId id,
                       FactList& facts) {
  CompanyFields fields;
  // The name of a person does not go into the journal, which never forgets.
  const bool person = row.Flag(Column::kIsPersonAccount);
  fields.name = person ? absl::StrCat("Person ", id.Long()) : std::string(row.Text(Column::kName));
  const std::string_view website = row.Text(Column::kWebsite);
  fields.domain = NormalDomain(website);
  if (fields.domain.empty() && !website.empty()) {
    facts.Warn("website_without_domain", "Website is left out: it has no domain");
  }
  const auto add = [&](Column column, const char* attribute) {
    if (!row.Has(column)) return;
    context.AddAttribute(EntityKind::kAccount, attribute, row.Text(column), fields.attributes);
  };
  add(Column::kIndustry, "industry");
  add(Column::kCountry, "country");
  add(Column::kEmployees, "employees");
  add(Column::kRevenue, "annual_revenue");
  return fields;
}

std::vector<Attribute> WithoutBlank(std::vector<Attribute> attributes) {
  std::erase_if(attributes, [](const Attribute& attribute) { return attribute.value.empty(); });
  return attributes;
}

// Its own id, those of accounts merged into it, and its name, by which leads find it.
std::vector<ExternalId> AccountIdsOf(SalesforceId id, const ExportContext& context) {
  std::vector<ExternalId> ids = {ExternalOf(id)};
  for (const SalesforceId loser : context.index().MergedInto(id)) ids.push_back(ExternalOf(loser));
  const std::string_view company = context.index().CompanyOf(id);
  if (!company.empty() && context.index().AccountNamed(company) == id) {
    ids.push_back({kCompanySystem, std::string(company)});
  }
  return ids;
}

// Whether the account is a record of Salesforce that was merged into the same master.
bool IsOfMaster(AccountId account, SalesforceId master, ExportContext& context) {
  const std::vector<SalesforceId> losers = context.index().MergedInto(master);
  return std::any_of(losers.begin(), losers.end(), [&](SalesforceId loser) {
    const auto row = context.records().Account(ExternalOf(loser));
    return row && row->account == account;
  });
}

void Update(const AccountRow& known, const CompanyFields& fields, std::vector<ExternalId> new_ids,
            ExportRow& row, ExportContext& context, FactList& facts) {
  AccountUpdate update;
  update.account = known.account;
  if (row.Has(Column::kName) && fields.name != known.name) update.name = fields.name;
  if (!fields.domain.empty() && !context.records().HasDomain(known.account, fields.domain)) {
    update.domains = {fields.domain};
  }
  update.attributes = ChangedAttributes(fields.attributes, known.attributes);
  update.external_ids = std::move(new_ids);
  if (!update.name && update.domains.empty() && update.attributes.empty() &&
      update.external_ids.empty()) {
    return;
  }
  std::optional<Moment> at = row.TimeOf(Column::kLastModifiedDate);
  if (!at) at = row.TimeOf(Column::kSystemModstamp);
  facts.Add(std::move(update), EnteredAt(at),
            absl::StrCat("account.update/", row.IdOf(Column::kId).Long(), "/", known.version));
}

}  // namespace

void AccountFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const SalesforceId id = RequiredId(row);
  CompanyFields fields = FieldsOf(row, context, id, facts);
  // An id that another account has stays there.
  std::vector<ExternalId> free = AccountIdsOf(id, context);
  std::erase_if(free, [&](const ExternalId& own) { return context.records().Account(own); });
  auto known = context.records().Account(ExternalOf(id));
  if (!known) known = context.CompanyToTakeOver(id);
  if (known) return Update(*known, fields, std::move(free), row, context, facts);
  AccountOpen open;
  open.name = fields.name;
  if (!fields.domain.empty()) open.domains = {fields.domain};
  open.attributes = WithoutBlank(std::move(fields.attributes));
  open.external_ids = std::move(free);
  facts.Add(std::move(open), EnteredAt(row.TimeOf(Column::kCreatedDate)),
            absl::StrCat("account.open/", kSystem, ":", id.Long()));
}

void AccountMergeFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const SalesforceId id = RequiredId(row);
  const SalesforceId master = context.index().Master(id);
  const auto merged = context.records().Account(ExternalOf(id));
  const Home into = context.HomeOfAccount(master);
  if (!merged || !(into.known || context.index().HasAccount(master))) return;
  if (context.WillBeSame({merged->account, {}}, into)) return;
  if (merged->merged_into) {
    const AccountId root = context.records().RootOf(merged->account);
    if (IsOfMaster(root, master, context)) return;  // merged by its own row
    return WarnOfMerge(id, "the ledger has it as an alias of another account", facts);
  }
  const When when = MergedWhen(row);
  context.NoteMerge(merged->account, into, when);
  facts.Add(AccountMerge{into.ref(), merged->account, kMergeReason}, when,
            absl::StrCat("account.merge/", merged->account.value, "/", master.Long()));
}

}  // namespace throughline::salesforce
