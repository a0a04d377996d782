#ifndef THROUGHLINE_ANALYTICS_HTML_SECTION_H_
#define THROUGHLINE_ANALYTICS_HTML_SECTION_H_

#include <string>

#include "throughline/table.h"

// A table as a section of a page: the finding, the charts, the numbers, what they mean.

namespace throughline {

// The charts of a table as figures to be drawn by the page's scripts; "" if it has none. `id` is
// that of its section.
std::string ChartFigures(const Table& table, const std::string& id);

// `open`: whether the numbers show without being asked for.
std::string TableSection(const Table& table, const std::string& id, bool open);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_HTML_SECTION_H_
