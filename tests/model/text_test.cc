#include "model/text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

TEST(Text, TakesUtf8UpToItsLimit) {
  EXPECT_TRUE(CheckText("name", "", kMaxNameBytes).ok());
  EXPECT_TRUE(CheckText("name", "M\u00fcller \u4e16\u754c \U0001F600 & S\u00f6hne", 64).ok());
  EXPECT_TRUE(CheckText("name", std::string(kMaxNameBytes - 1, 'x'), kMaxNameBytes).ok());
  EXPECT_TRUE(CheckText("name", std::string(kMaxNameBytes, 'x'), kMaxNameBytes).ok());
  const absl::Status status = CheckText("name", std::string(kMaxNameBytes + 1, 'x'), kMaxNameBytes);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "name: is 1025 bytes long, at most 1024 are allowed");
  EXPECT_EQ(DetailOf(status).field, "name");
}

TEST(Text, RefusesWhatIsNotUtf8) {
  for (const std::string_view text :
       {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "Caf\xE9", "\x80"}) {
    EXPECT_EQ(CheckText("name", text, 64).message(), "name: is not UTF-8");
    EXPECT_FALSE(CheckNote("text", text).ok());
    EXPECT_FALSE(CheckKey("reason", text).ok());
  }
}

TEST(Text, RefusesControlCharacters) {
  for (const std::string_view text :
       {std::string_view("a\0b", 3), std::string_view("\x1B[0m"), std::string_view("\x7F"),
        std::string_view("\u0085"), std::string_view("\u009F")}) {
    EXPECT_EQ(CheckText("name", text, 64).message(), "name: has a control character");
    EXPECT_FALSE(CheckNote("text", text).ok());
  }
  EXPECT_TRUE(CheckText("name", "\u00A0\u00E9", 64).ok());
  EXPECT_FALSE(CheckText("name", "two\nlines", 64).ok());
  EXPECT_FALSE(CheckText("name", "a\tb", 64).ok());
  EXPECT_TRUE(CheckNote("text", "two\r\nlines\tand a tab").ok());
  EXPECT_TRUE(CheckNote("text", std::string(kMaxNoteBytes, 'x')).ok());
  EXPECT_FALSE(CheckNote("text", std::string(kMaxNoteBytes + 1, 'x')).ok());
}

TEST(Text, KeysAreTrimmedAndNotEmpty) {
  EXPECT_TRUE(CheckKey("reason", "no budget").ok());
  EXPECT_TRUE(CheckKey("reason", std::string(kMaxKeyBytes, 'x')).ok());
  for (const std::string& key :
       std::vector<std::string>{"", " a", "a ", "a\n", std::string(kMaxKeyBytes + 1, 'x')}) {
    EXPECT_FALSE(CheckKey("reason", key).ok()) << key;
  }
  EXPECT_TRUE(CheckExternalId("id", {"crm", "a:b"}).ok());
  EXPECT_EQ(DetailOf(CheckExternalId("external_ids[2]", {"c:rm", "a"})).field,
            "external_ids[2].system");
  EXPECT_EQ(DetailOf(CheckExternalId("external_ids[2]", {"crm", ""})).field, "external_ids[2].key");
}

TEST(Text, DomainsHaveOneSpelling) {
  const std::pair<const char*, const char*> domains[] = {
      {"acme.com", "acme.com"},
      {" ACME.com. ", "acme.com"},
      {"https://www.Acme.com/about?x=1#y", "acme.com"},
      {"http://acme.com:8080", "acme.com"},
      {"acme.com/about", "acme.com"},
      {"sales@acme.com", "acme.com"},
      {"https://user:secret@acme.com/", "acme.com"},
      {"www.acme.co.uk", "acme.co.uk"},
      {"wwwacme.com", "wwwacme.com"},
      {"m\u00fcller.de", "xn--mller-kva.de"},
      {"", ""},
      {"https://", ""},
      {"...", ""}};
  for (const auto& [text, domain] : domains) EXPECT_EQ(NormalDomain(text), domain) << text;
}

TEST(Text, EmailsHaveOneSpelling) {
  EXPECT_EQ(EmailKey(" Ann.Lee@Acme.COM\n"), "ann.lee@acme.com");
  EXPECT_EQ(EmailKey("a+b@x.y"), "a+b@x.y");
  for (const char* text : {"", "ann", "@acme.com", "ann@", "ann@acme", "ann@.com", "ann@acme.",
                           "a@b@c.de", "ann lee@acme.com", "ann@ac me.com"}) {
    EXPECT_EQ(EmailKey(text), "") << text;
  }
}

}  // namespace
}  // namespace throughline
