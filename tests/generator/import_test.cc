#include "throughline/import.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "generator/generated.h"
#include "gtest/gtest.h"
#include "throughline/ledger.h"
#include "throughline/memory_store.h"
#include "throughline/policy.h"

// The library, given the facts, finds out what the generator knows.

namespace throughline {
namespace {

constexpr char kCrm[] = "crm";

class ImportedTest : public testing::TestWithParam<GeneratorOptions> {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<Ledger>> ledger = Ledger::Create(NewMemoryStore());
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    ledger_ = *std::move(ledger);
    const auto take = [&](const Command& command, const Context& context) {
      requests_.push_back({command, context});
      requests_.back().context.mode = Mode::kObserve;
    };
    const auto learn = [&](const GeneratedTruth& truth) { truth_.push_back(truth); };
    ASSERT_TRUE(GenerateFacts(GetParam(), take, learn).ok());
    absl::StatusOr<ImportReport> report = ImportFacts(*ledger_, requests_, {});
    ASSERT_TRUE(report.ok()) << report.status();
    report_ = *std::move(report);
    for (const Request& request : requests_) NoteCampaign(request.command);
  }

  void NoteCampaign(const Command& command) {
    const auto* define = std::get_if<CampaignDefine>(&command);
    if (define == nullptr) return;
    const std::string& key = define->external_ids[0].key;
    absl::StatusOr<CampaignRow> row = ledger_->GetCampaign(CampaignRef(kCrm, key));
    ASSERT_TRUE(row.ok()) << row.status();
    campaigns_[row->campaign] = key;
  }

  GeneratedSource SourceOf(const Source& source) const {
    const auto campaign = campaigns_.find(source.campaign);
    return {static_cast<bool>(source.touch), source.at, source.channel,
            campaign == campaigns_.end() ? "" : campaign->second};
  }

  template <class Row>
  void Compare(const Row& row, const GeneratedTruth& truth) {
    EXPECT_EQ(NameOf(row.lineage.link), NameOf(truth.link));
    EXPECT_EQ(row.lineage.episode, truth.episode);
    EXPECT_EQ(SourceOf(row.lineage.original), truth.original);
    EXPECT_EQ(SourceOf(row.lineage.latest), truth.latest);
    EXPECT_EQ(Policy::Default()->FindStage(row.stage)->key, truth.stage);
    EXPECT_EQ(row.opened_at, truth.opened_at);
    EXPECT_EQ(row.closed_at, truth.closed_at);
    ComparePrevious(row.lineage, truth);
  }

  void ComparePrevious(const Lineage& lineage, const GeneratedTruth& truth) {
    LeadId lead;
    OpportunityId opportunity;
    if (truth.previous_kind == EntityKind::kLead) {
      lead = ledger_->GetLead(LeadRef(kCrm, truth.previous))->lead;
    } else if (truth.previous_kind == EntityKind::kOpportunity) {
      opportunity = ledger_->GetOpportunity(OpportunityRef(kCrm, truth.previous))->opportunity;
    }
    EXPECT_EQ(lineage.previous_lead, lead);
    EXPECT_EQ(lineage.previous_opportunity, opportunity);
  }

  void Check(const GeneratedTruth& truth) {
    SCOPED_TRACE(truth.record);
    if (truth.kind == EntityKind::kLead) {
      absl::StatusOr<LeadRow> lead = ledger_->GetLead(LeadRef(kCrm, truth.record));
      ASSERT_TRUE(lead.ok()) << lead.status();
      Compare(*lead, truth);
      return;
    }
    absl::StatusOr<OpportunityRow> deal =
        ledger_->GetOpportunity(OpportunityRef(kCrm, truth.record));
    ASSERT_TRUE(deal.ok()) << deal.status();
    Compare(*deal, truth);
    EXPECT_EQ(deal->type, truth.type);
    EXPECT_EQ(deal->amount, truth.amount);
    EXPECT_EQ(deal->booked, truth.booked);
  }

  void CheckAll() {
    EXPECT_EQ(report_.facts, std::ssize(requests_));
    EXPECT_EQ(report_.imported, std::ssize(requests_));
    EXPECT_EQ(report_.rejected, 0) << testing::PrintToString(report_.samples);
    for (const auto& [warning, count] : report_.warnings) EXPECT_EQ(warning, "missing_amount");
    for (const GeneratedTruth& truth : truth_) {
      Check(truth);
      if (HasFailure()) return;
    }
  }

  std::unique_ptr<Ledger> ledger_;
  ImportReport report_;
  std::vector<Request> requests_;
  std::vector<GeneratedTruth> truth_;
  std::map<CampaignId, std::string> campaigns_;
};

TEST_P(ImportedTest, EveryRecordIsWhatTheGeneratorKnows) { CheckAll(); }

TEST_P(ImportedTest, ASecondImportAddsNothing) {
  const absl::StatusOr<ImportReport> again = ImportFacts(*ledger_, requests_, {});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->known, std::ssize(requests_)) << testing::PrintToString(again->samples);
  EXPECT_EQ(again->events, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ImportedTest,
                         testing::Values(GeneratorOptions{20'000, 1}, GeneratorOptions{20'000, 2},
                                         GeneratorOptions{20'000, 3}));

class ManyAccountsTest : public ImportedTest {};

TEST_P(ManyAccountsTest, EachIsWhatTheGeneratorKnows) {
  const auto opens = [](const Request& request) {
    return std::holds_alternative<AccountOpen>(request.command);
  };
  EXPECT_GE(std::ranges::count_if(requests_, opens), 100'000);
  CheckAll();
}
INSTANTIATE_TEST_SUITE_P(Seeds, ManyAccountsTest, testing::Values(GeneratorOptions{1'250'000, 4}));

}  // namespace
}  // namespace throughline
