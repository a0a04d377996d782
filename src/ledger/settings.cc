#include "ledger/settings.h"

#include "ledger/row_access.h"
#include "throughline/row.h"

namespace throughline {

absl::StatusOr<std::string> ReadSetting(ReadTransaction& transaction, std::string_view name) {
  LedgerSettingRow row;
  absl::StatusOr<bool> found = GetRow(transaction, KeyValues(name), row);
  if (!found.ok()) return found.status();
  return row.value;
}

absl::Status PutSetting(WriteTransaction& transaction, std::string_view name,
                        std::string_view value) {
  return PutRow(transaction, LedgerSettingRow{std::string(name), std::string(value)});
}

}  // namespace throughline
