// Commands as structs. One mechanism makes all of them: abi/members.h lists the members of a C
// struct, command.h those of the C++ struct; equal names belong together.

#include <array>
#include <cstring>
#include <type_traits>
#include <utility>
#include <variant>

#include "abi/members.h"
#include "commands.h"
#include "handles.h"
#include "member.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

template <class Args>
using CommandFor =
    std::variant_alternative_t<static_cast<size_t>(MembersOf<Args>::kCommand) - 1, Command>;

// Every member of the command must be a member of the struct, and the other way round.
template <class Args>
constexpr bool kComplete = std::tuple_size_v<decltype(MembersOf<Args>::kMembers)> ==
                           std::tuple_size_v<decltype(CommandFor<Args>::Fields())>;

template <class Args>
absl::Status CheckReserved(const Args& args) {
  if constexpr (requires { args.reserved; }) return CheckZero({"reserved"}, args.reserved);
  return absl::OkStatus();
}

template <class Args>
absl::Status TakeMembers(const tl_command* head, Command& out) {
  static_assert(kComplete<Args>);
  Args args;
  absl::Status status = ReadStruct("args", reinterpret_cast<const Args*>(head), args);
  if (status.ok()) status = CheckReserved(args);
  auto& command = out.emplace<CommandFor<Args>>();
  ForEachPair<Args, CommandFor<Args>>([&](std::string_view name, auto from, auto to) {
    if (status.ok()) status = Take(Where{name}, args.*from, command.*to);
  });
  return status;
}

using Taker = absl::Status (*)(const tl_command* head, Command& out);

template <class... Args>
constexpr auto MakeTakers() {
  static_assert(sizeof...(Args) == std::variant_size_v<Command>,
                "a command of command.h is not in throughline.h");
  std::array<Taker, std::variant_size_v<Command>> takers{};
  ((takers[static_cast<size_t>(MembersOf<Args>::kCommand) - 1] = &TakeMembers<Args>), ...);
  return takers;
}

constexpr auto kTakers = MakeTakers<
    tl_account_open_args, tl_account_update_args, tl_contact_add_args, tl_contact_update_args,
    tl_contact_move_args, tl_touch_record_args, tl_touch_retract_args, tl_note_add_args,
    tl_lead_open_args, tl_lead_move_args, tl_lead_assign_args, tl_lead_nurture_args,
    tl_lead_close_args, tl_lead_reopen_args, tl_lead_convert_args, tl_opportunity_open_args,
    tl_opportunity_move_args, tl_opportunity_value_args, tl_opportunity_assign_args,
    tl_opportunity_role_args, tl_opportunity_win_args, tl_opportunity_lose_args,
    tl_opportunity_book_args, tl_opportunity_reopen_args, tl_event_amend_args, tl_event_void_args,
    tl_owner_define_args, tl_campaign_define_args, tl_campaign_cost_args, tl_exchange_rate_set_args,
    tl_policy_set_args, tl_account_merge_args, tl_account_unmerge_args, tl_contact_merge_args,
    tl_contact_unmerge_args, tl_contact_erase_args, tl_account_distinct_args>();

tl_status RunCommand(tl_ledger* ledger, const tl_command* args, int32_t expected,
                     const tl_context* context, tl_receipt* out, tl_error* error) noexcept {
  ClearStruct(out);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    absl::Status status = out == nullptr ? absl::OkStatus() : CheckOut("out_receipt", out);
    Command command;
    if (status.ok()) status = TakeCommand(args, expected, command);
    Context taken;
    if (status.ok()) status = TakeContext(context, taken);
    if (!status.ok()) return status;
    const absl::StatusOr<Receipt> receipt = open.ledger->Execute(command, taken);
    if (receipt.ok()) GiveReceipt(*receipt, out);
    return receipt.status();
  });
}

}  // namespace

absl::Status TakeCommand(const tl_command* args, int32_t expected, Command& out) {
  if (args == nullptr) return InvalidField("args", "is NULL");
  int32_t command = args->command;
  if (command == 0) command = expected;
  if (command < 1 || command > static_cast<int32_t>(kTakers.size())) {
    return NoSuchValue({"args.command"}, args->command);
  }
  if (expected != 0 && command != expected) {
    return InvalidField("args.command", "is another command's");
  }
  return kTakers[static_cast<size_t>(command) - 1](args, out);
}

namespace {

void GiveEvidence(const MatchEvidence& evidence, tl_receipt& given) noexcept {
  given.matched = 1;
  given.match_rule = static_cast<int32_t>(evidence.rule);
  given.match_contact = evidence.contact.value;
  given.match_candidates = evidence.candidates;
  given.opened_account = evidence.opens_account ? 1 : 0;
  given.opened_contact = evidence.opens_contact ? 1 : 0;
  given.events_before = evidence.events_before;
}

}  // namespace

void GiveReceipt(const Receipt& receipt, tl_receipt* out) noexcept {
  if (out == nullptr) return;
  tl_receipt given{};
  given.entity = static_cast<int32_t>(receipt.entity);
  given.id = receipt.id;
  given.seq = receipt.seq;
  given.account = receipt.account.value;
  given.version = receipt.version;
  given.recorded_at = receipt.recorded_at.micros;
  given.events = receipt.events;
  given.breaches = receipt.breaches;
  given.repeated = receipt.repeated ? 1 : 0;
  given.pending = receipt.pending ? 1 : 0;
  if (receipt.match) GiveEvidence(*receipt.match, given);
  WriteStruct(given, out);
}

}  // namespace throughline::capi

tl_status tl_execute(tl_ledger* ledger, const tl_command* args, const tl_context* context,
                     tl_receipt* out_receipt, tl_error* error) noexcept {
  return throughline::capi::RunCommand(ledger, args, 0, context, out_receipt, error);
}

// The function of one command: the struct as what every struct of a command begins with.
#define TL_COMMAND_FUNCTION(name, number)                                                         \
  tl_status tl_##name(tl_ledger* ledger, const tl_##name##_args* args, const tl_context* context, \
                      tl_receipt* out_receipt, tl_error* error) noexcept {                        \
    return throughline::capi::RunCommand(ledger, TL_COMMAND(args), number, context, out_receipt,  \
                                         error);                                                  \
  }

TL_COMMAND_FUNCTION(account_open, TL_COMMAND_ACCOUNT_OPEN)
TL_COMMAND_FUNCTION(account_update, TL_COMMAND_ACCOUNT_UPDATE)
TL_COMMAND_FUNCTION(contact_add, TL_COMMAND_CONTACT_ADD)
TL_COMMAND_FUNCTION(contact_update, TL_COMMAND_CONTACT_UPDATE)
TL_COMMAND_FUNCTION(contact_move, TL_COMMAND_CONTACT_MOVE)
TL_COMMAND_FUNCTION(touch_record, TL_COMMAND_TOUCH_RECORD)
TL_COMMAND_FUNCTION(touch_retract, TL_COMMAND_TOUCH_RETRACT)
TL_COMMAND_FUNCTION(note_add, TL_COMMAND_NOTE_ADD)
TL_COMMAND_FUNCTION(lead_open, TL_COMMAND_LEAD_OPEN)
TL_COMMAND_FUNCTION(lead_move, TL_COMMAND_LEAD_MOVE)
TL_COMMAND_FUNCTION(lead_assign, TL_COMMAND_LEAD_ASSIGN)
TL_COMMAND_FUNCTION(lead_nurture, TL_COMMAND_LEAD_NURTURE)
TL_COMMAND_FUNCTION(lead_close, TL_COMMAND_LEAD_CLOSE)
TL_COMMAND_FUNCTION(lead_reopen, TL_COMMAND_LEAD_REOPEN)
TL_COMMAND_FUNCTION(lead_convert, TL_COMMAND_LEAD_CONVERT)
TL_COMMAND_FUNCTION(opportunity_open, TL_COMMAND_OPPORTUNITY_OPEN)
TL_COMMAND_FUNCTION(opportunity_move, TL_COMMAND_OPPORTUNITY_MOVE)
TL_COMMAND_FUNCTION(opportunity_value, TL_COMMAND_OPPORTUNITY_VALUE)
TL_COMMAND_FUNCTION(opportunity_assign, TL_COMMAND_OPPORTUNITY_ASSIGN)
TL_COMMAND_FUNCTION(opportunity_role, TL_COMMAND_OPPORTUNITY_ROLE)
TL_COMMAND_FUNCTION(opportunity_win, TL_COMMAND_OPPORTUNITY_WIN)
TL_COMMAND_FUNCTION(opportunity_lose, TL_COMMAND_OPPORTUNITY_LOSE)
TL_COMMAND_FUNCTION(opportunity_book, TL_COMMAND_OPPORTUNITY_BOOK)
TL_COMMAND_FUNCTION(opportunity_reopen, TL_COMMAND_OPPORTUNITY_REOPEN)
TL_COMMAND_FUNCTION(event_amend, TL_COMMAND_EVENT_AMEND)
TL_COMMAND_FUNCTION(event_void, TL_COMMAND_EVENT_VOID)
TL_COMMAND_FUNCTION(owner_define, TL_COMMAND_OWNER_DEFINE)
TL_COMMAND_FUNCTION(campaign_define, TL_COMMAND_CAMPAIGN_DEFINE)
TL_COMMAND_FUNCTION(campaign_cost, TL_COMMAND_CAMPAIGN_COST)
TL_COMMAND_FUNCTION(exchange_rate_set, TL_COMMAND_EXCHANGE_RATE_SET)
TL_COMMAND_FUNCTION(policy_set, TL_COMMAND_POLICY_SET)
TL_COMMAND_FUNCTION(account_merge, TL_COMMAND_ACCOUNT_MERGE)
TL_COMMAND_FUNCTION(account_unmerge, TL_COMMAND_ACCOUNT_UNMERGE)
TL_COMMAND_FUNCTION(contact_merge, TL_COMMAND_CONTACT_MERGE)
TL_COMMAND_FUNCTION(contact_unmerge, TL_COMMAND_CONTACT_UNMERGE)
TL_COMMAND_FUNCTION(contact_erase, TL_COMMAND_CONTACT_ERASE)
TL_COMMAND_FUNCTION(account_distinct, TL_COMMAND_ACCOUNT_DISTINCT)
