#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/abseil_text.h"
#include "model/json.h"
#include "model/random_value.h"
#include "throughline/error.h"

namespace throughline {
namespace {

using ::testing::HasSubstr;
using testing::RandomValues;
using testing::TestSeed;

constexpr Money Euros(int64_t minor) { return {minor, Currency{{'E', 'U', 'R'}}}; }

TouchRecorded Webinar() {
  TouchRecorded touch;
  touch.contact = ContactId{3};
  touch.campaign = CampaignId{4};
  touch.channel = "webinar";
  touch.kind = "webinar";
  touch.side = Side::kMarketing;
  touch.direction = Direction::kInbound;
  touch.response = true;
  return touch;
}

std::string ErrorOf(const EventPayload& payload, std::vector<Attribute> changes) {
  const auto changed = ChangePayload(payload, changes);
  if (changed.ok()) return "";
  EXPECT_EQ(changed.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(FromAbsl(changed.status().message()));
}

TEST(ChangePayload, SetsMembersByName) {
  const std::vector<Attribute> changes = {{"channel", "email"},  {"campaign", "12"},
                                          {"owner", "7"},        {"kind", "reply"},
                                          {"side", "sales"},     {"direction", "outbound"},
                                          {"response", "false"}, {"follow_up", "true"}};
  const auto changed = ChangePayload(Webinar(), changes);
  ASSERT_TRUE(changed.ok()) << changed.status();
  TouchRecorded expected = Webinar();
  expected.channel = "email";
  expected.campaign = CampaignId{12};
  expected.owner = OwnerId{7};
  expected.kind = "reply";
  expected.side = Side::kSales;
  expected.direction = Direction::kOutbound;
  expected.response = false;
  expected.follow_up = true;
  EXPECT_EQ(*changed, EventPayload(expected));
}

TEST(ChangePayload, SetsAmountsAndDates) {
  const OpportunityValued valued{OpportunityId{5}, Euros(100), Date{5}};
  const std::vector<Attribute> changes = {{"amount", "99.50 EUR"}, {"close_date", "1970-01-11"}};
  const auto changed = ChangePayload(valued, changes);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(*changed, EventPayload(OpportunityValued{OpportunityId{5}, Euros(9950), Date{10}}));
}

TEST(ChangePayload, AnEmptyTextMeansNone) {
  const std::vector<Attribute> touch_changes = {{"campaign", ""}, {"channel", ""}};
  const auto touch = ChangePayload(Webinar(), touch_changes);
  ASSERT_TRUE(touch.ok()) << touch.status();
  EXPECT_EQ(std::get<TouchRecorded>(*touch).campaign, CampaignId{});
  EXPECT_EQ(std::get<TouchRecorded>(*touch).channel, "");
  const OpportunityValued valued{OpportunityId{5}, Euros(100), Date{5}};
  const std::vector<Attribute> value_changes = {{"amount", ""}};
  const auto unknown = ChangePayload(valued, value_changes);
  ASSERT_TRUE(unknown.ok()) << unknown.status();
  EXPECT_FALSE(std::get<OpportunityValued>(*unknown).amount.has_value());
  EXPECT_THAT(ErrorOf(OpportunityBooked{}, {{"amount", ""}}), HasSubstr("is not an amount"));
  EXPECT_THAT(ErrorOf(OpportunityBooked{}, {{"booked_on", ""}}), HasSubstr("is not a date"));
}

TEST(ChangePayload, WhatAnEventIsAboutStays) {
  const std::string fixed = "is not what an amendment can change; void the event instead";
  EXPECT_EQ(ErrorOf(Webinar(), {{"contact", "4"}}), "changes.contact: " + fixed);
  EXPECT_EQ(ErrorOf(LeadMoved{}, {{"lead", "4"}}), "changes.lead: " + fixed);
  EXPECT_EQ(ErrorOf(LeadMoved{}, {{"to", "mql"}}), "changes.to: " + fixed);
  EXPECT_EQ(ErrorOf(LeadMoved{}, {{"opportunity", "4"}}), "changes.opportunity: " + fixed);
  EXPECT_EQ(ErrorOf(LeadOpened{}, {{"stage", "mql"}}), "changes.stage: " + fixed);
  EXPECT_EQ(ErrorOf(LeadOpened{}, {{"lineage", "x"}}), "changes.lineage: " + fixed);
  EXPECT_EQ(ErrorOf(ContactAdded{}, {{"profile", "x"}}), "changes.profile: " + fixed);
  EXPECT_EQ(ErrorOf(NoteAdded{}, {{"about_id", "4"}}), "changes.about_id: " + fixed);
  EXPECT_EQ(ErrorOf(AccountOpened{}, {{"domains", "a.example"}}), "changes.domains: " + fixed);
  EXPECT_EQ(ErrorOf(OwnerDefined{}, {{"owner", "4"}}), "changes.owner: " + fixed);
  EXPECT_EQ(ErrorOf(CampaignCostSet{}, {{"campaign", "4"}}), "changes.campaign: " + fixed);
  EXPECT_EQ(ErrorOf(PolicySet{}, {{"json", "{}"}}), "changes.json: " + fixed);
  EXPECT_EQ(ErrorOf(Amended{}, {{"replacement", "x"}}), "changes.replacement: " + fixed);
  EXPECT_EQ(ErrorOf(ExchangeRateSet{}, {{"base", "EUR"}}), "changes.base: " + fixed);
}

TEST(ChangePayload, WhatIsNamedMayBeChanged) {
  for (const char* member : {"reason", "return_on"}) {
    const std::string value = member == std::string_view("reason") ? "price" : "2024-05-01";
    EXPECT_EQ(ErrorOf(OpportunityMoved{}, {{member, value}}), "");
    EXPECT_EQ(ErrorOf(LeadMoved{}, {{member, value}}), "");
  }
  EXPECT_EQ(ErrorOf(LeadOpened{}, {{"source", "referral"}, {"return_on", ""}, {"type", "x"}}), "");
  EXPECT_EQ(ErrorOf(OpportunityOpened{}, {{"name", "Deal"}, {"type", "renewal"}}), "");
  EXPECT_EQ(ErrorOf(OpportunityRoleSet{}, {{"role", ""}}), "");
  EXPECT_EQ(ErrorOf(OpportunityBooked{}, {{"order", "SO-1"}, {"amount", "1.00 EUR"}}), "");
  EXPECT_EQ(ErrorOf(LeadAssigned{}, {{"owner", "3"}}), "");
  EXPECT_EQ(ErrorOf(CampaignCostSet{}, {{"spent_on", "2024-01-01"}, {"amount", "1 EUR"}}), "");
  EXPECT_EQ(ErrorOf(OwnerDefined{}, {{"kind", "team"}, {"team", ""}, {"retired", "true"}}), "");
  EXPECT_EQ(ErrorOf(ExchangeRateSet{}, {{"rate_e9", "1080000000"}}), "");
  EXPECT_EQ(ErrorOf(AccountOpened{}, {{"name", "Acme"}}), "");
}

TEST(ChangePayload, BadValuesNameTheMember) {
  EXPECT_THAT(ErrorOf(Webinar(), {{"chanel", "x"}}),
              HasSubstr("changes.chanel: is not a member of"));
  EXPECT_THAT(ErrorOf(Webinar(), {{"response", "yes"}}),
              HasSubstr("changes.response: 'yes' is not"));
  EXPECT_THAT(ErrorOf(Webinar(), {{"owner", "crm:4"}}), HasSubstr("changes.owner: 'crm:4' is not"));
  EXPECT_THAT(ErrorOf(Webinar(), {{"owner", "-4"}}), HasSubstr("changes.owner: '-4' is not"));
  EXPECT_THAT(ErrorOf(Webinar(), {{"side", ""}}), HasSubstr("changes.side: '' is not one of"));
  EXPECT_THAT(ErrorOf(Webinar(), {{"channel", " x"}}),
              HasSubstr("changes.channel: begins or ends"));
  EXPECT_THAT(ErrorOf(OpportunityValued{}, {{"amount", "5"}}),
              HasSubstr("changes.amount: '5' is not"));
  EXPECT_THAT(ErrorOf(OpportunityValued{}, {{"close_date", "May"}}),
              HasSubstr("changes.close_date: "));
  EXPECT_THAT(ErrorOf(ExchangeRateSet{}, {{"rate_e9", "0"}}),
              HasSubstr("changes.rate_e9: '0' is not"));
  EXPECT_THAT(ErrorOf(EventPayload(), {{"x", "y"}}), HasSubstr("event: is of a kind that"));
}

// No event, and no member of it, makes it do anything but change that member or refuse.
TEST(ChangePayload, TakesAnyMemberOfAnyEvent) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  RandomValues random(seed);
  for (size_t kind = 1; kind < std::variant_size_v<EventPayload>; ++kind) {
    EventPayload payload;
    random.FillAlternative(payload, kind);
    std::visit(
        [&]<class Kind>(const Kind&) {
          if constexpr (HasFields<Kind>) {
            ForEachField<Kind>([&](const auto& field) {
              for (const char* value : {"", "1", "true", "1.00 EUR", "2024-01-01", "x"}) {
                const std::vector<Attribute> changes = {{std::string(field.name), value}};
                const auto changed = ChangePayload(payload, changes);
                if (changed.ok()) {
                  EXPECT_EQ(changed->index(), kind);
                } else {
                  EXPECT_EQ(DetailOf(changed.status()).field, "changes." + std::string(field.name));
                }
              }
            });
          }
        },
        payload);
  }
}

}  // namespace
}  // namespace throughline
