#include "analytics/html_text.h"

#include "absl/strings/str_replace.h"
#include "model/abseil_text.h"

namespace throughline {

std::string HtmlText(std::string_view text) {
  return absl::StrReplaceAll(
      ToAbsl(text),
      {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string JsonInHtml(std::string_view json) {
  return absl::StrReplaceAll(ToAbsl(json), {{"<", "\\u003c"}});
}

}  // namespace throughline
