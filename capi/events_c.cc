// History: timelines, the trace of a deal, the change feed.

#include <memory>
#include <utility>

#include "event_list.h"
#include "handles.h"
#include "throughline/trace.h"
#include "to_c.h"
#include "to_model.h"

struct tl_subscription {
  std::shared_ptr<throughline::capi::OpenLedger> open;
  int64_t number = 0;
};

namespace throughline::capi {
namespace {

// The host's end of a subscription. The library's callback holds it, so it is destroyed when the
// callback runs no more.
struct Subscriber {
  Subscriber(tl_commit_fn function, void* given) : callback(function), payload(given) {}
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;
  ~Subscriber() {
    if (destroy == nullptr) return;
    const CallbackScope scope;
    destroy(payload);
  }

  void Call(int64_t seq) const {
    const CallbackScope scope;
    callback(payload, seq);
  }

  tl_commit_fn callback;
  void* payload;
  tl_destroy_fn destroy = nullptr;  // once the subscription stands
};

absl::Status TakeTimeline(const tl_timeline_options* in, TimelineRequest& out) {
  tl_timeline_options options;
  absl::Status status = ReadStruct("options", in, options);
  if (status.ok()) status = CheckTruth({"options.newest_first"}, options.newest_first);
  if (status.ok()) status = Take({"through"}, options.through, out.as_of.through);
  if (status.ok()) status = Take({"known_at"}, options.known_at, out.as_of.known_at);
  if (status.ok()) status = Take({"seq"}, options.seq, out.as_of.seq);
  if (status.ok()) status = TakePage(options.page_size, options.cursor, out.page);
  out.newest_first = options.newest_first == 1;
  return status;
}

// Gives the events away. The policy is read after them, so that it has all their stages.
absl::Status Hand(Ledger& ledger, std::unique_ptr<tl_events> events, tl_events** out) {
  absl::StatusOr<PolicyInForce> now = ledger.CurrentPolicy();
  if (!now.ok()) return now.status();
  events->policy = std::move(now->policy);
  *out = events.release();
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<tl_events>> ReadTimeline(Ledger& ledger, const tl_ref* account,
                                                        const tl_timeline_options* options) {
  AccountRef taken;
  TimelineRequest request;
  absl::Status status = TakeRef("account", account, taken);
  if (status.ok()) status = TakeTimeline(options, request);
  if (!status.ok()) return status;
  absl::StatusOr<AccountRow> row = ledger.GetAccount(taken);  // for its id
  if (!row.ok()) return row.status();
  absl::StatusOr<TimelinePage> page = ledger.Timeline(row->account, request);
  if (!page.ok()) return page.status();
  return MakeEvents(*std::move(page));
}

template <class RecordRef>
using ReadOfTrace = absl::StatusOr<Trace> (Ledger::*)(const RecordRef&, const AsOfRequest&);

template <class RecordRef>
tl_status GiveTrace(tl_ledger* ledger, const char* name, const tl_ref* record,
                    const tl_as_of* as_of, ReadOfTrace<RecordRef> read, tl_events** out_events,
                    tl_string** out_sentence, tl_error* error) noexcept {
  ClearHandle(out_events);
  ClearHandle(out_sentence);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    RecordRef taken;
    AsOfRequest times;
    absl::Status status = CheckGiven("out_events", out_events);
    if (status.ok()) status = TakeRef(name, record, taken);
    if (status.ok()) status = TakeAsOf(as_of, times);
    if (!status.ok()) return status;
    absl::StatusOr<Trace> trace = (*open.ledger.*read)(taken, times);
    if (!trace.ok()) return trace.status();
    auto sentence = MakeString(std::move(trace->sentence));
    status = Hand(*open.ledger, MakeEvents(*std::move(trace)), out_events);
    if (status.ok() && out_sentence != nullptr) *out_sentence = sentence.release();
    return status;
  });
}

absl::Status Subscribe(const std::shared_ptr<OpenLedger>& open, tl_commit_fn callback,
                       void* payload, tl_destroy_fn destroy, tl_subscription** out) {
  auto subscription = std::make_unique<tl_subscription>();
  subscription->open = open;
  auto subscriber = std::make_shared<Subscriber>(callback, payload);
  subscription->number =
      open->ledger->AddCommitCallback([subscriber](int64_t seq) { subscriber->Call(seq); });
  subscriber->destroy = destroy;
  *out = subscription.release();
  return absl::OkStatus();
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_account_timeline(tl_ledger* ledger, const tl_ref* account,
                              const tl_timeline_options* options, tl_events** out_events,
                              tl_error* error) noexcept {
  ClearHandle(out_events);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    if (absl::Status status = CheckGiven("out_events", out_events); !status.ok()) return status;
    auto events = throughline::capi::ReadTimeline(*open.ledger, account, options);
    if (!events.ok()) return events.status();
    return Hand(*open.ledger, *std::move(events), out_events);
  });
}

tl_status tl_opportunity_trace(tl_ledger* ledger, const tl_ref* opportunity, const tl_as_of* as_of,
                               tl_events** out_events, tl_string** out_sentence,
                               tl_error* error) noexcept {
  return GiveTrace<OpportunityRef>(ledger, "opportunity", opportunity, as_of,
                                   &Ledger::TraceOpportunity, out_events, out_sentence, error);
}

tl_status tl_lead_trace(tl_ledger* ledger, const tl_ref* lead, const tl_as_of* as_of,
                        tl_events** out_events, tl_string** out_sentence,
                        tl_error* error) noexcept {
  return GiveTrace<LeadRef>(ledger, "lead", lead, as_of, &Ledger::TraceLead, out_events,
                            out_sentence, error);
}

tl_status tl_feed_read(tl_ledger* ledger, int64_t after, int64_t limit, tl_events** out_events,
                       tl_error* error) noexcept {
  ClearHandle(out_events);
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    absl::Status status = CheckGiven("out_events", out_events);
    if (status.ok()) status = CheckId({"after"}, after);
    if (status.ok() && limit < 1) status = NoSuchValue({"limit"}, limit);
    if (!status.ok()) return status;
    auto commits = open.ledger->ReadCommits(after, static_cast<size_t>(limit));
    if (!commits.ok()) return commits.status();
    return Hand(*open.ledger, MakeEvents(*std::move(commits)), out_events);
  });
}

tl_status tl_feed_wait(tl_ledger* ledger, int64_t after, int64_t timeout_us, int64_t* out_seq,
                       tl_error* error) noexcept {
  if (out_seq != nullptr) *out_seq = 0;
  return GuardedOn(ledger, error, [&](OpenLedger& open) -> absl::Status {
    if (absl::Status status = CheckGiven("out_seq", out_seq); !status.ok()) return status;
    const absl::StatusOr<int64_t> seq = open.ledger->WaitForCommits(after, timeout_us);
    if (seq.ok()) *out_seq = *seq;
    return seq.status();
  });
}

tl_status tl_feed_subscribe(tl_ledger* ledger, tl_commit_fn callback, void* payload,
                            tl_destroy_fn destroy, tl_subscription** out_subscription,
                            tl_error* error) noexcept {
  ClearHandle(out_subscription);
  return GuardedOn(ledger, error, [&](OpenLedger&) -> absl::Status {
    absl::Status status = CheckGiven("out_subscription", out_subscription);
    if (status.ok() && callback == nullptr) status = InvalidField("callback", "is NULL");
    if (!status.ok()) return status;
    return Subscribe(ledger->open, callback, payload, destroy, out_subscription);
  });
}

void tl_subscription_free(tl_subscription* subscription) noexcept {
  if (subscription == nullptr) return;
  subscription->open->ledger->RemoveCommitCallback(subscription->number);
  delete subscription;
}

int64_t tl_events_count(const tl_events* events) noexcept {
  return events == nullptr ? 0 : static_cast<int64_t>(events->events.size());
}

tl_status tl_events_at(const tl_events* events, int64_t index, tl_event* out_event,
                       tl_error* error) noexcept {
  ClearStruct(out_event);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("events", events);
    if (status.ok()) status = CheckOut("out_event", out_event);
    if (status.ok()) status = CheckIndex(index, events->events.size());
    if (!status.ok()) return status;
    tl_event event;
    GiveEvent(events->events[static_cast<size_t>(index)], *events->policy, event);
    WriteStruct(event, out_event);
    return absl::OkStatus();
  });
}

tl_status tl_events_link(const tl_events* events, int64_t index, tl_trace_link* out_link,
                         tl_error* error) noexcept {
  ClearStruct(out_link);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("events", events);
    if (status.ok()) status = CheckOut("out_link", out_link);
    if (status.ok()) status = CheckIndex(index, events->events.size());
    if (!status.ok()) return status;
    const TraceLink link = events->events[static_cast<size_t>(index)].link.value_or(TraceLink());
    tl_trace_link given{};
    given.acquaintance = static_cast<int32_t>(link.acquaintance);
    given.lead = link.lead.value;
    given.opportunity = link.opportunity.value;
    given.owner = link.owner.value;
    given.silent_days = link.silent_days;
    given.closed_by = link.closed_by.packed;
    given.days_closed = link.days_closed;
    WriteStruct(given, out_link);
    return absl::OkStatus();
  });
}

tl_status tl_events_get_info(const tl_events* events, tl_events_info* out_info,
                             tl_error* error) noexcept {
  ClearStruct(out_info);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("events", events);
    if (status.ok()) status = CheckOut("out_info", out_info);
    if (!status.ok()) return status;
    tl_events_info info{};
    info.next_cursor = TextOf(events->next_cursor);
    info.as_of = AnswerOf(events->as_of);
    WriteStruct(info, out_info);
    return absl::OkStatus();
  });
}

tl_status tl_events_json(const tl_events* events, int64_t index, tl_string** out_json,
                         tl_error* error) noexcept {
  ClearHandle(out_json);
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("events", events);
    if (status.ok()) status = CheckGiven("out_json", out_json);
    if (status.ok() && index != TL_ALL) status = CheckIndex(index, events->events.size());
    if (!status.ok()) return status;
    std::string text;
    const size_t first = index == TL_ALL ? 0 : static_cast<size_t>(index);
    const size_t end = index == TL_ALL ? events->events.size() : first + 1;
    for (size_t i = first; i < end; ++i) text += EventJson(events->events[i]) + "\n";
    if (index != TL_ALL) text.pop_back();
    *out_json = MakeString(std::move(text)).release();
    return absl::OkStatus();
  });
}

void tl_events_free(tl_events* events) noexcept { delete events; }
