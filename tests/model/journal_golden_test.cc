#include <gtest/gtest.h>

#include <cstdio>
#include <span>
#include <string>

#include "model/codec.h"
#include "model/full_value.h"
#include "model/golden.h"

// What once was written to a journal is read for ever. tests/model/golden/events_v1 has a commit of
// one event for each kind: <event>.bin, and beside it what protoc makes of it. An event that gets a
// new field keeps its file here, without that field, and gets one in a folder of the next version.

namespace throughline {
namespace {

using testing::ForEachFullEvent;
using testing::GoldenOf;
using testing::ReadWholeFile;
using testing::SourcePath;

std::string PathOf(const Event& event, std::string_view extension) {
  return "tests/model/golden/events_v1/" + std::string(EventName(event.payload)) +
         std::string(extension);
}

// What the command prints; empty if it fails.
std::string OutputOf(const std::string& command) {
  std::string output;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  char buffer[4096];
  for (size_t n = 0; (n = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) output.append(buffer, n);
  return pclose(pipe) == 0 ? output : "";
}

TEST(JournalGolden, EventsOfVersion1AreReadAndWrittenAsEver) {
  ForEachFullEvent([](const Event& event) {
    SCOPED_TRACE(EventName(event.payload));
    const std::string golden = GoldenOf(PathOf(event, ".bin"), EncodeEvents(std::span(&event, 1)));
    const absl::StatusOr<std::vector<Event>> events = DecodeEvents(golden);
    ASSERT_TRUE(events.ok()) << events.status();
    ASSERT_EQ(events->size(), 1u);
    EXPECT_EQ(events->front(), event);
    EXPECT_EQ(EncodeEvents(*events), golden);
  });
}

// Account events once had no registered domains and no key of the name.
TEST(JournalGolden, EventsAreReadAsTheyWereBeforeTheyGrew) {
  ForEachFullEvent([](Event event) {
    if (auto* opened = std::get_if<AccountOpened>(&event.payload)) {
      opened->registered_domains = {}, opened->name_key = {};
    } else if (auto* updated = std::get_if<AccountUpdated>(&event.payload)) {
      updated->registered_domains = {}, updated->name_key = {};
    } else {
      return;
    }
    const std::string golden = ReadWholeFile(SourcePath(PathOf(event, "_before_matching.bin")));
    const absl::StatusOr<std::vector<Event>> events = DecodeEvents(golden);
    ASSERT_TRUE(events.ok()) << events.status();
    ASSERT_EQ(events->size(), 1u);
    EXPECT_EQ(events->front(), event);
    EXPECT_EQ(EncodeEvents(*events), golden);
  });
}

TEST(JournalGolden, JournalProtoIsWhatTheFieldListsSay) {
  const std::string text = JournalProto();
  EXPECT_EQ(GoldenOf("docs/journal.proto", text), text);
}

TEST(JournalGolden, ProtocReadsEveryEvent) {
  if (OutputOf("protoc --version 2>/dev/null").empty()) {
    GTEST_SKIP() << "protoc is not installed (package protobuf-compiler)";
  }
  ForEachFullEvent([](const Event& event) {
    SCOPED_TRACE(EventName(event.payload));
    const std::string text = OutputOf("protoc --proto_path='" + SourcePath("docs") +
                                      "' --decode=throughline.Events journal.proto < '" +
                                      SourcePath(PathOf(event, ".bin")) + "'");
    ASSERT_FALSE(text.empty());
    EXPECT_EQ(text, GoldenOf(PathOf(event, ".txt"), text));
  });
}

}  // namespace
}  // namespace throughline
