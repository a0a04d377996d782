#include "ledger/import/salesforce/export_context.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"
#include "model/text.h"
#include "throughline/limits.h"

namespace throughline::salesforce {
namespace {

// A queue holds leads until a person takes them; its ids begin so.
constexpr std::string_view kQueuePrefix = "00G";

// None is now, which nothing is later than.
std::optional<Moment> LaterOf(const std::optional<Moment>& a, const std::optional<Moment>& b) {
  if (!a || !b) return std::nullopt;
  if (a->at != b->at) return a->at > b->at ? a : b;
  return a->day ? b : a;
}

Home Outside(const char* system, std::string key) { return {{}, {system, std::move(key)}}; }

}  // namespace

Home ExportContext::HomeOfAccount(SalesforceId id) {
  id = index_.Master(id);
  Home home{{}, ExternalOf(id)};
  if (const auto row = records_.Account(home.external)) {
    home.known = row->account;
  } else if (const auto company = CompanyToTakeOver(id)) {
    home.known = company->account;
  }
  return home;
}

std::optional<AccountRow> ExportContext::CompanyToTakeOver(SalesforceId account) {
  const std::string_view company = index_.CompanyOf(account);
  if (company.empty() || index_.AccountNamed(company) != account) return std::nullopt;
  auto row = records_.Account(AccountRef(kCompanySystem, std::string(company)));
  if (!row || records_.HasSalesforceId(EntityKind::kAccount, row->account.value)) {
    return std::nullopt;
  }
  return row;
}

Home ExportContext::HomeOfCompany(std::string_view company) {
  if (const SalesforceId account = index_.AccountNamed(company)) return HomeOfAccount(account);
  Home home = Outside(kCompanySystem, std::string(company));
  if (const auto row = records_.Account(home.external)) home.known = row->account;
  return home;
}

Home ExportContext::HomeOfLead(SalesforceId id) {
  id = index_.Master(id);
  if (const auto row = records_.Lead(ExternalOf(id))) return {row->account, {}};
  const ExportIndex::Lead* lead = index_.FindLead(id);
  if (lead == nullptr) return Outside(kPersonSystem, id.Long());
  if (lead->account) return HomeOfAccount(lead->account);
  if (!lead->company.empty()) return HomeOfCompany(lead->company);
  Home home = Outside(kPersonSystem, id.Long());
  if (const auto row = records_.Account(home.external)) home.known = row->account;
  return home;
}

Home ExportContext::HomeOfContact(SalesforceId id) {
  id = index_.Master(id);
  if (const auto row = records_.Contact(ExternalOf(id))) return {row->account, {}};
  const ExportIndex::Contact* contact = index_.FindContact(id);
  if (contact != nullptr) {
    for (const SalesforceId lead : contact->leads) {
      if (const auto row = records_.Contact(ExternalOf(lead))) return {row->account, {}};
    }
    if (contact->account) return HomeOfAccount(contact->account);
    if (!contact->company.empty()) return HomeOfCompany(contact->company);
  }
  Home home = Outside(kPersonSystem, id.Long());
  if (const auto row = records_.Account(home.external)) home.known = row->account;
  return home;
}

Home ExportContext::HomeOfOpportunity(SalesforceId id) {
  if (const auto row = records_.Opportunity(ExternalOf(id))) return {row->account, {}};
  const ExportIndex::Opportunity* opportunity = index_.FindOpportunity(id);
  if (opportunity != nullptr && opportunity->account) return HomeOfAccount(opportunity->account);
  if (opportunity != nullptr && !opportunity->company.empty()) {
    return HomeOfCompany(opportunity->company);
  }
  Home home = Outside(kNamelessSystem, id.Long());
  if (const auto row = records_.Account(home.external)) home.known = row->account;
  return home;
}

// A lead that went into an opportunity of long ago is converted on its own day.
bool ExportContext::ConvertsByOpening(SalesforceId lead, SalesforceId opportunity) {
  const ExportIndex::Opportunity* deal = index_.FindOpportunity(opportunity);
  const ExportIndex::Lead* from = index_.FindLead(lead);
  if (deal == nullptr || from == nullptr || from->opportunity != opportunity) return false;
  if (from->converted_at) {
    // The day of a conversion is that of the org's time zone.
    const int32_t apart = DateOf(from->converted_at->at).days - DateOf(deal->created->at).days;
    if (std::abs(apart) > 1) return false;
  }
  if (records_.Opportunity(ExternalOf(opportunity))) return false;
  const auto known = records_.Lead(ExternalOf(lead));
  if (known && known->kind == StageKind::kConverted) return false;
  return IsSame(HomeOfLead(lead), HomeOfOpportunity(opportunity));
}

bool ExportContext::IsSame(const Home& a, const Home& b) {
  if (!a.known || !b.known) return !a.known && !b.known && a.external == b.external;
  return a.known == b.known || records_.RootOf(a.known) == records_.RootOf(b.known);
}

std::vector<ExportContext::MergedHome> ExportContext::MergesOf(Home home,
                                                               std::optional<Moment> at) {
  std::vector<MergedHome> path;
  for (;;) {
    if (home.known) home.known = records_.RootOf(home.known);
    path.push_back({home, at});
    const auto noted = home.known ? merged_.find(home.known.value) : merged_.end();
    if (noted == merged_.end()) return path;
    home = noted->second.home;
    at = LaterOf(at, noted->second.at);
  }
}

When ExportContext::OnceSame(const Home& a, const Home& b, const When& when) {
  const std::vector<MergedHome> others = MergesOf(b, when.at);
  for (const MergedHome& one : MergesOf(a, when.at)) {
    for (const MergedHome& other : others) {
      if (IsSame(one.home, other.home)) return EnteredAt(LaterOf(one.at, other.at));
    }
  }
  return when;
}

void ExportContext::EnsureAccount(const Home& home, std::string_view name, const When& when,
                                  FactList& facts) {
  if (home.known || home.external.system.empty()) return;
  if (home.external.system == kSystem) {
    const auto id = SalesforceId::Parse(home.external.key);
    if (id.ok() && index_.HasAccount(*id)) return;
  }
  const std::string key =
      absl::StrCat("account.open/", home.external.system, ":", home.external.key);
  if (!FirstTime(key)) return;
  if (home.external.system == kSystem) {
    facts.Warn("account_not_in_export",
               absl::StrCat(home.external.key, " is opened by what other records say of it"));
  }
  AccountOpen open;
  open.name = name;
  open.external_ids = {home.external};
  facts.Add(std::move(open), when, key);
}

OwnerRef ExportContext::OwnerOf(ExportRow& row, FactList& facts) {
  const std::string_view name = row.Text(Column::kOwnerName);
  if (const SalesforceId id = row.IdOf(Column::kOwnerId)) return OwnerById(id, name, facts);
  if (name.empty()) return {};
  if (const SalesforceId id = index_.UserNamed(name)) return OwnerById(id, name, facts);
  ExternalId external{kOwnerNameSystem, std::string(name)};
  const std::string key = absl::StrCat("owner.define/", external.system, ":", external.key);
  if (FirstTime(key) && !records_.Owner(external)) {
    OwnerDefine define;
    define.name = external.key;
    define.external_ids = {external};
    facts.Add(std::move(define), {}, key);
  }
  return external;
}

OwnerRef ExportContext::OwnerById(SalesforceId id, std::string_view name, FactList& facts) {
  const ExternalId external = ExternalOf(id);
  const std::string key = absl::StrCat("owner.define/", external.key);
  if (index_.HasUser(id) || !FirstTime(key) || records_.Owner(external)) return external;
  OwnerDefine define;
  define.name = name.empty() ? external.key : std::string(name);
  if (id.prefix() == kQueuePrefix) {
    define.kind = OwnerKind::kTeam;
    define.side = Side::kMarketing;
  } else if (name.empty()) {
    facts.Warn("owner_not_in_export",
               absl::StrCat(external.key, " is a rep of sales who is called by this id"));
  }
  define.external_ids = {external};
  facts.Add(std::move(define), {}, key);
  return external;
}

OwnerRef ExportContext::OpeningOwner(SalesforceId record, ExportRow& row, FactList& facts) {
  const auto owners = index_.history().Of(record, Change::Kind::kOwner);
  OwnerRef current = OwnerOf(row, facts);
  if (owners.empty()) return current;
  const auto first = SalesforceId::Parse(index_.Text(owners.front().from));
  return first.ok() ? OwnerById(*first, "", facts) : current;
}

void ExportContext::EnsureCampaign(SalesforceId id, FactList& facts) {
  const std::string key = absl::StrCat("campaign.define/", id.Long());
  if (index_.CampaignType(id) != nullptr || !FirstTime(key)) return;
  if (records_.Campaign(ExternalOf(id))) return;
  facts.Warn("campaign_not_in_export",
             absl::StrCat(id.Long(), " is a campaign without a channel that is called by this id"));
  CampaignDefine define;
  define.name = id.Long();
  define.external_ids = {ExternalOf(id)};
  facts.Add(std::move(define), {}, key);
}

void ExportContext::AddAttribute(EntityKind entity, const char* name, std::string_view value,
                                 std::vector<Attribute>& attributes) const {
  if (policy_->FindAttribute(entity, name) == nullptr) return;
  attributes.push_back({name, std::string(value)});
}

std::string KeyOfText(std::string_view text) {
  std::string key;
  for (const char c : text) {
    // Other alphabets stay as they are.
    if (absl::ascii_isalnum(c) || static_cast<unsigned char>(c) >= 0x80) {
      key += absl::ascii_tolower(c);
    } else if (!key.empty() && key.back() != '_') {
      key += '_';
    }
  }
  while (key.ends_with('_')) key.pop_back();
  return key;
}

std::vector<Attribute> ChangedAttributes(const std::vector<Attribute>& wanted,
                                         const std::vector<Attribute>& present) {
  std::vector<Attribute> changed;
  for (const Attribute& attribute : wanted) {
    const auto found = std::find_if(present.begin(), present.end(), [&](const Attribute& other) {
      return other.name == attribute.name;
    });
    const std::string_view before = found == present.end() ? std::string_view() : found->value;
    if (before != attribute.value) changed.push_back(attribute);
  }
  return changed;
}

std::optional<Moment> LastChange(ExportRow& row, std::string_view what, FactList& facts) {
  std::optional<Moment> at = row.TimeOf(Column::kLastModifiedDate);
  if (!at) at = row.TimeOf(Column::kSystemModstamp);
  if (!at) {
    row.Fail(Column::kLastModifiedDate,
             absl::InvalidArgumentError(
                 absl::StrCat(std::string(what),
                              " has changed, but the export does not say when: it has neither "
                              "a history of it nor LastModifiedDate")));
    return at;
  }
  facts.Warn("date_of_last_change",
             absl::StrCat(std::string(what),
                          " has changed; without a history it is dated by LastModifiedDate"));
  return at;
}

When MergedWhen(ExportRow& row) {
  // The row was not edited when it was merged, but marked.
  std::optional<Moment> at = row.TimeOf(Column::kSystemModstamp);
  if (!at) at = row.TimeOf(Column::kLastModifiedDate);
  return EnteredAt(at);
}

OwnerRef NewOwner(SalesforceId record, OwnerId known, ExportRow& row, ExportContext& context,
                  FactList& facts) {
  OwnerRef owner = context.OwnerOf(row, facts);
  if (!owner) return {};
  const auto there = context.records().Owner(owner);
  if (there && there->owner == known) return {};
  const auto owners = context.index().history().Of(record, Change::Kind::kOwner);
  if (!owners.empty()) {
    const auto last = SalesforceId::Parse(context.index().Text(owners.back().to));
    if (last.ok() && *last == row.IdOf(Column::kOwnerId)) return {};
  }
  return owner;
}

}  // namespace throughline::salesforce
