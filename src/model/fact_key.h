#ifndef THROUGHLINE_MODEL_FACT_KEY_H_
#define THROUGHLINE_MODEL_FACT_KEY_H_

#include <cstdint>
#include <string>

namespace throughline {

// A fact key's hash as a text that FactKeyOf() turns back into it: '#' and 16 hex digits.
std::string FactKeyText(uint64_t fact);

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_FACT_KEY_H_
