#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "generator/generator.h"
#include "model/json.h"

namespace throughline {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;
constexpr int64_t kFactsPerProgress = 50'000;

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdout) std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

absl::Status FileError(const std::string& path, int code) {
  return absl::UnavailableError(path + ": " + std::generic_category().message(code));
}

// The fact with a key that can be read: "g:17", not its hash.
std::string LineOf(const Command& command, Context context, int64_t number) {
  context.fact = 0;
  std::string line = FactToJson(command, context);
  line.pop_back();
  line += ",\"key\":\"g:";
  line += std::to_string(number);
  line += "\"}\n";
  return line;
}

}  // namespace

absl::StatusOr<GeneratedTotals> WriteFacts(
    const GeneratorOptions& options, const std::string& path,
    const std::function<void(int64_t done, int64_t total)>& progress) {
  if (absl::Status status = CheckOptions(options); !status.ok()) return status;
  const File file(path == "-" ? stdout : std::fopen(path.c_str(), "wb"));
  if (file == nullptr) return FileError(path, errno);
  std::setvbuf(file.get(), nullptr, _IOFBF, kBufferBytes);
  int64_t number = 0;
  int failed = 0;
  const auto write = [&](const Command& command, const Context& context) {
    ++number;
    if (failed != 0) return;
    const std::string line = LineOf(command, context, number);
    if (std::fwrite(line.data(), 1, line.size(), file.get()) != line.size()) failed = errno;
    if (progress && number % kFactsPerProgress == 0) progress(number, options.events);
  };
  absl::StatusOr<GeneratedTotals> totals = GenerateFacts(options, write);
  if (failed == 0 && std::fflush(file.get()) != 0) failed = errno;
  if (failed != 0) return FileError(path, failed);
  if (totals.ok() && progress) progress(number, number);
  return totals;
}

}  // namespace throughline
