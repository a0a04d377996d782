#include "analytics/table_cells.h"
#include "nlohmann/json.hpp"

namespace throughline {
namespace {

using Json = nlohmann::ordered_json;

std::string_view TypeName(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kInteger:
      return "integer";
    case ColumnKind::kReal:
      return "real";
    case ColumnKind::kText:
      return "text";
  }
  return "";
}

struct CellToJson {
  Json operator()(std::monostate) const { return nullptr; }
  template <class Value>
  Json operator()(const Value& value) const {
    return value;
  }
};

Json ColumnsToJson(const std::vector<TableColumn>& columns) {
  Json out = Json::array();
  for (const TableColumn& column : columns) {
    out.push_back({{"name", column.name},
                   {"type", TypeName(column.kind)},
                   {"unit", column.unit},
                   {"definition", column.definition}});
  }
  return out;
}

Json RowsToJson(const Table& table) {
  Json out = Json::array();
  for (const std::vector<Cell>& row : table.rows) {
    Json object = Json::object();
    for (size_t i = 0; i < table.columns.size(); ++i) {
      object[table.columns[i].name] = std::visit(CellToJson(), CellAt(row, i));
    }
    out.push_back(std::move(object));
  }
  return out;
}

}  // namespace

std::string ToJson(const Table& table, int indent) {
  Json out;
  out["report"] = table.report;
  out["finding"] = table.finding;
  out["columns"] = ColumnsToJson(table.columns);
  out["rows"] = RowsToJson(table);
  out["parameters"] = Json::object();
  for (const auto& [name, value] : table.parameters) out["parameters"][name] = value;
  out["through"] = FormatTime(table.as_of.through);
  out["known_at"] = FormatTime(table.as_of.known_at);
  out["seq"] = table.as_of.seq;
  return out.dump(indent, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace throughline
