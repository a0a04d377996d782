#include "ledger/list_reviews.h"

#include <utility>
#include <vector>

#include "ledger/page_cursor.h"
#include "ledger/row_access.h"
#include "store/schema.h"

namespace throughline {
namespace {

absl::StatusOr<AccountId> RootOf(ReadTransaction& transaction, AccountId account) {
  for (;;) {
    AccountRow row;
    const absl::StatusOr<bool> found = GetRow(transaction, KeyValues(account), row);
    if (!found.ok()) return found.status();
    if (!*found || !row.merged_into) return account;
    account = row.merged_into;
  }
}

// Whether merges with others have made one company of the two, which answers the question.
absl::StatusOr<bool> IsAnswered(ReadTransaction& transaction, const ReviewRow& row) {
  if (row.state != ReviewState::kOpen) return false;
  const absl::StatusOr<AccountId> one = RootOf(transaction, row.account);
  if (!one.ok()) return one.status();
  const absl::StatusOr<AccountId> other = RootOf(transaction, row.other);
  if (!other.ok()) return other.status();
  return *one == *other;
}

absl::StatusOr<Page<ReviewRow>> ReadPage(ReadTransaction& transaction, ReviewState state,
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
  const absl::Status status = ScanRowsOf<ReviewRow>(transaction, scan, [&](const ReviewRow& row) {
    more = answer.items.size() == page.size;
    if (!more) answer.items.push_back(row);
    return !more;
  });
  if (!status.ok()) return status;
  if (!more) return answer;
  const ReviewRow& last = answer.items.back();
  answer.next = scope.Encode(std::vector<int64_t>{last.account.value, last.other.value});
  return answer;
}

}  // namespace

absl::StatusOr<Page<ReviewRow>> ListReviewRows(ReadTransaction& transaction, ReviewState state,
                                               const PageRequest& page) {
  PageRequest request = page;
  for (;;) {
    absl::StatusOr<Page<ReviewRow>> read = ReadPage(transaction, state, request);
    if (!read.ok()) return read;
    Page<ReviewRow> kept;
    for (const ReviewRow& row : read->items) {
      const absl::StatusOr<bool> answered = IsAnswered(transaction, row);
      if (!answered.ok()) return answered.status();
      if (!*answered) kept.items.push_back(row);
    }
    kept.next = read->next;
    if (!kept.items.empty() || kept.next.empty()) return kept;
    request.cursor = kept.next;
  }
}

}  // namespace throughline
