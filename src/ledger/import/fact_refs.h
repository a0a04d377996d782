#ifndef THROUGHLINE_LEDGER_IMPORT_FACT_REFS_H_
#define THROUGHLINE_LEDGER_IMPORT_FACT_REFS_H_

#include <cstdint>
#include <functional>
#include <string_view>

#include "core/match.h"
#include "throughline/command.h"

// What facts name and what they define, as an import needs it to put them in order.

namespace throughline {

// A record as a number: its kind and its id, or its external id, hashed. Never 0.
using RecordKey = uint64_t;

RecordKey KeyOfRecord(EntityKind kind, int64_t id);
RecordKey KeyOfRecord(EntityKind kind, const ExternalId& external);
// An event, by the fact key that it was imported with.
RecordKey KeyOfFact(uint64_t fact);

// What somebody is looked up by.
RecordKey KeyOfLookup(const MatchLookup& lookup);
RecordKey KeyOfDomain(std::string_view registered);

// The one reference that says to which account a fact belongs.
struct HomeRef {
  enum class Kind {
    kNobody,   // it belongs to no company
    kUnnamed,  // it names nobody, which the ledger refuses
    kRecord,
    kEvent,  // an event by its id
  };
  Kind kind = Kind::kUnnamed;
  EntityKind entity = EntityKind::kNone;
  int64_t id = 0;                        // of the record, if it is named so
  const ExternalId* external = nullptr;  // else; into the command
  EventId event;

  RecordKey key() const {
    return external == nullptr ? KeyOfRecord(entity, id) : KeyOfRecord(entity, *external);
  }
};
HomeRef HomeOf(const Command& command);

// Calls `visit` for each external id that the fact gives to a record.
using ExternalIdVisitor = std::function<void(EntityKind kind, const ExternalId& external)>;
void ForEachDefinedId(const Command& command, const ExternalIdVisitor& visit);

// What the member `field` ("lead", "leads[2]", "actor") refers to; 0 if it is no reference.
RecordKey KeyOfReference(const Command& command, const Context& context, std::string_view field);

// Whether it says how something is, not what happened: said twice it is said once.
bool IsDefinition(const Command& command);

// Whether the fact means little without a date.
bool NeedsDate(const Command& command);

// Where a fact stands among those of its account: openings, then people, then all else by time, of
// equal times a day before a time of day, then what has no date. In the stream of account 0
// policies, then owners and campaigns.
int64_t OrderOf(const Command& command, const Context& context);

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_FACT_REFS_H_
