#include "analytics/projection_builder.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <variant>

#include "absl/strings/str_cat.h"
#include "model/codec.h"

namespace throughline {
namespace {

// The number of `key`, the next one if it is new.
template <class Map, class Key>
std::pair<uint32_t, bool> NumberOf(Map& numbers, const Key& key) {
  const auto [at, is_new] = numbers.try_emplace(key, static_cast<uint32_t>(numbers.size()));
  return {at->second, is_new};
}

absl::Status Damaged(int64_t seq, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat("commit ", seq, ": ", status.message()));
}

RecordedEvent RecordedOf(const JournalEntry& entry, EventId id, const Event& event) {
  return {id,
          AccountId{entry.account},
          entry.version,
          Time{entry.recorded_at},
          ActorOf(OwnerId{entry.actor}, event),
          event};
}

// The first `old_count` entries leave if their events were revised; those behind them, the versions
// of these events, take their places.
template <class Entry, class IsRevised>
void Replace(std::vector<Entry>& entries, size_t old_count, IsRevised&& is_revised) {
  const auto old_end = entries.begin() + static_cast<ptrdiff_t>(old_count);
  const auto kept_end = std::remove_if(entries.begin(), old_end, is_revised);
  const auto new_begin = entries.erase(kept_end, old_end);
  std::inplace_merge(entries.begin(), new_begin, entries.end(),
                     [](const Entry& a, const Entry& b) { return a.event < b.event; });
}

}  // namespace

// One overload for each event that says something reports count.
struct ProjectionBuilder::Extractor {
  ProjectionBuilder& builder;
  const Version& version;

  void operator()(const AccountOpened& e) {
    Time& known_at = builder.projection_.accounts[builder.AccountOf(e.account)].known_at;
    known_at = std::min(known_at, version.known_at);
  }

  void operator()(const TouchRecorded& e) {
    RecordChange change = MakeChange(ChangeKind::kTouched, builder.ChannelOf(e.channel));
    builder.touches_.push_back({change, version.id, builder.AccountOf(version.stream)});
  }

  void operator()(const LeadOpened& e) {
    const uint32_t record = Lead(e.lead);
    Add(record, MakeChange(ChangeKind::kOpened, builder.StageOf(e.stage)));
    AddSources(record, e.lineage, /*always=*/false);
  }
  void operator()(const LeadMoved& e) {
    Add(Lead(e.lead), MakeChange(ChangeKind::kMoved, builder.StageOf(e.to)));
  }
  void operator()(const LeadRelinked& e) { AddSources(Lead(e.lead), e.lineage, /*always=*/true); }

  void operator()(const OpportunityOpened& e) {
    const uint32_t record = Opportunity(e.opportunity);
    RecordChange opened = MakeChange(ChangeKind::kOpened, builder.StageOf(e.stage));
    opened.type = e.type;
    Add(record, opened);
    AddAmount(record, e.amount);
    AddSources(record, e.lineage, /*always=*/false);
  }
  void operator()(const OpportunityMoved& e) {
    Add(Opportunity(e.opportunity), MakeChange(ChangeKind::kMoved, builder.StageOf(e.to)));
  }
  void operator()(const OpportunityValued& e) { AddAmount(Opportunity(e.opportunity), e.amount); }
  void operator()(const OpportunityRelinked& e) {
    AddSources(Opportunity(e.opportunity), e.lineage, /*always=*/true);
  }

  void operator()(const PolicySet& e) {
    if (e.version < builder.policy_version_) return;
    builder.policy_version_ = e.version;
    builder.policy_json_ = e.json;
  }

  template <class Other>
  void operator()(const Other&) {}

 private:
  RecordChange MakeChange(ChangeKind kind, uint32_t value) const {
    RecordChange change;
    change.occurred_at = version.event.occurred_at;
    change.known_at = version.known_at;
    change.known_until = version.known_until;
    change.value = value;
    change.kind = kind;
    change.day = version.event.occurred_day;
    return change;
  }

  void Add(uint32_t record, const RecordChange& change) {
    builder.changes_.push_back({change, version.id, record});
  }

  void AddAmount(uint32_t record, const std::optional<Money>& amount) {
    if (!amount) return;
    const auto number = static_cast<uint32_t>(builder.projection_.amounts.size());
    builder.projection_.amounts.push_back(*amount);
    Add(record, MakeChange(ChangeKind::kValued, number));
  }

  // A record that has just opened has no source anyway.
  void AddSources(uint32_t record, const Lineage& lineage, bool always) {
    const uint32_t number = builder.LineageOf(lineage);
    if (number != 0 || always) Add(record, MakeChange(ChangeKind::kLinked, number));
  }

  uint32_t Lead(LeadId id) { return builder.RecordOf(EntityKind::kLead, id.value, version.stream); }
  uint32_t Opportunity(OpportunityId id) {
    return builder.RecordOf(EntityKind::kOpportunity, id.value, version.stream);
  }
};

absl::Status ProjectionBuilder::Read(ReadTransaction& transaction, std::optional<int64_t> seq) {
  ChannelOf("");
  LineageOf({});
  absl::StatusOr<ReadTransaction::Tail> tail = transaction.JournalTail();
  if (!tail.ok()) return tail.status();
  if (absl::Status status = CheckSeq(seq, tail->seq); !status.ok()) return status;
  const int64_t last = seq.value_or(tail->seq);
  if (last == 0) return absl::OkStatus();
  absl::Status damage;
  absl::Status status = transaction.ReadJournal(0, [&](const JournalEntry& entry) {
    damage = AddCommit(entry);
    return damage.ok() && entry.seq < last;
  });
  if (!damage.ok()) return damage;
  if (!status.ok()) return status;
  return ReviseChanges(transaction);
}

absl::Status ProjectionBuilder::AddCommit(const JournalEntry& entry) {
  int64_t ordinal = 0;
  const absl::Status status = VisitEvents(entry.events, [&](const Event& event) {
    AddEvent(entry, EventId::Of(entry.seq, ordinal++), event);
    return true;
  });
  projection_.seq = entry.seq;
  projection_.recorded_at = Time{entry.recorded_at};
  projection_.events += ordinal;
  return status.ok() ? status : Damaged(entry.seq, status);
}

void ProjectionBuilder::AddEvent(const JournalEntry& entry, EventId id, const Event& event) {
  const Time known_at = KnownAt(event, Time{entry.recorded_at});
  AddVersion({event, id, AccountId{entry.account}, known_at});
  if (RevisesHistory(event.payload)) revisions_.Add(RecordedOf(entry, id, event));
}

void ProjectionBuilder::AddVersion(const Version& version) {
  projection_.newest_occurred_at =
      std::max(projection_.newest_occurred_at, version.event.occurred_at);
  std::visit(Extractor{*this, version}, version.event.payload);
}

absl::Status ProjectionBuilder::ReviseChanges(ReadTransaction& transaction) {
  const RevisedEvents& revised = revisions_.revised();
  if (revised.empty()) return absl::OkStatus();
  const size_t changes = changes_.size(), touches = touches_.size();
  for (auto next = revised.begin(); next != revised.end();) {
    if (absl::Status status = ReviseCommit(transaction, next); !status.ok()) return status;
  }
  const auto is_revised = [&](const Entry& entry) { return revised.contains(entry.event); };
  Replace(changes_, changes, is_revised);
  Replace(touches_, touches, is_revised);
  return absl::OkStatus();
}

// Adds the versions of the events of one commit that were revised, `next` the first of them, and
// moves it behind the last. The commit is read again: its events were not kept.
absl::Status ProjectionBuilder::ReviseCommit(ReadTransaction& transaction,
                                             RevisedEvents::const_iterator& next) {
  const int64_t seq = next->first.seq();
  const auto last = revisions_.revised().lower_bound(EventId::Of(seq + 1, 0));
  absl::Status damage;
  const auto visit = [&](const JournalEntry& entry) {
    int64_t ordinal = 0;
    damage = VisitEvents(entry.events, [&](const Event& event) {
      const EventId id = EventId::Of(seq, ordinal++);
      if (next->first == id) AddVersionsOf(RecordedOf(entry, id, event), (next++)->second);
      return next != last;
    });
    return false;
  };
  const absl::StatusOr<bool> found = transaction.ReadEntry(seq, visit);
  next = last;
  if (!found.ok()) return found.status();
  return damage.ok() ? damage : Damaged(seq, damage);
}

void ProjectionBuilder::AddVersionsOf(RecordedEvent event,
                                      const std::vector<RecordedEvent>& revisions) {
  const AccountId stream = event.stream;
  std::vector<RecordedEvent> chain{std::move(event)};
  std::copy_if(revisions.begin(), revisions.end(), std::back_inserter(chain),
               [&](const RecordedEvent& revision) { return revision.stream == stream; });
  for (const EventVersion& v : VersionsOf(chain)) {
    AddVersion({v.event.event, v.event.id, stream, v.known_at, v.known_until});
  }
}

absl::StatusOr<Projection> ProjectionBuilder::Finish() && {
  if (absl::Status status = FindPolicy(); !status.ok()) return status;
  NumberStages();
  GroupByAccount();
  return std::move(projection_);
}

absl::Status ProjectionBuilder::FindPolicy() {
  projection_.policy = Policy::Default();
  if (policy_json_.empty()) return absl::OkStatus();
  auto policy = Policy::Parse(policy_json_);
  if (!policy.ok()) {
    return absl::DataLossError(
        absl::StrCat("policy version ", policy_version_, ": ", policy.status().message()));
  }
  projection_.policy = *std::move(policy);
  return absl::OkStatus();
}

// Gives stages the numbers of the policy's order; those that it does not know come behind them.
void ProjectionBuilder::NumberStages() {
  HashMap<int64_t, uint32_t> final_numbers;
  for (const Stage& stage : projection_.policy->stages()) {
    NumberOf(final_numbers, stage.id);
    projection_.stages.push_back({stage.key, stage.phase, stage.kind});
  }
  std::vector<uint32_t> renumbered;
  for (const StageRef& ref : stage_refs_) {
    const auto [number, is_new] = NumberOf(final_numbers, ref.id);
    if (is_new) projection_.stages.push_back({absl::StrCat("#", ref.id), ref.phase, ref.kind});
    renumbered.push_back(number);
  }
  for (Entry& entry : changes_) {
    if (entry.change.kind == ChangeKind::kOpened || entry.change.kind == ChangeKind::kMoved) {
      entry.change.value = renumbered[entry.change.value];
    }
  }
}

void ProjectionBuilder::GroupByAccount() {
  const size_t accounts = projection_.accounts.size(), records = projection_.records.size();
  std::vector<uint32_t> numbers(records);
  std::iota(numbers.begin(), numbers.end(), 0u);
  const Grouped<uint32_t> by_account(
      numbers, accounts, [&](uint32_t record) { return projection_.records[record].account; },
      [](uint32_t record) { return record; });
  std::vector<uint32_t> renumbered(records);
  std::vector<ProjectedRecord> ordered;
  ordered.reserve(records);
  for (const uint32_t record : by_account.items()) {
    renumbered[record] = static_cast<uint32_t>(ordered.size());
    ordered.push_back(projection_.records[record]);
  }
  projection_.records = std::move(ordered);
  const auto change_of = [](const Entry& entry) { return entry.change; };
  projection_.changes = Grouped<RecordChange>(
      changes_, records, [&](const Entry& entry) { return renumbered[entry.about]; }, change_of);
  projection_.touches = Grouped<RecordChange>(
      touches_, accounts, [](const Entry& entry) { return entry.about; }, change_of);
}

uint32_t ProjectionBuilder::AccountOf(AccountId id) {
  const auto [number, is_new] = NumberOf(accounts_, id.value);
  if (is_new) projection_.accounts.push_back({id, kForever});
  return number;
}

uint32_t ProjectionBuilder::RecordOf(EntityKind kind, int64_t id, AccountId stream) {
  auto& numbers = kind == EntityKind::kLead ? leads_ : opportunities_;
  const auto next = static_cast<uint32_t>(projection_.records.size());
  const auto [at, is_new] = numbers.try_emplace(id, next);
  if (is_new) projection_.records.push_back({kind, AccountOf(stream), id});
  return at->second;
}

uint32_t ProjectionBuilder::StageOf(const StageRef& stage) {
  const auto [number, is_new] = NumberOf(stages_, stage.id);
  if (is_new) stage_refs_.push_back(stage);
  return number;
}

uint32_t ProjectionBuilder::ChannelOf(const std::string& channel) {
  const auto [number, is_new] = NumberOf(channels_, channel);
  if (is_new) projection_.channels.push_back(channel);
  return number;
}

uint32_t ProjectionBuilder::LineageOf(const Lineage& lineage) {
  const SourcePair sources{ChannelOf(lineage.original.channel), ChannelOf(lineage.latest.channel)};
  const auto [number, is_new] = NumberOf(lineages_, std::pair(sources.original, sources.latest));
  if (is_new) projection_.lineages.push_back(sources);
  return number;
}

}  // namespace throughline
