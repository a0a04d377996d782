#include "model/json.h"

#include <gtest/gtest.h>

#include <string>

#include "model/codec.h"
#include "model/full_value.h"
#include "model/golden.h"
#include "model/random_value.h"
#include "nlohmann/json.hpp"

namespace throughline {
namespace {

using testing::GoldenOf;
using testing::RandomValues;
using testing::TestSeed;
using Json = nlohmann::ordered_json;

LeadMoved DeadLead() {
  LeadMoved moved;
  moved.lead = LeadId{17};
  moved.from = {7, Phase::kLead, StageKind::kOpen};
  moved.to = {11, Phase::kLead, StageKind::kClosed};
  moved.reason = "no_response";
  return moved;
}

Json DataOf(const EventPayload& payload) { return Json::parse(EventToJson(payload))["data"]; }

TEST(EventToJson, LeavesOutWhatHasItsDefault) {
  EXPECT_EQ(EventToJson(DeadLead()),
            R"({"event":"lead_moved","data":{"lead":17,)"
            R"("from":{"id":7,"phase":"lead","kind":"open"},)"
            R"("to":{"id":11,"phase":"lead","kind":"closed"},"reason":"no_response"}})");
  EXPECT_EQ(EventToJson(EventPayload()), R"({"event":"","data":{}})");
}

TEST(EventToJson, WritesEveryTypeReadably) {
  OpportunityOpened opened;
  opened.opportunity = OpportunityId{5};
  opened.type = OpportunityType::kRenewal;
  opened.leads = {LeadId{1}, LeadId{2}};
  opened.amount = Money{123450, {{'E', 'U', 'R'}}};
  opened.close_date = Date{0};
  opened.lineage.original = {EventId::Of(3, 4), Time{1'000'000}, "webinar", CampaignId{9}};
  opened.attributes = {{"product", "pump"}, {"forecast", ""}};
  opened.external_ids = {{"crm", "O-5"}};
  EXPECT_EQ(DataOf(opened).dump(),
            R"({"opportunity":5,"type":"renewal","leads":[1,2],"amount":"1234.50 EUR",)"
            R"("close_date":"1970-01-01","lineage":{"original":{"touch":"3:4",)"
            R"("at":"1970-01-01T00:00:01Z","channel":"webinar","campaign":9}},)"
            R"("attributes":{"product":"pump","forecast":""},"external_ids":["crm:O-5"]})");
}

TEST(EventToJson, WritesDigestsInHex) {
  ContactAdded added;
  added.contact = ContactId{3};
  added.profile = {2, std::string("\x00\xff\x1a", 3)};
  EXPECT_EQ(DataOf(added).dump(), R"({"contact":3,"profile":{"revision":2,"digest":"00ff1a"}})");
}

TEST(EventToJson, ShowsWhatAnAmendmentPutsInPlace) {
  Amended amended;
  amended.event = EventId::Of(8, 0);
  amended.replacement = EncodeEvent(Event{.payload = LeadAssigned{LeadId{1}, OwnerId{2}}});
  EXPECT_EQ(
      DataOf(amended).dump(),
      R"({"event":"8:0","replacement":{"event":"lead_assigned","data":{"lead":1,"owner":2}}})");
  amended.replacement = "\xff\xff\xff";
  EXPECT_EQ(DataOf(amended)["replacement"], "ffffff");
}

TEST(CommitToJson, HasHeadAndEvents) {
  Commit commit;
  commit.head = {.seq = 812,
                 .account = AccountId{3},
                 .version = 14,
                 .recorded_at = Time{1'711'900'800'000'000},
                 .actor = OwnerId{2},
                 .policy = 1,
                 .request = "r-1"};
  commit.events.push_back(
      {.occurred_at = Time{1'711'843'200'000'000},
       .occurred_day = true,
       .entered_at = Time{1'711'900'000'000'000},
       .fact = 255,
       .breaches = BreachBit(Breach::kTransition) | BreachBit(Breach::kOutOfOrder),
       .payload = DeadLead()});
  commit.events.push_back({.occurred_at = Time{1'711'900'800'250'000},
                           .payload = LeadAssigned{LeadId{17}, OwnerId{2}}});
  const Json json = Json::parse(CommitToJson(commit));
  EXPECT_EQ(json["events"][0]["data"]["reason"], "no_response");
  Json heads = json;
  for (Json& event : heads["events"]) event.erase("data");
  EXPECT_EQ(heads.dump(),
            R"({"seq":812,"account":3,"version":14,"recorded_at":"2024-03-31T16:00:00Z","actor":2,)"
            R"("policy":1,"request":"r-1","events":[{"id":"812:0","event":"lead_moved",)"
            R"("at":"2024-03-31","entered_at":"2024-03-31T15:46:40Z","fact":"#00000000000000ff",)"
            R"("breaches":["transition","out_of_order"]},)"
            R"({"id":"812:1","event":"lead_assigned","at":"2024-03-31T16:00:00.25Z"}]})");
}

TEST(EntryToJson, HasTheEventOfItsCommitAndWhatTheTimelineKnows) {
  TimelineEntry entry;
  entry.id = EventId::Of(812, 0);
  entry.recorded_at = Time{1'711'900'800'000'000};
  entry.known_at = Time{1'711'900'000'000'000};
  entry.actor = OwnerId{2};
  entry.event = {.occurred_at = Time{1'711'843'200'000'000},
                 .occurred_day = true,
                 .entered_at = entry.known_at,
                 .breaches = BreachBit(Breach::kTransition),
                 .payload = LeadAssigned{LeadId{17}, OwnerId{2}}};
  entry.amended = true;
  EXPECT_EQ(EntryToJson(entry),
            R"({"id":"812:0","event":"lead_assigned","at":"2024-03-31",)"
            R"("recorded_at":"2024-03-31T16:00:00Z","known_at":"2024-03-31T15:46:40Z",)"
            R"("entered_at":"2024-03-31T15:46:40Z","actor":2,"breaches":["transition"],)"
            R"("amended":true,"data":{"lead":17,"owner":2}})");
}

TEST(CommitToJson, IsJsonWhateverItHolds) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  RandomValues random(seed);
  for (size_t kind = 0; kind < std::variant_size_v<EventPayload>; ++kind) {
    for (int round = 0; round < 20; ++round) {
      Commit commit;
      commit.events.push_back(random.Make<Event>());
      random.FillAlternative(commit.events[0].payload, kind);
      const std::string json = CommitToJson(commit);
      EXPECT_TRUE(Json::accept(json)) << json;
    }
  }
}

absl::Status FromText(const std::string& text, Commit& commit) {
  const absl::StatusOr<ParsedJson> json = ParseJsonText(text, "commit", 1 << 20);
  return json.ok() ? CommitFromJson(*json, commit) : json.status();
}

// What comes back is the same, or does not come back: an export looks which.
TEST(CommitFromJson, GivesBackWhatTheJournalHolds) {
  Commit commit;
  commit.head = {.seq = 7, .version = 1, .recorded_at = Time{1'711'900'800'000'001}};
  testing::ForEachFullEvent([&](const Event& event) { commit.events.push_back(event); });
  for (Event& event : commit.events) {
    event.occurred_at = StartOf(DateOf(event.occurred_at));
    if (auto* amended = std::get_if<Amended>(&event.payload)) {
      amended->replacement = EncodeEvent(Event{.payload = DeadLead()});
    }
  }
  Commit back;
  const absl::Status status = FromText(CommitToJson(commit), back);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(back, commit);
  EXPECT_EQ(EncodeEvents(back.events), EncodeEvents(commit.events));
}

TEST(CommitFromJson, TakesWhateverCanBeWritten) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  RandomValues random(seed);
  int same = 0;
  for (int round = 0; round < 2000; ++round) {
    Commit commit, back;
    commit.head = {.seq = 7, .version = 1};
    random.FillAlternative(commit.events.emplace_back().payload);
    const absl::Status status = FromText(CommitToJson(commit), back);
    same += status.ok() && back == commit;
    EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status)) << status;
  }
  EXPECT_GT(same, 100);
}

std::string FaultIn(const char* pointer, Json value) {
  Commit commit;
  commit.head = {.seq = 7, .account = AccountId{1}, .version = 1};
  commit.events = {{.fact = 5, .breaches = 1, .payload = DeadLead()}};
  Json json = Json::parse(CommitToJson(commit));
  json[Json::json_pointer(pointer)] = std::move(value);
  return std::string(FromText(json.dump(), commit).message());
}

TEST(CommitFromJson, NamesTheMemberAndTheValue) {
  EXPECT_EQ(FaultIn("/seq", "7"), "seq: '7' is not a whole number of at most 63 bits");
  EXPECT_EQ(FaultIn("/recorded_at", "yesterday"), "recorded_at: 'yesterday' is not a time");
  EXPECT_EQ(FaultIn("/sequence", 7), "sequence: is not a known member");
  EXPECT_EQ(FaultIn("/events", 7), "events: '7' is not a list");
  EXPECT_EQ(FaultIn("/events/0/id", "8:0"), "events[0].id: '8:0' is not its place");
  EXPECT_EQ(FaultIn("/events/0/event", "sold"), "events[0].event: 'sold' is not a known event");
  EXPECT_EQ(FaultIn("/events/0/fact", "#5"), "events[0].fact: '#5' is not a key");
  EXPECT_EQ(FaultIn("/events/0/breaches/0", 1).substr(0, 37),
            "events[0].breaches[0]: '1' is not one");
  EXPECT_EQ(FaultIn("/events/0/data/to/phase", "sold"),
            "events[0].data.to.phase: 'sold' is not one of: marketing, lead, opportunity, won, "
            "lost");
  EXPECT_EQ(FaultIn("/events/0/data/stage", 1), "events[0].data.stage: is not a known member");
  Commit commit;
  EXPECT_EQ(FromText("[]", commit).message(), "commit: array is not an object");
  EXPECT_EQ(FromText("{}", commit).message(), "seq: is missing");
}

TEST(FactToJson, RepairsTextThatIsNotUtf8) {
  AccountOpen open;
  open.name = "Acme\xff";
  EXPECT_EQ(FactToJson(open, {}), "{\"fact\":\"account.open\",\"name\":\"Acme\uFFFD\"}");
}

// docs/fact.schema.json is generated: THROUGHLINE_UPDATE_GOLDEN=1 writes it.
TEST(FactSchema, IsTheFileInTheDocs) {
  const std::string schema = FactSchema().dump(2) + "\n";
  EXPECT_TRUE(GoldenOf("docs/fact.schema.json", schema) == schema) << "the file is out of date";
}

}  // namespace
}  // namespace throughline
