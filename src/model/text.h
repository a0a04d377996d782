#ifndef THROUGHLINE_MODEL_TEXT_H_
#define THROUGHLINE_MODEL_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "throughline/ids.h"

// Text as it may enter the ledger. Every check answers INVALID_ARGUMENT that names `field`.

namespace throughline {

// Names, titles, emails, phones: UTF-8 of at most `max_bytes`, without control characters.
absl::Status CheckText(std::string_view field, std::string_view text, size_t max_bytes);

// Notes: as CheckText with kMaxNoteBytes, but line breaks and tabs are allowed.
absl::Status CheckNote(std::string_view field, std::string_view text);

// Keys (channels, reasons, roles, names of attributes): as CheckText with kMaxKeyBytes, not empty,
// and without white space at either end.
absl::Status CheckKey(std::string_view field, std::string_view key);

// Both parts are keys; `system` has no ':'. The error names "<field>.system" or "<field>.key".
absl::Status CheckExternalId(std::string_view field, const ExternalId& id);

// What two spellings of one domain have in common: lower case, other letters than ASCII's as
// punycode, without scheme, "www.", user, port, path and final dot: "https://www.Acme.com/about" is
// "acme.com". "" if no domain is left.
std::string NormalDomain(std::string_view text);

// What two spellings of one email address have in common: trimmed, in lower case, its domain as
// above. "" if it is not plausible: one '@', something before it, a domain with a dot after it.
std::string EmailKey(std::string_view email);

std::string LowerAscii(std::string_view text);
std::string_view TrimAscii(std::string_view text);  // spaces, tabs and line breaks off both ends

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_TEXT_H_
