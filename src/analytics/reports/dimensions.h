#ifndef THROUGHLINE_ANALYTICS_REPORTS_DIMENSIONS_H_
#define THROUGHLINE_ANALYTICS_REPORTS_DIMENSIONS_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "analytics/calendar.h"
#include "analytics/reports/tally.h"
#include "analytics/snapshot/fact_snapshot.h"
#include "analytics/snapshot/states_as_of.h"
#include "core/rows.h"
#include "throughline/report.h"

// By what reports filter and group.

namespace throughline {

inline constexpr char kBlank[] = "(blank)";  // the label of no value

enum class DimensionKind : uint8_t {
  kOwner,
  kTeam,
  kPartner,
  kSource,
  kChannel,
  kCampaign,
  kLeadType,
  kOpportunityType,
  kCurrency,
  kMonth,
  kQuarter,
  kSourced,
  kStage,
  kLeftStage,
  kReason,
  kOutcome,
  kAccount,
  kRecord,
  kContact,
  kAttribute,
};

struct Dimension {
  DimensionKind kind = DimensionKind::kOwner;
  std::string name;        // as it was asked for: "owner", "attribute:industry"
  std::string definition;  // in plain English
  uint32_t attribute = 0;  // number of the text
};

// A touch of an account, by its id.
struct TouchInGroup {
  const Touch& touch;
  int64_t account;

  Subject subject() const { return {EntityKind::kNone, touch.event.packed, account}; }
};

// Exclusive: the shares of the four add up to all.
enum class Sourced : uint8_t { kUnknown = 1, kMarketing = 2, kSales = 3, kPartner = 4 };
THROUGHLINE_ENUM_NAMES(Sourced, {Sourced::kUnknown, "unknown"}, {Sourced::kMarketing, "marketing"},
                       {Sourced::kSales, "sales"}, {Sourced::kPartner, "partner"});

// What became of a record: of a lead that was converted, what became of the opportunity.
enum class Outcome : uint8_t { kOpen = 1, kWon = 2, kLost = 3, kClosed = 4, kConverted = 5 };
THROUGHLINE_ENUM_NAMES(Outcome, {Outcome::kOpen, "open"}, {Outcome::kWon, "won"},
                       {Outcome::kLost, "lost"}, {Outcome::kClosed, "closed"},
                       {Outcome::kConverted, "converted"});

// Values of dimensions as numbers that are good for one snapshot, and their labels, which are good
// for all.
class Dimensions {
 public:
  // Costs and rates bear days of their own: those that were known then count; owners and campaigns
  // are called as the newest fact calls them. FAILED_PRECONDITION: the policy's time zone is not on
  // this machine. The facts outlive it.
  static absl::StatusOr<Dimensions> Of(const SnapshotFacts& facts, const AsOf& as_of,
                                       SourceChoice source);

  // INVALID_ARGUMENT for an unknown one; here and below without its field.
  absl::StatusOr<Dimension> Parse(std::string_view name) const;

  // 0 where a record has none.
  uint32_t ValueOf(const Dimension& dimension, const RecordInGroup& record) const;
  // Whether the record or its account had a value of this attribute by then.
  bool HasAttribute(uint32_t name, const RecordInGroup& record, Time by) const {
    return AttributeOf(name, record, {std::min(by, as_of_.through), as_of_.known_at}) != 0;
  }
  std::string LabelOf(const Dimension& dimension, uint32_t value) const;  // "(blank)" of 0

  // The number of what a filter says; of an owner or a campaign its name, id or external id.
  // INVALID_ARGUMENT if there is no such owner, campaign or value.
  absl::StatusOr<uint32_t> FindValue(const Dimension& dimension, const std::string& text) const;

  const Calendar& calendar() const { return calendar_; }
  const Rows& reference() const { return reference_; }  // as far as it was known
  const OwnerRow* FindOwner(uint32_t owner) const;
  std::string OwnerLabel(uint32_t owner) const;
  std::string CampaignLabel(uint32_t campaign) const;

  // Channel and campaign that the record goes by, by the choice of source.
  OriginTouch SourceOf(const RecordInGroup& record) const;

  // Whose doing it is that the record is there.
  Sourced SourcedOf(const RecordInGroup& record) const;

 private:
  Dimensions(const SnapshotFacts& facts, const AsOf& as_of, SourceChoice source, Calendar calendar);

  uint32_t OutcomeOf(const RecordInGroup& record) const;
  uint32_t NumberOf(DimensionKind kind, const std::string& text) const;  // 0: there is none
  uint32_t AttributeOf(uint32_t name, const RecordInGroup& record, const AsOf& as_of) const;
  uint32_t LeadTypeOf(const RecordInGroup& record) const;
  uint32_t CurrencyOf(const RecordState& state) const;

  const SnapshotFacts* facts_;
  AsOf as_of_;
  SourceChoice source_;
  Calendar calendar_;
  Rows reference_;
  Rows newest_;
  HashMap<std::string, int> owner_names_;  // how many have it
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_REPORTS_DIMENSIONS_H_
