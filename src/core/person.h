#ifndef THROUGHLINE_CORE_PERSON_H_
#define THROUGHLINE_CORE_PERSON_H_

#include <set>

#include "throughline/event.h"

namespace throughline {

// Which events of a history are about a person: those that name the contact, and those about the
// leads that were opened for them.
class Person {
 public:
  explicit Person(ContactId contact) : contact_(contact) {}

  // To be asked event by event, in the order of the history; of several histories, one by one.
  bool IsNamedBy(const EventPayload& payload);

 private:
  ContactId contact_;
  std::set<LeadId> leads_;
};

}  // namespace throughline

#endif  // THROUGHLINE_CORE_PERSON_H_
