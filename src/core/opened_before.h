#ifndef THROUGHLINE_CORE_OPENED_BEFORE_H_
#define THROUGHLINE_CORE_OPENED_BEFORE_H_

#include <array>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/command.h"

namespace throughline {

// What the commands of one call have opened: what those after them may mean by kOpenedBefore.
class OpenedBefore {
 public:
  // Fills in the ids of references that are kOpenedBefore. NOT_FOUND names the member if there is
  // no such record.
  absl::Status Resolve(Command& command) const;

  // What became of the next command of the call.
  void Add(const Command& command, const absl::StatusOr<Receipt>& outcome);

 private:
  static constexpr int64_t kRefused = -1;

  std::array<int64_t, 8> last_{};  // by kind: an id, kRefused, or 0
};

}  // namespace throughline

#endif  // THROUGHLINE_CORE_OPENED_BEFORE_H_
