/* Random bytes: structs, texts and columns full of noise, whose pointers are NULL or good. Whatever
 * comes back is a status; the ledger stays whole. */
#include <stdlib.h>

#include "check.h"
#include "tests.h"

static uint64_t state = 0x9E3779B97F4A7C15u;

static uint64_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static int one_in(unsigned n) { return next_random() % n == 0; }

static void noise(void *bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) ((unsigned char *)bytes)[i] = (unsigned char)next_random();
}

static char scribble[64];
static tl_text items[4];
static tl_external_id ids[4];
static tl_attribute attributes[4];
static tl_ref refs[4];

/* Words that mean something, nonsense, bad UTF-8, NULs. */
static tl_text any_text(void) {
  static const char *const kWords[] = {"crm", "A-1", "mql", "dead",    "webinar", "EUR",
                                       "",    "won", "L-1", "call",    "\xC3",    "a\nb",
                                       " x ", "C-1", "sql", "working", "O-1",     "U-1"};
  switch (next_random() % 6) {
    case 0:
      noise(scribble, sizeof scribble);
      return (tl_text){scribble, next_random() % sizeof scribble};
    case 1:
      return (tl_text){NULL, one_in(4) ? (size_t)next_random() : 0};
    case 2:
      return (tl_text){scribble, SIZE_MAX - next_random() % 1000};
    default:
      return tl_text_of(kWords[next_random() % (sizeof kWords / sizeof kWords[0])]);
  }
}

static int64_t any_number(void) {
  switch (next_random() % 4) {
    case 0:
      return (int64_t)next_random();
    case 1:
      return INT64_MIN;
    default:
      return (int64_t)(next_random() % 4);
  }
}

static int32_t any_small(void) {
  return one_in(3) ? (int32_t)next_random() : (int32_t)(next_random() % 3);
}

static tl_ref any_ref(void) { return (tl_ref){any_number(), any_text(), any_text()}; }

static size_t any_count(void) { return one_in(8) ? (size_t)next_random() : next_random() % 5; }

/* The struct of a command, by its known layout: [size, number], then pairs of words. */
typedef union any_args {
  tl_command head;
  tl_account_open_args account_open;
  tl_account_update_args account_update;
  tl_contact_add_args contact_add;
  tl_lead_open_args lead_open;
  tl_lead_move_args lead_move;
  tl_touch_record_args touch_record;
  tl_opportunity_open_args opportunity_open;
  tl_opportunity_value_args opportunity_value;
  tl_event_amend_args event_amend;
  tl_owner_define_args owner_define;
  tl_exchange_rate_set_args exchange_rate_set;
} any_args;

static tl_identity identity;

static const tl_identity *any_identity(void) {
  memset(&identity, 0, sizeof identity);
  identity.struct_size = one_in(5) ? (uint32_t)next_random() : (uint32_t)sizeof identity;
  /* No more than is there may be read. */
  if (identity.struct_size > sizeof identity) identity.struct_size = 7;
  identity.reserved = one_in(5) ? any_small() : 0;
  identity.email = any_text();
  identity.company = any_text();
  identity.domain = any_text();
  identity.contact_external_ids = (tl_external_ids){one_in(4) ? NULL : ids, any_count()};
  return one_in(3) ? NULL : &identity;
}

static size_t fill_args(any_args *args) {
  memset(args, 0, sizeof *args);
  switch (next_random() % 8) {
    case 0:
      args->account_open.name = any_text();
      args->account_open.domains = (tl_texts){one_in(4) ? NULL : items, any_count()};
      args->account_open.attributes = (tl_attributes){one_in(4) ? NULL : attributes, any_count()};
      args->account_open.external_ids = (tl_external_ids){one_in(4) ? NULL : ids, any_count()};
      args->head.command = TL_COMMAND_ACCOUNT_OPEN;
      return sizeof args->account_open;
    case 1:
      args->lead_open.account = any_ref();
      args->lead_open.contact = any_ref();
      args->lead_open.stage = any_text();
      args->lead_open.return_on = (tl_date){any_small(), any_small()};
      args->head.command = TL_COMMAND_LEAD_OPEN;
      return sizeof args->lead_open;
    case 2:
      args->lead_move.lead = any_ref();
      args->lead_move.stage = any_text();
      args->lead_move.reason = any_text();
      args->head.command = TL_COMMAND_LEAD_MOVE;
      return sizeof args->lead_move;
    case 3:
      args->touch_record.account = any_ref();
      args->touch_record.kind = any_text();
      args->touch_record.channel = any_text();
      args->touch_record.side = any_small();
      args->touch_record.response = any_small();
      args->touch_record.match = any_identity();
      args->head.command = TL_COMMAND_TOUCH_RECORD;
      return sizeof args->touch_record;
    case 4:
      args->opportunity_open.account = any_ref();
      args->opportunity_open.leads = (tl_refs){one_in(4) ? NULL : refs, any_count()};
      args->opportunity_open.type = any_small();
      args->opportunity_open.amount.minor = any_number();
      noise(args->opportunity_open.amount.currency, 4);
      args->opportunity_open.amount.given = any_small();
      args->head.command = TL_COMMAND_OPPORTUNITY_OPEN;
      return sizeof args->opportunity_open;
    case 5:
      args->event_amend.account = any_ref();
      args->event_amend.event = (tl_event_ref){any_number(), any_text()};
      args->event_amend.occurred_at = (tl_moment){any_number(), any_small(), any_small()};
      args->event_amend.changes = (tl_attributes){attributes, any_count()};
      args->event_amend.reason = any_text();
      args->head.command = TL_COMMAND_EVENT_AMEND;
      return sizeof args->event_amend;
    case 6:
      noise(&args->exchange_rate_set, sizeof args->exchange_rate_set);
      args->head.command = TL_COMMAND_EXCHANGE_RATE_SET;
      return sizeof args->exchange_rate_set;
    default:
      args->owner_define.owner = any_ref();
      args->owner_define.kind = any_small();
      args->owner_define.name = any_text();
      args->owner_define.retired = any_small();
      args->owner_define.external_ids = (tl_external_ids){ids, any_count()};
      args->head.command = one_in(9) ? any_small() : TL_COMMAND_OWNER_DEFINE;
      /* Another number than its own: the memory is that of the largest, so all may be read. */
      return args->head.command == TL_COMMAND_OWNER_DEFINE ? sizeof args->owner_define
                                                           : sizeof *args;
  }
}

static tl_context any_context(void) {
  SIZED(tl_context, context);
  context.mode = any_small();
  if (one_in(3)) context.actor = any_ref();
  if (one_in(3)) context.occurred_at = (tl_moment){any_number(), any_small(), any_small()};
  if (one_in(3)) context.request_id = any_text();
  if (one_in(3)) context.expected_version = (tl_optional){any_number(), any_small(), any_small()};
  if (one_in(3)) context.entered_at = (tl_optional){any_number(), any_small(), 0};
  if (one_in(3)) context.fact_key = any_text();
  return context;
}

static void refill_lists(void) {
  for (int i = 0; i < 4; ++i) {
    items[i] = any_text();
    ids[i] = (tl_external_id){any_text(), any_text()};
    attributes[i] = (tl_attribute){any_text(), any_text()};
    refs[i] = any_ref();
  }
}

static void random_commands(tl_ledger *ledger, tl_batch *batch) {
  SIZED(tl_error, error);
  SIZED(tl_receipt, receipt);
  any_args args;
  refill_lists();
  args.head.struct_size = (uint32_t)fill_args(&args);
  const size_t size = args.head.struct_size;
  (void)size;
  const tl_context context = any_context();
  const tl_status status =
      tl_execute(ledger, &args.head, one_in(4) ? NULL : &context, &receipt, &error);
  CHECK(status == error.code && (status == TL_OK || receipt.seq == 0));
  CHECK(status == TL_OK || error.message[0] != 0);
  CHECK(status != TL_INTERNAL && status != TL_UNKNOWN);
  if (status == TL_INTERNAL) fprintf(stderr, "%s\n", error.message);
  tl_batch_add(batch, &args.head, &context, &error);
}

static void random_reads(tl_ledger *ledger) {
  SIZED(tl_error, error);
  const tl_ref ref = any_ref();
  tl_records *records = NULL;
  tl_events *events = NULL;
  tl_table *table = NULL;
  tl_policy *policy = NULL;
  SIZED(tl_filter, filter);
  SIZED(tl_page, page);
  filter.phase = any_small();
  filter.stage = any_text();
  filter.source = any_text();
  filter.due_from = (tl_date){any_small(), any_small()};
  page.size = any_number();
  page.cursor = any_text();
  tl_account_state(ledger, &ref, NULL, &records, &error);
  tl_records_free(records);
  tl_lead_list(ledger, &filter, one_in(2) ? NULL : &page, &records, &error);
  tl_records_free(records);
  tl_lead_columns(ledger, &filter, items, (int64_t)(next_random() % 5), &table, &error);
  tl_table_free(table);
  tl_account_timeline(ledger, &ref, NULL, &events, &error);
  tl_events_free(events);
  tl_feed_read(ledger, any_number(), any_number() % 20, &events, &error);
  tl_events_free(events);
  const tl_text text = any_text();
  tl_contacts_by_email(ledger, text.data, text.size, &records, &error);
  tl_records_free(records);
  tl_policy_parse(text.data, text.size, &policy, &error);
  tl_policy_free(policy);
  tl_name(any_small(), any_small());
  tl_status_name(any_small());
}

static void random_columns(tl_batch *batch) {
  SIZED(tl_error, error);
  static const char *const kNames[] = {"lead", "stage", "at", "attributes.x", "amount", "nonsense"};
  int64_t numbers[4], offsets[5];
  uint8_t given[4];
  tl_input_column columns[2];
  memset(columns, 0, sizeof columns);
  noise(numbers, sizeof numbers);
  noise(given, sizeof given);
  offsets[0] = any_number();
  for (int i = 1; i < 5; ++i) offsets[i] = one_in(9) ? any_number() : i * 3;
  for (int i = 0; i < 2; ++i) {
    columns[i].struct_size = one_in(20) ? (uint32_t)(next_random() % 128) : sizeof columns[i];
    columns[i].unit = any_small() % 3;
    columns[i].name = tl_text_of(kNames[next_random() % 6]);
    columns[i].rows = one_in(2) ? 1 : 4;
    if (one_in(2)) columns[i].integers = numbers;
    if (one_in(2)) columns[i].offsets = offsets;
    columns[i].bytes = one_in(9) ? NULL : scribble;
    columns[i].bytes_size = one_in(9) ? any_number() % 64 : 64;
    columns[i].given = one_in(2) ? NULL : given;
  }
  /* A struct_size beyond the array would promise memory that is not there. */
  if (columns[1].struct_size > sizeof columns[1]) columns[1].struct_size = 3;
  if (columns[0].struct_size > sizeof columns) columns[0].struct_size = 3;
  tl_batch_add_columns(batch, any_small() % 35, one_in(9) ? -4 : 4, columns, 2, &error);
}

void c_random(void) {
  SIZED(tl_error, error);
  SIZED(tl_verify_counts, counts);
  tl_ledger *ledger = filled_ledger();
  tl_batch *batch = NULL;
  tl_string *json = NULL;
  tl_outcomes *outcomes = NULL;
  tl_verify_report *report = NULL;
  const char *given = getenv("CAPI_TEST_ROUNDS");
  const int rounds = given == NULL ? 4000 : atoi(given);
  CHECK_OK(tl_batch_create(&batch, &error));
  for (int i = 0; i < rounds; ++i) {
    random_commands(ledger, batch);
    random_reads(ledger);
    random_columns(batch);
    noise(scribble, sizeof scribble);
    tl_batch_add_json(batch, scribble, sizeof scribble, any_small(), &error);
  }
  const int64_t count = tl_batch_count(batch);
  for (int64_t i = 0; i < count; ++i) {
    CHECK_OK(tl_batch_json(batch, i, &json, &error));
    tl_string_free(json);
  }
  CHECK_OK(tl_execute_all(ledger, batch, 0, count > 8192 ? 8192 : count, &outcomes, &error));
  tl_outcomes_free(outcomes);
  CHECK_OK(tl_ledger_verify(ledger, &report, &error));
  CHECK_OK(tl_verify_report_counts(report, &counts, &error));
  CHECK(counts.differences == 0);
  tl_verify_report_free(report);
  tl_batch_free(batch);
  tl_ledger_close(ledger);
}
