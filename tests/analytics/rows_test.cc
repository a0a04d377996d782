#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/amount_sums.h"
#include "analytics/random_history.h"
#include "model/table_rows.h"
#include "throughline/error.h"

// Every number opens into what it counts, and what filters and groups take apart adds up again.

namespace throughline {
namespace {

using ::testing::HasSubstr;

// A count of records or touches, each once, so that its rows are as many.
bool CountsOnce(const TableColumn& column) {
  static const std::set<std::string> kBounds = {"closed_low", "closed_high", "lost_low",
                                                "lost_high",  "won_low",     "won_high"};
  const bool is_bound = kBounds.contains(column.name);
  return !is_bound && column.kind == ColumnKind::kInteger && !column.unit.empty() &&
         column.unit != "times" && column.unit != "days";
}

TEST(RowsTest, AreAsManyAsTheNumberSays) {
  int64_t opened = 0;
  for (uint32_t seed = 1; seed <= 2; ++seed) {
    RandomHistory history(seed);
    const auto snapshot = history.ledger.Take();
    ReportRequest request;
    request.as_of.known_at = history.SomeTime();
    if (seed % 2 == 0) request.group_by = {"month"};
    for (const ReportInfo& info : Reports()) {
      if (!HasGroups(info.name) && !request.group_by.empty()) continue;
      const Table table = *RunReport(*snapshot, info.name, request);
      for (size_t i = 0; i < table.columns.size(); ++i) {
        if (!CountsOnce(table.columns[i])) continue;
        for (size_t row = 0; row < table.rows(); ++row) {
          const Cell cell = table.at(row, i);
          const auto* count = std::get_if<int64_t>(&cell);
          if (count == nullptr) continue;
          const auto rows = ReportRows(*snapshot, info.name, request, row, table.columns[i].name);
          ASSERT_TRUE(rows.ok()) << info.name << "." << table.columns[i].name << rows.status();
          EXPECT_EQ(static_cast<int64_t>(rows->rows()), *count)
              << info.name << "." << table.columns[i].name << " of row " << row << ", seed "
              << seed;
          opened += *count;
        }
      }
    }
  }
  EXPECT_GT(opened, 500) << "the histories have become too dull";
}

// Behind a sum are those whose amount is in it: each is behind the sum of its currency, or unknown.
TEST(RowsTest, OfSumsAreThoseOfTheirCurrency) {
  size_t amounts = 0, currencies = 0;
  for (uint32_t seed = 1; seed <= 3; ++seed) {
    RandomHistory history(seed);
    const auto snapshot = history.ledger.Take();
    const Table table = *RunReport(*snapshot, "pipeline", {});
    const auto rows_behind = [&](size_t row, std::string_view column) {
      return ReportRows(*snapshot, "pipeline", {}, row, column)->rows();
    };
    currencies = std::max(currencies, AmountColumns("amount", table.columns).size());
    for (size_t row = 0; row < table.rows(); ++row) {
      const Cell phase = table.at(row, *table.FindColumn("phase"));
      if (phase == Cell("marketing") || phase == Cell("lead")) continue;
      size_t behind = rows_behind(row, "unknown_amounts");
      for (const std::string& column : AmountColumns("amount", table.columns)) {
        amounts += rows_behind(row, column);
        behind += rows_behind(row, column);
      }
      EXPECT_EQ(Cell(static_cast<int64_t>(behind)), table.at(row, *table.FindColumn("count")))
          << "row " << row << ", seed " << seed;
    }
  }
  EXPECT_GT(amounts, 20u) << "the histories have become too dull";
  EXPECT_GT(currencies, 1u);
}

class RowsOfTest : public ReportTest {};

TEST_F(RowsOfTest, OfAScorecardsSumsAreThoseOfTheirCurrency) {
  const int64_t euro = Deal("2024-02-01", "5 EUR"), dollar = Deal("2024-02-01", "7 USD");
  const auto snapshot = ledger.Take();
  const ReportRequest request = Period("2024-01-01", "2024-03-31");
  const Table table = *RunReport(*snapshot, "scorecard", request);
  std::map<std::string, int64_t> behind;
  for (size_t row = 0; row < table.rows(); ++row) {
    if (table.at(row, 0) != Cell("pipeline_created")) continue;
    const Table rows = *ReportRows(*snapshot, "scorecard", request, row, "this_period");
    ASSERT_EQ(rows.rows(), 1u);
    behind[std::get<std::string>(table.at(row, 2))] = rows.columns[1].integers[0];
  }
  EXPECT_THAT(behind, ::testing::ElementsAre(std::pair("EUR", euro), std::pair("USD", dollar)));
}

TEST_F(RowsOfTest, AreRecordsWithTheirAccounts) {
  const int64_t lead = Lead("2024-02-01", "mql", "web");
  Lead("2024-02-01", "inquiry", "fair");
  const auto snapshot = ledger.Take();
  const Table rows = *ReportRows(*snapshot, "sources", {}, 1, "leads");
  ASSERT_EQ(rows.rows(), 1u);
  EXPECT_EQ(std::get<std::string>(rows.at(0, 0)), "lead");
  EXPECT_EQ(std::get<int64_t>(rows.at(0, 1)), lead);
  EXPECT_EQ(std::get<int64_t>(rows.at(0, 2)), ledger.accounts()[0].value);
}

TEST_F(RowsOfTest, OfWhatIsNoCountAreRefused) {
  Lead("2024-02-01");
  const auto snapshot = ledger.Take();
  const auto status_of = [&](size_t row, std::string_view column) {
    return ReportRows(*snapshot, "funnel", {}, row, column).status();
  };
  EXPECT_EQ(status_of(99, "entered").code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(status_of(0, "nothing").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status_of(0, "stage").code(), absl::StatusCode::kInvalidArgument);
}

// Sums of the columns that count records, by name.
std::map<std::string, int64_t> SumsOf(const Table& table) {
  std::map<std::string, int64_t> sums;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (!CountsOnce(table.columns[i])) continue;
    for (const auto& row : RowsOf(table)) {
      if (const auto* count = std::get_if<int64_t>(&row[i])) sums[table.columns[i].name] += *count;
    }
  }
  return sums;
}

TEST(DimensionsTest, GroupsAddUpToTheWhole) {
  for (uint32_t seed = 1; seed <= 4; ++seed) {
    RandomHistory history(seed);
    const auto snapshot = history.ledger.Take();
    for (const char* report : {"pipeline", "funnel", "sources"}) {
      const auto whole = SumsOf(*RunReport(*snapshot, report, {}));
      for (const char* dimension :
           {"owner", "team", "partner", "channel", "campaign", "lead_type", "opportunity_type",
            "currency", "month", "quarter", "sourced"}) {
        ReportRequest request;
        request.group_by = {dimension};
        const absl::StatusOr<Table> table = RunReport(*snapshot, report, request);
        ASSERT_TRUE(table.ok()) << table.status();
        EXPECT_EQ(SumsOf(*table), whole) << report << " by " << dimension << ", seed " << seed;
      }
    }
  }
}

TEST(DimensionsTest, AFilterIsTheGroupOfThatValue) {
  RandomHistory history(5);
  const auto snapshot = history.ledger.Take();
  ReportRequest grouped;
  grouped.group_by = {"owner"};
  const Table table = *RunReport(*snapshot, "funnel", grouped);
  for (const char* owner : {"Ann", "Bob", "Resale Ltd", "(blank)"}) {
    Table own;
    own.columns = table.columns;
    SetRows(own, {});
    for (const auto& row : RowsOf(table)) {
      if (std::get<std::string>(row[0]) == owner) own.AddRow(row);
    }
    ReportRequest filtered;
    filtered.filters = {{"owner", owner}};
    EXPECT_EQ(SumsOf(*RunReport(*snapshot, "funnel", filtered)), SumsOf(own)) << owner;
  }
}

// A filter takes what the table shows, and a stage that nobody is in is no mistake.
TEST_F(RowsOfTest, FiltersTakeWhatTablesShow) {
  const OwnerId one{ledger.Must(OwnerDefine{.name = "Ann"})};
  ledger.Must(OwnerDefine{.name = "Ann"});
  ledger.Must(LeadAssign{.lead = LeadId{Lead("2024-02-01")}, .owner = one}, On("2024-02-02"));
  ReportRequest request;
  request.filters = {{"owner", "Ann #" + std::to_string(one.value)}};
  EXPECT_EQ(Sum(ledger.Run("sources", request), "leads"), 1);
  request.filters = {{"owner", "Ann"}};
  EXPECT_FALSE(RunReport(*ledger.Take(), "sources", request).ok()) << "which of the two?";
  request.filters = {{"stage", "negotiation"}};
  EXPECT_EQ(Sum(ledger.Run("pipeline", request), "count"), 0);
}

class RequestTest : public ReportTest {
 protected:
  absl::Status Refused(const ReportRequest& request, std::string_view report = "funnel") {
    return RunReport(*ledger.Take(), report, request).status();
  }
};

void ExpectField(const absl::Status& status, std::string_view field, const char* says) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(DetailOf(status).field, field);
  EXPECT_THAT(std::string(status.message()), HasSubstr(says));
}

TEST_F(RequestTest, WhatIsWrongIsSaid) {
  Win(Deal("2024-02-01", "10 USD"), "2024-02-10");
  ReportRequest period, dimension, value, twice, column, many, rate;
  period.from = Date{19'900};
  period.to = Date{19'899};
  dimension.group_by = {"colour"};
  value.filters = {{"owner", "Nobody"}};
  twice.group_by = {"source"};
  column.group_by = {"stage"};
  many.group_by = {"owner", "month", "source", "sourced"};
  rate.currency = *ParseCurrency("EUR");
  ExpectField(Refused(period), "to", "before it begins");
  ExpectField(Refused(dimension), "group_by", "colour");
  ExpectField(Refused(value), "filters[0].value", "Nobody");
  ExpectField(Refused(twice, "sources"), "group_by", "already");
  ExpectField(Refused(column), "group_by", "'stage' is in the table already");
  ExpectField(Refused(many), "group_by", "at most 3");
  ExpectField(Refused(rate, "pipeline"), "currency", "no rate from USD to EUR on 2024-02-10");
  EXPECT_EQ(Refused(twice, "coverage").code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(RequestTest, AmountsAreConvertedAtTheRateOfTheirDay) {
  const Currency usd = *ParseCurrency("USD"), eur = *ParseCurrency("EUR");
  ledger.Must(ExchangeRate{usd, eur, *ParseDate("2024-01-01"), 900'000'000});
  ledger.Must(ExchangeRate{usd, eur, *ParseDate("2024-02-05"), 950'000'001});
  Win(Deal("2024-01-01", "100.01 USD"), "2024-02-04");
  Win(Deal("2024-01-01", "100.01 USD"), "2024-02-05");
  Win(Deal("2024-01-01", "7 EUR"), "2024-02-05");
  ReportRequest request;
  request.currency = eur;
  const Table table = ledger.Run("pipeline", request);
  EXPECT_DOUBLE_EQ(RealAt(table, "won", "amount_eur"), 90.01 + 95.01 + 7);
  EXPECT_FALSE(HasColumn(table, "amount_usd"));
}

TEST_F(RequestTest, APeriodIsOfDaysInThePolicysTimeZone) {
  Lead("2024-02-29T23:59:59Z");
  Lead("2024-03-01T00:00:00Z");
  Lead("2024-03-31T23:59:59Z");
  Lead("2024-04-01T00:00:00Z");
  ReportRequest march;
  march.from = *ParseDate("2024-03-01");
  march.to = *ParseDate("2024-03-31");
  EXPECT_EQ(IntegerAt(ledger.Run("funnel", march), "inquiry", "entered"), 2);
  march.group_by = {"month"};
  EXPECT_EQ(IntegerAt(ledger.Run("sources", march), "(blank)", "leads"), 2);
}

}  // namespace
}  // namespace throughline
