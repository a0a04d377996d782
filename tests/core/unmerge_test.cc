#include <gtest/gtest.h>

#include <optional>
#include <random>

#include "core/pure_ledger.h"

namespace throughline {
namespace {

// A merge that is undone leaves nothing behind: whatever happened in between reads as if there had
// been none.
class UnmergeTest : public ::testing::TestWithParam<unsigned> {
 protected:
  // Two ledgers to which the same happens, but for the merge.
  void SetUp() override {
    std::printf("seed %u\n", GetParam());
    for (PureLedger* ledger : {&merged_, &plain_}) {
      for (int i = 0; i < 2; ++i) {
        const AccountId account{ledger->Must(AccountOpen{.name = "A"})};
        ledger->Must(ContactAdd{.account = account, .name = "C"});
      }
      ledger->Must(OwnerDefine{});
    }
  }

  int64_t Pick(int64_t n) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(n)); }

  // Each about records of one account: what names both could not have happened without the merge.
  Command Next() {
    const LeadId lead{1 + Pick(std::max<int64_t>(leads_, 1))};
    const OpportunityId deal{1 + Pick(std::max<int64_t>(deals_, 1))};
    const int64_t account = 1 + Pick(2);
    switch (Pick(9)) {
      case 0:
        return LeadOpen{.contact = ContactId{account}, .source = "sales"};
      case 1:
        return OpportunityOpen{.account = AccountId{account},
                               .type = OpportunityType::kNewBusiness,
                               .amount = *ParseMoney("5 EUR")};
      case 2:
        return OpportunityOpen{.leads = {lead}, .type = OpportunityType::kNewBusiness};
      case 3:
        return LeadClose{lead, "dead", "no_response"};
      case 4:
        return LeadReopen{lead};
      case 5:
        return OpportunityLose{deal, "price"};
      case 6:
        return OpportunityWin{deal, *ParseMoney("7 EUR")};
      case 7:
        return LeadAssign{lead, OwnerId{1}};
      default:
        return TouchRecord{.contact = ContactId{account}, .channel = "web", .kind = "form"};
    }
  }

  // The same in both. What is accepted has the same ids in both; what only one accepts ends it.
  void Step() {
    const Command command = Next();
    Context context;
    context.mode = Mode::kObserve;
    if (Pick(2) == 0) context.occurred_at = Moment{Time{now_.micros - Pick(300) * kMicrosPerDay}};
    now_.micros += Pick(9) * kMicrosPerDay;
    std::optional<int64_t> id;
    for (PureLedger* ledger : {&merged_, &plain_}) {
      ledger->SetNow(now_);
      const absl::StatusOr<Decision> decision = ledger->Execute(command, context);
      ASSERT_EQ(decision.ok(), ledger == &merged_ ? decision.ok() : id.has_value())
          << decision.status();
      if (!decision.ok()) continue;
      if (id) {
        ASSERT_EQ(*id, decision->id);
      }
      id = decision->id;
      if (ledger == &plain_) continue;
      if (decision->entity == EntityKind::kLead) leads_ = decision->id;
      if (decision->entity == EntityKind::kOpportunity) deals_ = decision->id;
    }
  }

  // Versions and event ids count the events of the merge too; times and channels stay.
  static Lineage WithoutIds(Lineage lineage) {
    lineage.original.touch = lineage.latest.touch = {};
    return lineage;
  }

  void ExpectSame() {
    for (int64_t id = 1; id <= leads_; ++id) {
      LeadRow a = merged_.Lead(id), b = plain_.Lead(id);
      a.lineage = WithoutIds(a.lineage);
      b.lineage = WithoutIds(b.lineage);
      EXPECT_EQ(a, b) << "lead " << id;
    }
    for (int64_t id = 1; id <= deals_; ++id) {
      OpportunityRow a = merged_.Opportunity(id), b = plain_.Opportunity(id);
      a.lineage = WithoutIds(a.lineage);
      b.lineage = WithoutIds(b.lineage);
      EXPECT_EQ(a, b) << "opportunity " << id;
    }
    for (const int64_t id : {1, 2}) {
      AccountRow a = merged_.Account(id), b = plain_.Account(id);
      a.version = b.version;
      a.first.touch = b.first.touch;
      EXPECT_EQ(a, b) << "account " << id;
    }
  }

  std::mt19937 random_{GetParam()};
  PureLedger merged_, plain_;
  Time now_ = StartOf(Date{20'000});
  int64_t leads_ = 0, deals_ = 0;
};

TEST_P(UnmergeTest, ReadsAsIfThereHadBeenNoMerge) {
  for (int i = 0; i < 20; ++i) Step();
  merged_.Must(AccountMerge{AccountId{1}, AccountId{2}, "duplicate"});
  for (int i = 0; i < 60 && !HasFatalFailure(); ++i) Step();
  merged_.Must(AccountUnmerge{AccountId{2}, "not_the_same"});
  ExpectSame();
}

INSTANTIATE_TEST_SUITE_P(Seeds, UnmergeTest, ::testing::Range(1u, 41u));

}  // namespace
}  // namespace throughline
