#include "analytics/table_cells.h"
#include "model/json_writer.h"

namespace throughline {
namespace {

std::string_view TypeName(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kInteger:
      return "integer";
    case ColumnKind::kReal:
      return "real";
    case ColumnKind::kText:
      return "text";
    case ColumnKind::kTime:
      return "time";
    case ColumnKind::kDate:
      return "date";
    case ColumnKind::kBoolean:
      return "boolean";
  }
  return "";
}

struct JsonCellWriter {
  JsonWriter& json;
  void operator()(std::monostate) const { json.Null(); }
  void operator()(int64_t value) const { json.Integer(value); }
  void operator()(double value) const { json.Real(value); }
  void operator()(std::string_view value) const { json.Text(value); }
  void operator()(Time value) const { json.Text(FormatTime(value)); }
  void operator()(Date value) const { json.Text(FormatDate(value)); }
  void operator()(bool value) const { json.Boolean(value); }
};

void WriteText(std::string_view name, std::string_view text, JsonWriter& json) {
  json.Key(name);
  json.Text(text);
}

void WriteColumns(const std::vector<TableColumn>& columns, JsonWriter& json) {
  json.Key("columns");
  json.BeginList();
  for (const TableColumn& column : columns) {
    json.BeginObject();
    WriteText("name", column.name, json);
    WriteText("type", TypeName(column.kind), json);
    WriteText("unit", column.unit, json);
    WriteText("definition", column.definition, json);
    json.EndObject();
  }
  json.EndList();
}

void WriteRows(const Table& table, JsonWriter& json) {
  json.Key("rows");
  json.BeginList();
  for (size_t row = 0; row < table.rows(); ++row) {
    json.BeginObject();
    for (const TableColumn& column : table.columns) {
      json.Key(column.name);
      std::visit(JsonCellWriter{json}, TypedCellAt(column, row));
    }
    json.EndObject();
  }
  json.EndList();
}

void WriteParameters(const Table& table, JsonWriter& json) {
  json.Key("parameters");
  json.BeginObject();
  for (const auto& [name, value] : table.parameters) WriteText(name, value, json);
  json.EndObject();
}

}  // namespace

std::string ToJson(const Table& table, int indent) {
  JsonWriter json(indent);
  json.BeginObject();
  WriteText("report", table.report, json);
  WriteText("finding", table.finding, json);
  WriteColumns(table.columns, json);
  WriteRows(table, json);
  WriteParameters(table, json);
  if (table.as_of.through != Time{}) {
    WriteText("through", FormatTime(table.as_of.through), json);
    WriteText("known_at", FormatTime(table.as_of.known_at), json);
  }
  json.Key("seq");
  json.Integer(table.as_of.seq);
  json.EndObject();
  return std::move(json).Take();
}

}  // namespace throughline
