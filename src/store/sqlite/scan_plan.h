#ifndef THROUGHLINE_STORE_SQLITE_SCAN_PLAN_H_
#define THROUGHLINE_STORE_SQLITE_SCAN_PLAN_H_

#include <vector>

#include "store/sqlite/layout.h"
#include "throughline/store.h"

namespace throughline {

// A range of one index and the values of its parameters, which point into the scan.
struct Range {
  RangeForm form;
  std::vector<const Value*> values;
};

// The ranges whose rows, one range after the other, are those of the scan. Without `after` that is
// one. Behind a position (a, b, c) the rest is, in order: (a, b, >c), (a, >b), (>a); each is a
// plain range, which SQLite finds at once also where nulls stand, which its row values do not
// compare.
std::vector<Range> PlanScan(const Layout& layout, const Scan& scan);

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_SCAN_PLAN_H_
