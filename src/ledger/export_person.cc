#include "ledger/export_person.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <span>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "core/fold.h"
#include "core/person.h"
#include "ledger/journal_stream.h"
#include "ledger/person_history.h"
#include "ledger/read_history.h"
#include "ledger/read_records.h"
#include "ledger/row_access.h"
#include "model/json.h"
#include "model/json_values.h"

namespace throughline {
namespace {

using Entries = std::vector<TimelineEntry>;

// The events about the person in one history after the other, as they count now.
Entries EntriesAbout(ContactId contact, const std::vector<RecordedEvent>& histories) {
  Entries entries;
  Person person(contact);
  for (size_t begin = 0, end = 0; begin < histories.size(); begin = end) {
    while (end < histories.size() && histories[end].stream == histories[begin].stream) ++end;
    const std::span<const RecordedEvent> history(&histories[begin], end - begin);
    for (EffectiveEvent& event : ApplyRevisions(history, kMaxTime)) {
      if (person.IsNamedBy(event.event.event.payload)) entries.push_back(EntryOf(std::move(event)));
    }
  }
  const auto place = [](const TimelineEntry& entry) {
    return std::tuple(entry.event.occurred_at, !entry.event.occurred_day, entry.id);
  };
  std::sort(entries.begin(), entries.end(),
            [&](const auto& a, const auto& b) { return place(a) < place(b); });
  return entries;
}

absl::StatusOr<Entries> ReadEntries(ReadTransaction& transaction, const ContactRow& contact) {
  absl::StatusOr<std::vector<RecordedEvent>> histories = ReadHistory(transaction, contact.account);
  if (!histories.ok()) return histories.status();
  absl::StatusOr<std::vector<RecordedEvent>> earlier =
      ReadOtherHomes(transaction, contact.contact, *histories);
  if (!earlier.ok()) return earlier.status();
  std::move(earlier->begin(), earlier->end(), std::back_inserter(*histories));
  return EntriesAbout(contact.contact, *histories);
}

// The event that brought a revision of the profile.
const TimelineEntry* BringerOf(int64_t revision, const Entries& entries) {
  const auto brings = [&](const TimelineEntry& entry) {
    const auto* added = std::get_if<ContactAdded>(&entry.event.payload);
    const auto* updated = std::get_if<ContactUpdated>(&entry.event.payload);
    return (added != nullptr && added->profile.revision == revision) ||
           (updated != nullptr && updated->profile.revision == revision);
  };
  const auto found = std::find_if(entries.begin(), entries.end(), brings);
  return found == entries.end() ? nullptr : &*found;
}

void WriteEvent(const TimelineEntry& entry, JsonWriter& json) {
  WriteMember("event", entry.id, json);
  WriteMember("at", entry.event.occurred(), json);
  WriteMember("recorded_at", entry.recorded_at, json);
}

void WriteProfile(const ContactProfileRow& row, const Entries& entries, JsonWriter& json) {
  json.BeginObject();
  WriteMember("revision", row.revision, json);
  if (const TimelineEntry* entry = BringerOf(row.revision, entries)) WriteEvent(*entry, json);
  WriteIfGiven("name", row.name, json);
  WriteIfGiven("email", row.email, json);
  WriteIfGiven("phone", row.phone, json);
  WriteIfGiven("title", row.title, json);
  WriteIfGiven("attributes", row.attributes, json);
  json.EndObject();
}

// Writes a person, a section after the other. Errors of the store are kept for the end.
class PersonWriter {
 public:
  PersonWriter(ReadTransaction& transaction, const ContactRow& contact, const Entries& entries,
               const Policy& policy)
      : transaction_(transaction), contact_(contact), entries_(entries), policy_(policy) {}

  absl::StatusOr<std::string> Write() && {
    json_.BeginObject();
    WriteMember("contact", contact_.contact, json_);
    WriteMember("account", contact_.account, json_);
    WriteMember("added_at", contact_.added_at, json_);
    WriteIfGiven("erased_at", contact_.erased_at, json_);
    Profiles();
    ExternalIds();
    Notes();
    Section<ContactAdded, ContactUpdated, ContactMoved, ContactErased>("contact_events");
    Section<TouchRecorded>("touches");
    Leads();
    Section<OpportunityRoleSet>("roles");
    json_.EndObject();
    if (!status_.ok()) return status_;
    return std::move(json_).Take() + "\n";
  }

 private:
  void Profiles() {
    json_.Key("profiles");
    json_.BeginList();
    status_.Update(ScanPrefix<ContactProfileRow>(
        transaction_, kPrimaryKey, KeyValues(contact_.contact),
        [&](const ContactProfileRow& row) { WriteProfile(row, entries_, json_); }));
    json_.EndList();
  }

  void ExternalIds() {
    absl::StatusOr<std::vector<ExternalId>> ids =
        ReadExternalIds(transaction_, EntityKind::kContact, contact_.contact.value);
    status_.Update(ids.status());
    if (ids.ok()) WriteMember("external_ids", *ids, json_);
  }

  void Notes() {
    json_.Key("notes");
    json_.BeginList();
    for (const TimelineEntry& entry : entries_) {
      if (const auto* note = std::get_if<NoteAdded>(&entry.event.payload)) Note(entry, *note);
    }
    json_.EndList();
  }

  // Without a text if that was erased.
  void Note(const TimelineEntry& entry, const NoteAdded& note) {
    NoteRow row;
    const absl::StatusOr<bool> found =
        GetRow(transaction_, KeyValues(note.note, note.text.revision), row);
    status_.Update(found.status());
    json_.BeginObject();
    WriteMember("note", note.note, json_);
    WriteEvent(entry, json_);
    WriteMember(NameOf(note.about), note.about_id, json_);
    WriteIfGiven("text", row.text, json_);
    json_.EndObject();
  }

  // The events of some kinds.
  template <class... Kinds>
  void Section(std::string_view name) {
    json_.Key(name);
    json_.BeginList();
    for (const TimelineEntry& entry : entries_) {
      if ((std::holds_alternative<Kinds>(entry.event.payload) || ...)) WriteEntry(entry, json_);
    }
    json_.EndList();
  }

  void Leads() {
    std::map<LeadId, std::vector<const TimelineEntry*>> leads;
    for (const TimelineEntry& entry : entries_) {
      std::visit(
          [&]<class Kind>(const Kind& event) {
            constexpr bool kOfTouch = std::is_same_v<Kind, TouchRecorded>;
            if constexpr (requires { event.lead; } && !kOfTouch) {
              leads[event.lead].push_back(&entry);
            }
          },
          entry.event.payload);
    }
    json_.Key("leads");
    json_.BeginList();
    for (const auto& [lead, events] : leads) Lead(lead, events);
    json_.EndList();
  }

  void Lead(LeadId lead, const std::vector<const TimelineEntry*>& events) {
    LeadRow row;
    const absl::StatusOr<bool> found = GetRow(transaction_, KeyValues(lead), row);
    status_.Update(found.status());
    json_.BeginObject();
    WriteMember("lead", lead, json_);
    if (found.ok() && *found) {
      WriteMember("account", row.account, json_);
      const Stage* stage = policy_.FindStage(row.stage);
      if (stage != nullptr) WriteMember("stage", stage->key, json_);
    }
    json_.Key("events");
    json_.BeginList();
    for (const TimelineEntry* entry : events) WriteEntry(*entry, json_);
    json_.EndList();
    json_.EndObject();
  }

  ReadTransaction& transaction_;
  const ContactRow& contact_;
  const Entries& entries_;
  const Policy& policy_;
  JsonWriter json_{2};
  absl::Status status_;
};

}  // namespace

absl::StatusOr<std::string> ExportPerson(ReadTransaction& transaction, const ContactRef& contact,
                                         const Policy& policy) {
  absl::StatusOr<ContactRow> row = ReadRecord<ContactRow>(transaction, contact);
  if (!row.ok()) return row.status();
  absl::StatusOr<Entries> entries = ReadEntries(transaction, *row);
  if (!entries.ok()) return entries.status();
  return PersonWriter(transaction, *row, *entries, policy).Write();
}

}  // namespace throughline
