#include "ledger/import/text_encoding.h"

#include <unistd.h>

#include <fstream>
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace throughline {
namespace {

using ::testing::HasSubstr;

std::string WriteFile(std::string_view bytes) {
  std::string path = testing::TempDir() + "/text_encoding_test_" + std::to_string(getpid());
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

// The whole text, read `buffer_bytes` at a time; or the error after it.
struct Text {
  std::string bytes;
  absl::Status status;
};

Text ReadAll(std::string_view file, std::string_view encoding, size_t buffer_bytes = 1 << 16) {
  const std::string path = WriteFile(file);
  absl::StatusOr<std::unique_ptr<TextSource>> source =
      TextSource::Open(path, encoding, buffer_bytes);
  unlink(path.c_str());
  if (!source.ok()) return {"", source.status()};
  Text text;
  for (;;) {
    absl::StatusOr<std::string_view> chunk = (*source)->NextChunk();
    if (!chunk.ok()) {
      EXPECT_EQ((*source)->NextChunk().status(), chunk.status()) << "an error stays";
      return {text.bytes, chunk.status()};
    }
    if (chunk->empty()) break;
    text.bytes += *chunk;
  }
  EXPECT_EQ((*source)->bytes_read(), static_cast<int64_t>(file.size()));
  EXPECT_EQ((*source)->total_bytes(), static_cast<int64_t>(file.size()));
  return text;
}

std::string Utf16(std::u16string_view text, bool little) {
  std::string bytes;
  for (const char16_t c : text) {
    const char low = static_cast<char>(c & 0xFF);
    const char high = static_cast<char>(c >> 8);
    bytes += little ? low : high;
    bytes += little ? high : low;
  }
  return bytes;
}

constexpr std::u16string_view kWide = u"name;città;€ 😀\r\n";
constexpr std::string_view kNarrow = "name;città;€ 😀\r\n";

TEST(TextSourceTest, PassesUtf8AsItIs) {
  EXPECT_EQ(ReadAll("", "").bytes, "");
  EXPECT_EQ(ReadAll("a", "").bytes, "a");
  EXPECT_EQ(ReadAll(kNarrow, "").bytes, kNarrow);
  EXPECT_EQ(ReadAll(kNarrow, "UTF-8").bytes, kNarrow);
  const Text broken = ReadAll("ab\xC3(\xFFz", "utf-8");
  EXPECT_TRUE(broken.status.ok());
  EXPECT_EQ(broken.bytes, "ab\xC3(\xFFz");
}

TEST(TextSourceTest, DropsTheMark) {
  EXPECT_EQ(ReadAll("\xEF\xBB\xBFid", "").bytes, "id");
  EXPECT_EQ(ReadAll("\xEF\xBB\xBFid", "utf-8").bytes, "id");
  EXPECT_EQ(ReadAll("\xEF\xBB\xBF", "").bytes, "");
  EXPECT_EQ(ReadAll("\xEF\xBB", "").bytes, "\xEF\xBB") << "half a mark is none";
  for (const bool little : {true, false}) {
    const std::string file = (little ? "\xFF\xFE" : "\xFE\xFF") + Utf16(kWide, little);
    EXPECT_EQ(ReadAll(file, "").bytes, kNarrow);
    EXPECT_EQ(ReadAll(file, "utf-16").bytes, kNarrow);
    EXPECT_EQ(ReadAll(file, little ? "utf-16le" : "UTF-16BE").bytes, kNarrow);
  }
}

TEST(TextSourceTest, ReadsUtf16WithoutMark) {
  EXPECT_EQ(ReadAll(Utf16(kWide, true), "utf-16le").bytes, kNarrow);
  EXPECT_EQ(ReadAll(Utf16(kWide, false), "utf-16be").bytes, kNarrow);
  EXPECT_EQ(ReadAll(Utf16(kWide, true), "utf-16").bytes, kNarrow);
  EXPECT_EQ(ReadAll(Utf16(kWide, false), "utf-16").bytes, kNarrow);
  EXPECT_THAT(ReadAll(Utf16(kWide, true), "").status.message(), HasSubstr("state the encoding"));
  EXPECT_THAT(ReadAll("ab", "utf-16").status.message(), HasSubstr("utf-16le or utf-16be"));
}

TEST(TextSourceTest, CharactersMayStraddleBuffers) {
  std::u16string wide;
  std::string narrow;
  for (int i = 0; i < 100; ++i) {
    wide += kWide.substr(static_cast<size_t>(i) % 7);
    narrow += ReadAll(Utf16(kWide.substr(static_cast<size_t>(i) % 7), true), "utf-16le").bytes;
  }
  for (size_t buffer_bytes = 0; buffer_bytes < 40; ++buffer_bytes) {
    EXPECT_EQ(ReadAll(Utf16(wide, false), "utf-16be", buffer_bytes).bytes, narrow) << buffer_bytes;
    EXPECT_EQ(ReadAll("\xEF\xBB\xBF" + narrow, "", buffer_bytes).bytes, narrow) << buffer_bytes;
  }
}

TEST(TextSourceTest, ReadsWindows1252UnderBothNames) {
  for (const char* name : {"latin-1", "Latin1", "windows-1252"}) {
    EXPECT_EQ(ReadAll("M\xFCller \x80 \x93x\x94", name).bytes, "Müller € “x”") << name;
  }
  // Undefined there; their row is refused for not being UTF-8, the other rows are not touched.
  EXPECT_EQ(ReadAll("\xE9\n\x81\x8D\n\xE9", "windows-1252").bytes, "é\n\x81\x8D\né");
}

TEST(TextSourceTest, NamesTheOffsetOfWhatIsNotUtf16) {
  const std::string lone_low = "\xFF\xFE" + Utf16(u"abc", true) + std::string("\x00\xDC", 2);
  for (const size_t buffer_bytes : {16, 1000}) {
    const Text text = ReadAll(lone_low + Utf16(u"tail", true), "", buffer_bytes);
    EXPECT_EQ(text.bytes, "abc");
    EXPECT_EQ(text.status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(text.status.message(), HasSubstr("not UTF-16 at byte offset 8"));
  }
  const Text odd = ReadAll("\xFE\xFF" + Utf16(u"abc", false) + "x", "");
  EXPECT_EQ(odd.bytes, "abc");
  EXPECT_THAT(odd.status.message(), HasSubstr("ends within a UTF-16 character at byte offset 8"));
  const Text half = ReadAll(Utf16(u"abc", false) + "\xD8\x3D", "utf-16be");
  EXPECT_EQ(half.bytes, "abc");
  EXPECT_THAT(half.status.message(), HasSubstr("ends within a UTF-16 character at byte offset 6"));
}

TEST(TextSourceTest, RefusesWhatContradicts) {
  for (const char* encoding : {"utf-8", "utf-16be", "latin-1"}) {
    const Text text = ReadAll(
        "\xFF\xFE"
        "a\0",
        encoding);
    EXPECT_THAT(text.status.message(), HasSubstr("contradicts the stated encoding")) << encoding;
  }
  EXPECT_FALSE(ReadAll("\xEF\xBB\xBF", "utf-16").status.ok());
  EXPECT_THAT(ReadAll(std::string_view("\xFF\xFE\0\0", 4), "").status.message(),
              HasSubstr("UTF-32"));
  EXPECT_THAT(ReadAll("a", "ebcdic").status.message(), HasSubstr("unknown encoding \"ebcdic\""));
}

TEST(TextSourceTest, NamesTheFileThatCannotBeOpened) {
  const absl::Status none = TextSource::Open("/nowhere/leads.csv").status();
  EXPECT_EQ(none.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(none.message(), HasSubstr("/nowhere/leads.csv"));
  const absl::Status folder = TextSource::Open(testing::TempDir()).status();
  EXPECT_FALSE(folder.ok());
  EXPECT_THAT(folder.message(), HasSubstr("directory"));
}

TEST(TextSourceTest, ReadsStandardInput) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "\xEF\xBB\xBFid\n", 6), 6);
  close(ends[1]);
  const int saved = dup(STDIN_FILENO);
  dup2(ends[0], STDIN_FILENO);
  {
    absl::StatusOr<std::unique_ptr<TextSource>> source = TextSource::Open("-");
    ASSERT_TRUE(source.ok()) << source.status();
    EXPECT_EQ((*source)->total_bytes(), 0);
    EXPECT_EQ(*(*source)->NextChunk(), "id\n");
    EXPECT_EQ(*(*source)->NextChunk(), "");
    EXPECT_EQ((*source)->bytes_read(), 6);
  }
  EXPECT_NE(dup2(saved, STDIN_FILENO), -1);
  close(saved);
  close(ends[0]);
}

}  // namespace
}  // namespace throughline
