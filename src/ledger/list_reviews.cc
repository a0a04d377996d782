#include "ledger/list_reviews.h"

#include <utility>
#include <vector>

#include "ledger/page_cursor.h"
#include "ledger/row_access.h"
#include "store/schema.h"

namespace throughline {

absl::StatusOr<Page<ReviewRow>> ListReviewRows(ReadTransaction& transaction, ReviewState state,
                                               const PageRequest& page) {
  if (absl::Status status = CheckPageSize(page); !status.ok()) return status;
  CursorScope scope("reviews");
  scope.Add(static_cast<int64_t>(state));
  const auto prefix = KeyValues(state);
  std::vector<Value> after;
  Scan scan;
  if (state != ReviewState::kNone) {
    scan.index = ReviewIndex::kByState;
    scan.prefix = prefix;
  }
  if (!page.cursor.empty()) {
    absl::StatusOr<std::vector<int64_t>> position = scope.Decode(page.cursor, 2);
    if (!position.ok()) return position.status();
    if (state != ReviewState::kNone) after.push_back(prefix.front());
    after.insert(after.end(), position->begin(), position->end());
    scan.after = after;
  }
  Page<ReviewRow> answer;
  bool more = false;
  const absl::Status status = ScanRowsOf<ReviewRow>(transaction, scan, [&](ReviewRow row) {
    more = answer.items.size() == page.size;
    if (!more) answer.items.push_back(std::move(row));
    return !more;
  });
  if (!status.ok()) return status;
  if (!more) return answer;
  const ReviewRow& last = answer.items.back();
  answer.next = scope.Encode(std::vector<int64_t>{last.account.value, last.other.value});
  return answer;
}

}  // namespace throughline
