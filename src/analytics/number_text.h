#ifndef THROUGHLINE_ANALYTICS_NUMBER_TEXT_H_
#define THROUGHLINE_ANALYTICS_NUMBER_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

// Numbers as people read them.

namespace throughline {

std::string GroupedInteger(int64_t value);            // "1,234,567"
std::string GroupedReal(double value, int decimals);  // "1,234.50"; `value` is finite
std::string Percent(double share);                    // 0.105 as "10.5%"
std::string Percent(int64_t part, int64_t whole);     // the same of a fraction; `whole` is not 0

// "1 lead", "2,296 leads".
std::string Counted(int64_t count, std::string_view singular, std::string_view plural);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_NUMBER_TEXT_H_
