#ifndef THROUGHLINE_LEDGER_VAULT_CHECK_H_
#define THROUGHLINE_LEDGER_VAULT_CHECK_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/evolve.h"
#include "model/hash_map.h"
#include "throughline/store.h"

namespace throughline {

// Compares the vault with what a history cites of it, event by event, in order. One history each.
class VaultCheck {
 public:
  explicit VaultCheck(ReadTransaction& transaction) : transaction_(transaction) {}

  // What is wrong with the vault's entry that an event cites, or with what it should no longer
  // have. "" if it matches, if it was erased, or if the event cites none.
  absl::StatusOr<std::string> FaultAt(const RecordedEvent& event);

 private:
  absl::StatusOr<std::string> FaultOfProfile(ContactId contact, const VaultRef& ref);
  absl::StatusOr<std::string> FaultOfNote(const RecordedEvent& event, const NoteAdded& note);
  absl::StatusOr<std::string> LeftOf(ContactId contact);
  absl::StatusOr<bool> WasErasedAfter(Time recorded_at, ContactId contact);
  ContactId SubjectOf(const NoteAdded& note) const;

  ReadTransaction& transaction_;
  HashMap<LeadId, ContactId> leads_;  // for whom they were opened
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_VAULT_CHECK_H_
