#ifndef THROUGHLINE_CORE_DIGEST_H_
#define THROUGHLINE_CORE_DIGEST_H_

#include <string>
#include <string_view>

#include "throughline/row.h"

// Salted digests that tie an event to the personal data it cites: BLAKE2b (RFC 7693), 16 bytes,
// with the row's salt as key, over its length-prefixed members.

namespace throughline {

std::string ProfileDigest(const ContactProfileRow& profile);
std::string NoteDigest(const NoteRow& note);

// What is kept of an email (as EmailKey gives it) or an external id of somebody who was erased: a
// digest of the same kind, with the ledger's secret as key.
std::string EmailIdentity(std::string_view email_key, std::string_view secret);
std::string ExternalIdentity(std::string_view system, std::string_view key,
                             std::string_view secret);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_DIGEST_H_
