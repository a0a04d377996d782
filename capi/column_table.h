#ifndef THROUGHLINE_CAPI_COLUMN_TABLE_H_
#define THROUGHLINE_CAPI_COLUMN_TABLE_H_

#include <memory>
#include <string>

#include "throughline.h"
#include "throughline/columns.h"
#include "throughline/table.h"

namespace throughline::capi {

// A table in memory as columns.
struct ColumnTable {
  Table head;  // of a report, or made up for records; without its rows
  RecordColumns data;
};

std::unique_ptr<tl_table> MakeTable(Table table);
std::unique_ptr<tl_table> MakeTable(std::string name, RecordColumns columns);

// The table with its rows, for writing it as text.
Table WithRows(const ColumnTable& table);

}  // namespace throughline::capi

struct tl_table {
  // Arrow arrays that were made of it keep it too.
  std::shared_ptr<const throughline::capi::ColumnTable> columns;
};

#endif  // THROUGHLINE_CAPI_COLUMN_TABLE_H_
