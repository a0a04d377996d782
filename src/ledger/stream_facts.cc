#include "ledger/stream_facts.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "model/codec.h"

namespace throughline {
namespace {

void AddOnce(AccountId account, std::vector<AccountId>& accounts) {
  if (std::find(accounts.begin(), accounts.end(), account) == accounts.end()) {
    accounts.push_back(account);
  }
}

}  // namespace

void StreamFacts::Add(AccountId stream, int64_t seq, const Event& event) {
  if (event.fact != 0) seqs.emplace(event.fact, seq);
  const auto* moved = std::get_if<ContactMoved>(&event.payload);
  if (moved != nullptr && moved->to == stream) AddOnce(moved->from, arrivals[moved->contact]);
}

int64_t StreamFacts::SeqOf(uint64_t fact) const {
  const auto at = seqs.find(fact);
  return at == seqs.end() ? 0 : at->second;
}

std::vector<AccountId> StreamFacts::HomesBefore(std::span<const ContactId> contacts) const {
  std::vector<AccountId> homes;
  if (arrivals.empty()) return homes;
  for (const ContactId contact : contacts) {
    const auto at = arrivals.find(contact);
    if (at == arrivals.end()) continue;
    for (const AccountId home : at->second) AddOnce(home, homes);
  }
  return homes;
}

absl::Status ReadStreamFacts(ReadTransaction& store, AccountId account, StreamFacts& facts) {
  absl::Status damage;
  absl::Status status =
      store.ReadStream(account.value, 0, /*descending=*/false, [&](const JournalEntry& entry) {
        damage = VisitEvents(entry.events, [&](const Event& event) {
          facts.Add(account, entry.seq, event);
          return true;
        });
        return damage.ok();
      });
  status.Update(damage);
  return status;
}

absl::StatusOr<const StreamFacts*> FactSearch::FactsOf(AccountId account) {
  if (const auto at = streams_.find(account); at != streams_.end()) return &at->second;
  StreamFacts facts;
  if (absl::Status status = ReadStreamFacts(store_, account, facts); !status.ok()) return status;
  return &(streams_[account] = std::move(facts));
}

absl::StatusOr<RecordedFact> FactSearch::Find(uint64_t fact, std::vector<AccountId> accounts,
                                              std::span<const ContactId> contacts) {
  for (size_t i = 0; i < accounts.size(); ++i) {
    absl::StatusOr<const StreamFacts*> facts = FactsOf(accounts[i]);
    if (!facts.ok()) return facts.status();
    if (const int64_t seq = (*facts)->SeqOf(fact); seq != 0) return RecordedFact{accounts[i], seq};
    for (const AccountId home : (*facts)->HomesBefore(contacts)) AddOnce(home, accounts);
  }
  return RecordedFact{};
}

}  // namespace throughline
