#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/digest.h"
#include "core/person.h"
#include "core/rules.h"
#include "model/text.h"
#include "throughline/error.h"

// People who were erased, and how they are kept from coming back.

namespace throughline {
namespace {

constexpr std::string_view kErasedRule = NameOf(Breach::kErased);

void KeepIdentity(std::string identity, const Situation& s, ContactId contact, Erasure& erasure) {
  erasure.identities.push_back({std::move(identity), contact, s.now});
}

// The profiles and external ids that were read, which are all there are.
void AddRecords(const Situation& s, ContactId contact, Erasure& erasure) {
  s.rows.contact_profiles.ForEach([&](const ContactProfileRow& row) {
    if (row.contact != contact) return;
    erasure.profiles.push_back(row);
    const std::string key = EmailKey(row.email);
    if (!key.empty()) KeepIdentity(EmailIdentity(key, s.secret), s, contact, erasure);
  });
  s.rows.contact_external_ids.ForEach([&](const ContactExternalIdRow& row) {
    if (row.contact != contact) return;
    erasure.external_ids.push_back(row);
    KeepIdentity(ExternalIdentity(row.system, row.key, s.secret), s, contact, erasure);
  });
}

// What was written about the person, or about a lead of theirs: such a text may name them.
void AddNotes(const Situation& s, ContactId contact, Erasure& erasure) {
  Person person(contact);
  for (const RecordedEvent& event : s.history) {
    if (!person.IsNamedBy(event.event.payload)) continue;
    const auto* note = std::get_if<NoteAdded>(&event.event.payload);
    if (note != nullptr) erasure.notes.push_back({note->note, note->text.revision, "", ""});
  }
}

bool IsErased(const Situation& s, ContactId contact) {
  const ContactRow* row = s.rows.contacts.Find(contact);
  return row != nullptr && row->erased_at.has_value();
}

std::string ErasedText(ContactId contact) {
  return absl::StrCat("contact ", contact.value, " was erased");
}

}  // namespace

Outcome DecideOn(const ContactErase& c, const Situation& s) {
  const ContactRow* contact = s.rows.contacts.Find(c.contact.id);
  if (contact == nullptr) return InvalidField("contact", "is needed");
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("reason", c.reason));
  THROUGHLINE_RETURN_IF_ERROR(CheckNotErased(s, contact->contact));
  if (IsMerged(*contact)) {
    return RefusedByRule("merged",
                         "the person is known by another contact too: undo that, then erase each");
  }
  Draft draft(s);
  draft.Add(ContactErased{contact->contact, c.reason});
  Erasure& erasure = draft.decision().erasure.emplace();
  AddRecords(s, contact->contact, erasure);
  AddNotes(s, contact->contact, erasure);
  return std::move(draft).Finish();
}

absl::Status CheckNotErased(const Situation& s, ContactId contact) {
  if (!IsErased(s, contact)) return absl::OkStatus();
  return RefusedByRule(kErasedRule, ErasedText(contact));
}

absl::StatusOr<NamedContact> NameContact(const Situation& s, ContactId contact) {
  if (!IsErased(s, contact)) return NamedContact{contact, 0};
  absl::StatusOr<uint32_t> breach = Refuse(s, Breach::kErased, ErasedText(contact));
  if (!breach.ok()) return breach.status();
  return NamedContact{ContactId{}, *breach};
}

absl::Status CheckExternalIdNotErased(const Situation& s, std::string_view field,
                                      const ExternalId& id) {
  if (s.rows.erased_identities.empty()) return absl::OkStatus();
  const auto* row = s.rows.erased_identities.Find(ExternalIdentity(id.system, id.key, s.secret));
  if (row == nullptr) return absl::OkStatus();
  return RefusedByRule(kErasedRule, absl::StrCat(std::string(field), " was that of contact ",
                                                 row->contact.value, ", who was erased"));
}

absl::Status CheckEmailNotErased(const Situation& s, std::string_view email) {
  if (s.rows.erased_identities.empty()) return absl::OkStatus();
  const auto* row = s.rows.erased_identities.Find(EmailIdentity(EmailKey(email), s.secret));
  if (row == nullptr) return absl::OkStatus();
  const bool imported = s.context.fact != 0 || s.context.mode == Mode::kObserve;
  const bool dated = s.context.occurred_at.has_value() || !imported;
  if (dated && OccurredAt(s).at > row->erased_at) return absl::OkStatus();
  return RefusedByRule(kErasedRule,
                       absl::StrCat("email was that of contact ", row->contact.value,
                                    ", who was erased: only what is dated after that is of "
                                    "somebody new"));
}

}  // namespace throughline
