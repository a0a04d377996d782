#include "analytics/snapshot/fact_snapshot.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "analytics/snapshot/day_starts.h"
#include "analytics/snapshot/journal_facts.h"
#include "throughline/error.h"

namespace throughline {
namespace {

// The policy in force at the end of the history of account 0. DATA_LOSS if it cannot be read.
absl::StatusOr<std::shared_ptr<const Policy>> PolicyOf(const std::vector<RecordedEvent>& history) {
  const PolicySet* newest = nullptr;
  for (const RecordedEvent& recorded : history) {
    const auto* set = std::get_if<PolicySet>(&recorded.event.payload);
    if (set != nullptr && (newest == nullptr || set->version >= newest->version)) newest = set;
  }
  if (newest == nullptr) return Policy::Default();
  auto policy = Policy::Parse(newest->json);
  if (policy.ok()) return *std::move(policy);
  return absl::DataLossError(
      absl::StrCat("policy version ", newest->version, ": ", policy.status().message()));
}

// Gives stages the places of the policy's order; those that it does not know come behind them.
void PlaceStages(SnapshotFacts& facts) {
  HashMap<int64_t, uint32_t> places;
  const auto place_of = [&](int64_t id, auto&& make) {
    const auto [at, is_new] = places.try_emplace(id, static_cast<uint32_t>(places.size()));
    if (is_new) facts.stages.push_back(make());
    return at->second;
  };
  facts.stages.clear();
  facts.stage_places.clear();
  for (const Stage& stage : facts.policy().stages()) {
    place_of(stage.id, [&] { return ReportedStage{stage.key, stage.phase, stage.kind}; });
  }
  const StableVector<StageRef>& refs = facts.dictionaries->stages;
  for (size_t i = 0; i < refs.size(); ++i) {
    facts.stage_places.push_back(place_of(refs[i].id, [&] {
      return ReportedStage{absl::StrCat("#", refs[i].id), refs[i].phase, refs[i].kind};
    }));
  }
}

absl::Status SetReference(std::vector<RecordedEvent> history, SnapshotFacts& facts) {
  auto policy = PolicyOf(history);
  if (!policy.ok()) return policy.status();
  facts.reference =
      std::make_shared<const Reference>(Reference{std::move(history), *std::move(policy)});
  return absl::OkStatus();
}

// Adds what was collected, by the policy that there is now.
void AddBlock(Block block, SnapshotFacts& facts) {
  const Time latest = MoveToDayStarts(facts.policy(), block);
  facts.newest_occurred_at = std::max(facts.newest_occurred_at, latest);
  facts.layers.Add(std::move(block));
}

// The journal behind `after`, up to `last`.
absl::Status ReadCommits(ReadTransaction& transaction, int64_t after, int64_t last,
                         const std::function<absl::Status(const JournalEntry&)>& visit) {
  if (last <= after) return absl::OkStatus();
  absl::Status stopped;
  const absl::Status status = transaction.ReadJournal(after, [&](const JournalEntry& entry) {
    stopped = visit(entry);
    return stopped.ok() && entry.seq < last;
  });
  return stopped.ok() ? status : stopped;
}

absl::Status ReadAll(ReadTransaction& transaction, std::optional<int64_t> seq,
                     SnapshotFacts& facts) {
  absl::StatusOr<ReadTransaction::Tail> tail = transaction.JournalTail();
  if (!tail.ok()) return tail.status();
  if (absl::Status status = CheckSeq(seq, tail->seq); !status.ok()) return status;
  JournalFacts journal(*facts.dictionaries);
  absl::Status status =
      ReadCommits(transaction, 0, seq.value_or(tail->seq), [&](const JournalEntry& entry) {
        facts.seq = entry.seq;
        facts.recorded_at = Time{entry.recorded_at};
        return journal.Add(entry);
      });
  if (status.ok()) status = journal.Revise(transaction);
  if (!status.ok()) return status;
  facts.events = journal.extent().events;
  facts.newest_occurred_at = journal.extent().newest_occurred_at;
  status = SetReference(std::move(journal.extent().reference), facts);
  if (status.ok()) AddBlock(std::move(journal).Finish(), facts);
  return status;
}

// What was committed behind the snapshot's seq.
struct Changes {
  std::set<int64_t> accounts;
  int64_t seq = 0;
  Time recorded_at;
  int64_t events = 0;
};

// INVALID_ARGUMENT unless the store has the snapshot's last commit.
absl::Status CheckSameLedger(ReadTransaction& transaction, const SnapshotFacts& facts) {
  if (facts.seq == 0) return absl::OkStatus();
  bool same = false;
  absl::Status status =
      ReadCommits(transaction, facts.seq - 1, facts.seq, [&](const JournalEntry& entry) {
        same = entry.seq == facts.seq && Time{entry.recorded_at} == facts.recorded_at;
        return absl::OkStatus();
      });
  if (!status.ok() || same) return status;
  return InvalidField("store", absl::StrCat("its commit ", facts.seq,
                                            " is not the snapshot's: it is another ledger"));
}

absl::StatusOr<Changes> ReadChanges(ReadTransaction& transaction, int64_t after, int64_t last) {
  Changes changes;
  absl::Status status = ReadCommits(transaction, after, last, [&](const JournalEntry& entry) {
    changes.accounts.insert(entry.account);
    changes.seq = entry.seq;
    changes.recorded_at = Time{entry.recorded_at};
    return VisitEventViews(entry.events, [&](const EventView&) { ++changes.events; });
  });
  if (!status.ok()) return status;
  return changes;
}

absl::Status ReadStreams(ReadTransaction& transaction, const std::set<int64_t>& accounts,
                         JournalFacts& journal) {
  for (const int64_t account : accounts) {
    absl::Status damage;
    absl::Status status =
        transaction.ReadStream(account, 0, /*descending=*/false, [&](const JournalEntry& entry) {
          damage = journal.Add(entry);
          return damage.ok();
        });
    if (!damage.ok()) return damage;
    if (!status.ok()) return status;
  }
  return journal.Revise(transaction);
}

// Adds the groups of accounts, and of those that they were merged with since.
void AddGroups(const Layers& layers, int64_t account, std::set<int64_t>& accounts) {
  accounts.insert(account);
  for (const int64_t each : layers.GroupOf(account)) accounts.insert(each);
}

// Reads the groups that changed anew.
absl::Status ApplyChanges(ReadTransaction& transaction, const Changes& changes,
                          SnapshotFacts& facts) {
  std::set<int64_t> accounts;
  for (const int64_t account : changes.accounts) AddGroups(facts.layers, account, accounts);
  const std::lock_guard lock(facts.dictionaries->adding);
  std::optional<JournalFacts> journal;
  // Until it names no account that was not read: a merge may bring another group.
  for (size_t read = 0; read != accounts.size();) {
    read = accounts.size();
    journal.emplace(*facts.dictionaries);
    if (absl::Status status = ReadStreams(transaction, accounts, *journal); !status.ok()) {
      return status;
    }
    journal->collected().ForEachAccount(
        [&](int64_t account) { AddGroups(facts.layers, account, accounts); });
  }
  facts.seq = changes.seq;
  facts.recorded_at = changes.recorded_at;
  facts.events += changes.events;
  facts.newest_occurred_at =
      std::max(facts.newest_occurred_at, journal->extent().newest_occurred_at);
  if (accounts.contains(kNoAccount.value)) {
    absl::Status status = SetReference(std::move(journal->extent().reference), facts);
    if (!status.ok()) return status;
  }
  AddBlock(std::move(*journal).Finish(), facts);
  PlaceStages(facts);
  return absl::OkStatus();
}

template <class Items>
int64_t BytesOf(const Items& items) {
  return static_cast<int64_t>(items.size() * sizeof(items[0]));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Snapshot>> Snapshot::Take(Store& store,
                                                               std::optional<int64_t> seq) {
  SnapshotFacts facts;
  facts.dictionaries = std::make_shared<Dictionaries>();
  absl::StatusOr<std::unique_ptr<ReadTransaction>> transaction = store.BeginRead();
  if (!transaction.ok()) return transaction.status();
  if (absl::Status status = ReadAll(**transaction, seq, facts); !status.ok()) return status;
  transaction->reset();
  PlaceStages(facts);
  return std::make_shared<const FactSnapshot>(std::move(facts));
}

absl::StatusOr<std::shared_ptr<const Snapshot>> FactSnapshot::Refresh(Store& store) const {
  absl::StatusOr<std::unique_ptr<ReadTransaction>> transaction = store.BeginRead();
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<ReadTransaction::Tail> tail = (*transaction)->JournalTail();
  if (!tail.ok()) return tail.status();
  if (tail->seq < facts_.seq) {
    return InvalidField("store", absl::StrCat("its last commit is ", tail->seq,
                                              ", the snapshot's is ", facts_.seq));
  }
  if (absl::Status status = CheckSameLedger(**transaction, facts_); !status.ok()) return status;
  if (tail->seq == facts_.seq) return shared_from_this();
  absl::StatusOr<Changes> changes = ReadChanges(**transaction, facts_.seq, tail->seq);
  if (!changes.ok()) return changes.status();
  SnapshotFacts facts = facts_;
  if (absl::Status status = ApplyChanges(**transaction, *changes, facts); !status.ok()) {
    return status;
  }
  if (facts.policy().time_zone() != facts_.policy().time_zone()) {
    transaction->reset();
    return Take(store);  // days begin at other times in all that there is
  }
  return std::make_shared<const FactSnapshot>(std::move(facts));
}

SnapshotMemory FactSnapshot::memory() const {
  SnapshotMemory memory;
  for (size_t i = 0; i < facts_.layers.size(); ++i) {
    const Block& block = facts_.layers.block(i);
    memory.event_columns += BytesOf(block.facts) + BytesOf(block.touches) + BytesOf(block.amounts) +
                            BytesOf(block.endings);
    memory.entities += BytesOf(block.accounts) + BytesOf(block.records) + BytesOf(block.origins) +
                       BytesOf(block.merges) + BytesOf(block.persons);
    memory.indexes +=
        BytesOf(block.group_accounts) + BytesOf(block.standings) +
        static_cast<int64_t>(block.accounts.size() * sizeof(std::pair<int64_t, uint32_t>));
  }
  memory.dictionaries = static_cast<int64_t>(facts_.dictionaries->bytes());
  return memory;
}

}  // namespace throughline
