#include "store/schema.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "store/row_mapping.h"

namespace throughline {
namespace {

constexpr int kSchemaVersion = 2;

struct IndexDeclaration {
  TableNumber table;
  int position;
  std::array<std::string_view, 2> columns;  // empty: none
};

constexpr IndexDeclaration kIndexes[] = {
    {kTableOf<AccountRow>, AccountIndex::kByNameKey, {"name_key"}},
    {kTableOf<AccountDomainRow>, AccountDomainIndex::kByDomain, {"domain"}},
    {kTableOf<AccountDomainRow>, AccountDomainIndex::kByRegistered, {"registered"}},
    {kTableOf<ExternalIdRow>, ExternalIdIndex::kById, {"entity", "id"}},
    {kTableOf<ContactRow>, ContactIndex::kByAccount, {"account"}},
    {kTableOf<LeadRow>, LeadIndex::kByAccount, {"account"}},
    {kTableOf<LeadRow>, LeadIndex::kByStage, {"stage"}},
    {kTableOf<LeadRow>, LeadIndex::kByPhase, {"phase"}},
    {kTableOf<LeadRow>, LeadIndex::kByOwner, {"owner"}},
    {kTableOf<LeadRow>, LeadIndex::kByOriginalChannel, {"original_channel"}},
    {kTableOf<LeadRow>, LeadIndex::kByReturnOn, {"return_on"}},
    {kTableOf<OpportunityRow>, OpportunityIndex::kByAccount, {"account"}},
    {kTableOf<OpportunityRow>, OpportunityIndex::kByStage, {"stage"}},
    {kTableOf<OpportunityRow>, OpportunityIndex::kByPhase, {"phase"}},
    {kTableOf<OpportunityRow>, OpportunityIndex::kByOwner, {"owner"}},
    {kTableOf<OpportunityRow>, OpportunityIndex::kByOriginalChannel, {"original_channel"}},
    {kTableOf<OpportunityRow>, OpportunityIndex::kByCloseDate, {"close_date"}},
    {kTableOf<OpportunityLeadRow>, OpportunityLeadIndex::kByLead, {"lead"}},
    {kTableOf<OpportunityRoleRow>, OpportunityRoleIndex::kByContact, {"contact"}},
    {kTableOf<ContactProfileRow>, ContactProfileIndex::kByEmailKey, {"email_key"}},
    {kTableOf<ContactExternalIdRow>, ContactExternalIdIndex::kByContact, {"contact"}},
    {kTableOf<ReviewRow>, ReviewIndex::kByState, {"state"}},
};

constexpr TableNumber kFirstPrimary =
    kTableOf<ContactProfileRow>;  // the tables before it are derived

template <class T>
constexpr ColumnType TypeOf(bool bytes) {
  if (bytes) return ColumnType::kBlob;
  constexpr bool kText = std::is_same_v<T, std::string> || std::is_same_v<T, Currency> ||
                         std::is_same_v<T, std::vector<Attribute>>;
  return kText ? ColumnType::kText : ColumnType::kInteger;
}

// Appends the columns of one member. `prefix` is that of the struct it stands in.
template <class T>
void AppendColumns(const std::string& prefix, std::string_view name, bool bytes, bool nullable,
                   std::vector<ColumnSchema>& columns) {
  const std::string full_name = prefix + std::string(name);
  if constexpr (HasFields<T>) {
    const std::string inner = name == "lineage" ? prefix : full_name + "_";
    ForEachField<T>([&]<class Field>(const Field& field) {
      AppendColumns<typename Field::MemberType>(inner, field.name, field.bytes, nullable, columns);
    });
  } else if constexpr (row_internal::kIsOptionalColumn<T>) {
    AppendColumns<typename T::value_type>(prefix, name, bytes, /*nullable=*/true, columns);
  } else if constexpr (std::is_same_v<T, Money>) {
    columns.push_back({full_name + "_minor", ColumnType::kInteger, nullable});
    columns.push_back({full_name + "_currency", ColumnType::kText, nullable});
  } else {
    columns.push_back({full_name, TypeOf<T>(bytes), nullable || row_internal::kIsId<T>});
  }
}

template <class Row>
std::vector<ColumnSchema> ColumnsOf() {
  std::vector<ColumnSchema> columns;
  ForEachField<Row>([&]<class Field>(const Field& field) {
    AppendColumns<typename Field::MemberType>("", field.name, field.bytes, false, columns);
  });
  for (size_t i = 0; i < Row::kKeyFields; ++i) columns[i].nullable = false;
  return columns;
}

int ColumnNamed(const TableSchema& table, std::string_view name) {
  const auto column = std::find_if(table.columns.begin(), table.columns.end(),
                                   [&](const ColumnSchema& c) { return c.name == name; });
  assert(column != table.columns.end());
  return static_cast<int>(column - table.columns.begin());
}

// "lead_by_stage": index names are unique in the whole schema, as SQL wants them.
IndexSchema MakeIndex(const TableSchema& table, const IndexDeclaration& declaration) {
  IndexSchema index;
  index.name = table.name + "_by";
  for (const std::string_view column : declaration.columns) {
    if (column.empty()) continue;
    index.name.append("_").append(column);
    index.columns.push_back(ColumnNamed(table, column));
  }
  return index;
}

template <class Row>
TableSchema MakeTable() {
  TableSchema table;
  table.name = Row::kTable;
  table.columns = ColumnsOf<Row>();
  table.key_columns = static_cast<int>(Row::kKeyFields);
  table.derived = kTableOf<Row> < kFirstPrimary;
  return table;
}

template <size_t... kIndex>
Schema MakeSchema(std::index_sequence<kIndex...>) {
  Schema schema;
  schema.version = kSchemaVersion;
  schema.tables = {MakeTable<std::tuple_element_t<kIndex, LedgerRows>>()...};
  for (const IndexDeclaration& declaration : kIndexes) {
    TableSchema& table = schema.tables[static_cast<size_t>(declaration.table)];
    assert(declaration.position == static_cast<int>(table.indexes.size()));
    table.indexes.push_back(MakeIndex(table, declaration));
  }
  return schema;
}

}  // namespace

const Schema& LedgerSchema() {
  static const Schema& schema = *new Schema(MakeSchema(std::make_index_sequence<kTableCount>()));
  return schema;
}

absl::Status DamagedRow(TableNumber table, size_t column) {
  const TableSchema& schema = LedgerSchema().tables[static_cast<size_t>(table)];
  const std::string name = column < schema.columns.size() ? schema.columns[column].name : "?";
  return absl::DataLossError("damaged row in table " + schema.name + ", column " + name);
}

}  // namespace throughline
