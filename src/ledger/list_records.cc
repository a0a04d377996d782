#include "ledger/list_records.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/page_cursor.h"
#include "ledger/row_access.h"
#include "store/schema.h"
#include "throughline/error.h"

namespace throughline {
namespace {

template <class Row>
struct Listed;

template <>
struct Listed<LeadRow> : LeadIndex {
  static constexpr int kByDue = kByReturnOn;
  static constexpr char kName[] = "leads";
  static int64_t IdOf(const LeadRow& row) { return row.lead.value; }
  static const std::optional<Date>& DueOf(const LeadRow& row) { return row.return_on; }
};

template <>
struct Listed<OpportunityRow> : OpportunityIndex {
  static constexpr int kByDue = kByCloseDate;
  static constexpr char kName[] = "opportunities";
  static int64_t IdOf(const OpportunityRow& row) { return row.opportunity.value; }
  static const std::optional<Date>& DueOf(const OpportunityRow& row) { return row.close_date; }
};

// A filter with its stage looked up.
struct Conditions {
  const RecordFilter& filter;
  std::optional<int64_t> stage;

  bool by_due() const { return filter.due_from || filter.due_to; }

  template <class Row>
  bool Hold(const Row& row) const {
    if (stage && row.stage != *stage) return false;
    if (filter.phase != Phase::kNone && row.phase != filter.phase) return false;
    if (filter.owner && row.owner != filter.owner) return false;
    if (filter.account && row.account != filter.account) return false;
    if (filter.source && row.lineage.original.channel != *filter.source) return false;
    const std::optional<Date>& due = Listed<Row>::DueOf(row);
    if (filter.due_from && !(due && *due >= *filter.due_from)) return false;
    return !filter.due_to || (due && *due <= *filter.due_to);
  }
};

absl::StatusOr<Conditions> ConditionsOf(const RecordFilter& filter, const Policy& policy) {
  Conditions conditions{filter, std::nullopt};
  if (!filter.stage) return conditions;
  const Stage* stage = policy.FindStage(*filter.stage);
  if (stage == nullptr) {
    return InvalidField("filter.stage",
                        absl::StrCat("the policy has no stage '", *filter.stage, "'"));
  }
  conditions.stage = stage->id;
  return conditions;
}

void AddDate(const std::optional<Date>& date, CursorScope& scope) {
  scope.Add(int64_t{date.has_value()}).Add(date ? date->days : 0);
}

template <class Row>
CursorScope ScopeOf(const RecordFilter& filter) {
  CursorScope scope(Listed<Row>::kName);
  scope.Add(int64_t{filter.stage.has_value()}).Add(filter.stage.value_or(""));
  scope.Add(static_cast<int64_t>(filter.phase)).Add(filter.owner.value).Add(filter.account.value);
  scope.Add(int64_t{filter.source.has_value()}).Add(filter.source.value_or(""));
  AddDate(filter.due_from, scope);
  AddDate(filter.due_to, scope);
  return scope;
}

// The range of the index that leaves the least to look at, and where in it a page begins. Positions
// in cursors are of the order alone (id, or due date and id), not of the index.
template <class Row>
struct Range {
  Scan scan;
  std::array<Value, 2> values;  // what the scan's prefix points to, then its position
  std::array<Value, 2> after;

  void By(int index, Value value) {
    scan.index = index;
    values[0] = value;
    scan.prefix = std::span(values).first(1);
  }

  void Choose(const Conditions& conditions) {
    const RecordFilter& filter = conditions.filter;
    using Index = Listed<Row>;
    if (conditions.by_due()) {
      scan.index = Index::kByDue;
      if (filter.due_from) scan.lower = ValueOf(*filter.due_from);
      if (filter.due_to) scan.upper = ValueOf(*filter.due_to);
    } else if (filter.account) {
      By(Index::kByAccount, ValueOf(filter.account));
    } else if (filter.owner) {
      By(Index::kByOwner, ValueOf(filter.owner));
    } else if (conditions.stage) {
      By(Index::kByStage, ValueOf(*conditions.stage));
    } else if (filter.source) {
      By(Index::kByOriginalChannel, ValueOf(*filter.source));
    } else if (filter.phase != Phase::kNone) {
      By(Index::kByPhase, ValueOf(filter.phase));
    }
  }

  void StartAfter(const std::vector<int64_t>& position) {
    if (scan.index == kPrimaryKey) {
      after[0] = position.back();
      scan.after = std::span(after).first(1);
      return;
    }
    after = {scan.prefix.empty() ? Value(position.front()) : scan.prefix.front(),
             Value(position.back())};
    scan.after = after;
  }
};

template <class Row>
std::vector<int64_t> PositionOf(const Row& row, bool by_due) {
  if (!by_due) return {Listed<Row>::IdOf(row)};
  return {Listed<Row>::DueOf(row)->days, Listed<Row>::IdOf(row)};
}

template <class Row>
absl::StatusOr<Page<Row>> List(ReadTransaction& transaction, const Policy& policy,
                               const RecordFilter& filter, const PageRequest& page) {
  if (absl::Status status = CheckPageSize(page); !status.ok()) return status;
  absl::StatusOr<Conditions> conditions = ConditionsOf(filter, policy);
  if (!conditions.ok()) return conditions.status();
  const CursorScope scope = ScopeOf<Row>(filter);
  Range<Row> range;
  range.Choose(*conditions);
  if (!page.cursor.empty()) {
    absl::StatusOr<std::vector<int64_t>> position =
        scope.Decode(page.cursor, conditions->by_due() ? 2 : 1);
    if (!position.ok()) return position.status();
    range.StartAfter(*position);
  }
  Page<Row> answer;
  bool more = false;
  const absl::Status status = ScanRowsOf<Row>(transaction, range.scan, [&](Row row) {
    if (!conditions->Hold(row)) return true;
    more = answer.items.size() == page.size;
    if (!more) answer.items.push_back(std::move(row));
    return !more;
  });
  if (!status.ok()) return status;
  if (more) answer.next = scope.Encode(PositionOf(answer.items.back(), conditions->by_due()));
  return answer;
}

}  // namespace

absl::StatusOr<Page<LeadRow>> ListLeadRows(ReadTransaction& transaction, const Policy& policy,
                                           const RecordFilter& filter, const PageRequest& page) {
  return List<LeadRow>(transaction, policy, filter, page);
}

absl::StatusOr<Page<OpportunityRow>> ListOpportunityRows(ReadTransaction& transaction,
                                                         const Policy& policy,
                                                         const RecordFilter& filter,
                                                         const PageRequest& page) {
  return List<OpportunityRow>(transaction, policy, filter, page);
}

}  // namespace throughline
