#ifndef THROUGHLINE_CAPI_COLUMN_TABLE_H_
#define THROUGHLINE_CAPI_COLUMN_TABLE_H_

#include <memory>
#include <string>

#include "throughline.h"
#include "throughline/columns.h"
#include "throughline/table.h"

namespace throughline::capi {

// Tables in memory as columns.
std::unique_ptr<tl_table> MakeTable(Table table);
std::unique_ptr<tl_table> MakeTable(std::string name, RecordColumns columns);

// The table with its rows, for writing it as text.
Table WithRows(const tl_table& table);

}  // namespace throughline::capi

struct tl_table {
  throughline::Table head;  // of a report, or made up for records; without its rows
  throughline::RecordColumns data;
};

#endif  // THROUGHLINE_CAPI_COLUMN_TABLE_H_
