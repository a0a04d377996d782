/* Reads of records. */
#include "check.h"
#include "tests.h"

static void one_by_one(tl_ledger *ledger) {
  SIZED(tl_error, error);
  tl_records *records = NULL;
  const tl_ref account = tl_ref_key("crm", "A-1");
  const tl_ref contact = tl_ref_key("crm", "C-1");
  const tl_ref lead = tl_ref_key("crm", "L-1");
  const tl_ref deal = tl_ref_key("crm", "O-1");
  const tl_ref owner = tl_ref_key("crm", "U-1");
  const tl_ref campaign = tl_ref_key("crm", "K-1");

  SIZED(tl_account_record, acme);
  CHECK_OK(tl_account_get(ledger, &account, &records, &error));
  CHECK(tl_records_count(records, TL_RECORD_ACCOUNT) == 1);
  CHECK(tl_records_count(records, TL_RECORD_LEAD) == 0);
  CHECK_OK(tl_records_account(records, 0, &acme, &error));
  CHECK_TEXT(acme.name, "Acme");
  CHECK(acme.account > 0 && acme.version > 3 && acme.touches == 1 && acme.first.touch > 0);
  CHECK_TEXT(acme.first.channel, "webinar");
  CHECK(acme.last_touch_at.given == 1 && acme.first_day == 1);
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_records_account(records, 1, &acme, &error));
  CHECK(acme.account == 0 && acme.struct_size == sizeof acme);
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_records_account(records, -1, &acme, &error));
  tl_records_free(records);

  SIZED(tl_contact_record, person);
  CHECK_OK(tl_contact_get(ledger, &contact, &records, &error));
  CHECK_OK(tl_records_contact(records, 0, &person, &error));
  CHECK(person.contact > 0 && person.account > 0 && person.revision == 1);
  tl_records_free(records);

  SIZED(tl_profile_record, profile);
  CHECK_OK(tl_contact_profile(ledger, &contact, &records, &error));
  CHECK_OK(tl_records_profile(records, 0, &profile, &error));
  CHECK_TEXT(profile.name, "Zo\xC3\xAB");
  CHECK_TEXT(profile.email, "zoe@acme.example");
  tl_records_free(records);

  SIZED(tl_lead_record, opened);
  CHECK_OK(tl_lead_get(ledger, &lead, &records, &error));
  CHECK_OK(tl_records_lead(records, 0, &opened, &error));
  CHECK(opened.phase == TL_PHASE_LEAD && opened.kind == TL_STAGE_OPEN && opened.stage > 0);
  CHECK(opened.handed_off_at.given == 1 && opened.closed_at.given == 0);
  CHECK(opened.return_on.given == 0 && opened.lineage.episode == 1);
  CHECK_TEXT(opened.source, "webinar");
  CHECK_TEXT(opened.lineage.original.channel, "webinar");
  tl_records_free(records);

  SIZED(tl_opportunity_record, hoped);
  CHECK_OK(tl_opportunity_get(ledger, &deal, &records, &error));
  CHECK_OK(tl_records_opportunity(records, 0, &hoped, &error));
  CHECK(hoped.amount.given == 1 && hoped.amount.minor == 4800000);
  CHECK(strcmp(hoped.amount.currency, "EUR") == 0 && hoped.booked.given == 0);
  CHECK(hoped.close_date.given == 1 && hoped.type == TL_OPPORTUNITY_TYPE_NEW_BUSINESS);
  tl_records_free(records);

  SIZED(tl_owner_record, ada);
  CHECK_OK(tl_owner_get(ledger, &owner, &records, &error));
  CHECK_OK(tl_records_owner(records, 0, &ada, &error));
  CHECK(ada.kind == TL_OWNER_REP && ada.side == TL_SIDE_SALES && ada.retired == 0);
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_records_lead(records, 0, &opened, &error));
  tl_records_free(records);

  SIZED(tl_campaign_record, spring);
  CHECK_OK(tl_campaign_get(ledger, &campaign, &records, &error));
  CHECK_OK(tl_records_campaign(records, 0, &spring, &error));
  CHECK_TEXT(spring.name, "Spring");
  CHECK(spring.starts_on.given == 0);
  tl_records_free(records);
}

static void not_there(tl_ledger *ledger) {
  SIZED(tl_error, error);
  tl_records *records = (tl_records *)&error;
  const tl_ref stale = tl_ref_id(4711);
  const tl_ref negative = tl_ref_id(-4711);
  tl_ref none;
  memset(&none, 0, sizeof none);
  CHECK_FIELD(TL_NOT_FOUND, "lead", tl_lead_get(ledger, &stale, &records, &error));
  CHECK(records == NULL);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "lead", tl_lead_get(ledger, &negative, &records, &error));
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_lead_get(ledger, &none, &records, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "lead", tl_lead_get(ledger, NULL, &records, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "out_records", tl_lead_get(ledger, &stale, NULL, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "ledger", tl_lead_get(NULL, &stale, &records, &error));
  tl_ref bad = tl_ref_key("crm", "L-1");
  bad.key.size = SIZE_MAX;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "lead.key", tl_lead_get(ledger, &bad, &records, &error));
  bad = tl_ref_key("crm", "\xFF");
  CHECK_STATUS(TL_NOT_FOUND, tl_lead_get(ledger, &bad, &records, &error));
}

static void by_text(tl_ledger *ledger) {
  SIZED(tl_error, error);
  tl_records *records = NULL;
  CHECK_OK(tl_contacts_by_email(ledger, "ZOE@acme.example", 16, &records, &error));
  CHECK(tl_records_count(records, TL_RECORD_CONTACT) == 1);
  tl_records_free(records);
  CHECK_OK(tl_contacts_by_email(ledger, "no@acme.example", 15, &records, &error));
  CHECK(tl_records_count(records, TL_RECORD_CONTACT) == 0);
  tl_records_free(records);
  CHECK_OK(tl_accounts_by_domain(ledger, "www.Acme.example", 16, &records, &error));
  CHECK(tl_records_count(records, TL_RECORD_ACCOUNT) == 1);
  tl_records_free(records);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "email",
              tl_contacts_by_email(ledger, NULL, 3, &records, &error));
  const tl_status status = tl_accounts_by_domain(ledger, "\xFF\xFE", 2, &records, &error);
  CHECK(status == TL_OK || status == TL_INVALID_ARGUMENT);
  tl_records_free(records);

  tl_external_id id;
  CHECK_OK(tl_external_ids_get(ledger, TL_ENTITY_LEAD, 1, &records, &error));
  CHECK_OK(tl_records_external_id(records, 0, &id, &error));
  CHECK_TEXT(id.system, "crm");
  CHECK_TEXT(id.key, "L-1");
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_records_external_id(records, 1, &id, &error));
  CHECK(id.key.data == NULL);
  tl_records_free(records);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "entity", tl_external_ids_get(ledger, 99, 1, &records, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "id",
              tl_external_ids_get(ledger, TL_ENTITY_LEAD, -1, &records, &error));
}

static void lists(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_filter, filter);
  SIZED(tl_page, page);
  SIZED(tl_records_info, info);
  tl_records *records = NULL;
  for (int i = 0; i < 4; ++i) {
    apply_json(ledger, "{\"fact\":\"lead.open\",\"account\":\"crm:A-1\",\"source\":\"event\"}");
  }
  page.size = 3;
  CHECK_OK(tl_lead_list(ledger, NULL, &page, &records, &error));
  CHECK(tl_records_count(records, TL_RECORD_LEAD) == 3);
  CHECK_OK(tl_records_get_info(records, &info, &error));
  CHECK(info.next_cursor.size > 0 && info.as_of.seq == 0);
  tl_records *rest = NULL;
  page.cursor = info.next_cursor;
  CHECK_OK(tl_lead_list(ledger, NULL, &page, &rest, &error));
  CHECK(tl_records_count(rest, TL_RECORD_LEAD) == 2);
  CHECK_OK(tl_records_get_info(rest, &info, &error));
  CHECK(info.next_cursor.size == 0);
  tl_records_free(rest);
  tl_records_free(records);

  filter.stage = tl_text_of("inquiry");
  CHECK_OK(tl_lead_list(ledger, &filter, NULL, &records, &error));
  CHECK(tl_records_count(records, TL_RECORD_LEAD) == 4);
  tl_records_free(records);
  filter.stage = tl_text_of("no_such");
  CHECK_FIELD(TL_INVALID_ARGUMENT, "filter.stage",
              tl_lead_list(ledger, &filter, NULL, &records, &error));
  filter.stage = tl_text_of(NULL);
  filter.source = (tl_text){"", 0}; /* none known */
  CHECK_OK(tl_opportunity_list(ledger, &filter, NULL, &records, &error));
  CHECK(tl_records_count(records, TL_RECORD_OPPORTUNITY) == 0);
  tl_records_free(records);
  filter.source = tl_text_of(NULL);
  filter.due_from = tl_date_days(19600);
  CHECK_OK(tl_opportunity_list(ledger, &filter, NULL, &records, &error));
  CHECK(tl_records_count(records, TL_RECORD_OPPORTUNITY) == 1);
  tl_records_free(records);

  filter.phase = 17;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "filter.phase",
              tl_lead_list(ledger, &filter, NULL, &records, &error));
  filter.phase = 0;
  filter.owner = -1;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "filter.owner",
              tl_lead_list(ledger, &filter, NULL, &records, &error));
  page.size = 10001;
  page.cursor = tl_text_of(NULL);
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_lead_list(ledger, NULL, &page, &records, &error));
  page.size = INT64_MIN;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "page.size",
              tl_lead_list(ledger, NULL, &page, &records, &error));
  page.size = 1;
  page.cursor = tl_text_of("not a cursor");
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_lead_list(ledger, NULL, &page, &records, &error));
  page.struct_size = 1;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "page.struct_size",
              tl_lead_list(ledger, NULL, &page, &records, &error));
}

static void whole_accounts(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_as_of, as_of);
  SIZED(tl_records_info, info);
  tl_records *records = NULL;
  tl_text text;
  int64_t deal = 0, lead = 0, contact = 0;
  const tl_ref account = tl_ref_key("crm", "A-1");
  apply_json(ledger,
             "{\"fact\":\"lead.convert\",\"lead\":\"crm:L-1\",\"opportunity\":\"crm:O-1\"}\n"
             "{\"fact\":\"opportunity.role\",\"opportunity\":\"crm:O-1\",\"contact\":\"crm:C-1\","
             "\"role\":\"champion\"}");
  CHECK_OK(tl_account_state(ledger, &account, NULL, &records, &error));
  CHECK(tl_records_count(records, TL_RECORD_ACCOUNT) == 1);
  CHECK(tl_records_count(records, TL_RECORD_LEAD) == 5);
  CHECK_OK(tl_records_domain(records, 0, &text, &error));
  CHECK_TEXT(text, "acme.example");
  CHECK_OK(tl_records_opportunity_lead(records, 0, &deal, &lead, &error));
  CHECK(deal == 1 && lead == 1);
  CHECK_OK(tl_records_opportunity_role(records, 0, &deal, &contact, &text, &error));
  CHECK(deal == 1 && contact == 1);
  CHECK_TEXT(text, "champion");
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_records_domain(records, 1, &text, &error));
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_records_opportunity_lead(records, 1, &deal, &lead, &error));
  CHECK_STATUS(TL_OUT_OF_RANGE,
               tl_records_opportunity_role(records, 9, &deal, &contact, &text, &error));
  CHECK_OK(tl_records_get_info(records, &info, &error));
  CHECK(info.as_of.seq > 0 && info.as_of.known_at > 0);
  tl_records_free(records);

  /* On 10 January there was a lead and no opportunity. */
  as_of.through = tl_optional_of(1673308800000000);
  CHECK_OK(tl_account_state(ledger, &account, &as_of, &records, &error));
  CHECK(tl_records_count(records, TL_RECORD_LEAD) == 1);
  CHECK(tl_records_count(records, TL_RECORD_OPPORTUNITY) == 0);
  tl_records_free(records);
  as_of.through = tl_optional_of(INT64_MAX);
  CHECK_FIELD(TL_INVALID_ARGUMENT, "through",
              tl_account_state(ledger, &account, &as_of, &records, &error));
  as_of.through.given = 7;
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_account_state(ledger, &account, &as_of, &records, &error));
  CHECK(tl_records_count(NULL, TL_RECORD_LEAD) == 0 && tl_records_count(records, -3) == 0);
  tl_records_free(NULL);
}

static void notes(tl_ledger *ledger) {
  SIZED(tl_error, error);
  tl_string *text = NULL;
  const int64_t note = apply_json(
      ledger, "{\"fact\":\"note.add\",\"lead\":\"crm:L-1\",\"text\":\"Budget in May.\\nCall.\"}");
  CHECK_OK(tl_note_text(ledger, note, &text, &error));
  CHECK(strcmp(tl_string_data(text), "Budget in May.\nCall.") == 0 && tl_string_size(text) == 20);
  tl_string_free(text);
  CHECK_STATUS(TL_NOT_FOUND, tl_note_text(ledger, note + 1, &text, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "note", tl_note_text(ledger, INT64_MIN, &text, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "out_text", tl_note_text(ledger, note, NULL, &error));
}

void c_records(void) {
  tl_ledger *ledger = filled_ledger();
  one_by_one(ledger);
  not_there(ledger);
  by_text(ledger);
  lists(ledger);
  whole_accounts(ledger);
  notes(ledger);
  /* What was read outlives the ledger. */
  SIZED(tl_error, error);
  tl_records *records = NULL;
  const tl_ref account = tl_ref_id(1);
  SIZED(tl_account_record, acme);
  CHECK_OK(tl_account_get(ledger, &account, &records, &error));
  tl_ledger_close(ledger);
  CHECK_OK(tl_records_account(records, 0, &acme, &error));
  CHECK_TEXT(acme.name, "Acme");
  tl_records_free(records);
}
