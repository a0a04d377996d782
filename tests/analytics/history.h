#ifndef THROUGHLINE_TESTS_ANALYTICS_HISTORY_H_
#define THROUGHLINE_TESTS_ANALYTICS_HISTORY_H_

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analytics/journal_store.h"
#include "core/pure_ledger.h"
#include "model/table_rows.h"
#include "throughline/report.h"

namespace throughline {

// A ledger whose history can be taken as a snapshot. Its clock begins at the end of 2024; On() says
// when things happened.
class TestLedger : public PureLedger {
 public:
  explicit TestLedger(std::shared_ptr<const Policy> policy = Policy::Default())
      : PureLedger(std::move(policy)) {
    SetNow(*ParseTime("2024-12-31T12:00:00Z"));
  }

  AccountId OpenAccount() {
    accounts_.push_back(AccountId{Must(AccountOpen{.name = "Acme"})});
    return accounts_.back();
  }
  const std::vector<AccountId>& accounts() const { return accounts_; }

  // The commits up to `last` that are not there yet.
  void WriteTo(JournalStore& store, int64_t last = INT64_MAX) {
    std::map<int64_t, std::vector<RecordedEvent>> commits;
    std::vector<AccountId> streams = accounts_;
    streams.push_back(kNoAccount);
    for (const AccountId account : streams) {
      for (const RecordedEvent& event : History(account.value)) {
        if (event.stream == account) commits[event.id.seq()].push_back(event);
      }
    }
    for (const auto& [seq, recorded] : commits) {
      if (seq <= store.last_seq() || seq > last) continue;
      std::vector<Event> events;
      for (const RecordedEvent& event : recorded) events.push_back(event.event);
      store.Append(seq, recorded.front().stream, recorded.front().recorded_at,
                   EncodeEvents(events));
    }
  }

  std::shared_ptr<const Snapshot> Take() {
    JournalStore store;
    WriteTo(store);
    auto snapshot = Snapshot::Take(store);
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    return *snapshot;
  }

  Table Run(std::string_view report, const ReportRequest& request = {}) {
    absl::StatusOr<Table> table = RunReport(*Take(), report, request);
    EXPECT_TRUE(table.ok()) << table.status();
    return *std::move(table);
  }

 private:
  std::vector<AccountId> accounts_;
};

// The cell of the row whose first column says `key`.
inline Cell At(const Table& table, std::string_view key, std::string_view column) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name != column) continue;
    for (const auto& row : RowsOf(table)) {
      if (std::get<std::string>(row[0]) == key) return row[i];
    }
  }
  ADD_FAILURE() << "no row " << key << " or no column " << column;
  return {};
}

inline int64_t IntegerAt(const Table& table, std::string_view key, std::string_view column) {
  const Cell cell = At(table, key, column);
  if (const auto* value = std::get_if<int64_t>(&cell)) return *value;
  ADD_FAILURE() << key << "." << column << " is no integer";
  return -1;
}

inline double RealAt(const Table& table, std::string_view key, std::string_view column) {
  const Cell cell = At(table, key, column);
  if (const auto* value = std::get_if<double>(&cell)) return *value;
  ADD_FAILURE() << key << "." << column << " is no real";
  return -1;
}

inline bool IsEmptyAt(const Table& table, std::string_view key, std::string_view column) {
  return std::holds_alternative<std::monostate>(At(table, key, column));
}

inline bool HasColumn(const Table& table, std::string_view name) {
  for (const TableColumn& column : table.columns) {
    if (column.name == name) return true;
  }
  return false;
}

inline std::vector<std::string> Keys(const Table& table) {
  std::vector<std::string> keys;
  for (const auto& row : RowsOf(table)) keys.push_back(std::get<std::string>(row[0]));
  return keys;
}

inline int64_t Sum(const Table& table, std::string_view column) {
  int64_t sum = 0;
  for (const std::string& key : Keys(table)) sum += IntegerAt(table, key, column);
  return sum;
}

// Whether a request may group the report.
inline bool HasGroups(std::string_view report) {
  return report != "coverage" && report != "whereabouts" && report != "cohort_curves" &&
         report != "quarter_end";
}

inline ReportRequest AsOfDates(std::string_view through, std::string_view known_at) {
  ReportRequest request;
  request.as_of = {*ParseTime(through), *ParseTime(known_at)};
  return request;
}

// Writes histories one record an account, and reads reports of them.
class ReportTest : public ::testing::Test {
 protected:
  int64_t Lead(std::string_view when, std::string stage = "", std::string source = "") {
    return ledger.Must(LeadOpen{.account = ledger.OpenAccount(), .stage = stage, .source = source},
                       On(when, Mode::kObserve));
  }
  void MoveLead(int64_t lead, std::string stage, std::string_view when) {
    ledger.Must(LeadMove{.lead = LeadId{lead}, .stage = stage}, On(when, Mode::kObserve));
  }
  int64_t Deal(std::string_view when, std::string amount = "", std::vector<LeadRef> leads = {},
               OpportunityType type = OpportunityType::kNone) {
    OpportunityOpen open{.leads = leads, .type = type};
    if (leads.empty()) open.account = ledger.OpenAccount();
    if (!amount.empty()) open.amount = *ParseMoney(amount);
    return ledger.Must(open, On(when, Mode::kObserve));
  }
  void Win(int64_t deal, std::string_view when) {
    ledger.Must(OpportunityWin{.opportunity = OpportunityId{deal}}, On(when, Mode::kObserve));
  }
  void Lose(int64_t deal, std::string_view when) {
    ledger.Must(OpportunityLose{.opportunity = OpportunityId{deal}, .reason = "price"}, On(when));
  }
  OwnerId Owner(std::string name, OwnerKind kind = OwnerKind::kRep) {
    return OwnerId{ledger.Must(OwnerDefine{.kind = kind, .name = std::move(name)})};
  }
  void Assign(int64_t lead, OwnerId owner, std::string_view when) {
    ledger.Must(LeadAssign{.lead = LeadId{lead}, .owner = owner}, On(when, Mode::kObserve));
  }
  void Call(int64_t lead, std::string_view when) {
    ledger.Must(TouchRecord{.lead = LeadId{lead}, .channel = "phone", .kind = "call"},
                On(when, Mode::kObserve));
  }
  void Close(int64_t lead, std::string stage, std::string reason, std::string_view when) {
    ledger.Must(LeadClose{.lead = LeadId{lead}, .stage = stage, .reason = reason},
                On(when, Mode::kObserve));
  }
  static ReportRequest Period(std::string_view from, std::string_view to) {
    ReportRequest request;
    request.from = *ParseDate(from);
    request.to = *ParseDate(to);
    return request;
  }

  TestLedger ledger;
};

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_ANALYTICS_HISTORY_H_
