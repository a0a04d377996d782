#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/import_fixture.h"
#include "ledger/random_commands.h"
#include "throughline/export.h"

namespace throughline {
namespace {

using testing::HasSubstr;

// The export of one ledger, imported into another.
class ImportExportTest : public ImportTest {
 protected:
  ImportExportTest() : source_(NewLedger()) {}

  Receipt Must(const Command& command, std::string_view at = "", OwnerRef actor = {}) {
    Context context{.actor = std::move(actor), .mode = Mode::kObserve};
    if (!at.empty()) context.occurred_at = *ParseMoment(at);
    absl::StatusOr<Receipt> receipt = source_->Execute(command, context);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return receipt.ok() ? *receipt : Receipt();
  }

  // From the first touch to the deal that is won, and what was mended since.
  void FillSource() {
    Must(OwnerDefine{.name = "Ann", .external_ids = {{"crm", "U-1"}}});
    Must(CampaignDefine{.name = "Spring", .channel = "webinar"});
    Must(CampaignCost{CampaignId{1}, *ParseDate("2024-01-02"), *ParseMoney("900.00 EUR")});
    Must(AccountOpen{.name = "Acme", .domains = {"acme.com"}, .external_ids = {{"crm", "A-1"}}},
         "2024-01-01");
    Must(ContactAdd{.account = AccountId{1},
                    .name = "Bob",
                    .email = "bob@acme.com",
                    .external_ids = {{"crm", "C-1"}}});
    Must(ContactUpdate{.contact = ContactId{1}, .title = "CTO"});
    Must(TouchRecord{.contact = ContactId{1}, .campaign = CampaignId{1}, .kind = "webinar"},
         "2024-01-02T10:00:00Z");
    Must(LeadOpen{.contact = ContactId{1}, .external_ids = {{"crm", "L-1"}}}, "2024-01-03");
    Must(LeadAssign{LeadId{1}, OwnerId{1}}, "2024-01-05", OwnerId{1});
    Must(LeadMove{.lead = LeadId{1}, .stage = "working"}, "2024-01-08");
    Must(OpportunityOpen{.leads = {LeadId{1}},
                         .amount = *ParseMoney("48000.00 EUR"),
                         .external_ids = {{"crm", "O-1"}}},
         "2024-02-01");
    Must(OpportunityRole{OpportunityId{1}, ContactId{1}, "champion"}, "2024-02-02");
    value_ =
        Must(OpportunityValue{OpportunityId{1}, *ParseMoney("50000.00 EUR"), {}}, "2024-03-01");
    Must(OpportunityWin{.opportunity = OpportunityId{1}}, "2024-05-10");
    Must(NoteAdd{.opportunity = OpportunityId{1}, .text = "Signed, at last."}, "2024-05-11");
    Must(Amend{.event = {EventId::Of(value_.seq, 0)},
               .changes = {{"amount", "51000.00 EUR"}},
               .reason = "typo"});
  }

  std::string Export() {
    EXPECT_TRUE(ExportFile(*source_, Path("export.jsonl")).ok());
    return Path("export.jsonl");
  }

  static std::string IdOf(const std::string& file) {
    const std::string text = ReadText(file);
    const size_t at = text.find("\"ledger\":\"") + 10;
    return text.substr(at, text.find('"', at) - at);
  }

  // How often each kind of event is in a ledger, policies aside.
  static std::map<std::string, int> CountEvents(Ledger& ledger) {
    std::map<std::string, int> counts;
    const std::vector<Commit> commits = *ledger.ReadCommits(0, kMaxPageSize);
    for (const Commit& commit : commits) {
      for (const Event& event : commit.events) ++counts[std::string(EventName(event.payload))];
    }
    counts.erase("policy_set");
    return counts;
  }

  std::unique_ptr<Ledger> source_;
  Receipt value_;
};

TEST_F(ImportExportTest, WhatHappenedThereHappenedHere) {
  FillSource();
  const std::string file = Export();
  const ImportReport report = Import({file});
  EXPECT_EQ(report.rejected, 0) << Rejects();
  EXPECT_EQ(report.facts, report.imported);
  EXPECT_EQ(report.warnings, (std::map<std::string, int64_t>{{"policy_left_out", 1}}));
  EXPECT_EQ(CountEvents(*ledger_), CountEvents(*source_));
  const OpportunityRow deal = Deal("O-1");
  EXPECT_EQ(deal.phase, Phase::kWon);
  EXPECT_EQ(deal.amount, *ParseMoney("51000.00 EUR"));
  EXPECT_EQ(deal.lineage.original.channel, "webinar");
  EXPECT_EQ(Lead("L-1").owner, ledger_->GetOwner(OwnerRef("crm", "U-1"))->owner);
  EXPECT_EQ(ledger_->GetContactProfile(ContactRef("crm", "C-1"))->title, "CTO");
  EXPECT_EQ(ledger_->GetLead(LeadRef(absl::StrCat("throughline-", IdOf(file)), "1"))->lead,
            Lead("L-1").lead);
  EXPECT_EQ(ledger_->Verify()->differences, 0);
}

TEST_F(ImportExportTest, TimesStayAndItIsKnownSinceItWasThere) {
  FillSource();
  Import({Export()});
  const TimelinePage page = *ledger_->Timeline(AccountRef("crm", "A-1"), {});
  const auto assigned = std::find_if(page.items.begin(), page.items.end(), [](const auto& e) {
    return std::holds_alternative<LeadAssigned>(e.event.payload);
  });
  ASSERT_NE(assigned, page.items.end());
  EXPECT_EQ(FormatMoment(assigned->event.occurred()), "2024-01-05");
  EXPECT_EQ(assigned->actor, ledger_->GetOwner(OwnerRef("crm", "U-1"))->owner);
  bool found = false;
  const std::vector<Commit> commits = *source_->ReadCommits(0, kMaxPageSize);
  for (const Commit& commit : commits) {
    found = found || commit.head.recorded_at == assigned->known_at;
  }
  EXPECT_TRUE(found) << "as its commit was recorded there";
}

TEST_F(ImportExportTest, AgainItAddsOnlyWhatIsNew) {
  FillSource();
  Import({Export()});
  const int64_t seq = *ledger_->store().LastSeq();
  const ImportReport again = Import({Export()});
  EXPECT_EQ(again.imported, 0);
  EXPECT_EQ(again.known, again.facts);
  EXPECT_EQ(*ledger_->store().LastSeq(), seq);
  Must(TouchRecord{.contact = ContactId{1}, .channel = "phone", .kind = "call"}, "2024-06-01");
  EXPECT_EQ(Import({Export()}).imported, 1);
}

// Two records are not made one behind anybody's back.
TEST_F(ImportExportTest, AnIdThatIsTakenHereIsRejectedWithWhatIsAboutIt) {
  ASSERT_TRUE(
      ledger_->Execute(AccountOpen{.name = "Acme SE", .external_ids = {{"crm", "A-1"}}}, {}).ok());
  FillSource();
  const ImportReport report = Import({Export()});
  EXPECT_GT(report.rejected, 10);
  EXPECT_EQ(report.facts, report.imported + report.rejected);
  EXPECT_THAT(Rejects(), HasSubstr("external_ids[1]: crm:A-1 is that of account 1"));
  EXPECT_EQ(ledger_->GetAccount(AccountRef("crm", "A-1"))->name, "Acme SE");
}

TEST_F(ImportExportTest, ItsOwnLedgerKnowsItAlready) {
  FillSource();
  const std::string file = Export();
  ledger_ = *RestoreFile(NewMemoryStore(), file);
  const absl::Status status = TryImport({file}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("export.jsonl: is an export of this"));
}

TEST_F(ImportExportTest, ADamagedFileIsRefusedAsAWhole) {
  FillSource();
  const std::string text = ReadText(Export());
  const int64_t seq = *ledger_->store().LastSeq();
  absl::Status status = TryImport({Write("cut.jsonl", text.substr(0, text.size() - 90))}).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("cut.jsonl: the file is cut short"));
  std::string changed = text;
  changed.replace(changed.find("Bob"), 3, "Rob");
  status = TryImport({Write("changed.jsonl", changed)}).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("digest: the lines above"));
  EXPECT_EQ(*ledger_->store().LastSeq(), seq);
}

TEST_F(ImportExportTest, WhatNoFactSaysIsRejectedWithTheReason) {
  FillSource();
  std::string text = ReadText(Export());
  // As if the person and the note had been erased.
  for (const std::string table : {"contact_profile", "note"}) {
    size_t at = 0;
    while ((at = text.find("{\"table\":\"" + table + "\"")) != text.npos) {
      text.erase(at, text.find('\n', at) + 1 - at);
    }
  }
  const size_t end = text.rfind("{\"end\"");
  const size_t rows = text.find(",\"commits\"", end);
  const int64_t lines = std::count(text.begin(), text.end(), '\n');
  const std::string commits = text.substr(rows + 11, text.find(',', rows + 1) - rows - 11);
  text.replace(end, std::string::npos,
               absl::StrCat("{\"end\":true,\"rows\":", lines - 2 - std::stoll(commits),
                            ",\"commits\":", commits, "}\n"));
  const ImportReport report = Import({Write("erased.jsonl", text)});
  EXPECT_EQ(report.rejected, 2);
  EXPECT_THAT(Rejects(), HasSubstr("what was known of the person is erased"));
  EXPECT_THAT(Rejects(), HasSubstr("the note's text is erased"));
  EXPECT_EQ(Deal("O-1").phase, Phase::kWon) << "the rest was loaded";
  EXPECT_EQ(ledger_->GetContactProfile(ContactRef("crm", "C-1"))->name, "");
}

// An amendment names owners by the numbers of its own ledger.
TEST_F(ImportExportTest, OwnersOfAmendmentsAreLeftOutAndToldOf) {
  FillSource();
  const Receipt touch = Must(
      TouchRecord{.contact = ContactId{1}, .owner = OwnerId{1}, .channel = "x", .kind = "call"},
      "2024-03-01");
  Must(Amend{
      .event = {EventId::Of(touch.seq, 0)}, .changes = {{"channel", "phone"}}, .reason = "typo"});
  const ImportReport report = Import({Export()});
  EXPECT_EQ(report.rejected, 0) << Rejects();
  EXPECT_EQ(report.warnings.count("amended_owner_left_out"), 1u);
}

TEST_F(ImportExportTest, WhateverHappenedCanBeImported) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    source_ = NewLedger();
    ledger_ = NewLedger();
    RandomCommands commands(seed);
    for (int i = 0; i < 300; ++i) {
      const Request request = commands.Next();
      const auto receipt = source_->Execute(request.command, request.context);
      if (receipt.ok()) commands.Accepted(*receipt);
    }
    const ImportReport report = Import({Export()});
    // What an erasure left of an event is no fact, but a reject.
    EXPECT_LE(report.facts, report.imported + report.known + report.rejected) << Rejects();
    EXPECT_LT(report.rejected * 5, report.facts) << Rejects();
    EXPECT_EQ(ledger_->Verify()->differences, 0);
    // What was refused may fit by now, as the undoing of a merge that was not there yet.
    EXPECT_LE(Import({Export()}).imported, report.rejected);
  }
}

}  // namespace
}  // namespace throughline
