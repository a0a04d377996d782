#include "ledger/import/fact_writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ledger/import/fact_record.h"
#include "ledger/refusal.h"
#include "throughline/error.h"

namespace throughline {
namespace {

// A transaction holds about as much as one sync is worth.
constexpr int64_t kEventsPerTransaction = 50'000;
constexpr int64_t kBytesPerTransaction = int64_t{32} << 20;
// Of one account, before its facts are spread over transactions.
constexpr int64_t kTransactionsPerAccount = 4;

constexpr std::string_view kWithoutDate = "no_date";

}  // namespace

absl::Status FactWriter::Write(const SortKey& key, std::string_view record) {
  if (last_ && last_->group != key.group) {
    if (absl::Status status = EndGroup(); !status.ok()) return status;
  }
  if (last_ && (last_->group != key.group || last_->time != key.time)) ForgetEqual();
  last_ = key;
  const Fact fact{key, record, 0};
  if (absl::Status status = Read(fact); !status.ok()) return status;
  if (context_.fact == 0) context_.fact = KeyOf(record);
  absl::Status status = Apply({key, record, context_.fact});
  return status.ok() ? ApplyWoken() : status;
}

// Clearing takes as long as the map once was large: after many equal times a new one is cheaper.
void FactWriter::ForgetEqual() {
  constexpr size_t kFew = 64;
  equal_.bucket_count() > kFew ? void(equal_ = {}) : equal_.clear();
}

absl::Status FactWriter::Finish() {
  if (absl::Status status = EndGroup(); !status.ok()) return status;
  return writer_.Commit();
}

absl::Status FactWriter::Read(const Fact& fact) {
  absl::Status status = ReadFact(fact.record, command_, context_);
  if (fact.fact != 0) context_.fact = fact.fact;
  return status;
}

uint64_t FactWriter::KeyOf(std::string_view record) {
  const uint64_t content = KeyOfContent(record, 0);
  if (IsDefinition(command_)) return content;
  const uint64_t before = equal_[content]++;
  return before == 0 ? content : KeyOfContent(record, before);
}

// The fact is in command_ and context_.
absl::Status FactWriter::Apply(const Fact& fact) {
  absl::StatusOr<Receipt> receipt = writer_.Apply(command_, context_);
  if (receipt.ok()) return Accept(fact, *receipt);
  if (!IsRefusal(receipt.status())) return receipt.status();
  return PutAside(fact, receipt.status());
}

absl::Status FactWriter::Accept(const Fact& fact, const Receipt& receipt) {
  ImportReport& report = log_.report();
  if (receipt.repeated) {
    ++report.known;
  } else {
    ++report.imported;
    const FactPosition position = FactPosition::Unpack(fact.key.line);
    if (receipt.breaches != 0) log_.Warn(position, command_, receipt.breaches);
    if (!context_.occurred_at && NeedsDate(command_)) log_.Warn(position, command_, kWithoutDate);
  }
  if (!waiting_.empty()) Wake(fact.fact);
  return CommitIfOver(kTransactionsPerAccount);
}

absl::Status FactWriter::PutAside(const Fact& fact, absl::Status why) {
  RecordKey missing = 0;
  if (absl::IsNotFound(why) && waiting_bytes_ < kWaitingBytesMax) {
    missing = KeyOfReference(command_, context_, DetailOf(why).field);
  }
  if (missing == 0) return Refuse(fact, why);
  waiting_bytes_ += fact.record.size() + sizeof(Waiting);
  waiting_[missing].push_back({fact.key, std::string(fact.record), fact.fact, std::move(why)});
  return absl::OkStatus();
}

absl::Status FactWriter::Refuse(const Fact& fact, const absl::Status& why) {
  // The ledger has written into the command.
  if (absl::Status status = ReadFact(fact.record, command_, context_); !status.ok()) return status;
  return log_.Refuse(FactPosition::Unpack(fact.key.line), command_, context_, why);
}

void FactWriter::Wake(uint64_t fact_key) {
  const auto wake = [this](RecordKey key) {
    const auto found = waiting_.find(key);
    if (found == waiting_.end()) return;
    std::vector<Waiting> woken = std::move(found->second);
    waiting_.erase(found);
    Wake(std::move(woken));
  };
  ForEachDefinedId(command_, [&](EntityKind kind, const ExternalId& external) {
    wake(KeyOfRecord(kind, external));
  });
  wake(KeyOfFact(fact_key));
}

void FactWriter::Wake(std::vector<Waiting> woken) {
  for (const Waiting& fact : woken) waiting_bytes_ -= fact.record.size() + sizeof(Waiting);
  std::reverse(woken.begin(), woken.end());
  woken_.insert(woken_.end(), std::make_move_iterator(woken.begin()),
                std::make_move_iterator(woken.end()));
}

absl::Status FactWriter::ApplyWoken() {
  while (!woken_.empty()) {
    const Waiting waiting = std::move(woken_.back());
    woken_.pop_back();
    const Fact fact{waiting.key, waiting.record, waiting.fact};
    if (absl::Status status = Read(fact); !status.ok()) return status;
    if (absl::Status status = Apply(fact); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status FactWriter::EndGroup() {
  if (absl::Status status = RefuseWaiting(); !status.ok()) return status;
  return CommitIfOver(1);
}

// In the order of the input.
absl::Status FactWriter::RefuseWaiting() {
  if (waiting_.empty()) return absl::OkStatus();
  std::vector<Waiting> rest;
  for (auto& [key, facts] : waiting_) {
    rest.insert(rest.end(), std::make_move_iterator(facts.begin()),
                std::make_move_iterator(facts.end()));
  }
  waiting_.clear();
  waiting_bytes_ = 0;
  std::sort(rest.begin(), rest.end(),
            [](const Waiting& a, const Waiting& b) { return a.key.line < b.key.line; });
  for (const Waiting& fact : rest) {
    absl::Status status = Refuse({fact.key, fact.record, fact.fact}, fact.why);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status FactWriter::CommitIfOver(int64_t transactions) {
  const BulkWriter::Progress& progress = writer_.progress();
  const bool over = progress.uncommitted_events >= transactions * kEventsPerTransaction ||
                    progress.uncommitted_bytes >= transactions * kBytesPerTransaction;
  return over ? writer_.Commit() : absl::OkStatus();
}

}  // namespace throughline
