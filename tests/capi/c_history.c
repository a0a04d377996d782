/* Timelines, traces, the change feed. */
#include "check.h"
#include "tests.h"

static void timelines(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_event, event);
  SIZED(tl_timeline_options, options);
  tl_events *events = NULL;
  tl_string *json = NULL;
  SIZED(tl_events_info, info);
  const tl_ref account = tl_ref_key("crm", "A-1");

  CHECK_OK(tl_account_timeline(ledger, &account, NULL, &events, &error));
  const int64_t count = tl_events_count(events);
  CHECK(count >= 6);
  CHECK_OK(tl_events_at(events, 0, &event, &error));
  CHECK(event.kind == TL_EVENT_ACCOUNT_OPENED && event.account == 1 && event.version == 1);
  CHECK(event.occurred_day == 1 && event.id == event.seq << 20 && event.known_at > 0);
  CHECK_OK(tl_events_at(events, 2, &event, &error));
  CHECK(event.kind == TL_EVENT_TOUCH_RECORDED && event.contact == 1 && event.campaign == 1);
  CHECK(event.response == 1 && event.side == TL_SIDE_MARKETING);
  CHECK_TEXT(event.channel, "webinar");
  CHECK_TEXT(event.touch_kind, "webinar");
  CHECK_OK(tl_events_at(events, 3, &event, &error));
  CHECK(event.kind == TL_EVENT_LEAD_OPENED && event.lead == 1 && event.to.phase != 0);
  CHECK_TEXT(event.to.key, "inquiry");
  CHECK(event.from.id == 0 && event.from.key.size == 0);
  CHECK_OK(tl_events_json(events, 3, &json, &error));
  CHECK(string_has(json, "\"event\":\"lead_opened\"") && string_has(json, "\"data\":{"));
  CHECK(!string_has(json, "\n"));
  tl_string_free(json);
  CHECK_OK(tl_events_json(events, TL_ALL, &json, &error));
  int64_t lines = 0;
  for (const char *c = tl_string_data(json); *c != 0; ++c) lines += *c == '\n';
  CHECK(lines == count);
  tl_string_free(json);
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_events_json(events, count, &json, &error));
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_events_json(events, -2, &json, &error));
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_events_at(events, count, &event, &error));
  tl_events_free(events);

  options.page_size = 2;
  options.newest_first = 1;
  CHECK_OK(tl_account_timeline(ledger, &account, &options, &events, &error));
  CHECK(tl_events_count(events) == 2);
  CHECK_OK(tl_events_get_info(events, &info, &error));
  CHECK(info.next_cursor.size > 0 && info.as_of.seq > 0 && info.as_of.known_at > 0);
  options.cursor = info.next_cursor;
  tl_events *next = NULL;
  CHECK_OK(tl_account_timeline(ledger, &account, &options, &next, &error));
  CHECK(tl_events_count(next) == 2);
  tl_events_free(next);
  options.seq = tl_optional_of(info.as_of.seq + 1);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "page.cursor", /* of another question */
              tl_account_timeline(ledger, &account, &options, &next, &error));
  options.seq.given = 0;
  options.newest_first = -1;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "options.newest_first",
              tl_account_timeline(ledger, &account, &options, &next, &error));
  options.newest_first = 0;
  CHECK_STATUS(TL_INVALID_ARGUMENT, /* a cursor of the other direction */
               tl_account_timeline(ledger, &account, &options, &next, &error));
  options.page_size = -1;
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_account_timeline(ledger, &account, &options, &next, &error));
  tl_events_free(events); /* of which the cursor is a view */
  const tl_ref stale = tl_ref_id(99);
  CHECK_STATUS(TL_NOT_FOUND, tl_account_timeline(ledger, &stale, NULL, &events, &error));
  CHECK(events == NULL && tl_events_count(NULL) == 0);
  tl_events_free(NULL);
}

/* The nth event of a kind in the feed, whose list stays until the next call. */
static tl_event nth_of_kind(tl_ledger *ledger, int32_t kind, int64_t n, tl_events **events) {
  SIZED(tl_error, error);
  SIZED(tl_event, event);
  tl_events_free(*events);
  CHECK_OK(tl_feed_read(ledger, 0, 1000, events, &error));
  for (int64_t i = 0; i < tl_events_count(*events); ++i) {
    CHECK_OK(tl_events_at(*events, i, &event, &error));
    if (event.kind == kind && n-- == 0) return event;
  }
  CHECK(n < 0);
  return event;
}

static void recognitions(tl_ledger *ledger) {
  tl_events *events = NULL;
  apply_json(ledger, "{\"fact\":\"account.open\",\"name\":\"Beta\",\"domains\":[\"beta.com\"]}");
  const int64_t deal = apply_json(
      ledger, "{\"fact\":\"opportunity.open\",\"match\":{\"email\":\"ann@mail.beta.com\"}}");
  tl_event event = nth_of_kind(ledger, TL_EVENT_MATCHED, 0, &events);
  CHECK(event.match_rule == TL_MATCH_DOMAIN && event.match_candidates == 1);
  CHECK(event.opened_account == 0 && event.opened_contact == 1 && event.contact > 0);
  CHECK_TEXT(event.match_value, "beta.com");
  const int64_t person = event.contact;
  event = nth_of_kind(ledger, TL_EVENT_OPPORTUNITY_ROLE_SET, 0, &events);
  CHECK(event.contact == person && event.opportunity == deal && event.match_rule == 0);
  CHECK_TEXT(event.role, "contact");
  apply_json(ledger, "{\"fact\":\"lead.open\",\"match\":{\"domain\":\"beta.com\"}}");
  event = nth_of_kind(ledger, TL_EVENT_LEAD_OPENED, 1, &events);
  CHECK(event.lineage.link == TL_LINK_JOINS && event.lineage.previous_opportunity == deal);
  CHECK(event.lineage.episode == 1 && event.role.size == 0 && event.crossing == NULL);
  tl_events_free(events);
}

static void pairs(tl_ledger *ledger) {
  tl_events *events = NULL;
  const int64_t one =
      apply_json(ledger, "{\"fact\":\"account.open\",\"name\":\"One\",\"external_ids\":[\"t:1\"]}");
  const int64_t two =
      apply_json(ledger, "{\"fact\":\"account.open\",\"name\":\"Two\",\"external_ids\":[\"t:2\"]}");
  apply_json(ledger,
             "{\"fact\":\"contact.add\",\"account\":\"t:1\",\"name\":\"A\","
             "\"external_ids\":[\"t:3\"]}\n"
             "{\"fact\":\"account.merge\",\"account\":\"t:1\",\"merged\":\"t:2\"}\n"
             "{\"fact\":\"opportunity.open\",\"account\":\"t:2\",\"external_ids\":[\"t:4\"]}");
  apply_json(ledger,
             "{\"fact\":\"opportunity.role\",\"opportunity\":\"t:4\",\"contact\":\"t:3\","
             "\"role\":\"user\"}\n"
             "{\"fact\":\"account.unmerge\",\"account\":\"t:2\",\"reason\":\"mistake\"}\n"
             "{\"fact\":\"account.distinct\",\"account\":\"t:1\",\"other\":\"t:2\"}");
  tl_event event = nth_of_kind(ledger, TL_EVENT_ACCOUNT_MERGED, 0, &events);
  CHECK(event.to_account == one && event.merged == two && event.crossing_count == 0);
  const int64_t role = nth_of_kind(ledger, TL_EVENT_OPPORTUNITY_ROLE_SET, 1, &events).id;
  event = nth_of_kind(ledger, TL_EVENT_ACCOUNT_UNMERGED, 0, &events);
  CHECK(event.to_account == one && event.merged == two && event.crossing_count == 1);
  CHECK(event.crossing != NULL && event.crossing[0] == role);
  CHECK_TEXT(event.reason, "mistake");
  event = nth_of_kind(ledger, TL_EVENT_ACCOUNTS_DISTINCT, 0, &events);
  CHECK(event.account == two && event.other_account == one);
  tl_events_free(events);
}

static void links(const tl_events *events) {
  SIZED(tl_error, error);
  SIZED(tl_trace_link, link);
  CHECK_OK(tl_events_link(events, 0, &link, &error));
  CHECK(link.acquaintance == TL_ACQUAINTANCE_FIRST && link.lead == 0 && link.silent_days == 0);
  int64_t silent = 0;
  for (int64_t i = 1; i < tl_events_count(events); ++i) {
    CHECK_OK(tl_events_link(events, i, &link, &error));
    silent += link.silent_days;
  }
  CHECK(silent > 0 && link.opportunity == 1);
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_events_link(events, tl_events_count(events), &link, &error));
}

static void traces(tl_ledger *ledger) {
  SIZED(tl_error, error);
  tl_events *events = NULL;
  tl_string *sentence = NULL;
  const tl_ref deal = tl_ref_key("crm", "O-1");
  const tl_ref stale = tl_ref_id(99);
  apply_json(ledger,
             "{\"fact\":\"opportunity.win\",\"at\":\"2023-06-01\",\"opportunity\":\"crm:O-1\","
             "\"amount\":\"45000.00 EUR\"}");
  CHECK_OK(tl_opportunity_trace(ledger, &deal, NULL, &events, &sentence, &error));
  CHECK(tl_events_count(events) >= 5);
  CHECK(string_has(sentence, "webinar") && string_has(sentence, "won on 2023-06-01"));
  links(events);
  tl_string_free(sentence);
  tl_events_free(events);
  CHECK_OK(tl_opportunity_trace(ledger, &deal, NULL, &events, NULL, &error));
  tl_events_free(events);
  const tl_ref lead = tl_ref_id(1);
  SIZED(tl_as_of, as_of);
  as_of.through.given = 1;
  as_of.through.value = 1;
  CHECK_OK(tl_lead_trace(ledger, &lead, NULL, &events, &sentence, &error));
  CHECK(tl_events_count(events) > 0 && string_has(sentence, "webinar"));
  tl_string_free(sentence);
  tl_events_free(events);
  CHECK_STATUS(TL_NOT_FOUND, tl_lead_trace(ledger, &lead, &as_of, &events, &sentence, &error));
  CHECK_STATUS(TL_NOT_FOUND,
               tl_opportunity_trace(ledger, &stale, NULL, &events, &sentence, &error));
  CHECK(events == NULL && sentence == NULL);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "out_events",
              tl_opportunity_trace(ledger, &deal, NULL, NULL, &sentence, &error));
}

static void feed(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_event, event);
  tl_events *events = NULL;
  int64_t after = 0, total = 0, seq = 0;
  for (;;) {
    CHECK_OK(tl_feed_read(ledger, after, 3, &events, &error));
    const int64_t count = tl_events_count(events);
    if (count == 0) break;
    CHECK_OK(tl_events_at(events, 0, &event, &error));
    CHECK(event.seq > after);
    CHECK_OK(tl_events_at(events, count - 1, &event, &error));
    after = event.seq;
    total += count;
    tl_events_free(events);
  }
  tl_events_free(events);
  CHECK(total >= 9);
  CHECK(event.policy == 1);
  CHECK_OK(tl_feed_wait(ledger, 0, 0, &seq, &error));
  CHECK(seq == after);
  CHECK_OK(tl_feed_wait(ledger, after, 1000, &seq, &error));
  CHECK(seq == after);
  CHECK_OK(tl_feed_wait(ledger, after, INT64_MIN, &seq, &error));
  CHECK_OK(tl_feed_wait(ledger, INT64_MIN, INT64_MAX, &seq, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "limit", tl_feed_read(ledger, 0, 0, &events, &error));
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_feed_read(ledger, 0, INT64_MAX, &events, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "after", tl_feed_read(ledger, -1, 1, &events, &error));
  CHECK_OK(tl_feed_read(ledger, INT64_MAX, 1, &events, &error));
  CHECK(tl_events_count(events) == 0);
  tl_events_free(events);
}

static struct {
  int64_t seq;
  int called;
  int destroyed;
  tl_subscription *self;
  tl_status inside;
} seen;

static void keep_seq(void *payload, int64_t seq) {
  CHECK(payload == &seen);
  seen.seq = seq;
  ++seen.called;
  SIZED(tl_error, error);
  tl_policy *policy = NULL;
  seen.inside = tl_policy_parse(NULL, 0, &policy, &error);
  tl_subscription_free(seen.self); /* ends itself, if it is set */
  seen.self = NULL;
}

static void count_destroy(void *payload) {
  CHECK(payload == &seen);
  ++seen.destroyed;
}

static void subscriptions(void) {
  SIZED(tl_error, error);
  tl_subscription *subscription = NULL;
  tl_ledger *ledger = filled_ledger();
  const char *open = "{\"fact\":\"account.open\",\"name\":\"B\"}";
  memset(&seen, 0, sizeof seen);
  CHECK_OK(tl_feed_subscribe(ledger, keep_seq, &seen, count_destroy, &subscription, &error));
  apply_json(ledger, open);
  CHECK(seen.called == 1 && seen.seq > 0 && seen.inside == TL_REENTRANT);
  tl_subscription_free(subscription);
  CHECK(seen.destroyed == 1);
  apply_json(ledger, open);
  CHECK(seen.called == 1);

  CHECK_OK(tl_feed_subscribe(ledger, keep_seq, &seen, count_destroy, &seen.self, &error));
  apply_json(ledger, open);
  CHECK(seen.called == 2 && seen.self == NULL && seen.destroyed == 2);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "callback",
              tl_feed_subscribe(ledger, NULL, &seen, count_destroy, &subscription, &error));
  CHECK(subscription == NULL && seen.destroyed == 2);
  CHECK_OK(tl_feed_subscribe(ledger, keep_seq, &seen, NULL, &subscription, &error));

  /* The ledger may be closed before what keeps it. */
  tl_ledger_close(ledger);
  tl_subscription_free(subscription);
  tl_subscription_free(NULL);
}

static tl_ledger *to_close;

static void close_within(void *payload, int64_t seq) {
  (void)payload;
  (void)seq;
  tl_ledger_close(to_close);
  to_close = NULL;
}

/* A callback may close the very ledger whose call it runs in. */
static void closed_by_a_callback(void) {
  SIZED(tl_error, error);
  tl_subscription *subscription = NULL;
  SIZED(tl_account_open_args, open);
  open.name = tl_text_of("Acme");
  to_close = memory_ledger();
  CHECK_OK(tl_feed_subscribe(to_close, close_within, NULL, NULL, &subscription, &error));
  CHECK_OK(tl_account_open(to_close, &open, NULL, NULL, &error));
  CHECK(to_close == NULL);
  tl_subscription_free(subscription);
}

void c_history(void) {
  tl_ledger *ledger = filled_ledger();
  timelines(ledger);
  traces(ledger);
  feed(ledger);
  recognitions(ledger);
  pairs(ledger);
  tl_ledger_close(ledger);
  subscriptions();
  closed_by_a_callback();
}
