#include "model/text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"
#include "model/domain.h"
#include "model/fold_case.h"
#include "simdjson.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n\f\v";

enum class Controls { kNone, kLineBreaksAndTabs };

// C0 and DEL; C1 (U+0080..U+009F) is two bytes in UTF-8: C2 80 .. C2 9F.
bool HasControl(std::string_view text, Controls allowed) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      return true;
    }
    if (byte >= 0x20 && byte != 0x7F) continue;
    const bool layout = byte == '\n' || byte == '\t' || byte == '\r';
    if (!layout || allowed == Controls::kNone) return true;
  }
  return false;
}

absl::Status Check(std::string_view field, std::string_view text, size_t max_bytes,
                   Controls allowed) {
  if (text.size() > max_bytes) {
    return InvalidField(field, absl::StrCat("is ", text.size(), " bytes long, at most ", max_bytes,
                                            " are allowed"));
  }
  if (!simdjson::validate_utf8(text.data(), text.size()))
    return InvalidField(field, "is not UTF-8");
  if (HasControl(text, allowed)) return InvalidField(field, "has a control character");
  return absl::OkStatus();
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// What of a URL or of "user@host:port" is the host.
std::string_view HostOf(std::string_view text) {
  if (const size_t scheme = text.find("://"); scheme != text.npos) text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find_first_of("/?#"));
  if (const size_t at = text.rfind('@'); at != text.npos) text.remove_prefix(at + 1);
  return text.substr(0, text.find(':'));
}

}  // namespace

absl::Status CheckText(std::string_view field, std::string_view text, size_t max_bytes) {
  return Check(field, text, max_bytes, Controls::kNone);
}

absl::Status CheckNote(std::string_view field, std::string_view text) {
  return Check(field, text, kMaxNoteBytes, Controls::kLineBreaksAndTabs);
}

absl::Status CheckKey(std::string_view field, std::string_view key) {
  if (key.empty()) return InvalidField(field, "is empty");
  if (TrimAscii(key).size() != key.size()) {
    return InvalidField(field, "begins or ends with white space");
  }
  return CheckText(field, key, kMaxKeyBytes);
}

absl::Status CheckExternalId(std::string_view field, const ExternalId& id) {
  const std::string system = absl::StrCat(ToAbsl(field), ".system");
  if (absl::Status status = CheckKey(system, id.system); !status.ok()) return status;
  if (id.system.find(':') != id.system.npos) return InvalidField(system, "has a ':'");
  return CheckKey(absl::StrCat(ToAbsl(field), ".key"), id.key);
}

std::string NormalDomain(std::string_view text) {
  std::string domain = AsciiDomain(HostOf(TrimAscii(text)));
  if (domain.starts_with("www.")) domain.erase(0, 4);
  return domain;
}

std::string EmailKey(std::string_view email) {
  const std::string_view trimmed = TrimAscii(email);
  const size_t at = trimmed.find('@');
  if (at == trimmed.npos || at == 0 || trimmed.find('@', at + 1) != trimmed.npos) return "";
  if (trimmed.find_first_of(kWhiteSpace) != trimmed.npos) return "";
  const std::string domain = AsciiDomain(trimmed.substr(at + 1));
  if (domain.find('.') == domain.npos) return "";
  return absl::StrCat(LowerCase(trimmed.substr(0, at)), "@", domain);
}

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), Lower);
  return lower;
}

std::string_view TrimAscii(std::string_view text) {
  const size_t first = text.find_first_not_of(kWhiteSpace);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

}  // namespace throughline
