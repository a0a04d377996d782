#ifndef THROUGHLINE_CORE_DIGEST_H_
#define THROUGHLINE_CORE_DIGEST_H_

#include <string>

#include "throughline/row.h"

// Salted digests that tie an event to the personal data it cites: BLAKE2b (RFC 7693), 16 bytes,
// with the row's salt as key, over its length-prefixed members.

namespace throughline {

std::string ProfileDigest(const ContactProfileRow& profile);
std::string NoteDigest(const NoteRow& note);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_DIGEST_H_
