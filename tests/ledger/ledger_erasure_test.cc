#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/ledger_fixture.h"
#include "ledger/random_commands.h"
#include "ledger/row_access.h"
#include "throughline/import.h"
#include "throughline/report.h"

namespace throughline {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// What can be known of a person, in words that stand nowhere else.
const std::vector<std::string>& Traces() {
  static const auto& traces = *new std::vector<std::string>{"Zerlinde Quastenfloss",
                                                            "quastenfloss@acme.example",
                                                            "quast.old@acme.example",
                                                            "+49 30 5550123",
                                                            "Oberquastenmeisterin",
                                                            "0176-quast",
                                                            "C-QUAST-1",
                                                            "likes tasselled fish",
                                                            "asked for Zerlinde"};
  return traces;
}

class ErasureTest : public LedgerTest {
 protected:
  ErasureTest() {
    account_ = OpenAccount("Acme");
    contact_ = ContactId{Must(ContactAdd{.account = account_,
                                         .name = "Zerlinde Quastenfloss",
                                         .email = "Quast.Old@acme.example",
                                         .phone = "+49 30 5550123",
                                         .title = "Oberquastenmeisterin",
                                         .attributes = {{"mobile", "0176-quast"}},
                                         .external_ids = {{"crm", "C-QUAST-1"}}})
                             .id};
    Must(ContactUpdate{.contact = contact_, .email = "Quastenfloss@acme.example"});
    lead_ = LeadId{Must(LeadOpen{.account = account_, .contact = contact_}).id};
    about_person_ = NoteId{Must(NoteAdd{.contact = contact_, .text = "likes tasselled fish"}).id};
    about_lead_ = NoteId{Must(NoteAdd{.lead = lead_, .text = "asked for Zerlinde by phone"}).id};
    about_account_ = NoteId{Must(NoteAdd{.account = account_, .text = "a good company"}).id};
    Must(TouchRecord{.account = account_, .contact = contact_, .channel = "web", .kind = "form"});
  }

  Receipt Erase() {
    return Must(ContactErase{.contact = contact_, .reason = "asked_for"}, RequestId("please"));
  }
  ContactAdd SamePerson() const {
    return ContactAdd{.account = account_, .name = "Z.", .email = "quast.OLD@acme.example"};
  }
  static std::string RuleOf(const absl::Status& status) { return DetailOf(status).rule; }

  // What is found of the person in the files of the ledger, in any case.
  std::vector<std::string> Found() const {
    std::string bytes;
    for (const char* name : {"ledger.db", "ledger.db-wal"}) {
      std::ifstream file(folder_.File(name), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), {});
    }
    std::transform(bytes.begin(), bytes.end(), bytes.begin(), Lower);
    std::vector<std::string> found;
    for (std::string trace : Traces()) {
      std::transform(trace.begin(), trace.end(), trace.begin(), Lower);
      if (bytes.find(trace) != std::string::npos) found.push_back(trace);
    }
    return found;
  }
  static char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

  AccountId account_;
  ContactId contact_;
  LeadId lead_;
  NoteId about_person_, about_lead_, about_account_;
};

INSTANTIATE_TEST_SUITE_P(Stores, ErasureTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

TEST_P(ErasureTest, WhatTheVaultHasIsGoneAndTheRestStays) {
  const AccountState before = *ledger_->StateOf(account_);
  const Receipt receipt = Erase();
  EXPECT_EQ(receipt.events, 1);
  EXPECT_FALSE(receipt.pending);
  const absl::Status profile = ledger_->GetContactProfile(contact_).status();
  EXPECT_EQ(profile.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(profile.message()), HasSubstr("was erased on 2024-"));
  EXPECT_EQ(ledger_->GetContact(contact_)->erased_at, receipt.recorded_at);
  EXPECT_THAT(*ledger_->FindContactsByEmail("quastenfloss@acme.example"), IsEmpty());
  EXPECT_THAT(*ledger_->GetExternalIds(EntityKind::kContact, contact_.value), IsEmpty());
  for (const NoteId note : {about_person_, about_lead_}) {
    EXPECT_EQ(ledger_->NoteText(note).status().code(), absl::StatusCode::kNotFound);
  }
  EXPECT_EQ(*ledger_->NoteText(about_account_), "a good company");
  const AccountState after = *ledger_->StateOf(account_);
  EXPECT_EQ(after.leads, before.leads);
  EXPECT_EQ(after.account.touches, before.account.touches);
  EXPECT_EQ(after.contacts.size(), 1);
}

TEST_P(ErasureTest, JournalRowsAndVaultAgree) {
  Erase();
  EXPECT_THAT(ledger_->Verify()->samples, IsEmpty());
  const std::vector<std::string> rows = DumpRows(ledger_->store());
  ASSERT_TRUE(ledger_->Rebuild().ok());
  EXPECT_EQ(DumpRows(ledger_->store()), rows);
  for (const std::string& trace : Traces()) {
    EXPECT_THAT(rows, Each(Not(HasSubstr(trace))));
    EXPECT_THAT(DumpJournal(ledger_->store()), Each(Not(HasSubstr(trace))));
  }
}

TEST_P(ErasureTest, VerifyFindsWhatShouldBeGone) {
  Erase();
  {
    auto transaction = *ledger_->store().BeginWrite();
    EXPECT_TRUE(PutRow(*transaction, ContactProfileRow{.contact = contact_, .revision = 1}).ok());
    EXPECT_TRUE(PutRow(*transaction, ContactExternalIdRow{"crm", "x", contact_}).ok());
    EXPECT_TRUE(PutRow(*transaction, NoteRow{about_lead_, 1, "asked for her", ""}).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }
  EXPECT_THAT(ledger_->Verify()->samples,
              AllOf(Contains(HasSubstr("an external id is left of contact 1, who was erased")),
                    Contains(HasSubstr("note 2,1 is left of contact 1"))));
}

TEST_P(ErasureTest, NothingMoreIsKnownOfTheErased) {
  Erase();
  EXPECT_EQ(RuleOf(Refused(ContactErase{.contact = contact_})), "erased");
  for (const Mode mode : {Mode::kEnforce, Mode::kObserve}) {
    Context context;
    context.mode = mode;
    const AccountId other = OpenAccount("Other");
    EXPECT_EQ(RuleOf(Refused(ContactUpdate{.contact = contact_, .name = "Z"}, context)), "erased");
    EXPECT_EQ(RuleOf(Refused(NoteAdd{.contact = contact_, .text = "z"}, context)), "erased");
    EXPECT_EQ(RuleOf(Refused(ContactMove{contact_, other}, context)), "erased");
  }
  const TouchRecord touch{.contact = contact_, .channel = "web", .kind = "form"};
  const LeadOpen lead{.contact = contact_};
  EXPECT_EQ(RuleOf(Refused(touch)), "erased");
  EXPECT_EQ(RuleOf(Refused(lead)), "erased");
  Context observe;
  observe.mode = Mode::kObserve;
  EXPECT_EQ(Must(touch, observe).breaches, BreachBit(Breach::kErased));
  const Receipt opened = Must(lead, observe);
  EXPECT_EQ(opened.breaches, BreachBit(Breach::kErased));
  EXPECT_FALSE(ledger_->GetLead(LeadId{opened.id})->contact);
  EXPECT_EQ(ledger_->GetAccount(account_)->touches, 2);
  Must(NoteAdd{.lead = lead_, .text = "somebody else takes over"});
  EXPECT_THAT(ledger_->Verify()->samples, IsEmpty());
}

TEST_P(ErasureTest, AnErasureStandsForEver) {
  const Receipt receipt = Erase();
  EXPECT_EQ(Must(ContactErase{.contact = contact_, .reason = "asked_for"}, RequestId("please")),
            [&] {
              Receipt again = receipt;
              again.repeated = true;
              return again;
            }());
  EXPECT_EQ(RuleOf(Refused(Void{.event = {EventId::Of(receipt.seq, 0)}, .reason = "mistake"})),
            "irrevocable");
}

TEST_P(ErasureTest, TheSameEmailIsSomebodyNewIfItComesLater) {
  Erase();
  EXPECT_EQ(RuleOf(Refused(SamePerson(), At("2024-01-01"))), "erased");
  EXPECT_EQ(RuleOf(Refused(SamePerson(), At("2024-01-01", Mode::kObserve))), "erased");
  Context undated;
  undated.mode = Mode::kObserve;
  EXPECT_EQ(RuleOf(Refused(SamePerson(), undated)), "erased");
  undated.mode = Mode::kEnforce;
  undated.fact = 17;
  EXPECT_EQ(RuleOf(Refused(SamePerson(), undated)), "erased");

  const Receipt live = Must(SamePerson());
  EXPECT_NE(live.id, contact_.value);
  clock_.Set(*ParseTime("2025-06-01T00:00:00Z"));
  EXPECT_GT(Must(SamePerson(), At("2025-05-01", Mode::kObserve)).id, live.id);
  EXPECT_EQ(ledger_->FindContactsByEmail("quast.old@acme.example")->size(), 2);
}

TEST_P(ErasureTest, AnExternalIdIsNeverGivenAgain) {
  Erase();
  const AccountId other = OpenAccount("Other");
  const ContactAdd same{.account = other, .external_ids = {{"crm", "C-QUAST-1"}}};
  EXPECT_EQ(RuleOf(Refused(same)), "erased");
  const ContactId another{Must(ContactAdd{.account = other, .name = "Ann"}).id};
  EXPECT_EQ(
      RuleOf(Refused(ContactUpdate{.contact = another, .external_ids = {{"crm", "C-QUAST-1"}}})),
      "erased");
  EXPECT_EQ(RuleOf(Refused(ContactErase{.contact = ContactRef("crm", "C-QUAST-1")})), "erased");
  EXPECT_EQ(ledger_->GetContact(ContactRef("crm", "C-QUAST-1")).status().code(),
            absl::StatusCode::kNotFound);
  Must(LeadOpen{.account = other, .external_ids = {{"crm", "C-QUAST-1"}}});
}

TEST_P(ErasureTest, NotesOfEarlierAccountsGoToo) {
  const AccountId other = OpenAccount("Other");
  Must(ContactMove{contact_, other});
  const NoteId note{Must(NoteAdd{.contact = contact_, .text = "moved"}).id};
  const Receipt receipt = Erase();
  EXPECT_EQ(receipt.account, other);
  for (const NoteId gone : {about_person_, about_lead_, note}) {
    EXPECT_EQ(ledger_->NoteText(gone).status().code(), absl::StatusCode::kNotFound);
  }
  EXPECT_THAT(ledger_->Verify()->samples, IsEmpty());
}

TEST_P(ErasureTest, WhatIsRecordedOfAMergedAccountIsToldAndGoesToo) {
  const AccountId other = OpenAccount("Acme Inc");
  Must(AccountMerge{.account = other, .merged = account_});
  const LeadId lead{Must(LeadOpen{.account = other, .contact = contact_}).id};
  const NoteId note{Must(NoteAdd{.lead = lead, .text = "tassels again, says Zerlinde"}).id};
  EXPECT_THAT(*ledger_->ExportPerson(contact_), HasSubstr("tassels again"));
  Must(AccountUnmerge{.account = account_});
  EXPECT_THAT(*ledger_->ExportPerson(contact_), HasSubstr("tassels again"));
  Must(ContactErase{.contact = contact_});
  EXPECT_EQ(ledger_->NoteText(note).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(ledger_->Verify()->samples, IsEmpty());
}

TEST_P(ErasureTest, InOneCommitWithWhatItErases) {
  const std::vector<Command> commands = {
      NoteAdd{.contact = contact_, .text = "one more"},
      ContactUpdate{.contact = contact_, .external_ids = {{"crm", "C-2"}}},
      ContactErase{.contact = ContactRef("crm", "C-2")},
      NoteAdd{.account = account_, .text = "gone"}};
  ASSERT_TRUE(ledger_->ExecuteAtomic(commands, {}).ok());
  EXPECT_THAT(ledger_->Verify()->samples, IsEmpty());
  EXPECT_THAT(DumpRows(ledger_->store()), Each(Not(HasSubstr("one more"))));
  EXPECT_EQ(RuleOf(Refused(ContactAdd{.account = account_, .external_ids = {{"crm", "C-2"}}})),
            "erased");
}

// --- Imports. ---

Request Fact(std::string_view when, Command command) {
  Request request{std::move(command), {}};
  if (!when.empty()) request.context.occurred_at = *ParseMoment(when);
  return request;
}

std::vector<Request> Facts(std::string phone) {
  const AccountRef account("csv", "A");
  const ContactRef contact("csv", "C");
  return {Fact("2024-01-01", AccountOpen{.name = "Bolt", .external_ids = {{"csv", "A"}}}),
          Fact("", ContactAdd{.account = account,
                              .name = "Bob",
                              .email = "bob@bolt.example",
                              .phone = std::move(phone),
                              .external_ids = {{"csv", "C"}}}),
          Fact("2024-02-01", TouchRecord{.contact = contact, .channel = "web", .kind = "form"}),
          Fact("2024-02-01", TouchRecord{.contact = contact, .channel = "web", .kind = "form"}),
          Fact("2024-02-02", LeadOpen{.contact = contact, .external_ids = {{"csv", "L"}}}),
          Fact("2024-02-03", NoteAdd{.contact = contact, .text = "called"}),
          Fact("2024-02-04", LeadMove{.lead = LeadRef("csv", "L"), .stage = "mql"})};
}

TEST_P(ErasureTest, ARepeatedImportBringsNobodyBack) {
  ASSERT_EQ(ImportFacts(*ledger_, Facts("1"), {})->imported, 7);
  const ContactId bob = ledger_->FindContactsByEmail("bob@bolt.example")->front().contact;
  Must(ContactErase{.contact = bob});
  const std::vector<std::string> rows = DumpRows(ledger_->store());
  const ImportReport again = *ImportFacts(*ledger_, Facts("1"), {});
  EXPECT_EQ(again.known, 7) << testing::PrintToString(again.samples);
  EXPECT_EQ(again.events, 0);
  EXPECT_EQ(DumpRows(ledger_->store()), rows);
}

TEST_P(ErasureTest, WhatIsNewOfTheErasedIsImportedWithoutThem) {
  ASSERT_EQ(ImportFacts(*ledger_, Facts("1"), {})->imported, 7);
  const ContactId bob = ledger_->FindContactsByEmail("bob@bolt.example")->front().contact;
  Must(ContactErase{.contact = bob});
  std::vector<Request> facts = Facts("2");  // the other system has another phone number by now
  const ContactRef contact("csv", "C");
  facts.push_back(
      Fact("2024-03-01", TouchRecord{.contact = contact, .channel = "web", .kind = "form"}));
  facts.push_back(Fact("2024-03-02", NoteAdd{.contact = contact, .text = "called again"}));
  const ImportReport report = *ImportFacts(*ledger_, facts, {});
  EXPECT_EQ(report.known, 6);
  EXPECT_EQ(report.imported, 1);
  EXPECT_EQ(report.rejected, 2) << "the contact and the note";
  EXPECT_EQ(report.warnings.at("erased"), 1);
  EXPECT_EQ(ImportFacts(*ledger_, facts, {})->imported, 0);
  const AccountRow account = *ledger_->GetAccount(AccountRef("csv", "A"));
  EXPECT_EQ(account.touches, 3);
  EXPECT_TRUE(ledger_->GetContact(bob)->erased_at.has_value());
}

// --- Aggregates. ---

std::vector<std::string> AllReports(Ledger& ledger, const AsOfRequest& as_of) {
  std::vector<std::string> texts;
  const auto snapshot = *Snapshot::Take(ledger.store());
  for (const ReportInfo& info : Reports()) {
    absl::StatusOr<Table> table = RunReport(*snapshot, info.name, {.as_of = as_of});
    EXPECT_TRUE(table.ok()) << table.status();
    if (table.ok()) texts.push_back(ToCsv(*table));
  }
  return texts;
}

TEST_P(ErasureTest, AggregatesDoNotChange) {
  int erased = 0;
  for (uint32_t seed = 1; seed <= 4; ++seed) {
    RandomCommands commands(seed);
    for (int i = 0; i < 250; ++i) {
      const Request request = commands.Next();
      const absl::StatusOr<Receipt> receipt = ledger_->Execute(request.command, request.context);
      if (receipt.ok()) commands.Accepted(*receipt);
    }
    const Commit last = ledger_->ReadCommits(LastSeq() - 1, 1)->front();
    const AsOfRequest as_of{.through = last.head.recorded_at, .known_at = kMaxTime};
    const std::vector<std::string> before = AllReports(*ledger_, as_of);
    for (int64_t id = 1; ledger_->GetContact(ContactId{id}).ok(); ++id) {
      erased += ledger_->Execute(ContactErase{.contact = ContactId{id}}, {}).ok() ? 1 : 0;
    }
    EXPECT_EQ(AllReports(*ledger_, as_of), before) << "seed " << seed;
    EXPECT_THAT(ledger_->Verify()->samples, IsEmpty());
  }
  EXPECT_GT(erased, 0);
}

// --- Export. ---

TEST_P(ErasureTest, ExportTellsAllThatIsKnown) {
  const std::string json = *ledger_->ExportPerson(contact_);
  for (const std::string& trace : Traces()) {
    if (trace.find("acme.example") != std::string::npos) continue;  // as they were written
    EXPECT_THAT(json, HasSubstr(trace));
  }
  EXPECT_THAT(json, AllOf(HasSubstr("Quast.Old@acme.example"), HasSubstr("\"touch_recorded\""),
                          HasSubstr("\"lead_opened\""), HasSubstr("\"stage\": \"inquiry\""),
                          Not(HasSubstr("a good company"))));
  EXPECT_EQ(*ledger_->ExportPerson(ContactRef("crm", "C-QUAST-1")), json);
  Erase();
  const std::string left = *ledger_->ExportPerson(contact_);
  for (const std::string& trace : Traces()) EXPECT_THAT(left, Not(HasSubstr(trace)));
  EXPECT_THAT(left, AllOf(HasSubstr("\"erased_at\""), HasSubstr("\"touch_recorded\""),
                          HasSubstr("\"lead_opened\""), HasSubstr("\"contact_erased\"")));
  EXPECT_EQ(ledger_->ExportPerson(ContactId{99}).status().code(), absl::StatusCode::kNotFound);
}

// --- The file. ---

TEST_P(ErasureTest, NothingIsLeftInTheFile) {
  if (GetParam() == StoreKind::kMemory) GTEST_SKIP() << "has no file";
  EXPECT_EQ(Found().size(), Traces().size());
  EXPECT_FALSE(Erase().pending);
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_P(ErasureTest, IsPendingWhileAReaderHoldsIt) {
  if (GetParam() == StoreKind::kMemory) GTEST_SKIP() << "has no file";
  auto reader = *ledger_->store().BeginRead();
  EXPECT_TRUE(Erase().pending);
  EXPECT_THAT(Found(), Not(IsEmpty()));
  EXPECT_FALSE(*ledger_->FinishErasures());
  reader.reset();
  EXPECT_TRUE(*ledger_->FinishErasures());
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_P(ErasureTest, TheNextCommitFinishesWhatWasPending) {
  if (GetParam() == StoreKind::kMemory) GTEST_SKIP() << "has no file";
  auto reader = *ledger_->store().BeginRead();
  EXPECT_TRUE(Erase().pending);
  reader.reset();
  Must(NoteAdd{.account = account_, .text = "n"});
  EXPECT_THAT(Found(), IsEmpty());
}

// When rows move to other pages of a file, copies of them may stay behind.
TEST_P(ErasureTest, NothingIsLeftOfManyPeople) {
  if (GetParam() == StoreKind::kMemory) GTEST_SKIP() << "has no file";
  constexpr int kPeople = 4000;
  constexpr int kAccounts = 50;  // an erasure reads the history of one
  std::vector<AccountId> accounts;
  for (int i = 0; i < kAccounts; ++i) accounts.push_back(OpenAccount("Acme"));
  const auto name = [](uint32_t i) { return absl::StrCat("zq", i * 2654435761U, "qz"); };
  std::vector<Request> requests;
  std::vector<absl::StatusOr<Receipt>> outcomes;
  for (uint32_t i = 0; i < kPeople; ++i) {
    requests.push_back({ContactAdd{.account = accounts[i % kAccounts],
                                   .name = name(i) + std::string(i % 97, 'n'),
                                   .email = name(i) + "@acme.example",
                                   .external_ids = {{"crm", name(i)}}},
                        {}});
  }
  ASSERT_TRUE(ledger_->ExecuteAll(requests, outcomes).ok());
  requests.clear();
  std::vector<std::string> gone;
  for (uint32_t i = 0; i < kPeople; i += 4) {
    requests.push_back({ContactErase{.contact = ContactRef("crm", name(i))}, {}});
    gone.push_back(name(i));
  }
  ASSERT_TRUE(ledger_->ExecuteAll(requests, outcomes).ok());
  EXPECT_FALSE(outcomes.back()->pending);
  std::ifstream file(folder_.File("ledger.db"), std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  std::vector<std::string> left;
  for (const std::string& trace : gone) {
    if (bytes.find(trace) != std::string::npos) left.push_back(trace);
  }
  EXPECT_THAT(left, IsEmpty());
  EXPECT_NE(bytes.find(name(1)), std::string::npos);
}

}  // namespace
}  // namespace throughline
