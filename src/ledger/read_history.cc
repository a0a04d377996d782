#include "ledger/read_history.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/fold.h"
#include "ledger/journal_stream.h"
#include "ledger/page_cursor.h"
#include "ledger/read_records.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

absl::StatusOr<AsOfAnswer> AnswerTo(ReadTransaction& transaction, const AsOfRequest& as_of) {
  absl::StatusOr<ReadTransaction::Tail> tail = transaction.JournalTail();
  if (!tail.ok()) return tail.status();
  const Time last{tail->recorded_at};
  return AsOfAnswer{as_of.through.value_or(kMaxTime), std::min(as_of.known_at.value_or(last), last),
                    tail->seq};
}

// The account of a reference, with its history; NOT_FOUND if it has none.
struct History {
  AccountId account;
  std::vector<RecordedEvent> events;
};

absl::StatusOr<History> ReadHistoryOf(ReadTransaction& transaction, const AccountRef& ref) {
  absl::StatusOr<AccountId> account = ResolveRef(transaction, ref);
  if (!account.ok()) return account.status();
  absl::StatusOr<std::vector<RecordedEvent>> events = ReadHistory(transaction, *account);
  if (!events.ok()) return events.status();
  if (!events->empty()) return History{*account, *std::move(events)};
  return NotFoundField("account", absl::StrCat("no account ", account->value));
}

template <class Row>
std::vector<Row> ListOf(const RowSet<Row>& rows) {
  std::vector<Row> list;
  rows.ForEach([&](const Row& row) { list.push_back(row); });
  return list;
}

// Where an event stands in a timeline: by when it happened, then as it was recorded. What is known
// only by its day comes first on that day.
using Place = std::tuple<int64_t, int64_t, int64_t>;

Place PlaceOf(const EffectiveEvent& e) {
  const Event& event = e.event.event;
  return {event.occurred_at.micros, event.occurred_day ? 0 : 1, e.event.id.packed};
}

TimelineEntry EntryOf(EffectiveEvent&& e) {
  TimelineEntry entry;
  entry.id = e.event.id;
  entry.version = e.event.version;
  entry.recorded_at = e.event.recorded_at;
  entry.known_at = e.event.known_at();
  entry.actor = e.event.actor;
  entry.event = std::move(e.event.event);
  entry.voided = e.voided;
  entry.amended = e.amended;
  return entry;
}

CursorScope TimelineScope(AccountId account, const TimelineRequest& request) {
  const AsOfRequest& as_of = request.as_of;
  CursorScope scope("timeline");
  scope.Add(account.value).Add(int64_t{request.newest_first});
  scope.Add(int64_t{as_of.through.has_value()}).Add(as_of.through.value_or(Time{}).micros);
  scope.Add(int64_t{as_of.known_at.has_value()}).Add(as_of.known_at.value_or(Time{}).micros);
  return scope;
}

std::vector<EffectiveEvent> EventsInOrder(const History& history, const AsOfAnswer& as_of,
                                          bool newest_first) {
  std::vector<EffectiveEvent> events = ApplyRevisions(history.events, as_of.known_at);
  std::erase_if(events,
                [&](const EffectiveEvent& e) { return e.event.event.occurred_at > as_of.through; });
  std::sort(events.begin(), events.end(), [&](const EffectiveEvent& a, const EffectiveEvent& b) {
    return newest_first ? PlaceOf(b) < PlaceOf(a) : PlaceOf(a) < PlaceOf(b);
  });
  return events;
}

// Where a page begins in the sorted events.
absl::StatusOr<size_t> FirstOfPage(const std::vector<EffectiveEvent>& events,
                                   const CursorScope& scope, const TimelineRequest& request) {
  if (request.page.cursor.empty()) return 0;
  absl::StatusOr<std::vector<int64_t>> position = scope.Decode(request.page.cursor, 3);
  if (!position.ok()) return position.status();
  const Place after{(*position)[0], (*position)[1], (*position)[2]};
  const auto first = std::find_if(events.begin(), events.end(), [&](const EffectiveEvent& e) {
    return request.newest_first ? PlaceOf(e) < after : after < PlaceOf(e);
  });
  return static_cast<size_t>(std::distance(events.begin(), first));
}

}  // namespace

absl::StatusOr<AccountState> ReadState(ReadTransaction& transaction, const AccountRef& account,
                                       const AsOfRequest& as_of) {
  absl::StatusOr<AsOfAnswer> answer = AnswerTo(transaction, as_of);
  if (!answer.ok()) return answer.status();
  absl::StatusOr<History> history = ReadHistoryOf(transaction, account);
  if (!history.ok()) return history.status();
  const Rows rows = Fold(history->events, {answer->through, answer->known_at});
  const AccountRow* row = rows.accounts.Find(history->account);
  if (row == nullptr) {
    return NotFoundField("account",
                         absl::StrCat("account ", history->account.value, " was not known at ",
                                      FormatTime(answer->known_at)));
  }
  AccountState state;
  state.as_of = *answer;
  state.account = *row;
  rows.account_domains.ForEach(
      [&](const AccountDomainRow& domain) { state.domains.push_back(domain.domain); });
  state.contacts = ListOf(rows.contacts);
  state.leads = ListOf(rows.leads);
  state.opportunities = ListOf(rows.opportunities);
  state.opportunity_leads = ListOf(rows.opportunity_leads);
  state.opportunity_roles = ListOf(rows.opportunity_roles);
  return state;
}

absl::StatusOr<Page<TimelineEntry>> ReadTimeline(ReadTransaction& transaction,
                                                 const AccountRef& account,
                                                 const TimelineRequest& request) {
  if (absl::Status status = CheckPageSize(request.page); !status.ok()) return status;
  absl::StatusOr<AsOfAnswer> as_of = AnswerTo(transaction, request.as_of);
  if (!as_of.ok()) return as_of.status();
  absl::StatusOr<History> history = ReadHistoryOf(transaction, account);
  if (!history.ok()) return history.status();
  const CursorScope scope = TimelineScope(history->account, request);
  std::vector<EffectiveEvent> events = EventsInOrder(*history, *as_of, request.newest_first);
  absl::StatusOr<size_t> begin = FirstOfPage(events, scope, request);
  if (!begin.ok()) return begin.status();
  const size_t end = std::min(events.size(), *begin + request.page.size);
  Page<TimelineEntry> page;
  if (end < events.size()) {
    const auto [at, precision, id] = PlaceOf(events[end - 1]);
    page.next = scope.Encode(std::array{at, precision, id});
  }
  for (size_t i = *begin; i < end; ++i) page.items.push_back(EntryOf(std::move(events[i])));
  return page;
}

absl::StatusOr<std::vector<Commit>> ReadCommitsAfter(ReadTransaction& transaction, int64_t after,
                                                     size_t limit) {
  if (limit < 1 || limit > kMaxPageSize) {
    return InvalidField("limit", absl::StrCat(limit, " is not within 1..", kMaxPageSize));
  }
  std::vector<Commit> commits;
  absl::Status damage;
  const absl::Status status = transaction.ReadJournal(after, [&](const JournalEntry& entry) {
    absl::StatusOr<Commit> commit = CommitOf(entry);
    damage = commit.status();
    if (!damage.ok()) return false;
    commits.push_back(*std::move(commit));
    return commits.size() < limit;
  });
  if (!status.ok()) return status;
  if (!damage.ok()) return damage;
  return commits;
}

}  // namespace throughline
