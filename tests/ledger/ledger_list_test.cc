#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ledger/ledger_fixture.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Lists and cursors against a search through everything.
class ListTest : public LedgerTest {
 protected:
  void Fill() {
    Must(OwnerDefine{.name = "Ann"});
    Must(OwnerDefine{.name = "Bob"});
    const std::vector<std::string> stages = {"inquiry", "mql", "nurture", "working", "discovery"};
    for (int64_t account = 1; account <= 4; ++account) {
      OpenAccount("Account " + std::to_string(account));
      for (int i = 0; i < 12; ++i) AddRecords(account, i);
    }
    ASSERT_EQ(Leads().size(), 48u);
    ASSERT_EQ(Deals().size(), 48u);
  }

  void AddRecords(int64_t account, int i) {
    const std::vector<std::string> stages = {"inquiry", "mql", "nurture", "working"};
    const std::vector<std::string> channels = {"", "web", "webinar"};
    LeadOpen lead{.account = AccountId{account}};
    lead.owner = OwnerRef(OwnerId{Pick(3)});
    lead.stage = stages[Pick(4)];
    lead.source = channels[Pick(3)];
    if (lead.stage == "nurture") lead.return_on = Date{static_cast<int32_t>(20'100 + Pick(5))};
    Must(lead, At("2024-09-01", Mode::kObserve));
    OpportunityOpen deal{.account = AccountId{account}};
    deal.owner = OwnerRef(OwnerId{Pick(3)});
    deal.source = channels[Pick(3)];
    if (i % 3 != 0) deal.close_date = Date{static_cast<int32_t>(20'100 + Pick(5))};
    Must(deal, At("2024-09-02", Mode::kObserve));
    if (i % 4 == 0) {
      Must(OpportunityLose{.opportunity = OpportunityId{(account - 1) * 12 + i + 1},
                           .reason = "price"},
           At("2024-09-03", Mode::kObserve));
    }
  }

  int64_t Pick(int64_t n) { return std::uniform_int_distribution<int64_t>(0, n - 1)(random_); }

  std::vector<LeadRow> Leads() { return ledger_->ListLeads({}, {.size = kMaxPageSize})->items; }
  std::vector<OpportunityRow> Deals() {
    return ledger_->ListOpportunities({}, {.size = kMaxPageSize})->items;
  }

  RecordFilter RandomFilter() {
    RecordFilter filter;
    if (Pick(4) == 0) filter.stage = Pick(2) == 0 ? "mql" : "discovery";
    if (Pick(4) == 0) filter.phase = Pick(2) == 0 ? Phase::kMarketing : Phase::kLost;
    if (Pick(4) == 0) filter.owner = OwnerId{1 + Pick(2)};
    if (Pick(4) == 0) filter.account = AccountId{1 + Pick(4)};
    if (Pick(4) == 0) filter.source = Pick(2) == 0 ? "" : "web";
    if (Pick(4) == 0) filter.due_from = Date{static_cast<int32_t>(20'100 + Pick(5))};
    if (Pick(4) == 0) filter.due_to = Date{static_cast<int32_t>(20'100 + Pick(5))};
    return filter;
  }

  std::mt19937 random_{7};
};

INSTANTIATE_TEST_SUITE_P(Stores, ListTest, testing::Values(StoreKind::kMemory, StoreKind::kSqlite),
                         NameOfStore);

std::optional<Date> DueOf(const LeadRow& row) { return row.return_on; }
std::optional<Date> DueOf(const OpportunityRow& row) { return row.close_date; }
int64_t IdOf(const LeadRow& row) { return row.lead.value; }
int64_t IdOf(const OpportunityRow& row) { return row.opportunity.value; }

template <class Row>
bool Holds(const Row& row, const RecordFilter& f, const Policy& policy) {
  if (f.stage && policy.FindStage(row.stage)->key != *f.stage) return false;
  if (f.phase != Phase::kNone && row.phase != f.phase) return false;
  if (f.owner && row.owner != f.owner) return false;
  if (f.account && row.account != f.account) return false;
  if (f.source && row.lineage.original.channel != *f.source) return false;
  if (f.due_from && (!DueOf(row) || *DueOf(row) < *f.due_from)) return false;
  return !f.due_to || (DueOf(row) && *DueOf(row) <= *f.due_to);
}

template <class Row>
std::vector<Row> Search(std::vector<Row> rows, const RecordFilter& filter) {
  std::erase_if(rows, [&](const Row& row) { return !Holds(row, filter, *Policy::Default()); });
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    if (filter.due_from || filter.due_to) {
      return std::pair(*DueOf(a), IdOf(a)) < std::pair(*DueOf(b), IdOf(b));
    }
    return IdOf(a) < IdOf(b);
  });
  return rows;
}

// All pages, one after the other.
template <class Row, class ListPage>
std::vector<Row> Collect(size_t size, ListPage&& list) {
  std::vector<Row> rows;
  PageRequest request{.size = size};
  do {
    const Page<Row> page = *list(request);
    EXPECT_LE(page.items.size(), size);
    EXPECT_TRUE(page.next.empty() || page.items.size() == size);
    rows.insert(rows.end(), page.items.begin(), page.items.end());
    request.cursor = page.next;
  } while (!request.cursor.empty());
  return rows;
}

TEST_P(ListTest, PagesTogetherAreWhatASearchFinds) {
  Fill();
  const std::vector<LeadRow> leads = Leads();
  const std::vector<OpportunityRow> deals = Deals();
  for (int i = 0; i < 300; ++i) {
    const RecordFilter filter = RandomFilter();
    const size_t size = 1 + Pick(9);
    EXPECT_EQ(Collect<LeadRow>(
                  size, [&](const PageRequest& page) { return ledger_->ListLeads(filter, page); }),
              Search(leads, filter))
        << i;
    EXPECT_EQ(Collect<OpportunityRow>(size,
                                      [&](const PageRequest& page) {
                                        return ledger_->ListOpportunities(filter, page);
                                      }),
              Search(deals, filter))
        << i;
  }
}

TEST_P(ListTest, CursorStaysGoodWhenRecordsCome) {
  Fill();
  const Page<LeadRow> first = *ledger_->ListLeads({}, {.size = 40});
  AddRecords(1, 1);
  const Page<LeadRow> rest = *ledger_->ListLeads({}, {.size = 40, .cursor = first.next});
  EXPECT_THAT(rest.items, SizeIs(9));
  EXPECT_EQ(rest.items.front().lead, LeadId{41});
  EXPECT_THAT(rest.next, IsEmpty());
}

TEST_P(ListTest, CursorIsGoodForItsListOnly) {
  Fill();
  const std::string cursor = ledger_->ListLeads({}, {.size = 2})->next;
  ASSERT_LE(cursor.size(), 2048u);
  const auto refused = [&](const RecordFilter& filter, const std::string& text) {
    const absl::Status status = ledger_->ListLeads(filter, {.size = 2, .cursor = text}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return DetailOf(status).field;
  };
  EXPECT_EQ(refused({.stage = "mql"}, cursor), "page.cursor");
  EXPECT_EQ(refused({.source = ""}, cursor), "page.cursor");
  EXPECT_EQ(refused({}, cursor + "A"), "page.cursor");
  EXPECT_EQ(refused({}, "no cursor"), "page.cursor");
  EXPECT_EQ(refused({}, std::string(3000, 'A')), "page.cursor");
  std::string bent = cursor;
  bent[0] = bent[0] == 'A' ? 'B' : 'A';
  EXPECT_EQ(refused({}, bent), "page.cursor");
  EXPECT_FALSE(ledger_->ListOpportunities({}, {.size = 2, .cursor = cursor}).ok());
}

TEST_P(ListTest, PageSizesHaveLimits) {
  EXPECT_EQ(DetailOf(ledger_->ListLeads({}, {.size = 0}).status()).field, "page.size");
  EXPECT_TRUE(ledger_->ListLeads({}, {.size = kMaxPageSize}).ok());
  EXPECT_FALSE(ledger_->ListLeads({}, {.size = kMaxPageSize + 1}).ok());
  EXPECT_EQ(DetailOf(ledger_->ListLeads({.stage = "none"}, {}).status()).field, "filter.stage");
}

TEST_P(ListTest, FindsByDomainAndEmailInAnySpelling) {
  const AccountId acme{Must(AccountOpen{.name = "Acme", .domains = {"https://www.Acme.com/x"}}).id};
  const AccountId twin{Must(AccountOpen{.name = "Twin", .domains = {"acme.com", "twin.com"}}).id};
  Must(ContactAdd{.account = acme, .email = "Ann@Acme.com"});
  Must(ContactAdd{.account = twin, .email = "ann@acme.com"});
  const std::vector<AccountRow> accounts = *ledger_->FindAccountsByDomain("WWW.acme.com.");
  ASSERT_THAT(accounts, SizeIs(2));
  EXPECT_EQ(accounts[0].account, acme);
  const std::vector<ContactRow> contacts = *ledger_->FindContactsByEmail("ANN@acme.COM");
  ASSERT_THAT(contacts, SizeIs(2));
  EXPECT_EQ(contacts[1].account, twin);
  EXPECT_THAT(*ledger_->FindAccountsByDomain("other.com"), IsEmpty());
  EXPECT_EQ(DetailOf(ledger_->FindContactsByEmail("nobody").status()).field, "email");
  EXPECT_EQ(DetailOf(ledger_->FindAccountsByDomain("").status()).field, "domain");
}

}  // namespace
}  // namespace throughline
