#include "analytics/snapshot/persons.h"

namespace throughline {

Aliases<uint32_t> PersonsOf(const Group& group, const AsOf& as_of, EventId before) {
  Aliases<uint32_t> aliases;
  for (const PersonFact& person : group.persons()) {
    if (person.event >= before || !Counts(person, group.block(), as_of)) continue;
    if (person.parts) {
      aliases.Part(person.merged);
    } else {
      aliases.Merge(person.merged, person.contact);
    }
  }
  return aliases;
}

}  // namespace throughline
