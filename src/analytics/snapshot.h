#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_H_

#include <utility>

#include "analytics/facts.h"
#include "throughline/report.h"

namespace throughline {

class FactSnapshot final : public Snapshot {
 public:
  explicit FactSnapshot(Facts facts) : facts_(std::move(facts)) {}

  int64_t seq() const override { return facts_.seq; }
  Time recorded_at() const override { return facts_.recorded_at; }
  int64_t events() const override { return facts_.events; }
  const Policy& policy() const override { return *facts_.policy; }

  const Facts& facts() const { return facts_; }

 private:
  const Facts facts_;
};

inline const Facts& FactsOf(const Snapshot& snapshot) {
  return static_cast<const FactSnapshot&>(snapshot).facts();  // the only kind there is
}

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_H_
