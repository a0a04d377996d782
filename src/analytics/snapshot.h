#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_H_

#include <utility>

#include "analytics/projection.h"
#include "throughline/report.h"

namespace throughline {

class ProjectedSnapshot final : public Snapshot {
 public:
  explicit ProjectedSnapshot(Projection projection) : projection_(std::move(projection)) {}

  int64_t seq() const override { return projection_.seq; }
  Time recorded_at() const override { return projection_.recorded_at; }
  int64_t events() const override { return projection_.events; }
  const Policy& policy() const override { return *projection_.policy; }

  const Projection& projection() const { return projection_; }

 private:
  const Projection projection_;
};

inline const Projection& ProjectionOf(const Snapshot& snapshot) {
  return static_cast<const ProjectedSnapshot&>(snapshot).projection();  // the only kind there is
}

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_H_
