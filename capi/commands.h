#ifndef THROUGHLINE_CAPI_COMMANDS_H_
#define THROUGHLINE_CAPI_COMMANDS_H_

#include "absl/status/status.h"
#include "throughline.h"
#include "throughline/command.h"

namespace throughline::capi {

// The command that a struct asks for. `expected` is the command whose function was called: then the
// struct may leave `command` at 0; 0: the struct says it.
absl::Status TakeCommand(const tl_command* args, int32_t expected, Command& out);

void GiveReceipt(const Receipt& receipt, tl_receipt* out) noexcept;

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_COMMANDS_H_
