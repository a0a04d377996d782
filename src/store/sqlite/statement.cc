#include "store/sqlite/statement.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "throughline/store.h"

namespace throughline {

void Statement::BindBytes(int parameter, std::string_view bytes, ColumnType type) {
  // A null pointer would bind NULL.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  Note(type == ColumnType::kText
           ? sqlite3_bind_text64(statement_, parameter, data, bytes.size(), SQLITE_STATIC,
                                 SQLITE_UTF8)
           : sqlite3_bind_blob64(statement_, parameter, data, bytes.size(), SQLITE_STATIC));
}

void Statement::Bind(int parameter, const Value& value, ColumnType type) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    BindInteger(parameter, *number);
  } else if (const auto* bytes = std::get_if<std::string_view>(&value)) {
    BindBytes(parameter, *bytes, type);
  } else if (const auto* real = std::get_if<double>(&value)) {
    Note(sqlite3_bind_double(statement_, parameter, *real));
  } else {
    Note(sqlite3_bind_null(statement_, parameter));
  }
}

std::string_view Statement::Bytes(int column) {
  // As a blob also for text: sqlite3_column_text may copy to append a NUL.
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return {static_cast<const char*>(data), static_cast<size_t>(size)};
}

Value Statement::Column(int column, const ColumnSchema& schema) {
  if (schema.nullable && sqlite3_column_type(statement_, column) == SQLITE_NULL) return {};
  switch (schema.type) {
    case ColumnType::kInteger:
      return Integer(column);
    case ColumnType::kReal:
      return sqlite3_column_double(statement_, column);
    case ColumnType::kText:
    case ColumnType::kBlob:
      break;
  }
  return Bytes(column);
}

}  // namespace throughline
