#include "table_output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

#include "absl/strings/str_cat.h"

namespace throughline {
namespace {

int TerminalWidth() {
  winsize size{};
  if (isatty(STDOUT_FILENO) != 1 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string Written(const Table& table, const std::string& format, int width) {
  if (format == "csv") return ToCsv(table);
  if (format == "json") return ToJson(table) + "\n";
  if (format == "html") return ToHtml(table);
  if (format == "markdown") return ToMarkdown(table);
  return ToText(table, width);
}

}  // namespace

absl::StatusOr<ExitCode> PutText(const std::string& text, const std::string& output) {
  if (output == "-") {
    std::cout << text;
    return kDone;
  }
  std::ofstream file(output, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(output, ": cannot be written"));
  if (!(file << text).flush()) {
    return absl::UnavailableError(absl::StrCat(output, ": could not be written to its end"));
  }
  return kDone;
}

absl::StatusOr<ExitCode> PutTable(const Table& table, const std::string& format,
                                  const std::string& output) {
  return PutText(Written(table, format, output == "-" ? TerminalWidth() : 0), output);
}

}  // namespace throughline
