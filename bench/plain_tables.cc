#include "plain_tables.h"

#include <sqlite3.h>

#include <map>
#include <variant>

#include "raw_sqlite.h"
#include "store/schema.h"
#include "throughline/event.h"
#include "workload.h"

namespace throughline {
namespace {

constexpr char kTables[] = R"(
CREATE TABLE lead(lead INTEGER PRIMARY KEY, owner INTEGER, stage INTEGER, kind INTEGER, channel TEXT);
CREATE TABLE opportunity(opportunity INTEGER PRIMARY KEY, owner INTEGER, stage INTEGER,
  phase INTEGER, kind INTEGER, type INTEGER, amount INTEGER, currency TEXT, channel TEXT);
CREATE TABLE entry(of_lead INTEGER, record INTEGER, stage INTEGER, rung INTEGER))";

constexpr char kCopied[] = R"(
INSERT INTO lead SELECT lead, owner, stage, kind, original_channel FROM ledger.lead;
INSERT INTO opportunity SELECT opportunity, owner, stage, phase, kind, type, amount_minor,
  amount_currency, original_channel FROM ledger.opportunity)";

constexpr char kIndexes[] = R"(
CREATE INDEX lead_channel ON lead(channel);
CREATE INDEX opportunity_stage ON opportunity(stage, owner);
CREATE INDEX opportunity_channel ON opportunity(channel);
CREATE INDEX entry_record ON entry(of_lead, record, rung, stage);
ANALYZE)";

void Execute(sqlite3* db, const std::string& sql) {
  char* error = nullptr;
  if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &error) != SQLITE_OK) {
    Die(error == nullptr ? sql : error);
  }
}

// Where the stages of a policy stand, in its order.
std::map<int64_t, int64_t> Rungs(const Policy& policy) {
  std::map<int64_t, int64_t> rungs;
  for (const Stage& stage : policy.stages()) {
    const bool stands = stage.kind == StageKind::kOpen || stage.kind == StageKind::kConverted ||
                        stage.phase == Phase::kWon;
    rungs[stage.id] = stands ? static_cast<int64_t>(rungs.size()) : -1;
  }
  return rungs;
}

class EntryWriter {
 public:
  EntryWriter(sqlite3* db, const Policy& policy)
      : insert_(db, "INSERT INTO entry VALUES (?, ?, ?, ?)"), rungs_(Rungs(policy)) {}

  void operator()(const LeadOpened& e) { Write(1, e.lead.value, e.stage.id); }
  void operator()(const LeadMoved& e) { Write(1, e.lead.value, e.to.id); }
  void operator()(const OpportunityOpened& e) { Write(0, e.opportunity.value, e.stage.id); }
  void operator()(const OpportunityMoved& e) { Write(0, e.opportunity.value, e.to.id); }
  template <class Other>
  void operator()(const Other&) {}

 private:
  void Write(int64_t of_lead, int64_t record, int64_t stage) {
    insert_.Int(1, of_lead).Int(2, record).Int(3, stage).Int(4, rungs_[stage]);
    insert_.Run();
  }

  RawStatement insert_;
  std::map<int64_t, int64_t> rungs_;
};

void WriteEntries(Ledger& ledger, sqlite3* db) {
  EntryWriter writer(db, *Policy::Default());
  for (int64_t after = 0;;) {
    const std::vector<Commit> commits = Take(ledger.ReadCommits(after, 10'000));
    if (commits.empty()) return;
    for (const Commit& commit : commits) {
      for (const Event& event : commit.events) std::visit(writer, event.payload);
    }
    after = commits.back().head.seq;
  }
}

sqlite3* OpenPlain(const std::string& path) {
  sqlite3* db = nullptr;
  if (sqlite3_open(path.c_str(), &db) != SQLITE_OK) Die(path);
  return db;
}

class Sqlite final : public SqlEngine {
 public:
  explicit Sqlite(const std::string& path) : db_(OpenPlain(path)) {
    Execute(db_, "PRAGMA cache_size=-1000000; PRAGMA mmap_size=4000000000");
  }
  ~Sqlite() override { sqlite3_close(db_); }
  void Query(const std::string& sql) override {
    RawStatement statement(db_, sql.c_str());
    while (statement.Step()) {
    }
  }

 private:
  sqlite3* db_;
};

std::string Number(auto value) { return std::to_string(static_cast<int>(value)); }

}  // namespace

const std::vector<std::string>& ReportQueries(const std::string& report) {
  static const std::string open = Number(StageKind::kOpen), parked = Number(StageKind::kParked),
                           won = Number(Phase::kWon), lost = Number(Phase::kLost);
  static const std::map<std::string, std::vector<std::string>> queries = {
      {"pipeline",
       {"SELECT stage, owner, currency, count(*), count(amount), sum(amount) FROM opportunity "
        "WHERE kind IN (" +
            open + ", " + parked + ") GROUP BY stage, owner, currency",
        "SELECT stage, owner, count(*) FROM lead WHERE kind IN (" + open + ", " + parked +
            ") GROUP BY stage, owner"}},
      {"funnel",
       {"SELECT of_lead, stage, count(DISTINCT record) FROM entry GROUP BY of_lead, stage",
        "SELECT of_lead, highest, count(*) FROM (SELECT of_lead, record, max(rung) AS highest "
        "FROM entry GROUP BY of_lead, record) AS climbed GROUP BY of_lead, highest"}},
      {"sources",
       {"SELECT channel, highest, count(*) FROM lead JOIN (SELECT record, max(rung) AS highest "
        "FROM entry WHERE of_lead = 1 GROUP BY record) AS climbed ON record = lead "
        "GROUP BY channel, highest",
        "SELECT channel, currency, count(*), sum(CASE WHEN phase = " + won +
            " THEN 1 ELSE 0 END), sum(CASE WHEN phase = " + lost +
            " THEN 1 ELSE 0 END), sum(CASE WHEN phase = " + won +
            " THEN amount ELSE 0 END) FROM opportunity GROUP BY channel, currency"}}};
  return queries.at(report);
}

const std::string& PlainFile(int64_t events) {
  static std::map<int64_t, std::string> files;
  std::string& path = files[events];
  if (!path.empty()) return path;
  path = BenchFolder() + "/plain_" + std::to_string(events) + ".db";
  sqlite3* db = OpenPlain(path);
  Execute(db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
  Execute(db, kTables);
  Execute(db, "ATTACH '" + ImportedLedger(events) + "' AS ledger");
  Execute(db, "BEGIN");
  Execute(db, kCopied);
  WriteEntries(*OpenLedger(ImportedLedger(events)), db);
  Execute(db, "COMMIT");
  Execute(db, "DETACH ledger");
  Execute(db, kIndexes);
  sqlite3_close(db);
  return path;
}

std::unique_ptr<SqlEngine> SqliteTables(int64_t events) {
  return std::make_unique<Sqlite>(PlainFile(events));
}

}  // namespace throughline
