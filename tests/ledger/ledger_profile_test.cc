#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "ledger/ledger_fixture.h"

// What the vault has of a person when a change of it is taken back.

namespace throughline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ProfileTest : public LedgerTest {
 protected:
  ProfileTest() {
    contact_ = ContactId{
        Must(ContactAdd{.account = OpenAccount("Acme"), .name = "Ann", .email = "ann@acme.com"})
            .id};
  }

  EventRef Update(const char* email) {
    return {EventId::Of(Must(ContactUpdate{.contact = contact_, .email = email}).seq, 0)};
  }

  std::vector<ContactId> Having(const char* email) {
    std::vector<ContactId> contacts;
    const std::vector<ContactRow> found = *ledger_->FindContactsByEmail(email);
    for (const ContactRow& row : found) contacts.push_back(row.contact);
    return contacts;
  }

  ContactId contact_;
};

INSTANTIATE_TEST_SUITE_P(Stores, ProfileTest,
                         testing::Values(StoreKind::kMemory, StoreKind::kSqlite), NameOfStore);

TEST_P(ProfileTest, AVoidUpdateGivesTheEarlierProfileBack) {
  const EventRef update = Update("wrong@acme.com");
  const Receipt undone = Must(Void{.event = update, .reason = "mistake"});
  EXPECT_EQ(ledger_->GetContactProfile(contact_)->email, "ann@acme.com");
  EXPECT_THAT(Having("ann@acme.com"), ElementsAre(contact_));
  EXPECT_THAT(Having("wrong@acme.com"), IsEmpty());

  Must(Void{.event = {EventId::Of(undone.seq, 0)}, .reason = "it was right"});
  EXPECT_EQ(ledger_->GetContactProfile(contact_)->email, "wrong@acme.com");
  EXPECT_THAT(Having("ann@acme.com"), IsEmpty());
  EXPECT_THAT(Having("wrong@acme.com"), ElementsAre(contact_));
}

TEST_P(ProfileTest, ARevisionThatWasVoidIsNotOverwritten) {
  Must(Void{.event = Update("wrong@acme.com"), .reason = "mistake"});
  Update("ann@acme.org");
  EXPECT_EQ(ledger_->GetContactProfile(contact_)->email, "ann@acme.org");
  EXPECT_THAT(Having("ann@acme.com"), IsEmpty());
  EXPECT_THAT(Having("ann@acme.org"), ElementsAre(contact_));
  EXPECT_THAT(ledger_->Verify()->samples, IsEmpty());
}

TEST_P(ProfileTest, AnEarlierUpdateThatIsVoidLeavesTheLaterOne) {
  const EventRef first = Update("one@acme.com");
  Update("two@acme.com");
  Must(Void{.event = first, .reason = "mistake"});
  EXPECT_THAT(Having("two@acme.com"), ElementsAre(contact_));
  EXPECT_THAT(Having("one@acme.com"), IsEmpty());
  EXPECT_THAT(Having("ann@acme.com"), IsEmpty());
}

}  // namespace
}  // namespace throughline
