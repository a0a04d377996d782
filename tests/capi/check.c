#include "check.h"

#include <stdlib.h>

int check_failures = 0;

int text_is(tl_text text, const char *expected) {
  return text.size == strlen(expected) &&
         (text.size == 0 || memcmp(text.data, expected, text.size) == 0);
}

int string_has(const tl_string *string, const char *part) {
  return string != NULL && strstr(tl_string_data(string), part) != NULL;
}

tl_time ticking_clock(void *payload) {
  static _Thread_local int64_t ticks = 0;
  (void)payload;
  return 1700000000000000 + 1000000 * ++ticks;
}

tl_ledger *memory_ledger(void) {
  SIZED(tl_error, error);
  SIZED(tl_ledger_options, options);
  options.clock = ticking_clock;
  tl_ledger *ledger = NULL;
  CHECK_OK(tl_ledger_create_in_memory(&options, &ledger, &error));
  return ledger;
}

int64_t apply_json(tl_ledger *ledger, const char *lines) {
  SIZED(tl_error, error);
  tl_batch *batch = NULL;
  tl_outcomes *outcomes = NULL;
  SIZED(tl_receipt, receipt);
  CHECK_OK(tl_batch_create(&batch, &error));
  CHECK_OK(tl_batch_add_json(batch, lines, strlen(lines), TL_MODE_DEFAULT, &error));
  const int64_t count = tl_batch_count(batch);
  CHECK_OK(tl_execute_all(ledger, batch, 0, count, &outcomes, &error));
  for (int64_t i = 0; i < count; ++i) {
    CHECK_OK(tl_outcomes_at(outcomes, i, &receipt, &error));
  }
  tl_outcomes_free(outcomes);
  tl_batch_free(batch);
  return receipt.id;
}

tl_ledger *filled_ledger(void) {
  tl_ledger *ledger = memory_ledger();
  apply_json(ledger,
             "{\"fact\":\"owner.define\",\"kind\":\"rep\",\"side\":\"sales\",\"name\":\"Ada\","
             "\"external_ids\":[\"crm:U-1\"]}\n"
             "{\"fact\":\"campaign.define\",\"name\":\"Spring\",\"channel\":\"webinar\","
             "\"external_ids\":[\"crm:K-1\"]}\n"
             "{\"fact\":\"account.open\",\"at\":\"2023-01-02\",\"name\":\"Acme\","
             "\"domains\":[\"acme.example\"],\"external_ids\":[\"crm:A-1\"]}\n"
             "{\"fact\":\"contact.add\",\"at\":\"2023-01-02\",\"account\":\"crm:A-1\",\"name\":"
             "\"Zo\\u00eb\","
             "\"email\":\"zoe@acme.example\",\"external_ids\":[\"crm:C-1\"]}\n"
             "{\"fact\":\"touch.record\",\"at\":\"2023-01-03\",\"contact\":\"crm:C-1\","
             "\"campaign\":\"crm:K-1\",\"kind\":\"webinar\"}\n"
             "{\"fact\":\"lead.open\",\"at\":\"2023-01-04\",\"account\":\"crm:A-1\","
             "\"contact\":\"crm:C-1\",\"source\":\"webinar\",\"external_ids\":[\"crm:L-1\"]}\n"
             "{\"fact\":\"lead.assign\",\"at\":\"2023-01-05\",\"lead\":\"crm:L-1\",\"owner\":\"crm:"
             "U-1\"}\n"
             "{\"fact\":\"opportunity.open\",\"at\":\"2023-02-01\",\"account\":\"crm:A-1\","
             "\"name\":\"200 seats\",\"owner\":\"crm:U-1\",\"amount\":\"48000.00 EUR\","
             "\"close_date\":\"2023-09-30\",\"external_ids\":[\"crm:O-1\"]}\n");
  return ledger;
}

const char *test_path(const char *name) {
  static char path[4096];
  const char *folder = getenv("CAPI_TEST_FOLDER");
  snprintf(path, sizeof path, "%s/%s", folder == NULL ? "." : folder, name);
  return path;
}
