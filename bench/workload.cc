#include "workload.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "generator/generator.h"
#include "model/codec.h"
#include "store/schema.h"
#include "throughline/import.h"

namespace throughline {
namespace {

namespace fs = std::filesystem;

std::string MakeFolder() {
  std::string name = (fs::temp_directory_path() / "throughline_bench_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) Die("no temporary folder");
  std::atexit([] {
    std::error_code ignored;
    fs::remove_all(BenchFolder(), ignored);
  });
  return name;
}

Context Imported(uint64_t fact) {
  Context context;
  context.mode = Mode::kObserve;
  context.fact = fact;
  return context;
}

std::vector<Request> LeadFacts(int64_t leads) {
  std::vector<Request> facts;
  uint64_t fact = 0;
  facts.push_back({OwnerDefine{.name = "Rep", .external_ids = {{"b", "rep"}}}, Imported(++fact)});
  for (int64_t i = 1; i <= leads; ++i) {
    const std::string n = std::to_string(i);
    facts.push_back(
        {AccountOpen{.name = "Account " + n, .external_ids = {{"b", n}}}, Imported(++fact)});
    facts.push_back({LeadOpen{.account = {"b", n},
                              .owner = {"b", "rep"},
                              .stage = "working",
                              .source = "webinar",
                              .external_ids = {{"b", n}}},
                     Imported(++fact)});
  }
  return facts;
}

std::string MakeImported(const std::string& name, const std::vector<Request>& facts) {
  std::string path = BenchFolder() + "/" + name;
  std::unique_ptr<Ledger> ledger = CreateLedger(path, {.synchronous = SqliteOptions::kNormal});
  Take(ImportFacts(*ledger, facts, {}));
  return path;
}

// The journal of a ledger again, with each event as a commit of its own.
std::string MakeCommitPerEvent(const std::string& imported, const std::string& name) {
  std::string path = BenchFolder() + "/" + name;
  auto from = Take(NewSqliteStore({.path = imported}));
  auto to = Take(NewSqliteStore({.path = path, .synchronous = SqliteOptions::kNormal}));
  Check(from->Open(LedgerSchema(), /*create=*/false));
  Check(to->Open(LedgerSchema(), /*create=*/true));
  auto reader = Take(from->BeginRead());
  auto writer = Take(to->BeginWrite());
  std::map<int64_t, int64_t> versions;
  JournalEntry copy;
  Check(reader->ReadJournal(0, [&](const JournalEntry& entry) {
    Check(VisitEvents(entry.events, [&](const Event& event) {
      const std::string bytes = EncodeEvents({&event, 1});
      copy.account = entry.account;
      copy.version = ++versions[entry.account];
      copy.recorded_at = entry.recorded_at + ++copy.seq;
      copy.policy = entry.policy;
      copy.events = bytes;
      Check(writer->Append(copy));
      return true;
    }));
    return true;
  }));
  Check(writer->Commit());
  return path;
}

}  // namespace

void Die(const std::string& why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::exit(1);  // NOLINT(concurrency-mt-unsafe): a benchmark that failed has nothing to lose
}

const std::string& BenchFolder() {
  static const std::string* const folder = new std::string(MakeFolder());
  return *folder;
}

void CopyDatabase(const std::string& from, const std::string& to) {
  RemoveDatabase(to);
  fs::copy_file(from, to);
  if (fs::exists(from + "-wal")) fs::copy_file(from + "-wal", to + "-wal");
}

void RemoveDatabase(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(path + suffix);
}

std::unique_ptr<Ledger> CreateLedger(const std::string& path, SqliteOptions options) {
  options.path = path;
  return Take(Ledger::Create(Take(NewSqliteStore(options))));
}

std::unique_ptr<Ledger> OpenLedger(const std::string& path, SqliteOptions options) {
  options.path = path;
  return Take(Ledger::Open(Take(NewSqliteStore(options))));
}

const std::vector<Request>& GeneratedFacts(int64_t events) {
  static auto* const made = new std::map<int64_t, std::vector<Request>>();
  std::vector<Request>& facts = (*made)[events];
  if (facts.empty()) {
    facts.reserve(static_cast<size_t>(events + events / 10));
    Take(GenerateFacts({events, 1}, [&](const Command& command, const Context& context) {
      facts.push_back({command, context});
    }));
  }
  return facts;
}

void ImportLeads(Ledger& ledger, int64_t leads) { Take(ImportFacts(ledger, LeadFacts(leads), {})); }

const std::string& LedgerOfLeads(int64_t leads) {
  static auto* const made = new std::map<int64_t, std::string>();
  std::string& path = (*made)[leads];
  if (path.empty()) {
    path = MakeImported("leads_" + std::to_string(leads) + ".db", LeadFacts(leads));
  }
  return path;
}

const std::string& ImportedLedger(int64_t events) {
  static auto* const made = new std::map<int64_t, std::string>();
  std::string& path = (*made)[events];
  if (path.empty()) {
    path = MakeImported("imported_" + std::to_string(events) + ".db", GeneratedFacts(events));
  }
  return path;
}

const std::string& CommitPerEventLedger(int64_t events) {
  static auto* const made = new std::map<int64_t, std::string>();
  std::string& path = (*made)[events];
  if (path.empty()) {
    path = MakeCommitPerEvent(ImportedLedger(events), "single_" + std::to_string(events) + ".db");
  }
  return path;
}

}  // namespace throughline
