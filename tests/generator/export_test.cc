#include "throughline/export.h"

#include <memory>
#include <string>
#include <vector>

#include "generator/generated.h"
#include "gtest/gtest.h"
#include "throughline/import.h"
#include "throughline/ledger.h"
#include "throughline/memory_store.h"

namespace throughline {
namespace {

std::string Exported(Ledger& ledger) {
  std::string text;
  EXPECT_TRUE(ExportLedger(ledger, [&](std::string_view bytes) {
                text += bytes;
                return absl::OkStatus();
              }).ok());
  return text;
}

std::vector<std::string> JournalBytes(Store& store) {
  std::vector<std::string> entries;
  auto transaction = *store.BeginRead();
  EXPECT_TRUE(transaction
                  ->ReadJournal(0,
                                [&](const JournalEntry& entry) {
                                  entries.emplace_back(entry.events);
                                  return true;
                                })
                  .ok());
  return entries;
}

// Two years of the generator's companies, as an import leaves them.
TEST(Export, TheDemoHistoryIsRestoredByteForByte) {
  auto ledger = *Ledger::Create(NewMemoryStore());
  std::vector<Request> facts;
  ASSERT_TRUE(GenerateFacts(
                  {20'000, 3},
                  [&](const Command& command, const Context& context) {
                    facts.push_back({command, context});
                  },
                  [](const GeneratedTruth&) {})
                  .ok());
  ASSERT_EQ(ImportFacts(*ledger, facts, {})->rejected, 0);

  const std::string text = Exported(*ledger);
  EXPECT_EQ(text.find("\"blob\""), text.npos);
  bool taken = false;
  const auto restored = RestoreLedger(NewMemoryStore(), [&]() -> absl::StatusOr<std::string_view> {
    if (std::exchange(taken, true)) return std::string_view();
    return text;
  });
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(JournalBytes((*restored)->store()), JournalBytes(ledger->store()));
  EXPECT_EQ((*restored)->Verify()->differences, 0);
  EXPECT_EQ(Exported(**restored), text);
  EXPECT_EQ(ImportFacts(**restored, facts, {})->imported, 0) << "facts are known by their keys";
}

}  // namespace
}  // namespace throughline
