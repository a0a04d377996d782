#ifndef THROUGHLINE_ANALYTICS_TABLE_SOURCE_H_
#define THROUGHLINE_ANALYTICS_TABLE_SOURCE_H_

#include <string>

#include "throughline/table.h"

namespace throughline {

// What a table was made from, in a line: "funnel, source: original, through ..., commit 214".
std::string SourceOf(const Table& table);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_TABLE_SOURCE_H_
