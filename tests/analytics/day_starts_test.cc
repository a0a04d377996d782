#include "analytics/snapshot/day_starts.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>

#include "analytics/history.h"
#include "analytics/journal_store.h"

// Facts of which only the day is known are of that day, wherever the policy lives.

namespace throughline {
namespace {

std::string PolicyIn(const std::string& zone) {
  return std::regex_replace(std::string(Policy::DefaultJson()),
                            std::regex("\"time_zone\": *\"[^\"]*\""),
                            "\"time_zone\": \"" + zone + "\"");
}

std::vector<Event> SetPolicy(int64_t version, const std::string& zone) {
  Event event;
  event.payload = PolicySet{version, PolicyIn(zone)};
  return {event};
}

std::vector<Event> LeadOf(int64_t id, std::string_view when, bool day_only) {
  Event event;
  event.occurred_at = *ParseTime(when);
  event.occurred_day = day_only;
  LeadOpened opened;
  opened.lead = LeadId{id};
  opened.stage = {3, Phase::kMarketing, StageKind::kOpen};
  event.payload = opened;
  return {event};
}

std::vector<std::string> MonthsOf(const Snapshot& snapshot) {
  ReportRequest request;
  request.group_by = {"month"};
  const Table table = *RunReport(snapshot, "sources", request);
  std::vector<std::string> months;
  for (size_t row = 0; row < table.rows(); ++row) {
    months.push_back(std::get<std::string>(table.at(row, *table.FindColumn("month"))) + ": " +
                     std::to_string(table.columns[*table.FindColumn("leads")].integers[row]));
  }
  std::ranges::sort(months);
  return months;
}

using Months = std::vector<std::string>;

// A lead of 1 March, and one of two o'clock in the morning of that day in UTC.
void AddLeads(JournalStore& store) {
  store.Append(AccountId{1}, "2024-04-01", LeadOf(1, "2024-03-01", /*day_only=*/true));
  store.Append(AccountId{2}, "2024-04-01", LeadOf(2, "2024-03-01T02:00:00Z", /*day_only=*/false));
}

TEST(DayStartsTest, ADayIsOfItsMonthInAnyZone) {
  const std::pair<const char*, Months> expected[] = {
      {"UTC", {"2024-03: 2"}},
      {"Europe/Berlin", {"2024-03: 2"}},
      {"Pacific/Auckland", {"2024-03: 2"}},
      {"America/New_York", {"2024-02: 1", "2024-03: 1"}},
      {"Pacific/Pago_Pago", {"2024-02: 1", "2024-03: 1"}}};
  for (const auto& [zone, months] : expected) {
    JournalStore store;
    store.Append(kNoAccount, "2024-04-01", SetPolicy(1, zone));
    AddLeads(store);
    EXPECT_EQ(MonthsOf(**Snapshot::Take(store)), months) << zone;
  }
}

TEST(DayStartsTest, APeriodHasWhatHappenedOnItsDays) {
  JournalStore store;
  store.Append(kNoAccount, "2024-04-01", SetPolicy(1, "America/New_York"));
  store.Append(AccountId{1}, "2024-04-01", LeadOf(1, "2024-03-01", /*day_only=*/true));
  const auto snapshot = *Snapshot::Take(store);
  const auto leads_of = [&](std::string_view from, std::string_view to) {
    ReportRequest request;
    request.from = *ParseDate(from);
    request.to = *ParseDate(to);
    return Sum(*RunReport(*snapshot, "sources", request), "leads");
  };
  EXPECT_EQ(leads_of("2024-02-01", "2024-02-29"), 0);
  EXPECT_EQ(leads_of("2024-03-01", "2024-03-01"), 1);
}

TEST(DayStartsTest, WhatIsOfTheLastDayCounts) {
  JournalStore store;
  store.Append(kNoAccount, "2024-02-01", SetPolicy(1, "America/New_York"));
  store.Append(AccountId{1}, "2024-02-29", LeadOf(1, "2024-03-01", /*day_only=*/true));
  EXPECT_EQ(MonthsOf(**Snapshot::Take(store)), Months{"2024-03: 1"});
}

TEST(DayStartsTest, AnotherZoneMovesThemAll) {
  JournalStore store;
  store.Append(kNoAccount, "2024-04-01", SetPolicy(1, "UTC"));
  AddLeads(store);
  const auto before = *Snapshot::Take(store);
  store.Append(kNoAccount, "2024-04-02", SetPolicy(2, "America/New_York"));
  store.Append(AccountId{3}, "2024-04-02", LeadOf(3, "2024-03-01", /*day_only=*/true));
  const auto refreshed = before->Refresh(store);
  ASSERT_TRUE(refreshed.ok()) << refreshed.status();
  EXPECT_EQ(MonthsOf(**refreshed), (Months{"2024-02: 1", "2024-03: 2"}));
  EXPECT_EQ(MonthsOf(**refreshed), MonthsOf(**Snapshot::Take(store)));
  EXPECT_EQ(MonthsOf(*before), Months{"2024-03: 2"});
}

}  // namespace
}  // namespace throughline
