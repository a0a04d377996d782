#include "model/domain.h"

#ifdef THROUGHLINE_HAS_PSL
#include <libpsl.h>
#endif

#include <algorithm>
#include <vector>

#include "model/fold_case.h"
#include "model/punycode.h"

namespace throughline {
namespace {

constexpr size_t kMaxDomain = 253;
constexpr size_t kMaxLabel = 63;
constexpr size_t kMaxFormWords = 5;  // of a legal form: "sp z o o"

bool IsAscii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (c & 0x80) != 0; });
}

// A label as the DNS has it; "" if it cannot be one.
std::string AsciiLabel(std::string_view label) {
  if (IsAscii(label)) return std::string(label);
  const std::string code = Punycode(CodePoints(label));
  return code.empty() ? code : "xn--" + code;
}

// With full stops of other scripts as dots.
std::string WithDots(const std::string& domain) {
  std::string dotted = domain;
  for (const char* dot : {"\u3002", "\uFF0E", "\uFF61"}) {
    for (size_t at = 0; (at = dotted.find(dot, at)) != dotted.npos; ++at)
      dotted.replace(at, 3, ".");
  }
  return dotted;
}

bool IsHostCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool IsDigits(std::string_view label) {
  return std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Where the label before `end` begins; npos if there is none.
size_t LabelBefore(std::string_view domain, size_t end) {
  if (end == 0 || end == domain.npos) return domain.npos;
  const size_t dot = domain.rfind('.', end - 1);
  return dot == domain.npos ? 0 : dot + 1;
}

// Where the registered domain begins, going by the list; domain.size() if it is a suffix itself.
size_t RegisteredByList(const std::string& domain) {
#ifdef THROUGHLINE_HAS_PSL
  const char* registered = psl_registrable_domain(psl_builtin(), domain.c_str());
  return registered == nullptr ? domain.size() : static_cast<size_t>(registered - domain.c_str());
#else
  return LabelBefore(domain, domain.rfind('.'));  // the label before the last
#endif
}

}  // namespace

bool HasPublicSuffixList() {
#ifdef THROUGHLINE_HAS_PSL
  return psl_builtin() != nullptr;
#else
  return false;
#endif
}

std::string AsciiDomain(std::string_view domain) {
  std::string ascii;
  if (domain.size() > 4 * kMaxDomain) return ascii;
  const std::string lower = LowerCase(domain);
  const std::string dotted = IsAscii(lower) ? lower : WithDots(lower);
  std::string_view rest = dotted;
  while (rest.ends_with('.')) rest.remove_suffix(1);
  for (size_t end = 0; end != rest.npos; rest.remove_prefix(end == rest.npos ? 0 : end + 1)) {
    end = rest.find('.');
    const std::string label = AsciiLabel(rest.substr(0, end));
    if (label.empty() || label.size() > kMaxLabel) return "";
    if (!ascii.empty()) ascii += '.';
    ascii += label;
  }
  return ascii.size() <= kMaxDomain ? ascii : "";
}

std::string RegisteredDomain(std::string_view domain, const Matching::Words& suffixes) {
  if (domain.size() > kMaxDomain || domain.empty()) return "";
  if (!std::all_of(domain.begin(), domain.end(), IsHostCharacter)) return "";
  const size_t last = domain.rfind('.');
  if (last == domain.npos || domain.front() == '.' || domain.back() == '.') return "";
  if (domain.find("..") != domain.npos || IsDigits(domain.substr(last + 1))) return "";
  const std::string text(domain);
  size_t begin = RegisteredByList(text);
  if (begin < text.size() && suffixes.contains(domain.substr(begin))) {
    begin = begin == 0 ? text.size() : LabelBefore(domain, begin - 1);
  }
  return begin < text.size() ? text.substr(begin) : "";
}

std::string NameKey(std::string_view name, const Matching::Words& legal_forms) {
  std::string key = FoldName(name);
  bool shortened = true;
  while (shortened) {
    shortened = false;
    size_t space = key.size();
    for (size_t words = 0; words < kMaxFormWords && !shortened; ++words) {
      space = space == 0 ? key.npos : key.rfind(' ', space - 1);
      if (space == key.npos) break;
      shortened = legal_forms.contains(std::string_view(key).substr(space + 1));
    }
    if (shortened) key.resize(space);
  }
  return key;
}

}  // namespace throughline
