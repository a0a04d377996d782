#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "ledger/bulk_writer.h"
#include "ratios.h"
#include "raw_sqlite.h"
#include "workload.h"

// Who is this? Lookups by email and by domain in a ledger of 1,000,000 contacts (or as many as
// THROUGHLINE_BENCH_CONTACTS says), warm, beside the same two rows read by hand.

namespace throughline {
namespace {

constexpr int64_t kContactsPerAccount = 10;
constexpr int64_t kAtOnce = 1000;  // identities of one call
constexpr int64_t kAsked = 100 * kAtOnce;

int64_t Contacts() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets variables
  const char* const wanted = std::getenv("THROUGHLINE_BENCH_CONTACTS");
  return wanted == nullptr ? 1'000'000 : std::atoll(wanted);
}

std::string DomainOf(int64_t account) { return "company" + std::to_string(account) + ".co.uk"; }

std::string EmailOf(int64_t contact) {
  return "person" + std::to_string(contact) + "@" + DomainOf(contact / kContactsPerAccount);
}

std::string MakeContacts() {
  std::string path = BenchFolder() + "/match.db";
  auto ledger = CreateLedger(path, {.synchronous = SqliteOptions::kNormal});
  auto bulk = Take(BulkWriter::Begin(*ledger));
  Context context;
  for (int64_t i = 0; i < Contacts(); ++i) {
    const int64_t account = i / kContactsPerAccount;
    const ExternalId id{"b", std::to_string(account)};
    if (i % kContactsPerAccount == 0) {
      Command open = AccountOpen{.name = "Company " + std::to_string(account) + " Ltd",
                                 .domains = {DomainOf(account)},
                                 .external_ids = {id}};
      Check(bulk->Apply(open, context).status());
    }
    Command add = ContactAdd{.account = id, .name = "Person", .email = EmailOf(i)};
    Check(bulk->Apply(add, context).status());
    if (i % 100'000 == 99'999) Check(bulk->Commit());
  }
  Check(bulk->Commit());
  return path;
}

const std::string& LedgerOfContacts() {
  static const std::string* const path = new std::string(MakeContacts());
  return *path;
}

// A prime stride visits the contacts in an order that no cache likes better than another.
int64_t Visited(int64_t step) { return step * 7919 % Contacts(); }

Identity ByEmail(int64_t step) { return {.email = EmailOf(Visited(step))}; }
Identity ByDomain(int64_t step) {
  return {.domain = "www." + DomainOf(Visited(step) / kContactsPerAccount)};
}

// What is asked for is there before the clock runs.
template <class Made>
std::vector<Made> AllAsked(Made (*make)(int64_t)) {
  std::vector<Made> asked;
  for (int64_t step = 0; step < kAsked; ++step) asked.push_back(make(step));
  return asked;
}

void LookUpOurs(benchmark::State& state, Identity (*make)(int64_t), int64_t at_once) {
  auto ledger = OpenLedger(LedgerOfContacts());
  const std::vector<Identity> asked = AllAsked(make);
  int64_t step = 0;
  std::vector<absl::StatusOr<MatchEvidence>> outcomes;
  for (auto _ : state) {
    const auto first = asked.begin() + step % kAsked;
    step += at_once;
    Check(ledger->MatchIdentities(std::span(first, first + at_once), outcomes));
    for (const auto& outcome : outcomes) {
      if (!Take(outcome).account) Die("somebody was not found");
    }
  }
  state.SetItemsProcessed(state.iterations() * at_once);
}

void LookUpRaw(benchmark::State& state, const char* sql, std::string (*key)(int64_t)) {
  sqlite3* db = nullptr;
  if (sqlite3_open(LedgerOfContacts().c_str(), &db) != SQLITE_OK) Die("cannot open");
  // As our readers do, and in one transaction.
  sqlite3_exec(db, "PRAGMA mmap_size=1073741824; BEGIN", nullptr, nullptr, nullptr);
  {
    RawStatement find(db, sql);
    const std::vector<std::string> asked = AllAsked(key);
    size_t step = 0;
    for (auto _ : state) {
      if (!find.Text(1, asked[step++ % asked.size()]).Step()) Die("somebody was not found");
      benchmark::DoNotOptimize(find.IntAt(0));
      find.Reset();
    }
  }
  sqlite3_close(db);
  state.SetItemsProcessed(state.iterations());
}

void BM_MatchEmailOurs(benchmark::State& state) { LookUpOurs(state, ByEmail, kAtOnce); }
BENCHMARK(BM_MatchEmailOurs)->Name("BM_MatchEmail/ours")->UseRealTime();

void BM_MatchEmailRaw(benchmark::State& state) {
  LookUpRaw(state,
            "SELECT c.account FROM contact_profile p JOIN contact c ON c.contact = p.contact"
            " WHERE p.email_key = ?1",
            [](int64_t step) { return EmailOf(Visited(step)); });
}
BENCHMARK(BM_MatchEmailRaw)->Name("BM_MatchEmail/raw")->UseRealTime();

void BM_MatchDomainOurs(benchmark::State& state) { LookUpOurs(state, ByDomain, kAtOnce); }
BENCHMARK(BM_MatchDomainOurs)->Name("BM_MatchDomain/ours")->UseRealTime();

void BM_MatchDomainRaw(benchmark::State& state) {
  LookUpRaw(state, "SELECT account FROM account_domain WHERE registered = ?1",
            [](int64_t step) { return DomainOf(Visited(step) / kContactsPerAccount); });
}
BENCHMARK(BM_MatchDomainRaw)->Name("BM_MatchDomain/raw")->UseRealTime();

// Each lookup a call of its own, which begins a transaction.
void BM_MatchEmailSingly(benchmark::State& state) { LookUpOurs(state, ByEmail, 1); }
BENCHMARK(BM_MatchEmailSingly)->UseRealTime();

const bool kExpected = (ExpectRatio("MatchEmail", 0.4), ExpectRatio("MatchDomain", 0.15), true);

}  // namespace
}  // namespace throughline
