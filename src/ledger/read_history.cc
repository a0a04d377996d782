#include "ledger/read_history.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/fold.h"
#include "core/shown_account.h"
#include "core/trace.h"
#include "ledger/account_group.h"
#include "ledger/journal_stream.h"
#include "ledger/page_cursor.h"
#include "ledger/read_records.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

absl::StatusOr<Time> RecordedAt(ReadTransaction& transaction, int64_t seq) {
  Time recorded_at;
  absl::StatusOr<bool> found = seq == 0
                                   ? absl::StatusOr<bool>(true)
                                   : transaction.ReadEntry(seq, [&](const JournalEntry& entry) {
                                       recorded_at = Time{entry.recorded_at};
                                       return false;
                                     });
  if (!found.ok()) return found.status();
  if (*found) return recorded_at;
  return absl::DataLossError(absl::StrCat("commit ", seq, " is missing"));
}

absl::StatusOr<AsOfAnswer> AnswerTo(ReadTransaction& transaction, const AsOfRequest& as_of) {
  absl::StatusOr<ReadTransaction::Tail> tail = transaction.JournalTail();
  if (!tail.ok()) return tail.status();
  if (absl::Status status = CheckSeq(as_of.seq, tail->seq); !status.ok()) return status;
  Time last{tail->recorded_at};
  const int64_t seq = as_of.seq.value_or(tail->seq);
  if (seq != tail->seq) {
    absl::StatusOr<Time> recorded_at = RecordedAt(transaction, seq);
    if (!recorded_at.ok()) return recorded_at.status();
    last = *recorded_at;
  }
  return AsOfAnswer{as_of.through.value_or(kMaxTime), std::min(as_of.known_at.value_or(last), last),
                    seq};
}

// The history of an account, and of those merged with it then, as known at a time and up to a
// commit; NOT_FOUND if it has none.
absl::StatusOr<std::vector<EffectiveEvent>> ReadGroup(ReadTransaction& transaction,
                                                      AccountId account, const AsOfAnswer& as_of) {
  absl::StatusOr<GroupHistory> history = ReadGroupHistory(transaction, account);
  if (!history.ok()) return history.status();
  std::erase_if(history->events,
                [&](const RecordedEvent& event) { return event.id.seq() > as_of.seq; });
  const auto is_its_own = [&](const RecordedEvent& event) { return event.stream == account; };
  if (std::ranges::none_of(history->events, is_its_own)) {
    return NotFoundField("account", absl::StrCat("no account ", account.value));
  }
  std::vector<EffectiveEvent> events = ApplyRevisions(history->events, as_of.known_at);
  const MergedGroups groups(events);
  std::erase_if(events, [&](const EffectiveEvent& e) {
    return groups.RootOf(e.event.stream) != groups.RootOf(account);
  });
  return events;
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

CursorScope TimelineScope(AccountId account, const TimelineRequest& request) {
  const AsOfRequest& as_of = request.as_of;
  CursorScope scope("timeline");
  scope.Add(account.value).Add(int64_t{request.newest_first});
  scope.Add(int64_t{as_of.through.has_value()}).Add(as_of.through.value_or(Time{}).micros);
  scope.Add(int64_t{as_of.known_at.has_value()}).Add(as_of.known_at.value_or(Time{}).micros);
  scope.Add(as_of.seq.value_or(-1));
  return scope;
}

// Behind which event a page begins, and which history the page before was made from: what is
// recorded in between may belong to a page that was given already.
struct Position {
  std::optional<Place> after;  // none: the first page
  std::optional<int64_t> seq;
};

std::string EncodePosition(const CursorScope& scope, const Place& after, int64_t seq) {
  const auto [at, precision, id] = after;
  return scope.Encode(std::array{at, precision, id, seq});
}

absl::StatusOr<Position> DecodePosition(const CursorScope& scope, const TimelineRequest& request) {
  if (request.page.cursor.empty()) return Position{std::nullopt, request.as_of.seq};
  absl::StatusOr<std::vector<int64_t>> numbers = scope.Decode(request.page.cursor, 4);
  if (!numbers.ok()) return numbers.status();
  return Position{Place{(*numbers)[0], (*numbers)[1], (*numbers)[2]}, (*numbers)[3]};
}

// What concerns two accounts stands in the streams of both: shown is the one of whom it is done to.
bool IsCounterpart(const RecordedEvent& event) {
  const EventPayload& payload = event.event.payload;
  if (const auto* merged = std::get_if<AccountMerged>(&payload)) {
    return event.stream == merged->account;
  }
  const auto* unmerged = std::get_if<AccountUnmerged>(&payload);
  return unmerged != nullptr && event.stream == unmerged->account;
}

// By when it happened. Of a merge that stands only one side's event is left.
std::vector<EffectiveEvent> InTimelineOrder(std::vector<EffectiveEvent> events, Time through,
                                            bool newest_first) {
  const MergedGroups groups(events);
  std::erase_if(events, [&](const EffectiveEvent& e) {
    if (e.event.event.occurred_at > through) return true;
    const auto* merged = std::get_if<AccountMerged>(&e.event.event.payload);
    return merged != nullptr && IsCounterpart(e.event) &&
           groups.RootOf(merged->merged) == groups.RootOf(merged->account);
  });
  std::sort(events.begin(), events.end(), [&](const EffectiveEvent& a, const EffectiveEvent& b) {
    return newest_first ? PlaceOf(b) < PlaceOf(a) : PlaceOf(a) < PlaceOf(b);
  });
  return events;
}

// Where a page begins in the sorted events.
size_t FirstOfPage(const std::vector<EffectiveEvent>& events, const Position& position,
                   bool newest_first) {
  if (!position.after) return 0;
  const auto first = std::find_if(events.begin(), events.end(), [&](const EffectiveEvent& e) {
    return newest_first ? PlaceOf(e) < *position.after : *position.after < PlaceOf(e);
  });
  return static_cast<size_t>(std::distance(events.begin(), first));
}

// The line of a record that is now in an account.
absl::StatusOr<Trace> ReadLine(ReadTransaction& transaction, AccountId account,
                               const TraceSubject& subject, const AsOfRequest& as_of,
                               const Policy& policy) {
  absl::StatusOr<AsOfAnswer> answer = AnswerTo(transaction, as_of);
  if (!answer.ok()) return answer.status();
  auto events = ReadGroup(transaction, account, *answer);
  if (!events.ok()) return events.status();
  const Rows rows = FoldGroup(*events, answer->through);
  const bool known = subject.lead ? rows.leads.Find(subject.lead) != nullptr
                                  : rows.opportunities.Find(subject.opportunity) != nullptr;
  if (!known) {
    const std::string by = as_of.through ? " by " + FormatTime(*as_of.through) : "";
    return NotFoundField(subject.lead ? "lead" : "opportunity",
                         absl::StrCat("had not opened", by, ", as far as was known at ",
                                      FormatTime(answer->known_at)));
  }
  std::vector<TimelineEntry> timeline;
  for (EffectiveEvent& e : InTimelineOrder(*std::move(events), answer->through, false)) {
    timeline.push_back(EntryOf(std::move(e)));
  }
  Trace trace = LineOf(subject, rows, std::move(timeline), policy);
  trace.as_of = *answer;
  return trace;
}

}  // namespace

TimelineEntry EntryOf(EffectiveEvent&& e) {
  TimelineEntry entry;
  entry.id = e.event.id;
  entry.version = e.event.version;
  entry.recorded_at = e.event.recorded_at;
  entry.known_at = e.event.known_at();
  entry.actor = e.event.actor;
  entry.stream = e.event.stream;
  entry.event = std::move(e.event.event);
  entry.voided = e.voided;
  entry.amended = e.amended;
  return entry;
}

absl::StatusOr<AccountState> ReadState(ReadTransaction& transaction, const AccountRef& ref,
                                       const AsOfRequest& as_of) {
  absl::StatusOr<AsOfAnswer> answer = AnswerTo(transaction, as_of);
  if (!answer.ok()) return answer.status();
  absl::StatusOr<AccountId> account = ResolveRef(transaction, ref);
  if (!account.ok()) return account.status();
  auto events = ReadGroup(transaction, *account, *answer);
  if (!events.ok()) return events.status();
  const Rows rows = FoldGroup(*events, answer->through);
  const AccountRow* row = rows.accounts.Find(*account);
  if (row == nullptr) {
    return NotFoundField("account", absl::StrCat("account ", account->value, " was not known at ",
                                                 FormatTime(answer->known_at)));
  }
  AccountState state;
  state.as_of = *answer;
  state.account = ShownAccount(rows, *account);
  rows.accounts.ForEach([&](const AccountRow& each) {
    if (each.account != state.account.account) state.aliases.push_back(each);
  });
  rows.account_domains.ForEach(
      [&](const AccountDomainRow& domain) { state.domains.push_back(domain.domain); });
  state.contacts = ListOf(rows.contacts);
  state.leads = ListOf(rows.leads);
  state.opportunities = ListOf(rows.opportunities);
  state.opportunity_leads = ListOf(rows.opportunity_leads);
  state.opportunity_roles = ListOf(rows.opportunity_roles);
  return state;
}

absl::StatusOr<TimelinePage> ReadTimeline(ReadTransaction& transaction, const AccountRef& ref,
                                          const TimelineRequest& request) {
  if (absl::Status status = CheckPageSize(request.page); !status.ok()) return status;
  absl::StatusOr<AccountId> account = ResolveRef(transaction, ref);
  if (!account.ok()) return account.status();
  const CursorScope scope = TimelineScope(*account, request);
  absl::StatusOr<Position> position = DecodePosition(scope, request);
  if (!position.ok()) return position.status();
  AsOfRequest wanted = request.as_of;
  wanted.seq = position->seq;
  absl::StatusOr<AsOfAnswer> as_of = AnswerTo(transaction, wanted);
  if (!as_of.ok()) return as_of.status();
  auto group = ReadGroup(transaction, *account, *as_of);
  if (!group.ok()) return group.status();
  std::vector<EffectiveEvent> events =
      InTimelineOrder(*std::move(group), as_of->through, request.newest_first);
  const size_t begin = FirstOfPage(events, *position, request.newest_first);
  const size_t end = std::min(events.size(), begin + request.page.size);
  TimelinePage page{.as_of = *as_of};
  if (end < events.size()) page.next = EncodePosition(scope, PlaceOf(events[end - 1]), as_of->seq);
  for (size_t i = begin; i < end; ++i) page.items.push_back(EntryOf(std::move(events[i])));
  return page;
}

absl::StatusOr<Trace> ReadTrace(ReadTransaction& transaction, const LeadRef& ref,
                                const AsOfRequest& as_of, const Policy& policy) {
  absl::StatusOr<LeadRow> now = ReadRecord<LeadRow>(transaction, ref);
  if (!now.ok()) return now.status();
  return ReadLine(transaction, now->account, {.lead = now->lead}, as_of, policy);
}

absl::StatusOr<Trace> ReadTrace(ReadTransaction& transaction, const OpportunityRef& ref,
                                const AsOfRequest& as_of, const Policy& policy) {
  absl::StatusOr<OpportunityRow> now = ReadRecord<OpportunityRow>(transaction, ref);
  if (!now.ok()) return now.status();
  return ReadLine(transaction, now->account, {.opportunity = now->opportunity}, as_of, policy);
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
