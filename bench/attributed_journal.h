#ifndef THROUGHLINE_BENCH_ATTRIBUTED_JOURNAL_H_
#define THROUGHLINE_BENCH_ATTRIBUTED_JOURNAL_H_

#include <cstdint>
#include <memory>

#include "throughline/report.h"

namespace throughline {

// A snapshot of so many companies with a closed opportunity each, half of them won, and five
// marketing touches on average, of so many channels. Made once per size.
std::shared_ptr<const Snapshot> SnapshotOfPaths(size_t paths, uint32_t channels);

}  // namespace throughline

#endif  // THROUGHLINE_BENCH_ATTRIBUTED_JOURNAL_H_
