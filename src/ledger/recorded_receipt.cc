#include "ledger/recorded_receipt.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>
#include <variant>

#include "ledger/journal_stream.h"
#include "ledger/opened_entity.h"
#include "model/codec.h"

namespace throughline {
namespace {

// What the journal has of the evidence that begins with `at`, which is moved behind what was opened
// for it: that is not what the command itself opened.
MatchEvidence EvidenceAt(std::span<const Event> events, size_t& at) {
  const auto& matched = std::get<Matched>(events[at].payload);
  size_t reviews = 0;
  const auto first = at + static_cast<size_t>(EventsBefore(matched, 0));
  while (first + reviews < events.size() &&
         std::holds_alternative<ReviewOpened>(events[first + reviews].payload)) {
    ++reviews;
  }
  at = first + reviews - 1;
  return {matched.rule,           matched.value,
          matched.candidates,     matched.account,
          matched.contact,        matched.opened_account,
          matched.opened_contact, EventsBefore(matched, reviews)};
}

Receipt ReceiptOf(const CommitHead& head, std::span<const Event> events) {
  Receipt receipt;
  receipt.seq = head.seq;
  receipt.account = head.account;
  receipt.version = head.version;
  receipt.recorded_at = head.recorded_at;
  receipt.events = std::ssize(events);
  for (size_t i = 0; i < events.size(); ++i) {
    const Event& event = events[i];
    receipt.breaches |= event.breaches;
    if (std::holds_alternative<Matched>(event.payload)) {
      MatchEvidence evidence = EvidenceAt(events, i);
      if (!receipt.match) receipt.match = std::move(evidence);
      continue;
    }
    if (receipt.entity != EntityKind::kNone) continue;
    const OpenedEntity opened = OpenedBy(event.payload);
    receipt.entity = opened.kind;
    receipt.id = opened.id;
  }
  receipt.repeated = true;
  return receipt;
}

// Where what a fact became begins: with whom its `match` found, if it had one.
size_t BeginOf(std::span<const Event> events, size_t fact) {
  for (size_t i = fact; i-- > 0 && events[i].fact == 0;) {
    if (!std::holds_alternative<Matched>(events[i].payload)) continue;
    size_t last = i;
    EvidenceAt(events, last);
    return last + 1 == fact ? i : fact;
  }
  return fact;
}

}  // namespace

absl::StatusOr<Commit> ReadCommit(ReadTransaction& store, int64_t seq) {
  absl::StatusOr<Commit> commit = absl::DataLossError("a commit that was answered for is missing");
  absl::StatusOr<bool> found = store.ReadEntry(seq, [&](const JournalEntry& entry) {
    commit = CommitOf(entry);
    return true;
  });
  if (!found.ok()) return found.status();
  return commit;
}

Receipt ReceiptOf(const Commit& commit) { return ReceiptOf(commit.head, commit.events); }

Receipt ReceiptOfFact(const Commit& commit, uint64_t fact) {
  const std::span<const Event> events = commit.events;
  const auto is_fact = [](const Event& event) { return event.fact != 0; };
  const auto own = std::ranges::find(events, fact, &Event::fact);
  if (own == events.end() || std::ranges::count_if(events, is_fact) == 1) return ReceiptOf(commit);
  const auto at = static_cast<size_t>(own - events.begin());
  const auto next = std::find_if(own + 1, events.end(), is_fact);
  const size_t end = next == events.end()
                         ? events.size()
                         : BeginOf(events, static_cast<size_t>(next - events.begin()));
  const size_t begin = BeginOf(events, at);
  return ReceiptOf(commit.head, events.subspan(begin, end - begin));
}

absl::StatusOr<Receipt> KnownFacts::Complete(const Receipt& known, uint64_t fact) {
  if (!last_ || last_->head.seq != known.seq) {
    absl::StatusOr<Commit> commit = ReadCommit(store_, known.seq);
    if (!commit.ok()) return commit.status();
    last_ = *std::move(commit);
  }
  return ReceiptOfFact(*last_, fact);
}

}  // namespace throughline
