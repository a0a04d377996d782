#include <algorithm>
#include <array>
#include <memory>
#include <type_traits>
#include <utility>

#include "ledger/list_records.h"
#include "ledger/policy_cache.h"
#include "store/row_mapping.h"
#include "store/schema.h"
#include "throughline/columns.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

// --- The kinds of the columns of a row, in the order of the table. ---

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <class T>
constexpr ColumnKind KindOf() {
  if constexpr (kIsOptional<T>) {
    return KindOf<typename T::value_type>();
  } else if constexpr (std::is_same_v<T, Time>) {
    return ColumnKind::kTime;
  } else if constexpr (std::is_same_v<T, Date>) {
    return ColumnKind::kDate;
  } else if constexpr (std::is_same_v<T, bool>) {
    return ColumnKind::kBoolean;
  } else if constexpr (std::is_same_v<T, std::string> ||
                       std::is_same_v<T, std::vector<Attribute>>) {
    return ColumnKind::kText;
  } else {
    return ColumnKind::kInteger;
  }
}

template <class T>
ColumnKind* PutKinds(ColumnKind* out) {
  using Plain = std::conditional_t<std::is_same_v<T, std::optional<Money>>, Money, T>;
  if constexpr (HasFields<T>) {
    ForEachField<T>([&](const auto& field) {
      out = PutKinds<typename std::decay_t<decltype(field)>::MemberType>(out);
    });
    return out;
  } else if constexpr (std::is_same_v<Plain, Money>) {
    *out++ = ColumnKind::kInteger;
    *out++ = ColumnKind::kText;
    return out;
  } else {
    *out = KindOf<T>();
    return out + 1;
  }
}

template <class Row>
constexpr size_t kColumnCount = row_internal::ColumnCount<Row>();

template <class Row>
std::array<ColumnKind, kColumnCount<Row>> KindsOf() {
  std::array<ColumnKind, kColumnCount<Row>> kinds{};
  PutKinds<Row>(kinds.data());
  return kinds;
}

// --- Filling. ---

// Which columns of the rows are wanted, and the table into which they go.
struct Wanted {
  std::vector<size_t> positions;
  Table table;
};

template <class Row>
absl::StatusOr<Wanted> WantedOf(std::span<const std::string> names) {
  const std::vector<ColumnSchema>& schema =
      LedgerSchema().tables[static_cast<size_t>(kTableOf<Row>)].columns;
  const auto kinds = KindsOf<Row>();
  Wanted wanted;
  const auto want = [&](size_t position) {
    wanted.positions.push_back(position);
    TableColumn& column = wanted.table.columns.emplace_back();
    column.name = schema[position].name;
    column.kind = kinds[position];
  };
  for (size_t i = 0; names.empty() && i < schema.size(); ++i) want(i);
  for (size_t i = 0; i < names.size(); ++i) {
    const auto found = std::find_if(schema.begin(), schema.end(), [&](const ColumnSchema& column) {
      return column.name == names[i];
    });
    if (found == schema.end()) {
      return InvalidField("columns[" + std::to_string(i) + "]", "there is no such column");
    }
    want(static_cast<size_t>(found - schema.begin()));
  }
  return wanted;
}

void AddRow(std::span<const Value> values, Wanted& wanted) {
  for (size_t i = 0; i < wanted.positions.size(); ++i) {
    const Value& value = values[wanted.positions[i]];
    TableColumn& column = wanted.table.columns[i];
    if (const auto* integer = std::get_if<int64_t>(&value)) {
      column.AddInteger(*integer);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      column.AddText(*text);
    } else {
      column.AddEmpty();
    }
  }
}

bool AsksForAll(const RecordFilter& filter) {
  return !filter.stage && filter.phase == Phase::kNone && !filter.owner && !filter.account &&
         !filter.source && !filter.due_from && !filter.due_to;
}

template <class Row>
using ListFunction = absl::StatusOr<Page<Row>> (*)(ReadTransaction&, const Policy&,
                                                   const RecordFilter&, const PageRequest&);

// What a filter asks for comes as the pages of a list, all in one transaction.
template <class Row>
absl::Status AddFiltered(ReadTransaction& transaction, const Policy& policy,
                         const RecordFilter& filter, ListFunction<Row> list, Wanted& wanted) {
  PageRequest request{.size = kMaxPageSize, .cursor = {}};
  RowValues<Row> values;
  do {
    absl::StatusOr<Page<Row>> page = list(transaction, policy, filter, request);
    if (!page.ok()) return page.status();
    for (const Row& row : page->items) {
      ToValues(row, values);
      AddRow(values.columns, wanted);
    }
    request.cursor = std::move(page->next);
  } while (!request.cursor.empty());
  return absl::OkStatus();
}

template <class Row>
absl::StatusOr<Table> ReadColumns(Ledger& ledger, const RecordFilter& filter,
                                  std::span<const std::string> names, ListFunction<Row> list) {
  absl::StatusOr<Wanted> wanted = WantedOf<Row>(names);
  if (!wanted.ok()) return wanted.status();
  absl::StatusOr<PolicyInForce> now = ledger.CurrentPolicy();
  if (!now.ok()) return now.status();
  absl::StatusOr<std::unique_ptr<ReadTransaction>> transaction = ledger.store().BeginRead();
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<ReadTransaction::Tail> tail = (*transaction)->JournalTail();
  if (!tail.ok()) return tail.status();
  absl::Status status;
  if (AsksForAll(filter)) {
    Scan scan;
    scan.table = kTableOf<Row>;
    scan.wanted = 0;
    for (const size_t position : wanted->positions) scan.wanted |= uint64_t{1} << position;
    status = (*transaction)->ScanRows(scan, [&](std::span<const Value> values) {
      AddRow(values, *wanted);
      return true;
    });
  } else {
    status = AddFiltered<Row>(**transaction, *now->policy, filter, list, *wanted);
  }
  if (!status.ok()) return status;
  wanted->table.report = std::is_same_v<Row, LeadRow> ? "leads" : "opportunities";
  wanted->table.as_of.seq = tail->seq;
  return std::move(wanted->table);
}

}  // namespace

absl::StatusOr<Table> LeadColumns(Ledger& ledger, const RecordFilter& filter,
                                  std::span<const std::string> names) {
  return ReadColumns<LeadRow>(ledger, filter, names, ListLeadRows);
}

absl::StatusOr<Table> OpportunityColumns(Ledger& ledger, const RecordFilter& filter,
                                         std::span<const std::string> names) {
  return ReadColumns<OpportunityRow>(ledger, filter, names, ListOpportunityRows);
}

}  // namespace throughline
