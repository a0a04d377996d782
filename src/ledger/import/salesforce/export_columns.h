#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_COLUMNS_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_COLUMNS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Which objects an import understands, and which of their columns, under the names that the API and
// reports give them. docs/salesforce.md has the same as tables.

namespace throughline::salesforce {

// In the order in which files are read.
enum class Object : uint8_t {
  kUser,
  kCampaign,
  kAccount,
  kContact,
  kLead,
  kOpportunity,
  kLeadHistory,
  kOpportunityHistory,
  kOpportunityFieldHistory,
  kOpportunityContactRole,
  kCampaignMember,
  kTask,
  kEvent,
};

enum class Column : uint8_t {
  kId,
  kIsDeleted,
  kMasterRecordId,
  kCreatedDate,
  kLastModifiedDate,
  kSystemModstamp,
  kName,
  kFirstName,
  kLastName,
  kOwnerId,
  kOwnerName,
  kCurrency,
  kWebsite,
  kIndustry,
  kCountry,
  kEmployees,
  kRevenue,
  kIsPersonAccount,
  kAccountId,
  kAccountName,
  kEmail,
  kPhone,
  kMobile,
  kTitle,
  kDepartment,
  kStatus,
  kLeadSource,
  kIsConverted,
  kConvertedDate,
  kConvertedAccountId,
  kConvertedContactId,
  kConvertedOpportunityId,
  kStageName,
  kAmount,
  kCloseDate,
  kIsWon,
  kIsClosed,
  kType,
  kLastStageChangeDate,
  kLeadId,
  kContactId,
  kOpportunityId,
  kCampaignId,
  kField,
  kOldValue,
  kNewValue,
  kRole,
  kIsPrimary,
  kParentId,
  kStartDate,
  kEndDate,
  kActualCost,
  kHasResponded,
  kFirstRespondedDate,
  kWhoId,
  kWhatId,
  kSubtype,
  kCallType,
  kActivityDate,
  kStartDateTime,
  kCompletedDateTime,
  kIsActive,
  kUserType,
  kCount,
};
inline constexpr size_t kColumns = static_cast<size_t>(Column::kCount);

enum class Shape : uint8_t { kText, kId, kTime, kMoney };

struct ColumnSpec {
  Column column;
  std::string_view api;     // its name in the API
  std::string_view labels;  // its other names, with '|' between them
  Shape shape = Shape::kText;
  bool required = false;
};

struct ObjectSpec {
  Object object;
  std::string_view name;  // in the API
  std::string_view plural;
  std::span<const ColumnSpec> columns;
};

std::span<const ObjectSpec> ObjectSpecs();
const ObjectSpec& SpecOf(Object object);

// A name as it is compared: letters and digits only, in lower case.
std::string PlainName(std::string_view name);

// The column that a header names; null if it is none of the object's.
const ColumnSpec* FindColumn(const ObjectSpec& spec, std::string_view header);

// The object whose file it is, by its name ("Account.csv", "accounts_2024.csv"), else by the names
// of its columns; null if neither tells.
const ObjectSpec* RecognizeByName(std::string_view file_name);
const ObjectSpec* RecognizeByHeader(const std::vector<std::string>& header);

}  // namespace throughline::salesforce

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_EXPORT_COLUMNS_H_
