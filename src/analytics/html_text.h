#ifndef THROUGHLINE_ANALYTICS_HTML_TEXT_H_
#define THROUGHLINE_ANALYTICS_HTML_TEXT_H_

#include <string>
#include <string_view>

// Text of others inside a page: whatever it says, it stays text.

namespace throughline {

// For element content and for quoted attributes.
std::string HtmlText(std::string_view text);

// JSON for a script element of a data type: its texts can neither end the element nor open a
// comment in it.
std::string JsonInHtml(std::string_view json);

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_HTML_TEXT_H_
