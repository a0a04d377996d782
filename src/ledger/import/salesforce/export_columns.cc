#include "ledger/import/salesforce/export_columns.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"

namespace throughline::salesforce {
namespace {

using C = Column;

// What nearly every object has.
constexpr ColumnSpec kIsDeleted = {C::kIsDeleted, "IsDeleted", "Deleted"};
constexpr ColumnSpec kCreated = {C::kCreatedDate, "CreatedDate", "Create Date", Shape::kTime};
constexpr ColumnSpec kModified = {C::kLastModifiedDate, "LastModifiedDate", "Last Modified",
                                  Shape::kTime};
constexpr ColumnSpec kModstamp = {C::kSystemModstamp, "SystemModstamp", "", Shape::kTime};
constexpr ColumnSpec kMaster = {C::kMasterRecordId, "MasterRecordId", "", Shape::kId};
constexpr ColumnSpec kFirstName = {C::kFirstName, "FirstName", ""};
constexpr ColumnSpec kLastName = {C::kLastName, "LastName", ""};
constexpr ColumnSpec kEmail = {C::kEmail, "Email", "Email Address"};
constexpr ColumnSpec kPhone = {C::kPhone, "Phone", "Business Phone"};
constexpr ColumnSpec kMobile = {C::kMobile, "MobilePhone", "Mobile"};
constexpr ColumnSpec kTitle = {C::kTitle, "Title", ""};
constexpr ColumnSpec kWebsite = {C::kWebsite, "Website", ""};
constexpr ColumnSpec kIndustry = {C::kIndustry, "Industry", ""};
constexpr ColumnSpec kEmployees = {C::kEmployees, "NumberOfEmployees",
                                   "Employees|No. of Employees"};
constexpr ColumnSpec kRevenue = {C::kRevenue, "AnnualRevenue", ""};

constexpr auto kUser = std::to_array<ColumnSpec>({
    {C::kId, "Id", "UserId", Shape::kId, true},
    {C::kName, "Name", "Full Name"},
    kFirstName,
    kLastName,
    {C::kIsActive, "IsActive", "Active"},
    {C::kUserType, "UserType", ""},
    {C::kDepartment, "Department", ""},
});

constexpr auto kCampaign = std::to_array<ColumnSpec>({
    {C::kId, "Id", "CampaignId", Shape::kId, true},
    kIsDeleted,
    {C::kName, "Name", "Campaign Name"},
    {C::kType, "Type", "Campaign Type"},
    {C::kParentId, "ParentId", "Parent Campaign ID", Shape::kId},
    {C::kStartDate, "StartDate", "", Shape::kTime},
    {C::kEndDate, "EndDate", "", Shape::kTime},
    {C::kActualCost, "ActualCost", "Actual Cost in Campaign", Shape::kMoney},
    {C::kCurrency, "CurrencyIsoCode", "Campaign Currency|Actual Cost Currency"},
});

constexpr auto kAccount = std::to_array<ColumnSpec>({
    {C::kId, "Id", "AccountId", Shape::kId, true},
    kIsDeleted,
    kMaster,
    {C::kName, "Name", "Account Name"},
    kWebsite,
    kIndustry,
    {C::kCountry, "BillingCountry", "Country"},
    kEmployees,
    kRevenue,
    {C::kIsPersonAccount, "IsPersonAccount", ""},
    kCreated,
    kModified,
    kModstamp,
});

constexpr auto kContact = std::to_array<ColumnSpec>({
    {C::kId, "Id", "ContactId", Shape::kId, true},
    kIsDeleted,
    kMaster,
    {C::kAccountId, "AccountId", "", Shape::kId},
    {C::kAccountName, "Account.Name", ""},
    {C::kName, "Name", "Full Name|Contact Name"},
    kFirstName,
    kLastName,
    kEmail,
    kPhone,
    kMobile,
    kTitle,
    {C::kDepartment, "Department", ""},
    kCreated,
    kModified,
    kModstamp,
});

constexpr auto kLead = std::to_array<ColumnSpec>({
    {C::kId, "Id", "LeadId", Shape::kId, true},
    kIsDeleted,
    kMaster,
    {C::kAccountName, "Company", "Company / Account"},
    {C::kName, "Name", "Full Name|Lead Name"},
    kFirstName,
    kLastName,
    kEmail,
    kPhone,
    kMobile,
    kTitle,
    kWebsite,
    kIndustry,
    {C::kCountry, "Country", ""},
    kEmployees,
    kRevenue,
    {C::kStatus, "Status", "Lead Status", Shape::kText, true},
    {C::kLeadSource, "LeadSource", ""},
    {C::kOwnerId, "OwnerId", "Lead Owner ID", Shape::kId},
    {C::kOwnerName, "Owner.Name", "Lead Owner"},
    {C::kIsConverted, "IsConverted", "Converted"},
    {C::kConvertedDate, "ConvertedDate", "", Shape::kTime},
    {C::kConvertedAccountId, "ConvertedAccountId", "", Shape::kId},
    {C::kConvertedContactId, "ConvertedContactId", "", Shape::kId},
    {C::kConvertedOpportunityId, "ConvertedOpportunityId", "", Shape::kId},
    {C::kCreatedDate, "CreatedDate", "Create Date", Shape::kTime, true},
    kModified,
    kModstamp,
});

constexpr auto kOpportunity = std::to_array<ColumnSpec>({
    {C::kId, "Id", "OpportunityId", Shape::kId, true},
    kIsDeleted,
    {C::kAccountId, "AccountId", "", Shape::kId},
    {C::kAccountName, "Account.Name", ""},
    {C::kName, "Name", "Opportunity Name"},
    {C::kStageName, "StageName", "Stage", Shape::kText, true},
    {C::kAmount, "Amount", "", Shape::kMoney},
    {C::kCurrency, "CurrencyIsoCode", "Amount Currency|Opportunity Currency"},
    {C::kCloseDate, "CloseDate", "", Shape::kTime},
    {C::kIsWon, "IsWon", "Won"},
    {C::kIsClosed, "IsClosed", "Closed"},
    {C::kType, "Type", "Opportunity Type"},
    {C::kLeadSource, "LeadSource", ""},
    {C::kOwnerId, "OwnerId", "Opportunity Owner ID", Shape::kId},
    {C::kOwnerName, "Owner.Name", "Opportunity Owner"},
    {C::kLastStageChangeDate, "LastStageChangeDate", "", Shape::kTime},
    {C::kCreatedDate, "CreatedDate", "Create Date", Shape::kTime, true},
    kModified,
    kModstamp,
});

constexpr auto kLeadHistory = std::to_array<ColumnSpec>({
    {C::kId, "Id", "", Shape::kId},
    {C::kLeadId, "LeadId", "", Shape::kId, true},
    kIsDeleted,
    {C::kField, "Field", "Field / Event|Changed Field", Shape::kText, true},
    {C::kOldValue, "OldValue", "", Shape::kText, true},
    {C::kNewValue, "NewValue", "", Shape::kText, true},
    {C::kCreatedDate, "CreatedDate", "Edit Date", Shape::kTime, true},
});

constexpr auto kOpportunityHistory = std::to_array<ColumnSpec>({
    {C::kId, "Id", "OpportunityHistoryId", Shape::kId},
    {C::kOpportunityId, "OpportunityId", "", Shape::kId, true},
    kIsDeleted,
    {C::kStageName, "StageName", "Stage|To Stage", Shape::kText, true},
    {C::kAmount, "Amount", "", Shape::kMoney},
    {C::kCurrency, "CurrencyIsoCode", "Amount Currency"},
    {C::kCloseDate, "CloseDate", "", Shape::kTime},
    {C::kCreatedDate, "CreatedDate", "Edit Date", Shape::kTime, true},
    kModstamp,
});

constexpr auto kOpportunityFieldHistory = std::to_array<ColumnSpec>({
    {C::kId, "Id", "", Shape::kId},
    {C::kOpportunityId, "OpportunityId", "", Shape::kId, true},
    kIsDeleted,
    {C::kField, "Field", "Field / Event|Changed Field", Shape::kText, true},
    {C::kOldValue, "OldValue", "", Shape::kText, true},
    {C::kNewValue, "NewValue", "", Shape::kText, true},
    {C::kCreatedDate, "CreatedDate", "Edit Date", Shape::kTime, true},
});

constexpr auto kRole = std::to_array<ColumnSpec>({
    {C::kId, "Id", "ContactRoleId|OpportunityContactRoleId", Shape::kId},
    kIsDeleted,
    {C::kOpportunityId, "OpportunityId", "", Shape::kId, true},
    {C::kContactId, "ContactId", "", Shape::kId, true},
    {C::kRole, "Role", "Contact Role"},
    {C::kIsPrimary, "IsPrimary", "Primary"},
    {C::kCreatedDate, "CreatedDate", "Create Date", Shape::kTime, true},
    kModified,
    kModstamp,
});

constexpr auto kMember = std::to_array<ColumnSpec>({
    {C::kId, "Id", "CampaignMemberId|MemberId", Shape::kId},
    kIsDeleted,
    {C::kCampaignId, "CampaignId", "", Shape::kId, true},
    {C::kLeadId, "LeadId", "", Shape::kId},
    {C::kContactId, "ContactId", "", Shape::kId},
    {C::kStatus, "Status", "Member Status"},
    {C::kHasResponded, "HasResponded", "Responded"},
    {C::kFirstRespondedDate, "FirstRespondedDate", "Member First Responded Date", Shape::kTime},
    {C::kCreatedDate, "CreatedDate", "Member First Associated Date", Shape::kTime, true},
    kModstamp,
});

constexpr auto kTask = std::to_array<ColumnSpec>({
    {C::kId, "Id", "ActivityId|TaskId", Shape::kId, true},
    kIsDeleted,
    {C::kWhoId, "WhoId", "Name ID", Shape::kId},
    {C::kWhatId, "WhatId", "Related To ID", Shape::kId},
    {C::kOwnerId, "OwnerId", "Assigned To ID", Shape::kId},
    {C::kOwnerName, "Owner.Name", "Assigned|Assigned To"},
    {C::kType, "Type", "Task Type"},
    {C::kSubtype, "TaskSubtype", ""},
    {C::kCallType, "CallType", ""},
    {C::kStatus, "Status", ""},
    {C::kIsClosed, "IsClosed", "Closed"},
    {C::kActivityDate, "ActivityDate", "Due Date|Date", Shape::kTime},
    {C::kCompletedDateTime, "CompletedDateTime", "Completed Date", Shape::kTime},
    {C::kCreatedDate, "CreatedDate", "Create Date", Shape::kTime},
    kModstamp,
});

constexpr auto kEvent = std::to_array<ColumnSpec>({
    {C::kId, "Id", "ActivityId|EventId", Shape::kId, true},
    kIsDeleted,
    {C::kWhoId, "WhoId", "Name ID", Shape::kId},
    {C::kWhatId, "WhatId", "Related To ID", Shape::kId},
    {C::kOwnerId, "OwnerId", "Assigned To ID", Shape::kId},
    {C::kOwnerName, "Owner.Name", "Assigned|Assigned To"},
    {C::kType, "Type", "Event Type"},
    {C::kSubtype, "EventSubtype", ""},
    {C::kStartDateTime, "StartDateTime", "Start|Start Date Time", Shape::kTime},
    {C::kActivityDate, "ActivityDate", "Due Date|Date", Shape::kTime},
    {C::kCreatedDate, "CreatedDate", "Create Date", Shape::kTime},
    kModstamp,
});

constexpr auto kObjects = std::to_array<ObjectSpec>({
    {Object::kUser, "User", "users", kUser},
    {Object::kCampaign, "Campaign", "campaigns", kCampaign},
    {Object::kAccount, "Account", "accounts", kAccount},
    {Object::kContact, "Contact", "contacts", kContact},
    {Object::kLead, "Lead", "leads", kLead},
    {Object::kOpportunity, "Opportunity", "opportunities", kOpportunity},
    {Object::kLeadHistory, "LeadHistory", "leadhistories", kLeadHistory},
    {Object::kOpportunityHistory, "OpportunityHistory", "opportunityhistories",
     kOpportunityHistory},
    {Object::kOpportunityFieldHistory, "OpportunityFieldHistory", "opportunityfieldhistories",
     kOpportunityFieldHistory},
    {Object::kOpportunityContactRole, "OpportunityContactRole", "opportunitycontactroles", kRole},
    {Object::kCampaignMember, "CampaignMember", "campaignmembers", kMember},
    {Object::kTask, "Task", "tasks", kTask},
    {Object::kEvent, "Event", "events", kEvent},
});

// Words that make another object of one: AccountHistory, TaskStatus, EventRelation.
constexpr auto kOtherObjects = std::to_array<std::string_view>(
    {"history", "feed", "share", "relation", "status", "role", "team", "tag", "contact", "member",
     "field", "split", "partner", "brand", "source", "stage"});

const ObjectSpec* FindByPlainName(std::string_view name) {
  for (const ObjectSpec& spec : kObjects) {
    if (PlainName(spec.name) == name || spec.plural == name) return &spec;
  }
  return nullptr;
}

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (absl::ascii_isalpha(c)) {
      words.back() += absl::ascii_tolower(c);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

size_t CountKnown(const ObjectSpec& spec, const std::vector<std::string>& header) {
  for (const ColumnSpec& column : spec.columns) {
    const bool there = std::any_of(header.begin(), header.end(), [&](const std::string& name) {
      return FindColumn(spec, name) == &column;
    });
    if (column.required && !there) return 0;
  }
  return static_cast<size_t>(
      std::count_if(header.begin(), header.end(),
                    [&](const std::string& name) { return FindColumn(spec, name) != nullptr; }));
}

}  // namespace

std::span<const ObjectSpec> ObjectSpecs() { return kObjects; }

const ObjectSpec& SpecOf(Object object) { return kObjects[static_cast<size_t>(object)]; }

std::string PlainName(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (absl::ascii_isalnum(c)) plain += absl::ascii_tolower(c);
  }
  return plain;
}

const ColumnSpec* FindColumn(const ObjectSpec& spec, std::string_view header) {
  const std::string plain = PlainName(header);
  if (plain.empty()) return nullptr;
  for (const ColumnSpec& column : spec.columns) {
    if (PlainName(column.api) == plain) return &column;
  }
  for (const ColumnSpec& column : spec.columns) {
    for (std::string_view rest = column.labels; !rest.empty();) {
      const size_t end = std::min(rest.find('|'), rest.size());
      if (PlainName(rest.substr(0, end)) == plain) return &column;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return nullptr;
}

const ObjectSpec* RecognizeByName(std::string_view file_name) {
  const std::vector<std::string> words = WordsOf(file_name.substr(0, file_name.rfind('.')));
  const ObjectSpec* found = nullptr;
  std::string joined;
  for (const std::string& word : words) {
    joined += word;
    const ObjectSpec* spec = FindByPlainName(joined);
    if (spec != nullptr) {
      found = spec;
    } else if (found != nullptr &&
               std::find(kOtherObjects.begin(), kOtherObjects.end(), word) != kOtherObjects.end()) {
      found = nullptr;
    }
  }
  return found;
}

const ObjectSpec* RecognizeByHeader(const std::vector<std::string>& header) {
  const ObjectSpec* found = nullptr;
  size_t most = header.size() / 2;
  bool tie = false;
  for (const ObjectSpec& spec : kObjects) {
    const size_t known = CountKnown(spec, header);
    tie = known == most && found != nullptr ? true : known > most ? false : tie;
    if (known > most) {
      most = known;
      found = &spec;
    }
  }
  return tie ? nullptr : found;
}

}  // namespace throughline::salesforce
