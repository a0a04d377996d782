#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/import/salesforce/row_facts.h"

// Contacts: people, also those that were leads before.

namespace throughline::salesforce {
namespace {

std::vector<ExternalId> ContactIdsOf(SalesforceId id, const ExportContext& context) {
  std::vector<ExternalId> ids = {ExternalOf(id)};
  const auto add = [&](SalesforceId other) {
    if (std::find(ids.begin(), ids.end(), ExternalOf(other)) == ids.end()) {
      ids.push_back(ExternalOf(other));
    }
    for (const SalesforceId loser : context.index().MergedInto(other)) {
      ids.push_back(ExternalOf(loser));
    }
  };
  for (const SalesforceId loser : context.index().MergedInto(id)) ids.push_back(ExternalOf(loser));
  const ExportIndex::Contact* contact = context.index().FindContact(id);
  if (contact != nullptr) std::for_each(contact->leads.begin(), contact->leads.end(), add);
  return ids;
}

// The contact that has one of the ids, its own before those of leads.
std::optional<ContactRow> FindKnown(const std::vector<ExternalId>& ids, ExportContext& context) {
  for (const ExternalId& id : ids) {
    if (auto row = context.records().Contact(id)) return row;
  }
  return std::nullopt;
}

std::vector<ExternalId> FreeContactIds(const std::vector<ExternalId>& ids, ExportContext& context) {
  std::vector<ExternalId> free;
  for (const ExternalId& id : ids) {
    if (!context.records().Contact(id)) free.push_back(id);
  }
  return free;
}

void MoveContact(const ContactRow& known, const Home& home, SalesforceId id, ExportRow& row,
                 ExportContext& context, FactList& facts) {
  if (context.WillBeSame({known.account, {}}, home)) return;
  const std::optional<Moment> at = LastChange(row, "the account of the contact", facts);
  facts.Add(ContactMove{known.contact, home.ref()}, EnteredAt(at),
            absl::StrCat("contact.move/", id.Long(), "/", known.account.value, "/", known.revision,
                         "/", at ? FormatMoment(*at) : ""));
}

Home WantedHome(SalesforceId id, ExportContext& context) {
  const ExportIndex::Contact* contact = context.index().FindContact(id);
  if (contact != nullptr && contact->account) return context.HomeOfAccount(contact->account);
  if (contact != nullptr && !contact->company.empty()) {
    return context.HomeOfCompany(contact->company);
  }
  return context.HomeOfContact(id);
}

// Whether the contact is a record of Salesforce that was merged into the same master.
bool IsPersonOfMaster(ContactId contact, SalesforceId master, ExportContext& context) {
  const std::vector<SalesforceId> losers = context.index().MergedInto(master);
  return std::any_of(losers.begin(), losers.end(), [&](SalesforceId loser) {
    const auto row = context.records().Contact(ExternalOf(loser));
    return row && row->contact == contact;
  });
}

std::vector<Attribute> Given(std::vector<Attribute> attributes) {
  std::erase_if(attributes, [](const Attribute& attribute) { return attribute.value.empty(); });
  return attributes;
}

}  // namespace

Person PersonOf(const ExportRow& row, const ExportContext& context) {
  Person person;
  person.name = PersonName(row);
  person.email = row.Text(Column::kEmail);
  person.phone = row.Text(Column::kPhone);
  person.title = row.Text(Column::kTitle);
  const auto add = [&](Column column, const char* attribute) {
    if (!row.Has(column)) return;
    context.AddAttribute(EntityKind::kContact, attribute, row.Text(column), person.attributes);
  };
  add(Column::kMobile, "mobile");
  if (row.file().spec->object == Object::kContact) add(Column::kDepartment, "department");
  return person;
}

void UpdateContact(const ContactRow& known, const Person& person, std::vector<ExternalId> new_ids,
                   ExportRow& row, ExportContext& context, FactList& facts) {
  const auto profile = context.records().Profile(known.contact);
  // One who was erased does not come back by an export.
  if (!profile) return;
  ContactUpdate update;
  update.contact = known.contact;
  if (!person.name.empty() && person.name != profile->name) update.name = person.name;
  if (row.Has(Column::kEmail) && person.email != profile->email) update.email = person.email;
  if (row.Has(Column::kPhone) && person.phone != profile->phone) update.phone = person.phone;
  if (row.Has(Column::kTitle) && person.title != profile->title) update.title = person.title;
  update.attributes = ChangedAttributes(person.attributes, profile->attributes);
  update.external_ids = std::move(new_ids);
  if (!update.name && !update.email && !update.phone && !update.title &&
      update.attributes.empty() && update.external_ids.empty()) {
    return;
  }
  std::optional<Moment> at = row.TimeOf(Column::kLastModifiedDate);
  if (!at) at = row.TimeOf(Column::kSystemModstamp);
  facts.Add(std::move(update), EnteredAt(at),
            absl::StrCat("contact.update/", row.IdOf(Column::kId).Long(), "/", known.revision));
}

void ContactFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const SalesforceId id = RequiredId(row);
  const Person person = PersonOf(row, context);
  const std::vector<ExternalId> ids = ContactIdsOf(id, context);
  const Home home = WantedHome(id, context);
  const When when = EnteredAt(row.TimeOf(Column::kCreatedDate));
  const std::string_view company = row.Text(Column::kAccountName);
  const bool nobodys = home.external.system == kPersonSystem;
  context.EnsureAccount(home, nobodys ? absl::StrCat("Person ", id.Long()) : std::string(company),
                        when, facts);
  if (const auto known = FindKnown(ids, context)) {
    UpdateContact(*known, person, FreeContactIds(ids, context), row, context, facts);
    if (!nobodys) MoveContact(*known, home, id, row, context, facts);
    return;
  }
  ContactAdd add;
  add.account = home.ref();
  add.name = person.name;
  add.email = person.email;
  add.phone = person.phone;
  add.title = person.title;
  add.attributes = Given(person.attributes);
  add.external_ids = ids;
  facts.Add(std::move(add), when, absl::StrCat("contact.add/", id.Long()));
}

void ContactMergeFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const SalesforceId id = RequiredId(row);
  const SalesforceId master = context.index().Master(id);
  LedgerRecords& records = context.records();
  const auto merged = records.Contact(ExternalOf(id));
  const auto into = FindKnown(ContactIdsOf(master, context), context);
  if (!merged || !into || records.RootOf(merged->contact) == records.RootOf(into->contact)) return;
  if (merged->merged_into) {
    if (IsPersonOfMaster(records.RootOf(merged->contact), master, context)) return;
    return WarnOfMerge(id, "the ledger has it as an alias of another contact", facts);
  }
  const Home from{merged->account, {}}, to{into->account, {}};
  if (!context.WillBeSame(from, to)) {
    return WarnOfMerge(id, "the two are contacts of different accounts", facts);
  }
  // One who was erased is nobody's alias.
  if (!records.Profile(merged->contact) || !records.Profile(into->contact)) return;
  // People are one only within accounts that are.
  const When when = context.OnceSame(from, to, MergedWhen(row));
  facts.Add(ContactMerge{into->contact, merged->contact, kMergeReason}, when,
            absl::StrCat("contact.merge/", merged->contact.value, "/", master.Long()));
}

}  // namespace throughline::salesforce
