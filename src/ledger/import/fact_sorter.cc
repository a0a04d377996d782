#include "ledger/import/fact_sorter.h"

#include <cstring>
#include <utility>

namespace throughline {
namespace {

// What waits to be joined carries eight bytes before its record: a fact its order, a definition the
// group instead of one.
void AppendNumber(uint64_t number, std::string& out) {
  char bytes[sizeof(number)];
  std::memcpy(bytes, &number, sizeof(number));
  out.append(bytes, sizeof(number));
}

uint64_t TakeNumber(std::string_view& bytes) {
  uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof(number));
  bytes.remove_prefix(sizeof(number));
  return number;
}

// Shares of the memory: half to sort, a third to know whose records are whose (AccountGroups may
// take two thirds more for a moment, when little else is taken), the rest for what waits.
constexpr size_t SortShare(size_t memory) { return memory / 2; }
constexpr size_t MapShare(size_t memory) { return memory / 3; }
constexpr size_t LaterShare(size_t memory) { return memory / 12; }

}  // namespace

absl::StatusOr<std::unique_ptr<FactSorter>> FactSorter::Begin(Ledger& ledger, std::string directory,
                                                              size_t memory_bytes) {
  auto sorter = std::unique_ptr<FactSorter>(new FactSorter(std::move(directory), memory_bytes));
  absl::StatusOr<std::unique_ptr<AccountGroups>> groups = AccountGroups::Begin(
      ledger, MapShare(memory_bytes),
      [self = sorter.get()](RecordKey record, Group group) { return self->Define(record, group); });
  if (!groups.ok()) return groups.status();
  sorter->groups_ = *std::move(groups);
  return sorter;
}

FactSorter::FactSorter(std::string directory, size_t memory_bytes)
    : directory_(std::move(directory)),
      memory_bytes_(memory_bytes),
      sorted_(NewSort(SortShare(memory_bytes))) {}

std::unique_ptr<ExternalSort> FactSorter::NewSort(size_t memory_bytes) const {
  return std::make_unique<ExternalSort>(ExternalSortOptions{directory_, memory_bytes});
}

ExternalSort& FactSorter::Later() {
  if (later_ == nullptr) later_ = NewSort(LaterShare(memory_bytes_));
  return *later_;
}

absl::Status FactSorter::Add(const FactPosition& position, const Command& command,
                             Context& context) {
  buffer_.clear();
  AppendFact(command, context, buffer_);
  return Place({kStrayGroup, OrderOf(command, context), position.Pack()}, command, buffer_);
}

absl::Status FactSorter::Place(const SortKey& key, const Command& command,
                               std::string_view record) {
  absl::StatusOr<AccountGroups::Found> found = groups_->Find(command);
  if (!found.ok()) return found.status();
  if (found->missing != 0) return Ask(found->missing, key, record);
  if (absl::Status status = groups_->Learn(command, found->group); !status.ok()) return status;
  return sorted_->Add({found->group, key.time, key.line}, record);
}

absl::Status FactSorter::Ask(RecordKey missing, const SortKey& key, std::string_view record) {
  std::string question;
  AppendNumber(static_cast<uint64_t>(key.time), question);
  question += record;
  ++asked_;
  return Later().Add({missing, kQuestion, key.line}, question);
}

absl::Status FactSorter::Define(RecordKey record, Group group) {
  std::string definition;
  AppendNumber(group, definition);
  return Later().Add({record, kDefinition, 0}, definition);
}

absl::Status FactSorter::Finish() {
  if (absl::Status status = AnswerAll(); !status.ok()) return status;
  groups_->Release();
  return sorted_->Finish();
}

// A round answers the facts that name what is defined by then; they define more. A chain of names,
// such as touch, lead, contact, has few links, so there are few rounds.
absl::Status FactSorter::AnswerAll() {
  for (int64_t answered = 1; asked_ > 0;) {
    const std::unique_ptr<ExternalSort> questions = std::move(later_);
    if (absl::Status status = questions->Finish(); !status.ok()) return status;
    if (answered == 0) return GiveUp(*questions);
    absl::StatusOr<int64_t> round = AnswerRound(*questions);
    if (!round.ok()) return round.status();
    answered = *round;
  }
  later_.reset();
  return absl::OkStatus();
}

absl::StatusOr<int64_t> FactSorter::AnswerRound(ExternalSort& questions) {
  const int64_t before = std::exchange(asked_, 0);
  Command command;
  Context context;
  SortKey key, defined;
  Group group = kStrayGroup;
  std::string_view record;
  for (;;) {
    absl::StatusOr<bool> more = questions.Next(&key, &record);
    if (!more.ok()) return more.status();
    if (!*more) return before - asked_;
    const uint64_t number = TakeNumber(record);
    if (key.time == kDefinition) {
      if (key.group != defined.group) group = number;
      defined = key;
      continue;
    }
    const SortKey place{group, static_cast<int64_t>(number), key.line};
    absl::Status status = ReadFact(record, command, context);
    if (!status.ok()) return status;
    if (key.group == defined.group) {
      status = groups_->Learn(command, group);
      if (status.ok()) status = sorted_->Add(place, record);
    } else {
      status = Place(place, command, record);
    }
    if (!status.ok()) return status;
  }
}

// The ledger will say of each what it names in vain.
absl::Status FactSorter::GiveUp(ExternalSort& questions) {
  asked_ = 0;
  SortKey key;
  std::string_view record;
  for (;;) {
    absl::StatusOr<bool> more = questions.Next(&key, &record);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    const auto time = static_cast<int64_t>(TakeNumber(record));
    if (key.time == kDefinition) continue;
    absl::Status status = sorted_->Add({kStrayGroup, time, key.line}, record);
    if (!status.ok()) return status;
  }
}

absl::StatusOr<bool> FactSorter::Next(SortKey* key, std::string_view* record) {
  while (!reads_linked_) {
    absl::StatusOr<bool> more = sorted_->Next(key, record);
    if (!more.ok()) return more;
    if (*more && !groups_->IsLinked(key->group)) return more;
    if (*more) {
      if (linked_ == nullptr) linked_ = NewSort(MapShare(memory_bytes_));
      key->group = groups_->LeaderOf(key->group);
      if (absl::Status status = linked_->Add(*key, *record); !status.ok()) return status;
      continue;
    }
    reads_linked_ = true;
    sorted_.reset();
    if (linked_ == nullptr) break;
    if (absl::Status status = linked_->Finish(); !status.ok()) return status;
  }
  return linked_ == nullptr ? absl::StatusOr<bool>(false) : linked_->Next(key, record);
}

}  // namespace throughline
