/* NULL for every pointer and nonsense for every number, one call for each function: an error and
 * nothing else. The list is complete: a test compares it with the header. */
#include "check.h"
#include "tests.h"

#define REFUSED(call) CHECK((call) == TL_INVALID_ARGUMENT)

static void commands(tl_ledger *ledger) {
#define COMMAND(name)                               \
  REFUSED(tl_##name(NULL, NULL, NULL, NULL, NULL)); \
  REFUSED(tl_##name(ledger, NULL, NULL, NULL, NULL))
  COMMAND(execute);
  COMMAND(account_open);
  COMMAND(account_update);
  COMMAND(contact_add);
  COMMAND(contact_update);
  COMMAND(contact_move);
  COMMAND(touch_record);
  COMMAND(touch_retract);
  COMMAND(note_add);
  COMMAND(lead_open);
  COMMAND(lead_move);
  COMMAND(lead_assign);
  COMMAND(lead_nurture);
  COMMAND(lead_close);
  COMMAND(lead_reopen);
  COMMAND(lead_convert);
  COMMAND(opportunity_open);
  COMMAND(opportunity_move);
  COMMAND(opportunity_value);
  COMMAND(opportunity_assign);
  COMMAND(opportunity_role);
  COMMAND(opportunity_win);
  COMMAND(opportunity_lose);
  COMMAND(opportunity_book);
  COMMAND(opportunity_reopen);
  COMMAND(event_amend);
  COMMAND(event_void);
  COMMAND(owner_define);
  COMMAND(campaign_define);
  COMMAND(campaign_cost);
  COMMAND(exchange_rate_set);
  COMMAND(policy_set);
  COMMAND(account_merge);
  COMMAND(account_unmerge);
  COMMAND(contact_merge);
  COMMAND(contact_unmerge);
  COMMAND(contact_erase);
  COMMAND(account_distinct);
  COMMAND(execute_atomic);
#undef COMMAND
}

static void reads(tl_ledger *ledger) {
#define BY_REF(name)                          \
  REFUSED(tl_##name(NULL, NULL, NULL, NULL)); \
  REFUSED(tl_##name(ledger, NULL, NULL, NULL))
  BY_REF(account_get);
  BY_REF(contact_get);
  BY_REF(contact_profile);
  BY_REF(lead_get);
  BY_REF(opportunity_get);
  BY_REF(owner_get);
  BY_REF(campaign_get);
  BY_REF(person_export);
#undef BY_REF
  REFUSED(tl_finish_erasures(NULL, NULL, NULL));
  REFUSED(tl_finish_erasures(ledger, NULL, NULL));
  REFUSED(tl_contacts_by_email(ledger, NULL, 0, NULL, NULL));
  REFUSED(tl_contacts_by_email(NULL, NULL, SIZE_MAX, NULL, NULL));
  REFUSED(tl_accounts_by_domain(ledger, NULL, 0, NULL, NULL));
  REFUSED(tl_external_ids_get(ledger, 0, 0, NULL, NULL));
  REFUSED(tl_lead_list(ledger, NULL, NULL, NULL, NULL));
  REFUSED(tl_opportunity_list(ledger, NULL, NULL, NULL, NULL));
  REFUSED(tl_account_state(ledger, NULL, NULL, NULL, NULL));
  REFUSED(tl_records_get_info(NULL, NULL, NULL));
#define RECORD(name) REFUSED(tl_records_##name(NULL, -1, NULL, NULL))
  RECORD(account);
  RECORD(contact);
  RECORD(profile);
  RECORD(lead);
  RECORD(opportunity);
  RECORD(owner);
  RECORD(campaign);
  RECORD(domain);
  RECORD(external_id);
#undef RECORD
  REFUSED(tl_records_opportunity_lead(NULL, -1, NULL, NULL, NULL));
  REFUSED(tl_records_opportunity_role(NULL, -1, NULL, NULL, NULL, NULL));
  REFUSED(tl_note_text(ledger, 0, NULL, NULL));
  REFUSED(tl_account_timeline(ledger, NULL, NULL, NULL, NULL));
  REFUSED(tl_opportunity_trace(ledger, NULL, NULL, NULL, NULL, NULL));
  REFUSED(tl_lead_trace(ledger, NULL, NULL, NULL, NULL, NULL));
  REFUSED(tl_events_link(NULL, 0, NULL, NULL));
  REFUSED(tl_feed_read(ledger, 0, 0, NULL, NULL));
  REFUSED(tl_feed_wait(ledger, 0, 0, NULL, NULL));
  REFUSED(tl_feed_subscribe(ledger, NULL, NULL, NULL, NULL, NULL));
  REFUSED(tl_events_at(NULL, 0, NULL, NULL));
  REFUSED(tl_events_get_info(NULL, NULL, NULL));
  REFUSED(tl_events_json(NULL, 0, NULL, NULL));
}

static void batches(tl_ledger *ledger) {
  REFUSED(tl_batch_create(NULL, NULL));
  REFUSED(tl_batch_add(NULL, NULL, NULL, NULL));
  REFUSED(tl_batch_add_json(NULL, NULL, 0, 0, NULL));
  REFUSED(tl_batch_add_columns(NULL, 0, 0, NULL, 0, NULL));
  REFUSED(tl_batch_interleave(NULL, 1, NULL));
  REFUSED(tl_batch_json(NULL, 0, NULL, NULL));
  REFUSED(tl_batch_clear(NULL, NULL));
  REFUSED(tl_execute_all(ledger, NULL, 0, 0, NULL, NULL));
  REFUSED(tl_outcomes_columns(NULL, NULL, NULL));
  REFUSED(tl_outcomes_at(NULL, 0, NULL, NULL));
  REFUSED(tl_import_files(ledger, NULL, 0, NULL, 0, NULL, NULL, NULL));
  REFUSED(tl_import_batch(ledger, NULL, NULL, NULL, NULL));
  REFUSED(tl_import_salesforce(ledger, NULL, 0, NULL, NULL, NULL, NULL));
  REFUSED(tl_import_report_counts(NULL, NULL, NULL));
  REFUSED(tl_import_report_warning(NULL, 0, NULL, NULL, NULL));
  REFUSED(tl_import_report_sample(NULL, 0, NULL, NULL));
}

static void policies_and_tables(tl_ledger *ledger) {
  REFUSED(tl_policy_current(ledger, NULL, NULL));
  REFUSED(tl_policy_parse(NULL, 1, NULL, NULL));
  REFUSED(tl_policy_check_successor(NULL, NULL, NULL));
  REFUSED(tl_policy_get_info(NULL, NULL, NULL));
  REFUSED(tl_policy_stage(NULL, 0, NULL, NULL));
  REFUSED(tl_policy_stage_by_id(NULL, 0, NULL, NULL));
  REFUSED(tl_policy_stage_by_key(NULL, NULL, 0, NULL, NULL));
  REFUSED(tl_policy_allows(NULL, 0, 0, NULL, NULL));
  REFUSED(tl_policy_touch_kind(NULL, NULL, 0, NULL, NULL));
  REFUSED(tl_snapshot_take(ledger, NULL, NULL, NULL));
  REFUSED(tl_snapshot_get_info(NULL, NULL, NULL));
  REFUSED(tl_snapshot_policy(NULL, NULL, NULL));
  REFUSED(tl_report_list(NULL, NULL));
  REFUSED(tl_snapshot_refresh(NULL, ledger, NULL, NULL));
  REFUSED(tl_report_run(NULL, NULL, 0, NULL, NULL, NULL));
  REFUSED(tl_report_rows(NULL, NULL, 0, NULL, 0, NULL, 0, NULL, NULL));
  REFUSED(tl_report_partial(NULL, NULL, 0, NULL, 0, 0, NULL, NULL));
  REFUSED(tl_report_merge(NULL, 0, NULL, NULL));
  REFUSED(tl_report_finish(NULL, 0, NULL, NULL));
  REFUSED(tl_attribution_models(NULL, NULL));
  REFUSED(tl_paths_assemble(NULL, NULL, NULL, 0, 1, NULL, NULL));
  REFUSED(tl_paths_of_columns(NULL, NULL, NULL));
  REFUSED(tl_paths_read(NULL, 0, NULL, NULL, NULL));
  REFUSED(tl_paths_counts(NULL, NULL, NULL, NULL));
  REFUSED(tl_attribution_run(NULL, NULL, NULL, NULL));
  REFUSED(tl_attribution_explain(NULL, NULL, 0, NULL, NULL));
  REFUSED(tl_attribution_compare(NULL, NULL, NULL, NULL));
  REFUSED(tl_attribution_validate(NULL, NULL, NULL, NULL));
  REFUSED(tl_attribution_partial(NULL, NULL, NULL, NULL));
  REFUSED(tl_attribution_merge(NULL, 0, NULL, NULL));
  REFUSED(tl_attribution_finish(NULL, 0, NULL, NULL));
  REFUSED(tl_lead_columns(ledger, NULL, NULL, 0, NULL, NULL));
  REFUSED(tl_opportunity_columns(ledger, NULL, NULL, 0, NULL, NULL));
  REFUSED(tl_match(ledger, NULL, 0, NULL, NULL));
  REFUSED(tl_reviews(ledger, 0, NULL, NULL));
  REFUSED(tl_table_get_info(NULL, NULL, NULL));
  REFUSED(tl_table_column(NULL, 0, NULL, NULL));
  REFUSED(tl_table_cell(NULL, 0, 0, NULL, NULL));
  REFUSED(tl_table_copy_integers(NULL, 0, 0, 0, NULL, NULL, NULL));
  REFUSED(tl_table_copy_reals(NULL, 0, 0, 0, NULL, NULL, NULL));
  REFUSED(tl_table_parameter(NULL, 0, NULL, NULL, NULL));
  REFUSED(tl_table_text(NULL, 0, NULL, NULL));
  REFUSED(tl_table_csv(NULL, NULL, NULL));
  REFUSED(tl_table_markdown(NULL, NULL, NULL));
  REFUSED(tl_table_json(NULL, 0, NULL, NULL));
  REFUSED(tl_table_html(NULL, NULL, NULL));
  REFUSED(tl_tables_html(NULL, 0, NULL, 0, NULL, NULL));
  REFUSED(tl_table_arrow_stream(NULL, NULL, NULL));
}

static void ledgers(tl_ledger *ledger) {
  REFUSED(tl_ledger_create(NULL, 0, NULL, NULL, NULL));
  REFUSED(tl_ledger_open(NULL, 0, NULL, NULL, NULL));
  REFUSED(tl_ledger_create_in_memory(NULL, NULL, NULL));
  REFUSED(tl_open_on_sqlite(NULL, NULL, NULL, NULL));
  REFUSED(tl_ledger_verify(ledger, NULL, NULL));
  REFUSED(tl_verify_report_counts(NULL, NULL, NULL));
  REFUSED(tl_verify_report_sample(NULL, 0, NULL, NULL));
  REFUSED(tl_ledger_rebuild(NULL, NULL));
  REFUSED(tl_ledger_export(ledger, NULL, 0, NULL, NULL, NULL));
  REFUSED(tl_ledger_export_tables(ledger, NULL, 0, NULL, NULL, NULL));
  REFUSED(tl_ledger_restore(NULL, 0, NULL, NULL, NULL, NULL));
  REFUSED(tl_ledger_restore_in_memory(NULL, NULL, NULL, NULL));
}

static void freeing_nothing(void) {
  tl_string_free(NULL);
  tl_batch_free(NULL);
  tl_outcomes_free(NULL);
  tl_records_free(NULL);
  tl_events_free(NULL);
  tl_subscription_free(NULL);
  tl_policy_free(NULL);
  tl_import_report_free(NULL);
  tl_verify_report_free(NULL);
  tl_table_free(NULL);
  tl_snapshot_free(NULL);
  tl_paths_free(NULL);
  tl_ledger_close(NULL);
  CHECK(tl_batch_count(NULL) == 0 && tl_events_count(NULL) == 0);
  CHECK(tl_records_count(NULL, 0) == 0 && tl_string_size(NULL) == 0);
}

void c_nothing(void) {
  tl_ledger *ledger = memory_ledger();
  commands(ledger);
  reads(ledger);
  batches(ledger);
  policies_and_tables(ledger);
  ledgers(ledger);
  freeing_nothing();
  tl_ledger_close(ledger);
}
