/* Imports of exports of Salesforce, and what the ledger can tell of them. */
#include <stdlib.h>

#include "check.h"
#include "tests.h"

/* Times without a zone, numbers and dates as in German, amounts without a currency, a stage that
 * no policy has. */
static const char *const kFiles[][2] = {
    {"Account.csv",
     "Id,Name,CreatedDate\n"
     "0015f00000AAAA1,Acme,02.01.2023 08:00\n"},
    {"Lead.csv",
     "Id,Company,LastName,Status,LeadSource,IsConverted,ConvertedDate,ConvertedAccountId,"
     "ConvertedOpportunityId,CreatedDate\n"
     "00Q5f00000LLLL1,Acme,Miller,Closed - Converted,Web,true,01.02.2023,0015f00000AAAA1,"
     "0065f00000DDDD1,10.01.2023 09:00\n"},
    {"Opportunity.csv",
     "Id,AccountId,Name,StageName,Amount,CreatedDate\n"
     "0065f00000DDDD1,0015f00000AAAA1,200 seats,Pilot,\"45.000,50\",01.02.2023 10:00\n"},
};
enum { kFileCount = sizeof kFiles / sizeof kFiles[0] };

static void write_export(void) {
  for (int i = 0; i < kFileCount; ++i) {
    FILE *file = fopen(test_path(kFiles[i][0]), "wb");
    CHECK(file != NULL);
    if (file == NULL) return;
    fputs(kFiles[i][1], file);
    fclose(file);
  }
}

static tl_salesforce_options choices(void) {
  SIZED(tl_salesforce_options, salesforce);
  salesforce.time_zone = tl_text_of("Europe/Berlin");
  salesforce.dates = tl_text_of("%d.%m.%Y %H:%M");
  salesforce.currency = tl_text_of("EUR");
  salesforce.stages_json = tl_text_of("{\"opportunity\": {\"Pilot\": \"proposal\"}}");
  salesforce.decimal = tl_text_of(",");
  salesforce.thousands = tl_text_of(".");
  return salesforce;
}

/* How many facts an import of the folder adds. */
static int64_t imported(tl_ledger *ledger, const tl_salesforce_options *salesforce) {
  SIZED(tl_error, error);
  SIZED(tl_import_counts, counts);
  tl_import_report *report = NULL;
  const char *folder = test_path(".");
  CHECK_OK(tl_import_salesforce(ledger, folder, strlen(folder), salesforce, NULL, &report, &error));
  CHECK_OK(tl_import_report_counts(report, &counts, &error));
  CHECK(counts.rows == kFileCount && counts.rejected == 0);
  tl_import_report_free(report);
  return counts.imported;
}

static void check_story(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_opportunity_record, deal);
  SIZED(tl_stage, stage);
  tl_records *records = NULL;
  tl_policy *policy = NULL;
  const tl_ref ref = tl_ref_key("salesforce", "0065f00000DDDD1AAP");
  CHECK_OK(tl_opportunity_get(ledger, &ref, &records, &error));
  CHECK_OK(tl_records_opportunity(records, 0, &deal, &error));
  CHECK(deal.amount.minor == 4500050 && strcmp(deal.amount.currency, "EUR") == 0);
  CHECK(deal.opened_at == 1675242000000000); /* 09:00 UTC */
  CHECK_OK(tl_policy_current(ledger, &policy, &error));
  CHECK_OK(tl_policy_stage_by_id(policy, deal.stage, &stage, &error));
  CHECK_TEXT(stage.key, "proposal");
  tl_policy_free(policy);
  tl_records_free(records);
}

/* What the export lacks: when the deal came to its stage. */
static void check_coverage(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_table_info, info);
  SIZED(tl_cell, cell);
  tl_snapshot *snapshot = NULL;
  tl_table *table = NULL;
  CHECK_OK(tl_snapshot_take(ledger, NULL, &snapshot, &error));
  CHECK_OK(tl_report_run(snapshot, "coverage", 8, NULL, &table, &error));
  CHECK_OK(tl_table_get_info(table, &info, &error));
  CHECK(info.row_count > 6 && info.column_count == 3);
  CHECK_OK(tl_table_cell(table, 0, 1, &cell, &error));
  CHECK_TEXT(cell.text, "exactly");
  CHECK_OK(tl_table_cell(table, 1, 1, &cell, &error));
  CHECK_TEXT(cell.text, "partly");
  tl_table_free(table);
  tl_snapshot_free(snapshot);
}

/* The call blames the member, and nothing is written. */
#define REFUSED(name)                                                                              \
  do {                                                                                             \
    CHECK_FIELD(                                                                                   \
        TL_INVALID_ARGUMENT, name,                                                                 \
        tl_import_salesforce(ledger, folder, strlen(folder), &salesforce, NULL, &report, &error)); \
    CHECK(report == NULL);                                                                         \
    salesforce = choices();                                                                        \
  } while (0)

static void refusals(tl_ledger *ledger) {
  SIZED(tl_error, error);
  tl_import_report *report = NULL;
  char folder[4096];
  strcpy(folder, test_path("."));
  tl_salesforce_options salesforce = choices();
  salesforce.time_zone = tl_text_of("Atlantis");
  REFUSED("time_zone");
  salesforce.dates = tl_text_of("%d");
  REFUSED("dates");
  salesforce.currency = tl_text_of("euro");
  REFUSED("currency");
  salesforce.stages_json = tl_text_of("{\"opportunity\": {\"Pilot\": \"flying\"}}");
  REFUSED("stages.opportunity.Pilot");
  salesforce.decimal = tl_text_of("comma");
  REFUSED("salesforce.decimal");
  salesforce.decimal = tl_text_of(";");
  REFUSED("decimal");
  salesforce.thousands = tl_text_of(",");
  REFUSED("thousands");
  salesforce.reserved = 1;
  REFUSED("salesforce.reserved");
  CHECK_STATUS(TL_INVALID_ARGUMENT,
               tl_import_salesforce(ledger, folder, strlen(folder), NULL, NULL, &report, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "folder",
              tl_import_salesforce(ledger, "", 0, &salesforce, NULL, &report, &error));
  CHECK_STATUS(TL_NOT_FOUND, tl_import_salesforce(ledger, "/nowhere/at/all", 15, &salesforce, NULL,
                                                  &report, &error));
}

void c_salesforce(void) {
  tl_ledger *ledger = memory_ledger();
  const tl_salesforce_options salesforce = choices();
  write_export();
  refusals(ledger);
  CHECK(imported(ledger, &salesforce) > 3);
  check_story(ledger);
  check_coverage(ledger);
  CHECK(imported(ledger, &salesforce) == 0); /* repeatable */
  for (int i = 0; i < kFileCount; ++i) remove(test_path(kFiles[i][0]));
  tl_ledger_close(ledger);
}
