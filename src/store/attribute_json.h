#ifndef THROUGHLINE_STORE_ATTRIBUTE_JSON_H_
#define THROUGHLINE_STORE_ATTRIBUTE_JSON_H_

#include <string>
#include <string_view>
#include <vector>

#include "throughline/event.h"

namespace throughline {

inline constexpr std::string_view kNoAttributes = "{}";

// {"industry":"retail","size":"50"}, in the order of the vector.
void AppendAttributeJson(const std::vector<Attribute>& attributes, std::string& out);

// False if `json` is not an object of strings.
bool ParseAttributeJson(std::string_view json, std::vector<Attribute>& attributes);

}  // namespace throughline

#endif  // THROUGHLINE_STORE_ATTRIBUTE_JSON_H_
