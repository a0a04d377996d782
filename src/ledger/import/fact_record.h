#ifndef THROUGHLINE_LEDGER_IMPORT_FACT_RECORD_H_
#define THROUGHLINE_LEDGER_IMPORT_FACT_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "throughline/command.h"

namespace throughline {

// Where a fact was read: a file by its number, a line from 1, and which fact of that line it is.
struct FactPosition {
  static constexpr int kFileBits = 14;
  static constexpr int kLineBits = 38;
  static constexpr int kFactBits = 12;
  static constexpr size_t kMaxFiles = size_t{1} << kFileBits;
  static constexpr size_t kMaxFactsOfRow = size_t{1} << kFactBits;

  uint32_t file = 0;
  uint64_t line = 0;
  uint32_t fact = 0;

  // In the order of the input.
  uint64_t Pack() const {
    return uint64_t{file} << (kLineBits + kFactBits) | line << kFactBits | fact;
  }
  static FactPosition Unpack(uint64_t packed) {
    return {static_cast<uint32_t>(packed >> (kLineBits + kFactBits)),
            packed >> kFactBits & ((uint64_t{1} << kLineBits) - 1),
            static_cast<uint32_t>(packed & ((uint64_t{1} << kFactBits) - 1))};
  }
};

// A fact as bytes, for sorting: equal facts give equal records, but for their mode.
void AppendFact(const Command& command, Context& context, std::string& out);
absl::Status ReadFact(std::string_view record, Command& command, Context& context);

// The key of a fact that has none of its own: the hash of its record and, after the first, of how
// many equal ones came before it. What it makes of a fact is in ledgers for life.
uint64_t KeyOfContent(std::string_view record, uint64_t equal_before);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_FACT_RECORD_H_
