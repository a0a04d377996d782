#ifndef THROUGHLINE_MODEL_PUNYCODE_H_
#define THROUGHLINE_MODEL_PUNYCODE_H_

#include <string>
#include <string_view>

namespace throughline {

// A label with letters beyond ASCII as the DNS has it, but for the "xn--" before it (RFC 3492).
// "" if it is too long for that.
std::string Punycode(std::u32string_view label);

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_PUNYCODE_H_
