#ifndef THROUGHLINE_LEDGER_IMPORT_EVENT_FACTS_H_
#define THROUGHLINE_LEDGER_IMPORT_EVENT_FACTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/hash_map.h"
#include "throughline/command.h"
#include "throughline/event.h"
#include "throughline/row.h"

namespace throughline {

// Events of one ledger as facts for another, which decides anew (docs/export-and-restore.md).
// Records are named by their ids there: "throughline-<ledger id>:<number>", as external ids. Tell
// it the vault first, then all commits in order. Not thread-safe.
class EventFacts {
 public:
  // The id in hex.
  explicit EventFacts(const std::string& ledger_id) : system_("throughline-" + ledger_id) {}

  void Know(ContactProfileRow row);
  void Know(const ContactExternalIdRow& row);
  void Know(NoteRow row);

  // Notes what the events of a commit mean to those of later ones. INVALID_ARGUMENT for a policy
  // that cannot be read.
  absl::Status Know(const Commit& commit);

  // What became of an event.
  struct Result {
    bool is_fact = false;   // else it follows from another one, and will be decided again
    std::string_view left;  // what of it no fact can say, as a name for a warning; empty: nothing
  };

  // The fact of events[i]. INVALID_ARGUMENT if no fact can say it, and why.
  absl::StatusOr<Result> FactOf(const Commit& commit, size_t i, Command& command,
                                Context& context) const;

  // What its own ledger calls an event: the key of its fact.
  std::string KeyOf(EventId event) const;

 private:
  struct Teller;

  ExternalId NameOf(int64_t id) const { return {system_, std::to_string(id)}; }

  const std::string system_;
  std::map<std::pair<ContactId, int64_t>, ContactProfileRow> profiles_;  // by revision
  std::map<std::pair<NoteId, int64_t>, std::string> notes_;
  HashMap<ContactId, std::vector<ExternalId>> contact_ids_;
  HashMap<int64_t, std::string> stages_;  // keys by id, which is never used again for another
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_EVENT_FACTS_H_
