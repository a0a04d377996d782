#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/digest.h"
#include "core/rules.h"
#include "model/text.h"
#include "throughline/error.h"
#include "throughline/limits.h"

// Companies and the people in them.

namespace throughline {
namespace {

absl::Status CheckPerson(std::string_view name, std::string_view email, std::string_view phone,
                         std::string_view title) {
  THROUGHLINE_RETURN_IF_ERROR(CheckText("name", name, kMaxNameBytes));
  THROUGHLINE_RETURN_IF_ERROR(CheckText("email", email, kMaxNameBytes));
  THROUGHLINE_RETURN_IF_ERROR(CheckText("phone", phone, kMaxNameBytes));
  return CheckText("title", title, kMaxNameBytes);
}

void SetAttributes(const std::vector<Attribute>& changes, std::vector<Attribute>& attributes) {
  for (const Attribute& change : changes) {
    std::erase_if(attributes, [&](const Attribute& a) { return a.name == change.name; });
    if (!change.value.empty()) attributes.push_back(change);
  }
  std::sort(attributes.begin(), attributes.end(),
            [](const Attribute& a, const Attribute& b) { return a.name < b.name; });
}

// The newest profile of a contact; an empty one if it is not there.
ContactProfileRow CurrentProfile(const Situation& s, const ContactRow& contact) {
  const ContactProfileRow* row = s.rows.contact_profiles.Find({contact.contact, contact.revision});
  if (row != nullptr) return *row;
  ContactProfileRow erased;
  erased.contact = contact.contact;
  return erased;
}

// One that no event has cited: what is void may have been newer than what counts.
int64_t NextRevision(const Situation& s, const ContactRow& contact) {
  int64_t newest = contact.revision;
  s.rows.contact_profiles.ForEach([&](const ContactProfileRow& row) {
    if (row.contact == contact.contact) newest = std::max(newest, row.revision);
  });
  return newest + 1;
}

// The row that stays behind when a revision is replaced: no longer found by its email.
void Supersede(ContactProfileRow profile, Decision& decision) {
  if (profile.revision == 0) return;
  profile.email_key.reset();
  decision.profiles.push_back(std::move(profile));
}

}  // namespace

Outcome DecideOn(const AccountOpen& c, const Situation& s) {
  if (c.name.empty() && c.domains.empty() && c.external_ids.empty()) {
    return InvalidField("name", "an account needs a name, a domain or an external id");
  }
  return OpenAccount(c, s);
}

Outcome OpenAccount(const AccountOpen& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckText("name", c.name, kMaxNameBytes));
  THROUGHLINE_RETURN_IF_ERROR(CheckAttributes(s, EntityKind::kAccount, c.attributes));
  absl::StatusOr<std::vector<std::string>> domains = CheckDomains("domains", c.domains);
  if (!domains.ok()) return domains.status();
  auto external_ids = CheckExternalIds(s, EntityKind::kAccount, 0, c.external_ids);
  if (!external_ids.ok()) return external_ids.status();

  const AccountId account{s.supply.NextId(EntityKind::kAccount)};
  Draft draft(s);
  AccountOpened opened{account, c.name, *std::move(domains), c.attributes,
                       *std::move(external_ids)};
  opened.registered_domains = RegisteredBeside(s, opened.domains);
  opened.name_key = NameKeyBeside(s, c.name);
  draft.AddTo(account, std::move(opened));
  draft.Opened(EntityKind::kAccount, account.value);
  return std::move(draft).Finish();
}

Outcome DecideOn(const AccountUpdate& c, const Situation& s) {
  if (c.name) THROUGHLINE_RETURN_IF_ERROR(CheckText("name", *c.name, kMaxNameBytes));
  THROUGHLINE_RETURN_IF_ERROR(CheckAttributes(s, EntityKind::kAccount, c.attributes));
  absl::StatusOr<std::vector<std::string>> domains = CheckDomains("domains", c.domains);
  if (!domains.ok()) return domains.status();
  auto removed = CheckDomains("removed_domains", c.removed_domains);
  if (!removed.ok()) return removed.status();
  auto external_ids = CheckExternalIds(s, EntityKind::kAccount, s.account.value, c.external_ids);
  if (!external_ids.ok()) return external_ids.status();
  Draft draft(s);
  AccountUpdated updated{s.account,           c.name,       *std::move(domains),
                         *std::move(removed), c.attributes, *std::move(external_ids)};
  updated.registered_domains = RegisteredBeside(s, updated.domains);
  if (c.name) updated.name_key = NameKeyBeside(s, *c.name);
  draft.Add(std::move(updated));
  return std::move(draft).Finish();
}

Outcome DecideOn(const ContactAdd& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckPerson(c.name, c.email, c.phone, c.title));
  THROUGHLINE_RETURN_IF_ERROR(CheckAttributes(s, EntityKind::kContact, c.attributes));
  auto external_ids = CheckExternalIds(s, EntityKind::kContact, 0, c.external_ids);
  if (!external_ids.ok()) return external_ids.status();
  THROUGHLINE_RETURN_IF_ERROR(CheckEmailNotErased(s, c.email));

  ContactProfileRow profile;
  profile.contact = ContactId{s.supply.NextId(EntityKind::kContact)};
  profile.revision = 1;
  profile.name = c.name;
  profile.email = c.email;
  profile.phone = c.phone;
  profile.title = c.title;
  SetAttributes(c.attributes, profile.attributes);
  const ContactId contact = profile.contact;
  Draft draft(s);
  draft.KeepExternalIds(contact, c.external_ids);
  draft.Add(ContactAdded{contact, draft.KeepProfile(std::move(profile))});
  draft.Opened(EntityKind::kContact, contact.value);
  return std::move(draft).Finish();
}

Outcome DecideOn(const ContactUpdate& c, const Situation& s) {
  const ContactRow* contact = s.rows.contacts.Find(c.contact.id);
  if (contact == nullptr) return InvalidField("contact", "is needed");
  THROUGHLINE_RETURN_IF_ERROR(CheckNotErased(s, contact->contact));
  THROUGHLINE_RETURN_IF_ERROR(CheckPerson(c.name.value_or(""), c.email.value_or(""),
                                          c.phone.value_or(""), c.title.value_or("")));
  THROUGHLINE_RETURN_IF_ERROR(CheckAttributes(s, EntityKind::kContact, c.attributes));
  auto external_ids =
      CheckExternalIds(s, EntityKind::kContact, contact->contact.value, c.external_ids);
  if (!external_ids.ok()) return external_ids.status();
  if (c.email) THROUGHLINE_RETURN_IF_ERROR(CheckEmailNotErased(s, *c.email));

  ContactProfileRow profile = CurrentProfile(s, *contact);
  Draft draft(s);
  Supersede(profile, draft.decision());
  profile.revision = NextRevision(s, *contact);
  if (c.name) profile.name = *c.name;
  if (c.email) profile.email = *c.email;
  if (c.phone) profile.phone = *c.phone;
  if (c.title) profile.title = *c.title;
  SetAttributes(c.attributes, profile.attributes);
  draft.KeepExternalIds(contact->contact, c.external_ids);
  draft.Add(ContactUpdated{contact->contact, draft.KeepProfile(std::move(profile))});
  return std::move(draft).Finish();
}

Outcome DecideOn(const ContactMove& c, const Situation& s) {
  const ContactRow* contact = s.rows.contacts.Find(c.contact.id);
  if (contact == nullptr) return InvalidField("contact", "is needed");
  if (!c.account) return InvalidField("account", "is needed");
  THROUGHLINE_RETURN_IF_ERROR(CheckNotErased(s, contact->contact));
  if (c.account.id == contact->account) {
    return RefusedByRule("contact_move", "the contact belongs to that account already");
  }
  if (IsMerged(*contact)) {
    return RefusedByRule("merged", "the contact is merged with another: undo that first");
  }
  const ContactProfileRow profile = CurrentProfile(s, *contact);
  ContactMoved moved{contact->contact, contact->account, c.account.id, {contact->revision, ""}};
  if (profile.revision != 0) {
    moved.profile.digest = ProfileDigest(profile);
  }
  Draft draft(s);
  draft.AddTo(contact->account, moved);
  draft.AddTo(c.account.id, std::move(moved));
  return std::move(draft).Finish();
}

}  // namespace throughline
