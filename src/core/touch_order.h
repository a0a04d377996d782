#ifndef THROUGHLINE_CORE_TOUCH_ORDER_H_
#define THROUGHLINE_CORE_TOUCH_ORDER_H_

#include <optional>
#include <span>
#include <vector>

#include "core/rows.h"

// Which touch a record comes from: the first or the last one of a time, responses before all
// others.

namespace throughline {

enum class Which { kFirst, kLast };

// Of those in (after, until]; null if there is none. Goes through all of them.
const TouchFact* Pick(std::span<const TouchFact> touches, Which which, std::optional<Time> after,
                      Time until);

// Touches put in order, for whoever asks often.
class TouchOrder {
 public:
  explicit TouchOrder(std::vector<TouchFact> touches);

 private:
  friend const TouchFact* Pick(const TouchOrder& order, Which which, std::optional<Time> after,
                               Time until);

  std::vector<TouchFact> responses_;
  std::vector<TouchFact> others_;
};

}  // namespace throughline

#endif  // THROUGHLINE_CORE_TOUCH_ORDER_H_
