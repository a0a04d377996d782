#ifndef THROUGHLINE_CORE_DECIDE_H_
#define THROUGHLINE_CORE_DECIDE_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/evolve.h"
#include "core/match.h"
#include "core/rows.h"
#include "throughline/command.h"
#include "throughline/event.h"
#include "throughline/policy.h"

namespace throughline {

// What a decision draws from outside: new ids, and salt for the digests of personal data.
class Supply {
 public:
  virtual ~Supply() = default;
  virtual int64_t NextId(EntityKind kind) = 0;
  virtual std::string Salt() = 0;  // 16 random bytes
};

// What a decision is made from. References in the command are resolved to ids; `rows` holds what
// NeedsOf asked for.
struct Situation {
  const Context& context;
  const Rows& rows;
  AccountId account;                       // whose stream the command concerns
  std::span<const RecordedEvent> history;  // as far as the scope wanted it, of its group
  const Policy& policy;
  int64_t policy_version;
  EventId next_event;  // the id that the command's first event will have
  Time now;
  Supply& supply;
  std::string_view secret = {};  // the ledger's, with which the identities of the erased are hashed
};

struct StreamEvents {
  AccountId account;
  std::vector<Event> events;
};

// What of the vault goes for good, and what stays in its place.
struct Erasure {
  std::vector<ContactProfileRow> profiles;
  std::vector<ContactExternalIdRow> external_ids;
  std::vector<NoteRow> notes;  // of which only the keys count
  std::vector<ErasedIdentityRow> identities;
};

struct Decision {
  std::vector<StreamEvents> streams;      // one; two for a contact that moves between accounts
  bool refold = false;                    // history was revised: fold the stream anew
  EntityKind entity = EntityKind::kNone;  // what it opened, defined or added
  int64_t id = 0;

  // Personal data that the events cite.
  std::vector<ContactProfileRow> profiles;
  std::vector<ContactExternalIdRow> contact_external_ids;
  std::vector<NoteRow> notes;

  std::optional<Erasure> erasure;
};

// The rules: whether a command is accepted, and what then happened. Refusals are statuses as
// throughline/error.h lists them. Pure. `match`: who its identity was found to be, if the command
// asks for that; else null.
absl::StatusOr<Decision> Decide(const Command& command, const Situation& situation,
                                const MatchOutcome* match = nullptr);

// Whose profile changes when an event is void, or its undoing: their rows in the vault have to be
// in the situation. 0: nobody's.
ContactId PersonWhoseProfileIsVoid(std::span<const RecordedEvent> history, const EventRef& event);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_DECIDE_H_
