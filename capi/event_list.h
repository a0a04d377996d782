#ifndef THROUGHLINE_CAPI_EVENT_LIST_H_
#define THROUGHLINE_CAPI_EVENT_LIST_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "throughline.h"
#include "throughline/event.h"
#include "throughline/policy.h"
#include "throughline/read.h"
#include "throughline/trace.h"

namespace throughline::capi {

// An event with its commit's head and its standing.
struct ListedEvent {
  EventId id;
  CommitHead head;
  Time known_at;
  Event event;
  bool voided = false;
  bool amended = false;
  std::optional<TraceLink> link;  // of a trace
};

// What tl_event says of it: views of the event and the policy, which must stay where they are.
void GiveEvent(const ListedEvent& listed, const Policy& policy, tl_event& out);

// One line, as tl_events_json describes it.
std::string EventJson(const ListedEvent& listed);

// Lists of events, from a timeline of an account, from commits, or of a line.
std::unique_ptr<tl_events> MakeEvents(TimelinePage page);
std::unique_ptr<tl_events> MakeEvents(std::vector<Commit> commits);
std::unique_ptr<tl_events> MakeEvents(Trace trace);

}  // namespace throughline::capi

struct tl_events {
  std::vector<throughline::capi::ListedEvent> events;
  throughline::AsOfAnswer as_of;  // of a timeline
  std::string next_cursor;
  std::shared_ptr<const throughline::Policy> policy;  // has the keys of their stages
};

#endif  // THROUGHLINE_CAPI_EVENT_LIST_H_
