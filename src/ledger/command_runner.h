#ifndef THROUGHLINE_LEDGER_COMMAND_RUNNER_H_
#define THROUGHLINE_LEDGER_COMMAND_RUNNER_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/ledger_transaction.h"
#include "throughline/command.h"
#include "throughline/ledger.h"

namespace throughline {

// Decides a command inside an open transaction and writes what follows from it; later commands of
// the transaction see it. An error for which IsRefusal holds has written nothing; after any other
// one the transaction must be rolled back.
absl::StatusOr<Receipt> RunCommand(LedgerTransaction& transaction, const Command& command,
                                   const Context& context);

// The same for each of several commands, one outcome each, until an error that is no refusal.
absl::Status RunEach(LedgerTransaction& transaction, std::span<const Request> requests,
                     std::vector<absl::StatusOr<Receipt>>& outcomes);

// The same for several commands of one account, as one commit.
absl::StatusOr<Receipt> RunAtomic(LedgerTransaction& transaction, std::span<const Command> commands,
                                  const Context& context);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_COMMAND_RUNNER_H_
