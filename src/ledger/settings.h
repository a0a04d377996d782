#ifndef THROUGHLINE_LEDGER_SETTINGS_H_
#define THROUGHLINE_LEDGER_SETTINGS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/store.h"

// What a ledger knows of itself. DO NOT CHANGE THE NAMES: they are written to disk.

namespace throughline {

inline constexpr std::string_view kLedgerIdSetting = "ledger_id";      // 16 random bytes
inline constexpr std::string_view kRequestKeySetting = "request_key";  // 32 random bytes

// "" if there is no such setting.
absl::StatusOr<std::string> ReadSetting(ReadTransaction& transaction, std::string_view name);
absl::Status PutSetting(WriteTransaction& transaction, std::string_view name,
                        std::string_view value);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_SETTINGS_H_
