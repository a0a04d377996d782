#include "ledger/import/import_log.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"
#include "model/json.h"
#include "throughline/error.h"

namespace throughline {
namespace {

constexpr int64_t kRejectSamples = 20;
constexpr int64_t kSamplesOfWarning = 3;

}  // namespace

ImportLog::ImportLog(const ImportOptions& options, const InputNames* names)
    : names_(*names), progress_(options.progress), rejects_(options.rejects_path) {}

std::string ImportLog::PlaceOf(const FactPosition& position) const {
  const std::string file = names_.FileOf(position);
  return file.empty() ? absl::StrCat("fact ", position.line)
                      : absl::StrCat(file, ":", position.line);
}

absl::Status ImportLog::Reject(const FactPosition& position, const RowFault& fault) {
  if (++report_.rejected <= kRejectSamples) {
    report_.samples.push_back(absl::StrCat(PlaceOf(position), ": ", fault.why));
  }
  return rejects_.Add(names_.FileOf(position), position.line, fault);
}

absl::Status ImportLog::Refuse(const FactPosition& position, const Command& command,
                               const Context& context, const absl::Status& why) {
  const ErrorDetail detail = DetailOf(why);
  return Reject(position, {names_.ColumnOf(position, detail.field),
                           std::string(FromAbsl(why.message())), FactToJson(command, context)});
}

void ImportLog::Warn(const FactPosition& position, const Command& command, std::string_view kind) {
  if (++report_.warnings[std::string(kind)] > kSamplesOfWarning) return;
  const char* fact = std::visit([](const auto& c) { return c.kName; }, command);
  report_.samples.push_back(
      absl::StrCat(PlaceOf(position), ": warning: ", fact, ": ", ToAbsl(kind)));
}

void ImportLog::Warn(const FactPosition& position, std::string_view kind, std::string_view text) {
  if (++report_.warnings[std::string(kind)] > kSamplesOfWarning) return;
  report_.samples.push_back(
      absl::StrCat(PlaceOf(position), ": warning: ", ToAbsl(kind), ": ", ToAbsl(text)));
}

void ImportLog::Warn(const FactPosition& position, const Command& command, uint32_t breaches) {
  for (const auto& [breach, name] : EnumNames<Breach>::kValues) {
    if ((breaches & BreachBit(breach)) != 0) Warn(position, command, name);
  }
}

void ImportLog::Progress(std::string_view step, int64_t done, int64_t total) const {
  if (progress_) progress_(step, done, total);
}

}  // namespace throughline
