#include "ledger/import/fact_record.h"

#include <utility>

#include "model/codec.h"
#include "model/json.h"

namespace throughline {
namespace {

// What happened does not depend on how strictly it is taken: the mode stands before the fact.
constexpr char kEnforced = 'e';
constexpr char kObserved = 'o';

}  // namespace

void AppendFact(const Command& command, Context& context, std::string& out) {
  const Mode mode = std::exchange(context.mode, Mode::kDefault);
  out += mode == Mode::kObserve ? kObserved : kEnforced;
  AppendCommand(command, context, out);
  context.mode = mode;
}

absl::Status ReadFact(std::string_view record, Command& command, Context& context) {
  if (record.empty()) return absl::DataLossError("an empty record");
  absl::Status status = DecodeCommand(record.substr(1), command, context);
  context.mode = record.front() == kObserved ? Mode::kObserve : Mode::kEnforce;
  return status;
}

uint64_t KeyOfContent(std::string_view record, uint64_t equal_before) {
  const std::string_view fact = record.substr(1);
  if (equal_before == 0) return FactKeyOf(fact);
  std::string text(fact);
  for (; equal_before != 0; equal_before >>= 8) text += static_cast<char>(equal_before & 0xFF);
  return FactKeyOf(text);
}

}  // namespace throughline
