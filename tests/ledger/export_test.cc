#include "throughline/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/export/export_lines.h"
#include "ledger/ledger_fixture.h"
#include "ledger/random_commands.h"
#include "ledger/row_access.h"
#include "model/codec.h"
#include "throughline/memory_store.h"

namespace throughline {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kSeeds = 8;
constexpr int kCommands = 200;

// Every byte of the journal.
std::vector<std::string> JournalBytes(Store& store) {
  std::vector<std::string> entries;
  auto transaction = *store.BeginRead();
  const absl::Status status = transaction->ReadJournal(0, [&](const JournalEntry& e) {
    entries.push_back(absl::StrCat(e.seq, "|", e.account, "|", e.version, "|", e.recorded_at, "|",
                                   e.actor, "|", e.policy, "|", std::string(e.request), "|",
                                   std::string(e.events)));
    return true;
  });
  EXPECT_TRUE(status.ok()) << status;
  return entries;
}

std::string Exported(Ledger& ledger) {
  std::string text;
  const absl::StatusOr<ExportReport> report = ExportLedger(ledger, [&](std::string_view bytes) {
    text += bytes;
    return absl::OkStatus();
  });
  EXPECT_TRUE(report.ok()) << report.status();
  return text;
}

// In pieces, none of which ends where a line does.
ByteSource PiecesOf(const std::string& text, size_t size = 1000) {
  return [&text, size, at = size_t{0}]() mutable -> absl::StatusOr<std::string_view> {
    const std::string_view piece = std::string_view(text).substr(at, size);
    at += piece.size();
    return piece;
  };
}

class ExportTest : public LedgerTest {
 protected:
  absl::StatusOr<std::unique_ptr<Ledger>> TryRestore(const std::string& text) {
    return RestoreLedger(NewStore(absl::StrCat("restored", ++restored_, ".db")), PiecesOf(text),
                         Options());
  }
  std::unique_ptr<Ledger> Restore(const std::string& text) {
    absl::StatusOr<std::unique_ptr<Ledger>> ledger = TryRestore(text);
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    return ledger.ok() ? *std::move(ledger) : nullptr;
  }
  absl::Status Fault(const std::string& text) { return TryRestore(text).status(); }

  // A file takes a while to make.
  size_t Step() const { return GetParam() == StoreKind::kMemory ? 37 : 1009; }

  // A ledger with some of everything.
  void FillLedger() {
    const AccountId account = OpenAccount("Zoë's \"Pumps\"");
    Must(OwnerDefine{.name = "Ann", .external_ids = {{"crm", "O-1"}}});
    Must(ContactAdd{.account = account,
                    .name = "Bob",
                    .email = "Bob@acme.com",
                    .external_ids = {{"crm", "C-1"}}},
         RequestId("bob"));
    Must(ContactUpdate{.contact = ContactId{1}, .phone = "1"});
    Must(LeadOpen{.account = account, .contact = ContactId{1}, .source = "web"}, RequestId("lead"));
    Must(
        OpportunityOpen{
            .account = account, .leads = {LeadId{1}}, .amount = *ParseMoney("12.50 EUR")},
        At("2024-10-04", Mode::kObserve));
    Must(NoteAdd{.account = account, .text = "first line,\nsecond"});
  }

  int restored_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Stores, ExportTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

// --- What is restored is what was exported. ---

TEST_P(ExportTest, WhateverHappenedIsRestoredByteForByte) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ledger_ = Create(NewStore("seed" + std::to_string(seed) + ".db"));
    RandomCommands commands(seed);
    for (int i = 0; i < kCommands; ++i) {
      Request request = commands.Next();
      if (commands.Pick(5) == 0) request.context.request_id = "r" + std::to_string(i);
      const auto receipt = ledger_->Execute(request.command, request.context);
      if (receipt.ok()) commands.Accepted(*receipt);
    }
    const std::string text = Exported(*ledger_);
    EXPECT_THAT(text, Not(HasSubstr("\"blob\"")));
    const std::unique_ptr<Ledger> restored = Restore(text);
    ASSERT_NE(restored, nullptr);
    EXPECT_EQ(JournalBytes(restored->store()), JournalBytes(ledger_->store()));
    EXPECT_EQ(DumpRows(restored->store()), DumpRows(ledger_->store()));
    EXPECT_THAT(restored->Verify()->samples, IsEmpty());
    EXPECT_EQ(Exported(*restored), text);
  }
}

TEST_P(ExportTest, BytesThatJsonDoesNotHoldAreRestoredToo) {
  const auto append = [&](int64_t version, std::string_view events) {
    auto transaction = *ledger_->store().BeginWrite();
    JournalEntry entry;
    entry.seq = LastSeq() + 1;
    entry.version = version;
    entry.recorded_at = StartOf(Date{21'000}).micros + version;
    entry.policy = 1;
    entry.events = events;
    ASSERT_TRUE(transaction->Append(entry).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  };
  append(2, std::string("\x0a\x07\x92\x3e\x04"
                        "\x0a\x02\xff\xff",
                        9));  // an event of an unknown kind
  append(3, EncodeEvents(std::vector<Event>{
                {.payload = CampaignDefined{.campaign = CampaignId{1}, .name = "bad \xff text"}}}));
  append(4, EncodeEvents(std::vector<Event>{{.occurred_at = Time{INT64_MAX}}}));
  const std::string text = Exported(*ledger_);
  const std::unique_ptr<Ledger> restored = Restore(text);
  ASSERT_NE(restored, nullptr);
  EXPECT_EQ(JournalBytes(restored->store()), JournalBytes(ledger_->store()));
}

TEST_P(ExportTest, LargeCommitsAreBytesOnly) {
  FillLedger();
  auto transaction = *ledger_->store().BeginRead();
  int commits = 0;
  ASSERT_TRUE(transaction
                  ->ReadJournal(1,
                                [&](const JournalEntry& entry) {
                                  const ParsedJson line = *ParseJsonText(
                                      CommitLine(entry, entry.events.size() - 1), "line", 1 << 20);
                                  EXPECT_EQ(line.Find("events"), nullptr);
                                  CommitHead head;
                                  std::string events;
                                  EXPECT_TRUE(ReadCommitLine(line, head, events).ok());
                                  EXPECT_EQ(events, entry.events);
                                  ++commits;
                                  return true;
                                })
                  .ok());
  EXPECT_GT(commits, 5);
}

TEST_P(ExportTest, RequestIdsAreAnsweredAndIdsGoOn) {
  FillLedger();
  const Receipt first =
      *ledger_->Execute(LeadOpen{.account = AccountId{1}, .contact = ContactId{1}, .source = "web"},
                        RequestId("lead"));
  ASSERT_TRUE(first.repeated);
  // Higher than any in the journal: an id that was given out is never given out again.
  auto write = *ledger_->store().BeginWrite();
  ASSERT_TRUE(PutRow(*write, IdCounterRow{EntityKind::kOwner, 40}).ok());
  ASSERT_TRUE(write->Commit().ok());

  ledger_ = Restore(Exported(*ledger_));
  ASSERT_NE(ledger_, nullptr);
  const int64_t seq = LastSeq();
  EXPECT_EQ(Must(LeadOpen{.account = AccountId{1}, .contact = ContactId{1}, .source = "web"},
                 RequestId("lead")),
            first);
  EXPECT_EQ(Refused(LeadOpen{.account = AccountId{1}}, RequestId("lead")).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(LastSeq(), seq);
  EXPECT_EQ(Must(LeadOpen{.account = AccountId{1}}).id, 2);
  EXPECT_EQ(Must(NoteAdd{.account = AccountId{1}, .text = "n"}).id, 2);
  EXPECT_EQ(Must(OwnerDefine{.name = "Carl"}).id, 41);
  EXPECT_EQ(ledger_->FindContactsByEmail("bob@acme.com")->size(), 1u);
  EXPECT_EQ(*ledger_->NoteText(NoteId{1}), "first line,\nsecond");
  EXPECT_EQ(LastSeq(), seq + 3);
  EXPECT_THAT(ledger_->Verify()->samples, IsEmpty());
}

TEST_P(ExportTest, ShowsOneState) {
  FillLedger();
  const std::string before = Exported(*ledger_);
  bool more = true;
  std::string text;
  ASSERT_TRUE(ExportLedger(*ledger_, [&](std::string_view bytes) {
                text += bytes;
                if (std::exchange(more, false)) OpenAccount("another");
                return absl::OkStatus();
              }).ok());
  EXPECT_EQ(text, before);
  EXPECT_NE(Exported(*ledger_), before);
}

TEST_P(ExportTest, WhoeverTakesItMayStopIt) {
  int lines = 0;
  const auto report = ExportLedger(*ledger_, [&](std::string_view) {
    return ++lines < 3 ? absl::OkStatus() : absl::ResourceExhaustedError("full");
  });
  EXPECT_EQ(report.status(), absl::ResourceExhaustedError("full"));
  const auto restored = RestoreLedger(NewMemoryStore(), []() -> absl::StatusOr<std::string_view> {
    return absl::UnavailableError("gone");
  });
  EXPECT_EQ(restored.status(), absl::UnavailableError("gone"));
}

// --- What is refused, and that nothing is left of it. ---

TEST_P(ExportTest, AnyCutIsNoticedAndLeavesNoLedger) {
  FillLedger();
  const std::string text = Exported(*ledger_);
  for (size_t size = 0; size < text.size() - 1; size += Step()) {
    SCOPED_TRACE(size);
    const std::string cut = text.substr(0, size);
    EXPECT_TRUE(absl::IsInvalidArgument(Fault(cut)));
  }
  EXPECT_EQ(Fault(text.substr(0, text.size() - 20)).message(),
            "the file is cut short: it lacks its last line, {\"end\": true, ...");
  EXPECT_EQ(Fault("").message(), "the file is empty");
}

TEST_P(ExportTest, AnyChangedLineIsNoticed) {
  FillLedger();
  const std::string text = Exported(*ledger_);
  for (size_t at = 0; at < text.size() - 1; at += Step()) {
    std::string changed = text;
    changed[at] = changed[at] == '1' ? '2' : '1';
    EXPECT_FALSE(TryRestore(changed).ok()) << at << ": " << changed.substr(at, 40);
  }
  // As text tools leave it.
  std::string with_returns;
  for (const char c : text) with_returns += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_NE(Restore(with_returns), nullptr);
}

TEST_P(ExportTest, FaultsNameTheLineTheMemberAndTheValue) {
  FillLedger();
  const std::string text = Exported(*ledger_);
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    const absl::Status status = Fault(changed);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return absl::StrCat(status.message(), "|", DetailOf(status).field);
  };
  EXPECT_THAT(with("\"name\":\"Bob\"", "\"name\":7"),
              testing::MatchesRegex("line [0-9]+: row.name: '7' is not text.row.name"));
  EXPECT_THAT(with("\"event\":\"account_opened\"", "\"event\":\"x\""),
              HasSubstr(": events[0].event: 'x' is not a known event|events[0].event"));
  EXPECT_THAT(with("\"table\":\"note\"", "\"table\":\"lead\""),
              HasSubstr("table: 'lead' is not a table of an export|table"));
  const std::string third = text.substr(text.find("{\"seq\":3,"));
  const std::string commit = third.substr(0, third.find('\n') + 1);
  EXPECT_THAT(with(commit, commit + commit), HasSubstr("seq: 3 does not follow 3|seq"));
  EXPECT_THAT(
      with("\"seq\":2,\"account\":1,\"version\":1", "\"seq\":2,\"account\":1,\"version\":2"),
      HasSubstr("version: 2 does not follow 0 of account 1|version"));
  EXPECT_THAT(with("\"events\":[", "\"facts\":["), HasSubstr("events: is missing|events"));
  EXPECT_THAT(with("{\"seq\":2,", "{seq:2,"), HasSubstr("line: is not JSON"));
  EXPECT_THAT(with("\"commits\":", "\"commits\":1"), HasSubstr("commits: is 1"));
  EXPECT_THAT(with("Bob@", "Rob@"), HasSubstr("digest: the lines above are not those"));
  EXPECT_THAT(with("\"throughline_export\":1", "\"format\":1"),
              HasSubstr("line 1: throughline_export: is missing: this is no export of a ledger"));
}

// Who changed a file by intention takes the digest away.
TEST_P(ExportTest, WithoutADigestLinesMayBeEdited) {
  FillLedger();
  std::string text = Exported(*ledger_);
  text.replace(text.find(",\"digest\":\"", text.rfind("\"end\"")), 11 + 64 + 1, "");
  const size_t bob = text.find("Bob@acme.com");
  text.replace(bob, 12, "Bob@else.com");
  const std::unique_ptr<Ledger> restored = Restore(text);
  ASSERT_NE(restored, nullptr);
  EXPECT_EQ(restored->Verify()->differences, 1) << "the digest in the journal is of the old one";
}

TEST_P(ExportTest, LaterVersionsAreRefusedAsSuch) {
  std::string text = Exported(*ledger_);
  text.replace(text.find("export\":1"), 9, "export\":2");
  const absl::Status status = Fault(text);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("a later version"));
  text.replace(text.find("export\":2"), 9, "export\":0");
  EXPECT_EQ(Fault(text).code(), absl::StatusCode::kInvalidArgument);
}

TEST_P(ExportTest, ALedgerThatIsThereIsLeftAlone) {
  FillLedger();
  const std::string text = Exported(*ledger_);
  if (GetParam() == StoreKind::kMemory) return;
  const std::string path = folder_.File("there.db");
  ASSERT_TRUE(Ledger::Create(SqliteFile(path), Options()).ok());
  const auto restored = RestoreLedger(SqliteFile(path), PiecesOf(text), Options());
  EXPECT_EQ(restored.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(*(*Ledger::Open(SqliteFile(path)))->store().LastSeq(), 1);
}

TEST_P(ExportTest, AfterAFaultTheSameStoreMayBeRestored) {
  FillLedger();
  const std::string text = Exported(*ledger_);
  if (GetParam() == StoreKind::kMemory) return;
  const std::string path = folder_.File("twice.db");
  const std::string cut = text.substr(0, text.size() - 30);
  EXPECT_FALSE(RestoreLedger(SqliteFile(path), PiecesOf(cut), Options()).ok());
  EXPECT_EQ(Ledger::Open(SqliteFile(path)).status().code(), absl::StatusCode::kNotFound);
  const auto restored = RestoreLedger(SqliteFile(path), PiecesOf(text), Options());
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(Exported(**restored), text);
}

}  // namespace
}  // namespace throughline
