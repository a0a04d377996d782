#include "model/codec.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/random_value.h"
#include "model/wire_read.h"
#include "model/wire_write.h"

namespace throughline {
namespace {

using testing::RandomValues;
using testing::TestSeed;

constexpr size_t kRounds = 40;

// One random event of the kind with this position in EventPayload.
Event RandomEvent(RandomValues& random, size_t kind) {
  Event event = random.Make<Event>();
  random.FillAlternative(event.payload, kind);
  return event;
}

Command RandomCommand(RandomValues& random, size_t kind) {
  Command command;
  random.FillAlternative(command, kind);
  return command;
}

std::string Encode(const Command& command, const Context& context) {
  std::string bytes;
  AppendCommand(command, context, bytes);
  return bytes;
}

TEST(Codec, EveryEventComesBack) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  RandomValues random(seed);
  for (size_t kind = 0; kind < std::variant_size_v<EventPayload>; ++kind) {
    for (size_t round = 0; round < kRounds; ++round) {
      const Event event = RandomEvent(random, kind);
      const std::string bytes = EncodeEvent(event);
      const absl::StatusOr<Event> decoded = DecodeEvent(bytes);
      ASSERT_TRUE(decoded.ok()) << EventName(event.payload) << ": " << decoded.status();
      ASSERT_EQ(*decoded, event) << EventName(event.payload);
      ASSERT_EQ(EncodeEvent(*decoded), bytes) << EventName(event.payload);
    }
  }
}

TEST(Codec, EveryCommandComesBackWithItsContext) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  RandomValues random(seed);
  Command decoded;
  Context decoded_context;
  for (size_t kind = 0; kind < std::variant_size_v<Command>; ++kind) {
    for (size_t round = 0; round < kRounds; ++round) {
      const Command command = RandomCommand(random, kind);
      const auto context = random.Make<Context>();
      const absl::Status status = DecodeCommand(Encode(command, context), decoded, decoded_context);
      ASSERT_TRUE(status.ok()) << status;
      ASSERT_EQ(decoded, command) << "command " << kind;
      ASSERT_EQ(decoded_context, context) << "command " << kind;
    }
  }
}

TEST(Codec, ACommitKeepsItsOrder) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  RandomValues random(seed);
  std::vector<Event> events(500);
  for (Event& event : events) random.Fill(event);
  const std::string blob = EncodeEvents(events);
  const absl::StatusOr<std::vector<Event>> decoded = DecodeEvents(blob);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, events);

  std::vector<Event> visited;
  ASSERT_TRUE(VisitEvents(blob, [&](const Event& event) {
                visited.push_back(event);
                return true;
              }).ok());
  EXPECT_EQ(visited, events);
}

TEST(Codec, AppendsToWhatIsThere) {
  const std::vector<Event> events(3);
  std::string out = "before";
  AppendEvents(events, out);
  EXPECT_EQ(out, "before" + EncodeEvents(events));
  EXPECT_EQ(DecodeEvents(EncodeEvents(events))->size(), 3u);
}

TEST(Codec, VisitingEndsWhenTheVisitorSaysSo) {
  const std::vector<Event> events(5);
  int visited = 0;
  EXPECT_TRUE(VisitEvents(EncodeEvents(events), [&](const Event&) { return ++visited < 2; }).ok());
  EXPECT_EQ(visited, 2);
}

TEST(Codec, DefaultsTakeNoBytes) {
  EXPECT_EQ(EncodeEvent(Event{}), "");
  // The payload itself is kept, or its kind would be lost.
  EXPECT_EQ(EncodeEvent(Event{.payload = LeadMoved{}}).size(), 3u);
  // A present default is not an absent value.
  EXPECT_GT(EncodeEvent(Event{.entered_at = Time{}}).size(), 0u);
  const Event valued{.payload = OpportunityValued{.amount = Money{}}};
  EXPECT_EQ(*DecodeEvent(EncodeEvent(valued)), valued);
}

TEST(Codec, BytesOfAnEventAreWhatTheProtoSays) {
  const Event event{.occurred_at = Time{1},
                    .payload = LeadAssigned{.lead = LeadId{300}, .owner = OwnerId{7}}};
  const std::string expected = {0x09,
                                1,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,  // 1: sfixed64
                                static_cast<char>(0xCA),
                                0x01,
                                5,  // 25: 5 bytes
                                0x08,
                                static_cast<char>(0xAC),
                                0x02,
                                0x10,
                                0x07};  // 1: 300, 2: 7
  EXPECT_EQ(EncodeEvent(event), expected);
}

TEST(Codec, LongMembersMoveBehindALongLength) {
  for (const size_t size : {0u, 100u, 127u, 128u, 129u, 16'383u, 16'384u, 70'000u}) {
    const Event event{.payload = PolicySet{.version = 1, .json = std::string(size, 'x')}};
    EXPECT_EQ(*DecodeEvent(EncodeEvent(event)), event) << size;
    const std::string blob = EncodeEvents(std::span(&event, 1));
    EXPECT_EQ(DecodeEvents(blob)->at(0), event) << size;
  }
}

TEST(Codec, SkipsFieldsOfNewerVersions) {
  const Event event{.occurred_at = Time{1}, .payload = LeadAssigned{.lead = LeadId{300}}};
  const std::string plain = EncodeEvent(event);
  const std::string unknown_varint = {0x70, 0x05};           // 14: 5
  const std::string unknown_fixed32 = {0x75, 1, 2, 3, 4};    // 14: fixed32
  const std::string unknown_bytes = {0x7A, 0x02, 'h', 'i'};  // 15: "hi"
  for (const std::string& unknown : {unknown_varint, unknown_fixed32, unknown_bytes}) {
    EXPECT_EQ(*DecodeEvent(unknown + plain), event);
    EXPECT_EQ(*DecodeEvent(plain + unknown), event);
  }
  const std::string inner = {0x08, static_cast<char>(0xAC), 0x02, 0x78, 0x01};  // 1: 300, 15: 1
  const std::string known = {static_cast<char>(0xCA), 0x01, 5};
  EXPECT_EQ(DecodeEvent(known + inner)->payload, event.payload);
}

TEST(Codec, AnUnknownKindHasNoPayload) {
  const std::string bytes = {static_cast<char>(0xFA), 0x07, 2, 0x08, 0x01};  // 127: {1: 1}
  const absl::StatusOr<Event> event = DecodeEvent(bytes);
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_TRUE(std::holds_alternative<std::monostate>(event->payload));
  Command command;
  Context context;
  EXPECT_EQ(DecodeCommand(bytes, command, context).code(), absl::StatusCode::kDataLoss);

  // Also when the event before it had one, and its memory is used again.
  std::string blob = EncodeEvents(std::vector<Event>{{.payload = LeadMoved{}}});
  blob += std::string({0x0A, static_cast<char>(bytes.size())}) + bytes;
  std::vector<bool> known;
  ASSERT_TRUE(VisitEvents(blob, [&](const Event& visited) {
                known.push_back(!std::holds_alternative<std::monostate>(visited.payload));
                return true;
              }).ok());
  EXPECT_EQ(known, (std::vector<bool>{true, false}));
}

TEST(Codec, ReadsFieldsInAnyOrderAndListsThatAreNotPacked) {
  const std::string backwards = {0x10, 0x07, 0x08, static_cast<char>(0xAC), 0x02};
  const std::string assigned = {static_cast<char>(0xCA), 0x01, 5};
  EXPECT_EQ(DecodeEvent(assigned + backwards)->payload,
            EventPayload(LeadAssigned{.lead = LeadId{300}, .owner = OwnerId{7}}));
  const std::string leads = {
      static_cast<char>(0xE2), 0x01, 4, 0x38, 5, 0x38, 6};  // 28: {7: 5, 7: 6}
  EXPECT_EQ(DecodeEvent(leads)->payload,
            EventPayload(OpportunityOpened{.leads = {LeadId{5}, LeadId{6}}}));
}

// Numbers above 15 have tags of two bytes, the first of which looks like a whole one.
struct LongTags {
  int64_t first = 0;
  int64_t second = 0;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(16, "first", &LongTags::first),
                           MakeField(17, "second", &LongTags::second));
  }
};

TEST(Codec, TagsOfTwoBytesAreRead) {
  std::string bytes;
  wire::AppendMessage(LongTags{3, 400}, bytes);
  LongTags read;
  ASSERT_TRUE(wire::DecodeMessage(bytes, read).ok());
  EXPECT_EQ(read.first, 3);
  EXPECT_EQ(read.second, 400);
}

TEST(Codec, DamageIsDataLoss) {
  const std::string bad[] = {
      {0x09, 1, 2},                        // cut off fixed64
      {0x08, 1},                           // occurred_at as varint
      {0x0B, 1},                           // wire type 3
      {0x00, 1},                           // field number 0
      {static_cast<char>(0xC0), 0x01, 1},  // payload as varint
      {static_cast<char>(0xC2), 0x01, 9},  // payload longer than the rest
      {0x10, static_cast<char>(0xFF), static_cast<char>(0xFF), static_cast<char>(0xFF),
       static_cast<char>(0xFF), static_cast<char>(0xFF), static_cast<char>(0xFF),
       static_cast<char>(0xFF), static_cast<char>(0xFF), static_cast<char>(0xFF),
       static_cast<char>(0xFF), 1},                           // varint of eleven bytes
      {static_cast<char>(0xA2), 0x04, 4, 0x0A, 2, 'E', 'U'},  // 68: currency of two letters
  };
  for (const std::string& bytes : bad) {
    EXPECT_EQ(DecodeEvent(bytes).status().code(), absl::StatusCode::kDataLoss)
        << ::testing::PrintToString(bytes);
  }
  EXPECT_EQ(DecodeEvents("\x08\x01").status().code(), absl::StatusCode::kDataLoss);
}

// Run under the sanitizers: nothing but a status may come of it.
TEST(Codec, TruncatedAndChangedBytesNeverCrash) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  RandomValues random(seed);
  Command command;
  Context context;
  for (int round = 0; round < 300; ++round) {
    std::vector<Event> events(3);
    for (Event& event : events) random.Fill(event);
    std::string blob = EncodeEvents(events);
    std::string command_bytes = Encode(
        RandomCommand(random, random.Below(std::variant_size_v<Command>)), random.Make<Context>());
    for (int change = 0; change < 20; ++change) {
      for (std::string* bytes : {&blob, &command_bytes}) {
        if (bytes->empty()) continue;
        (*bytes)[random.Below(bytes->size())] = static_cast<char>(random.Below(256));
        const std::string cut = bytes->substr(0, random.Below(bytes->size() + 1));
        DecodeEvents(cut).status().IgnoreError();
        VisitEvents(*bytes, [](const Event&) { return true; }).IgnoreError();
        DecodeCommand(cut, command, context).IgnoreError();
        DecodeCommand(*bytes, command, context).IgnoreError();
      }
    }
  }
}

TEST(Codec, RandomBytesNeverCrash) {
  const uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  RandomValues random(seed);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random.Below(40), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.Below(256));
    DecodeEvents(bytes).status().IgnoreError();
    DecodeEvent(bytes).status().IgnoreError();
  }
}

// Their digests are kept for life beside request ids.
TEST(Codec, CommandsKeepTheirNumbers) {
  const char* const names[] = {
      "account.open",     "account.update",    "contact.add",        "contact.update",
      "contact.move",     "touch.record",      "touch.retract",      "note.add",
      "lead.open",        "lead.move",         "lead.assign",        "lead.nurture",
      "lead.close",       "lead.reopen",       "lead.convert",       "opportunity.open",
      "opportunity.move", "opportunity.value", "opportunity.assign", "opportunity.role",
      "opportunity.win",  "opportunity.lose",  "opportunity.book",   "opportunity.reopen",
      "event.amend",      "event.void",        "owner.define",       "campaign.define",
      "campaign.cost",    "exchange_rate.set", "policy.set",         "account.merge",
      "account.unmerge",  "contact.merge",     "contact.unmerge",    "contact.erase",
      "account.distinct"};
  RandomValues random(0);
  for (size_t i = 0; i < std::size(names); ++i) {
    const Command command = RandomCommand(random, i);
    std::visit([&]<class T>(const T&) { EXPECT_STREQ(T::kName, names[i]); }, command);
  }
}

TEST(EventNames, AreThoseOfTheKinds) {
  EXPECT_EQ(EventName(EventPayload()), "");
  EXPECT_EQ(EventName(LeadMoved{}), "lead_moved");
}

}  // namespace
}  // namespace throughline
