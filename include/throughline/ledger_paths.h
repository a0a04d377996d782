#ifndef THROUGHLINE_LEDGER_PATHS_H_
#define THROUGHLINE_LEDGER_PATHS_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "throughline/attribution.h"
#include "throughline/ids.h"
#include "throughline/lifecycle.h"
#include "throughline/policy.h"
#include "throughline/report.h"

// The paths of a ledger's companies, for attribution (docs/attribution.md).

namespace throughline {

// What touches go by, and so the rows of a table. A channel, campaign or contact that a touch lacks
// is "(blank)".
enum class AttributionKey : uint8_t {
  kChannel = 1,
  kCampaign = 2,
  kSource = 3,   // channel and campaign: "webinar / Spring 2024"
  kContact = 4,  // the person: the id that merged contacts go by
  kSide = 5,     // marketing or sales
  kMonth = 6,    // in which the touch happened, in the policy's time zone: "2024-03"
  kTouch = 7,    // the touch itself, by its event's id
};
THROUGHLINE_ENUM_NAMES(AttributionKey, {AttributionKey::kChannel, "channel"},
                       {AttributionKey::kCampaign, "campaign"}, {AttributionKey::kSource, "source"},
                       {AttributionKey::kContact, "contact"}, {AttributionKey::kSide, "side"},
                       {AttributionKey::kMonth, "month"}, {AttributionKey::kTouch, "touch"});

// What is credited, and so which records have a path. Follow-on deals count: the filter
// opportunity_type=new_business leaves them out.
enum class AttributionCredit : uint8_t {
  kRevenue = 1,  // won opportunities, at their amounts
  // All opportunities, open ones too, at their amounts as of `through`. Touches after creation earn
  // as well, unless the anchor is kOpportunity.
  kPipeline = 2,
  kLeads = 3,   // leads, for being created
  kWins = 4,    // won opportunities, each the same
  kLosses = 5,  // lost opportunities, at their amounts
};
THROUGHLINE_ENUM_NAMES(AttributionCredit, {AttributionCredit::kRevenue, "revenue"},
                       {AttributionCredit::kPipeline, "pipeline"},
                       {AttributionCredit::kLeads, "leads"}, {AttributionCredit::kWins, "wins"},
                       {AttributionCredit::kLosses, "losses"});

// Whose touches may earn.
enum class TouchScope : uint8_t {
  kAccount = 1,  // those of the account, and of accounts merged with it
  // Of them, those of contacts with a role in the opportunity, or of its leads; none without
  // contact.
  kRoles = 2,
  kLeadContact = 3,  // of them, those of the contacts of its leads; none without contact
};
THROUGHLINE_ENUM_NAMES(TouchScope, {TouchScope::kAccount, "account"},
                       {TouchScope::kRoles, "contact_roles"},
                       {TouchScope::kLeadContact, "lead_contact"});

// From when on touches earn. A chain or an episode begins the policy's sourcing window before its
// first record was opened, as what opened it came before that.
enum class TouchWindow : uint8_t {
  kChain = 1,    // from the start of the chain of episodes
  kDays = 2,     // the last `window_days` before the anchor
  kEpisode = 3,  // this episode only: not before the record that it took up was closed
  kEver = 4,     // from the account's first touch ever
};
THROUGHLINE_ENUM_NAMES(TouchWindow, {TouchWindow::kChain, "chain"}, {TouchWindow::kDays, "days"},
                       {TouchWindow::kEpisode, "episode"}, {TouchWindow::kEver, "ever"});

// Of which side they are.
enum class TouchSide : uint8_t { kMarketing = 1, kSales = 2, kBoth = 3 };
THROUGHLINE_ENUM_NAMES(TouchSide, {TouchSide::kMarketing, "marketing"},
                       {TouchSide::kSales, "sales"}, {TouchSide::kBoth, "both"});

// Until when touches earn: one at that very instant does, later ones never do.
enum class AttributionAnchor : uint8_t {
  kClose = 1,        // of an open opportunity, until `through`
  kOpportunity = 2,  // opportunity creation
  kLead = 3,  // creation of the first of its leads; opportunity creation without one, or if later
};
THROUGHLINE_ENUM_NAMES(AttributionAnchor, {AttributionAnchor::kClose, "close"},
                       {AttributionAnchor::kOpportunity, "opportunity"},
                       {AttributionAnchor::kLead, "lead"});

// Which paths of a ledger are wanted.
struct PathRequest {
  // Times, filters and the currency as of reports. The period is of when what is credited
  // happened: opportunities closed, or were created (kPipeline), or leads were (kLeads). `group_by`
  // is empty, and so are days of reports.
  ReportRequest report;
  AttributionKey by = AttributionKey::kChannel;
  AttributionCredit credit = AttributionCredit::kRevenue;
  TouchScope scope = TouchScope::kAccount;
  TouchWindow window = TouchWindow::kChain;
  int64_t window_days = 90;  // of kDays, 1..36,500
  TouchSide side = TouchSide::kMarketing;
  AttributionAnchor anchor = AttributionAnchor::kClose;  // of kLeads always lead creation
  // A touch of the same contact, channel and campaign within so many minutes of one that counts
  // does not count, whatever window and scope say; 0: all do. At most 525,600. Touches without
  // contact, and those of a day only, are no repeats.
  int64_t collapse_minutes = 30;
  // A company whose last touch, of either side, is so many days back at `through`, and that has no
  // opportunity (kLeads: nor lead) and no open or parked lead, is a path to nothing, of the day on
  // which it aged out. The path has its touches of `side`, with kDays those of the `window_days`
  // before the last touch; scope, anchor and other windows mean nothing to it. Not with kLosses,
  // nor with filters. Absent: the policy's sourcing window; 0..36,500.
  std::optional<int64_t> aged_out_days;
  // The stages that `weights` of AttributionRequest may weigh, and the weights if it has none. Give
  // the same weights here as there. Absent: those of the policy. INVALID_ARGUMENT unless they add
  // up to 100.
  std::optional<MilestoneWeights> weights;
};

// The paths of a snapshot, or of a part of it: of each record that is credited, and of what came to
// nothing. Those that came to nothing are, of kRevenue and kWins, opportunities lost; of kLosses,
// opportunities won; and companies aged out. What is open is neither. Touches are ordered by when
// they happened (one that is known by its day alone comes before all others of the day), then as
// they were recorded. Keeps the snapshot.
//
// Errors as of RunReport; INVALID_ARGUMENT for an option that there is not, or out of its range.
// Thread-safe; cannot be stopped.
absl::StatusOr<std::shared_ptr<const AttributionPaths>> AssemblePaths(const Snapshot& snapshot,
                                                                      const PathRequest& request,
                                                                      const Shard& shard = {});

// How one opportunity's credit is shared: every touch of its path, with its position, milestones,
// weight and money. `paths` are those of a ledger, and the model weighs the touches of one path:
// not kMarkov, nor kShapleyRate; other models that go by the data do not fall back here. Paths of
// kPipeline have every opportunity, open ones too; those of kRevenue only won and lost ones, of
// which a lost one has weights but no value. INVALID_ARGUMENT if they are not such paths, or it is
// no such model; NOT_FOUND if the opportunity is in none of the paths; errors else as of
// AttributePaths. Thread-safe.
absl::StatusOr<Table> ExplainAttribution(const AttributionPaths& paths,
                                         const AttributionRequest& request,
                                         OpportunityId opportunity);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_PATHS_H_
