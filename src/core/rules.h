#ifndef THROUGHLINE_CORE_RULES_H_
#define THROUGHLINE_CORE_RULES_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/decide.h"
#include "core/episode.h"

// What the rules of all commands share. One overload of DecideOn for each command; they stand in
// the files named after what they are about.

namespace throughline {

#define THROUGHLINE_RETURN_IF_ERROR(expression)               \
  do {                                                        \
    if (absl::Status status_ = (expression); !status_.ok()) { \
      return status_;                                         \
    }                                                         \
  } while (false)

using Outcome = absl::StatusOr<Decision>;

Outcome DecideOn(const AccountOpen&, const Situation&);
Outcome DecideOn(const AccountUpdate&, const Situation&);
Outcome DecideOn(const ContactAdd&, const Situation&);
Outcome DecideOn(const ContactUpdate&, const Situation&);
Outcome DecideOn(const ContactMove&, const Situation&);
Outcome DecideOn(const TouchRecord&, const Situation&);
Outcome DecideOn(const TouchRetract&, const Situation&);
Outcome DecideOn(const NoteAdd&, const Situation&);
Outcome DecideOn(const LeadOpen&, const Situation&);
Outcome DecideOn(const LeadMove&, const Situation&);
Outcome DecideOn(const LeadAssign&, const Situation&);
Outcome DecideOn(const LeadNurture&, const Situation&);
Outcome DecideOn(const LeadClose&, const Situation&);
Outcome DecideOn(const LeadReopen&, const Situation&);
Outcome DecideOn(const LeadConvert&, const Situation&);
Outcome DecideOn(const OpportunityOpen&, const Situation&);
Outcome DecideOn(const OpportunityMove&, const Situation&);
Outcome DecideOn(const OpportunityValue&, const Situation&);
Outcome DecideOn(const OpportunityAssign&, const Situation&);
Outcome DecideOn(const OpportunityRole&, const Situation&);
Outcome DecideOn(const OpportunityWin&, const Situation&);
Outcome DecideOn(const OpportunityLose&, const Situation&);
Outcome DecideOn(const OpportunityBook&, const Situation&);
Outcome DecideOn(const OpportunityReopen&, const Situation&);
Outcome DecideOn(const Amend&, const Situation&);
Outcome DecideOn(const Void&, const Situation&);
Outcome DecideOn(const OwnerDefine&, const Situation&);
Outcome DecideOn(const CampaignDefine&, const Situation&);
Outcome DecideOn(const CampaignCost&, const Situation&);
Outcome DecideOn(const ExchangeRate&, const Situation&);
Outcome DecideOn(const PolicyChange&, const Situation&);
Outcome DecideOn(const AccountMerge&, const Situation&);
Outcome DecideOn(const AccountUnmerge&, const Situation&);
Outcome DecideOn(const ContactMerge&, const Situation&);
Outcome DecideOn(const ContactUnmerge&, const Situation&);
Outcome DecideOn(const ContactErase&, const Situation&);
Outcome DecideOn(const AccountDistinct&, const Situation&);

// As account.open, which needs something to call the account by.
Outcome OpenAccount(const AccountOpen& c, const Situation& s);

// A command whose identity was looked up, with what has to be opened for it.
Outcome DecideMatched(const Command& command, const MatchOutcome& outcome, const Situation& s);

// When the command says it happened; now, if it does not say.
Moment OccurredAt(const Situation& s);

// Collects the events of a decision.
class Draft {
 public:
  explicit Draft(const Situation& situation) : s_(situation) {}

  // An event in the stream of what it is about, else the command's; `breaches` are bits 1 <<
  // Breach.
  void Add(EventPayload payload, uint32_t breaches = 0);
  // An event in the stream of an account. The reference is good until the next call.
  Event& AddTo(AccountId stream, EventPayload payload, uint32_t breaches = 0);
  void Opened(EntityKind entity, int64_t id);

  // Cites a profile or note in the vault: its revision, its salt and the digest of its content.
  VaultRef KeepProfile(ContactProfileRow profile);
  VaultRef KeepNote(NoteRow note);
  void KeepExternalIds(ContactId contact, const std::vector<ExternalId>& external_ids);

  Decision& decision() { return decision_; }

  // What was added to the situation's history, as it would be recorded; and both.
  std::vector<RecordedEvent> Added() const;
  std::vector<RecordedEvent> History() const;

  // Adds what follows for other records: their lineages, if the situation has the history.
  Decision Finish() &&;

 private:
  void AddRelinks();

  const Situation& s_;
  Decision decision_;
};

// --- Checks of input; refusals name the member. ---

// `external_ids` are well formed and not another entity's; ids that are this entity's already are
// dropped. `self` is 0 for a new entity.
absl::StatusOr<std::vector<ExternalKey>> CheckExternalIds(const Situation& s, EntityKind entity,
                                                          int64_t self,
                                                          std::span<const ExternalId> ids);
// That the person was not erased, for what cannot do without one.
absl::Status CheckNotErased(const Situation& s, ContactId contact);

// That an external id, or the email of a new person, was not that of somebody who was erased. An
// email may come back with what happened after the erasure: an import has to say that it did.
absl::Status CheckExternalIdNotErased(const Situation& s, std::string_view field,
                                      const ExternalId& id);
absl::Status CheckEmailNotErased(const Situation& s, std::string_view email);

// Whom an event may name that stands without a person, too: nobody, if the person was erased.
// Enforce: refused.
struct NamedContact {
  ContactId contact;
  uint32_t breaches = 0;
};
absl::StatusOr<NamedContact> NameContact(const Situation& s, ContactId contact);

absl::Status CheckAttributes(const Situation& s, EntityKind entity,
                             std::span<const Attribute> attributes);
absl::StatusOr<std::vector<std::string>> CheckDomains(std::string_view field,
                                                      std::span<const std::string> domains);
// The registered domains of `domains` that differ from them, and the key of a name that differs
// from the folded name: as events have them.
std::vector<std::string> RegisteredBeside(const Situation& s, std::span<const std::string> domains);
std::string NameKeyBeside(const Situation& s, std::string_view name);

absl::Status CheckOptionalKey(std::string_view field, std::string_view key);
absl::Status CheckAmount(std::string_view field, const Money& amount);
absl::Status CheckDate(std::string_view field, Date date);

// --- Stages. ---

// The stage that a command names, in any of its spellings; `fallback` if it names none.
// INVALID_ARGUMENT if it is unknown or not one of leads (or of opportunities).
absl::StatusOr<const Stage*> FindStageOf(const Situation& s, std::string_view text, bool of_lead,
                                         const Stage& fallback);

inline StageRef RefOf(const Stage& stage) { return {stage.id, stage.phase, stage.kind}; }

// What is known when a record enters a stage.
struct StageEntry {
  std::string_view reason;
  std::optional<Date> return_on;
  bool has_owner = false;
  bool has_contact = false;
  bool has_amount = false;
};

// Enforce: the first refusal. Observe: all breaches, as bits.
absl::StatusOr<uint32_t> CheckEntry(const Situation& s, const Stage& to, const StageEntry& entry);

// The same for a change of stage of a record that stands in `from` since `since`.
struct StageChange {
  int64_t from = 0;
  Time since;
  Time opened_at;
  const Stage* to = nullptr;
  bool reopening = false;  // closing never blocks reopening: needs no transition
};
absl::StatusOr<uint32_t> CheckChange(const Situation& s, const StageChange& change,
                                     const StageEntry& entry);

// The lineage of the record that `opened` is about to open.
Lineage LineageOfNew(const Situation& s, const Opening& opening, const EventPayload& opened);

// The stage a record stands in, as a StageRef, also if the policy no longer has it.
template <class Record>
StageRef StageOf(const Record& record) {
  return {record.stage, record.phase, record.kind};
}

// FAILED_PRECONDITION in enforce mode, the breach's bit in observe mode.
absl::StatusOr<uint32_t> Refuse(const Situation& s, Breach breach, std::string_view why);

// Moves a lead to the stage that stands for conversion into `opportunity`.
absl::Status ConvertLead(const Situation& s, const LeadRow& lead, OpportunityId opportunity,
                         Draft& draft);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_RULES_H_
