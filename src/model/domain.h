#ifndef THROUGHLINE_MODEL_DOMAIN_H_
#define THROUGHLINE_MODEL_DOMAIN_H_

#include <string>
#include <string_view>

#include "throughline/policy.h"

// Domains and names of companies, as they are compared (docs/matching.md).

namespace throughline {

// A domain in any spelling as it stands in the DNS: lower case, other letters than ASCII's as
// punycode, no dot at the end. "" if it cannot be one: an empty label, or too long.
std::string AsciiDomain(std::string_view domain);

// What somebody registered, of a domain in ASCII: "acme.co.uk" of "mail.eu.acme.co.uk". "" if there
// is no such thing: of a public suffix itself, a host without a dot, an IP address. By the public
// suffix list if the library was built with it, and in any case by `suffixes`.
std::string RegisteredDomain(std::string_view domain, const Matching::Words& suffixes);

// Whether this build knows the public suffix list.
bool HasPublicSuffixList();

// What a company's name is matched by: its words without legal forms at the end, unless nothing
// would be left.
std::string NameKey(std::string_view name, const Matching::Words& legal_forms);

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_DOMAIN_H_
