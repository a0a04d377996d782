#include "model/domain.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "model/fold_case.h"
#include "model/text.h"
#include "throughline/policy.h"

namespace throughline {
namespace {

std::string Registered(std::string_view text) {
  return RegisteredDomain(NormalDomain(text), Policy::Default()->matching().two_label_suffixes);
}

TEST(Domain, IsReducedToWhatSomebodyRegistered) {
  const std::vector<std::pair<std::string, std::string>> domains = {
      {"mail.eu.acme.co.uk", "acme.co.uk"},
      {"acme.co.uk", "acme.co.uk"},
      {"MAIL.Acme.COM", "acme.com"},
      {"acme.com.", "acme.com"},
      {"acme.com...", "acme.com"},
      {"https://www.shop.acme.com.au:8443/about?x=1", "acme.com.au"},
      {"mail.müller.de", "xn--mller-kva.de"},
      {"MAIL.MÜLLER.DE.", "xn--mller-kva.de"},
      {"mail.xn--mller-kva.de", "xn--mller-kva.de"},
      {"mail.mu\u0308ller.de", "xn--mller-kva.de"},  // two characters for the one
      {"büro。müller。de", "xn--mller-kva.de"},      // dots of another script
      {"bücher.example", "xn--bcher-kva.example"},
      {"пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"},
      {"例え.テスト", "xn--r8jz45g.xn--zckzah"},
  };
  for (const auto& [text, domain] : domains) EXPECT_EQ(Registered(text), domain) << text;
}

TEST(Domain, WhatNobodyRegisteredIsNone) {
  for (const char* text : {"", ".", "..", "co.uk", "com", "localhost", "intranet", "127.0.0.1",
                           "http://192.168.0.1/x", "[2001:db8::1]", "a..b.com", ".acme.com",
                           "ac me.com", "acme,com", "acme.com\"", "1.2.3.4."}) {
    EXPECT_EQ(Registered(text), "") << text;
  }
  EXPECT_EQ(Registered(std::string(64, 'a') + ".com"), "");    // a label has 63 characters
  EXPECT_EQ(Registered(std::string(2000, 'a') + ".com"), "");  // a domain 253
}

TEST(Domain, PolicyAddsSuffixesToTheList) {
  const Matching::Words suffixes = {"hosted.example"};
  EXPECT_EQ(RegisteredDomain("a.b.hosted.example", suffixes), "b.hosted.example");
  EXPECT_EQ(RegisteredDomain("hosted.example", suffixes), "");
  EXPECT_EQ(RegisteredDomain("other.example", suffixes), "other.example");
}

TEST(Domain, ListKnowsWhatThePolicyDoesNot) {
  if (!HasPublicSuffixList()) GTEST_SKIP() << "built without libpsl";
  EXPECT_EQ(RegisteredDomain("shop.acme.pvt.k12.ma.us", {}), "acme.pvt.k12.ma.us");
  EXPECT_EQ(RegisteredDomain("docs.acme.github.io", {}), "acme.github.io");
  EXPECT_EQ(RegisteredDomain("www.acme.com.br", {}), "acme.com.br");
}

TEST(Domain, EveryRegisteredDomainIsItsOwn) {
  for (const char* text : {"mail.eu.acme.co.uk", "a.b.c.d.acme.com", "x.müller.de", "a.b.gov.br"}) {
    const std::string once = Registered(text);
    EXPECT_EQ(Registered(once), once) << text;
    EXPECT_EQ(Registered("deep.er." + once), once) << text;
  }
}

TEST(Domain, EmailsInAnySpellingHaveOneKey) {
  EXPECT_EQ(EmailKey("Ann@MAIL.Müller.de."), "ann@mail.xn--mller-kva.de");
  EXPECT_EQ(EmailKey("ANN@mail.xn--mller-kva.DE"), "ann@mail.xn--mller-kva.de");
  EXPECT_EQ(EmailKey("Zoë@acme.com"), EmailKey("ZOË@Acme.com"));
  EXPECT_EQ(EmailKey("zoe\u0308@acme.com"), EmailKey("zoë@acme.com"));
}

TEST(Domain, NamesAreComparedWithoutLegalForms) {
  const Matching::Words& forms = Policy::Default()->matching().legal_forms;
  const std::vector<std::pair<std::string, std::string>> names = {
      {"Acme, Inc.", "acme"},
      {"  ACME   incorporated ", "acme"},
      {"Acme GmbH & Co. KG", "acme"},
      {"Müller & Söhne A/S", "müller söhne"},
      {"MU\u0308LLER & SÖHNE A.S.", "müller söhne"},
      {"O'Neil Ltd", "oneil"},
      {"Fábrica S.A. de C.V.", "fábrica"},
      {"Zakłady Sp. z o.o.", "zakłady"},
      {"ΑΒΓ Σίγμας", "αβγ σίγμασ"},
      {"ООО Ромашка", "ооо ромашка"},
      {"Ｗｉｄｅ Ｃｏ．", "wide"},
      {"Inc", "inc"},
      {"Ltd Co", "ltd"},
      {"3M Company", "3m"},
      {"???", ""},
      {"", ""},
  };
  for (const auto& [name, key] : names) EXPECT_EQ(NameKey(name, forms), key) << name;
}

TEST(FoldCase, TakesWhatIsNoUtf8ForAGap) {
  EXPECT_EQ(FoldName("Ac\xFFme"), "ac me");
  EXPECT_EQ(FoldName("\xF8\x88\x80\x80\x80"), "");
}

TEST(FoldCase, IsThatOfUnicode) {
  EXPECT_EQ(LowerCase("İstanbul"), "istanbul");
  EXPECT_EQ(LowerCase("STRASSE ẞ"), "strasse ß");
  EXPECT_EQ(LowerCase("\u2102\uFF21\u00AD\u200D"), "ca");  // double-struck, wide, invisible
  EXPECT_EQ(LowerCase("\u1E9B\u0323"), "\u1E69");          // an example of UAX #15
  EXPECT_EQ(FoldName("Straße"), FoldName("STRASSE"));
  EXPECT_EQ(FoldName("ΣΊΣΥΦΟΣ"), FoldName("σίσυφος"));
  EXPECT_EQ(FoldName("Acme™ \u2116 1"), "acme no 1");
  EXPECT_EQ(FoldName("株式会社アクメ"), "株式会社アクメ");
}

}  // namespace
}  // namespace throughline
