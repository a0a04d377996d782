/* Every command, by the function of its name: accepted, and refused. */
#include "check.h"
#include "tests.h"

/* Calls a command's function with its struct. */
#define RUN(expected, name, args) \
  CHECK_STATUS(expected, tl_##name(ledger, &(args), context, &receipt, &error))

static tl_context *context = NULL;

static void accounts_and_people(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_receipt, receipt);
  const tl_text domains[] = {tl_text_of("beta.example"), tl_text_of("beta.test")};
  const tl_external_id ids[] = {{tl_text_of("crm"), tl_text_of("A-2")}};

  SIZED(tl_account_open_args, open);
  open.name = tl_text_of("Beta");
  open.domains = (tl_texts){domains, 2};
  open.external_ids = (tl_external_ids){ids, 1};
  RUN(TL_OK, account_open, open);
  CHECK(receipt.entity == TL_ENTITY_ACCOUNT && receipt.id > 0 && receipt.account == receipt.id);
  CHECK(receipt.seq > 0 && receipt.version == 1 && receipt.events == 1 && receipt.repeated == 0);
  RUN(TL_ALREADY_EXISTS, account_open, open);
  CHECK(error.id > 0 && receipt.id == 0 && receipt.struct_size == sizeof receipt);

  SIZED(tl_account_update_args, update);
  update.account = tl_ref_key("crm", "A-2");
  update.name = tl_text_of("Beta SE");
  update.removed_domains = (tl_texts){domains, 1};
  RUN(TL_OK, account_update, update);
  update.account = tl_ref_key("crm", "nobody");
  RUN(TL_NOT_FOUND, account_update, update);
  CHECK(strcmp(error.field, "account") == 0);

  SIZED(tl_contact_add_args, add);
  add.account = tl_ref_key("crm", "A-2");
  add.name = tl_text_of("Max");
  add.email = tl_text_of("max@beta.test");
  add.title = tl_text_of("COO");
  RUN(TL_OK, contact_add, add);
  const int64_t contact = receipt.id;
  add.name = tl_text_of("\xC3\x28");
  RUN(TL_INVALID_ARGUMENT, contact_add, add);
  CHECK(strcmp(error.field, "name") == 0);

  SIZED(tl_contact_update_args, change);
  change.contact = tl_ref_id(contact);
  change.phone = tl_text_of("+49 30 1234");
  change.title = (tl_text){"", 0}; /* cleared */
  RUN(TL_OK, contact_update, change);
  change.contact = tl_ref_id(-2);
  RUN(TL_INVALID_ARGUMENT, contact_update, change);

  SIZED(tl_contact_move_args, move);
  move.contact = tl_ref_id(contact);
  move.account = tl_ref_key("crm", "A-1");
  RUN(TL_OK, contact_move, move);
  RUN(TL_FAILED_PRECONDITION, contact_move, move);
  CHECK(strcmp(error.rule, "contact_move") == 0);

  SIZED(tl_account_merge_args, merge);
  merge.account = tl_ref_key("crm", "A-1");
  merge.merged = tl_ref_key("crm", "A-1");
  RUN(TL_INVALID_ARGUMENT, account_merge, merge);
  CHECK(strcmp(error.field, "merged") == 0);
  merge.merged = tl_ref_key("crm", "A-2");
  merge.reason = tl_text_of("duplicate");
  RUN(TL_OK, account_merge, merge);
  RUN(TL_FAILED_PRECONDITION, account_merge, merge);
  CHECK(strcmp(error.rule, "merged") == 0);
  SIZED(tl_account_unmerge_args, unmerge);
  unmerge.account = tl_ref_key("crm", "A-2");
  RUN(TL_OK, account_unmerge, unmerge);
  RUN(TL_FAILED_PRECONDITION, account_unmerge, unmerge);

  add.account = tl_ref_key("crm", "A-1");
  add.name = tl_text_of("M.");
  RUN(TL_OK, contact_add, add);
  SIZED(tl_contact_merge_args, same);
  same.contact = tl_ref_id(contact);
  same.merged = tl_ref_id(receipt.id);
  RUN(TL_OK, contact_merge, same);
  RUN(TL_FAILED_PRECONDITION, contact_move, move);
  SIZED(tl_contact_unmerge_args, two);
  two.contact = same.merged;
  RUN(TL_OK, contact_unmerge, two);

  const tl_ref person = tl_ref_id(contact);
  tl_string *json = NULL;
  CHECK_OK(tl_person_export(ledger, &person, &json, &error));
  CHECK(strstr(tl_string_data(json), "max@beta.test") != NULL);
  tl_string_free(json);
  SIZED(tl_contact_erase_args, erase);
  erase.contact = person;
  erase.reason = tl_text_of("asked_for");
  RUN(TL_OK, contact_erase, erase);
  CHECK(receipt.pending == 0);
  RUN(TL_FAILED_PRECONDITION, contact_erase, erase);
  CHECK(strcmp(error.rule, "erased") == 0);
  int32_t done = 0;
  CHECK_OK(tl_finish_erasures(ledger, &done, &error));
  CHECK(done == 1);
}

static void touches_and_notes(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_receipt, receipt);
  SIZED(tl_touch_record_args, touch);
  touch.contact = tl_ref_key("crm", "C-1");
  touch.kind = tl_text_of("call");
  touch.channel = tl_text_of("phone");
  touch.side = TL_SIDE_SALES;
  touch.direction = TL_DIRECTION_OUTBOUND;
  touch.response = TL_NO;
  touch.follow_up = TL_YES;
  RUN(TL_OK, touch_record, touch);
  const int64_t id = receipt.seq << 20;
  touch.side = 17;
  RUN(TL_INVALID_ARGUMENT, touch_record, touch);
  CHECK(strcmp(error.field, "side") == 0);
  touch.side = 0;
  touch.response = 3;
  RUN(TL_INVALID_ARGUMENT, touch_record, touch);

  SIZED(tl_touch_retract_args, retract);
  retract.touch.id = id;
  retract.reason = tl_text_of("duplicate");
  RUN(TL_OK, touch_retract, retract);
  RUN(TL_FAILED_PRECONDITION, touch_retract, retract);
  retract.touch.id = INT64_MAX;
  RUN(TL_NOT_FOUND, touch_retract, retract);
  retract.touch.id = INT64_MIN;
  RUN(TL_INVALID_ARGUMENT, touch_retract, retract);

  SIZED(tl_note_add_args, note);
  note.lead = tl_ref_key("crm", "L-1");
  note.text = tl_text_of("Budget in May.\nCall again.");
  RUN(TL_OK, note_add, note);
  CHECK(receipt.entity == TL_ENTITY_NOTE);
  note.account = tl_ref_key("crm", "A-1");
  RUN(TL_INVALID_ARGUMENT, note_add, note);
}

static void leads(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_receipt, receipt);
  const tl_ref lead = tl_ref_key("crm", "L-1");

  SIZED(tl_lead_open_args, open);
  open.account = tl_ref_key("crm", "A-1");
  open.source = tl_text_of("event");
  RUN(TL_OK, lead_open, open);
  const tl_ref second = tl_ref_id(receipt.id);
  open.account.key.data = NULL;
  RUN(TL_INVALID_ARGUMENT, lead_open, open);
  CHECK(strcmp(error.field, "account.key") == 0);

  SIZED(tl_lead_assign_args, assign);
  assign.lead = second;
  assign.owner = tl_ref_key("crm", "U-1");
  RUN(TL_OK, lead_assign, assign);
  assign.owner = tl_ref_id(INT64_MAX);
  RUN(TL_NOT_FOUND, lead_assign, assign);

  SIZED(tl_lead_move_args, move);
  move.lead = lead;
  move.stage = tl_text_of("accepted");
  RUN(TL_OK, lead_move, move);
  CHECK(receipt.entity == TL_ENTITY_NONE && receipt.id == 0);
  move.stage = tl_text_of("no_such_stage");
  RUN(TL_INVALID_ARGUMENT, lead_move, move);
  CHECK(strcmp(error.field, "stage") == 0);
  move.stage = tl_text_of("inquiry");
  RUN(TL_FAILED_PRECONDITION, lead_move, move);
  CHECK(strcmp(error.rule, "transition") == 0);

  SIZED(tl_lead_nurture_args, nurture);
  nurture.lead = lead;
  RUN(TL_INVALID_ARGUMENT, lead_nurture, nurture);
  nurture.until = tl_date_days(20500);
  RUN(TL_OK, lead_nurture, nurture);
  nurture.until = tl_date_days(INT32_MAX);
  RUN(TL_INVALID_ARGUMENT, lead_nurture, nurture);

  SIZED(tl_lead_close_args, close);
  close.lead = lead;
  close.stage = tl_text_of("dead");
  RUN(TL_FAILED_PRECONDITION, lead_close, close);
  CHECK(strcmp(error.rule, "missing_reason") == 0);
  close.reason = tl_text_of("no_budget");
  RUN(TL_OK, lead_close, close);

  SIZED(tl_lead_reopen_args, reopen);
  reopen.lead = lead;
  reopen.stage = tl_text_of("working");
  RUN(TL_OK, lead_reopen, reopen);
  RUN(TL_FAILED_PRECONDITION, lead_reopen, reopen);

  SIZED(tl_lead_convert_args, convert);
  convert.lead = lead;
  convert.opportunity = tl_ref_key("crm", "O-1");
  RUN(TL_OK, lead_convert, convert);
  convert.lead = tl_ref_id(0);
  RUN(TL_INVALID_ARGUMENT, lead_convert, convert);
}

static void opportunities(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_receipt, receipt);
  const tl_ref deal = tl_ref_key("crm", "O-1");

  SIZED(tl_opportunity_open_args, open);
  open.account = tl_ref_key("crm", "A-1");
  open.name = tl_text_of("100 seats");
  open.type = TL_OPPORTUNITY_TYPE_NEW_BUSINESS;
  open.amount = tl_money_of(1200000, "EUR");
  open.close_date = tl_date_days(20600);
  RUN(TL_OK, opportunity_open, open);
  const tl_ref second = tl_ref_id(receipt.id);
  open.amount = tl_money_of(5, "ZZZ");
  RUN(TL_INVALID_ARGUMENT, opportunity_open, open);
  CHECK(strcmp(error.field, "amount") == 0);
  open.amount.given = 0;
  open.reserved = 1;
  RUN(TL_INVALID_ARGUMENT, opportunity_open, open);

  SIZED(tl_opportunity_move_args, move);
  move.opportunity = deal;
  move.stage = tl_text_of("proposal");
  RUN(TL_OK, opportunity_move, move);
  move.stage = tl_text_of("mql");
  RUN(TL_INVALID_ARGUMENT, opportunity_move, move);

  SIZED(tl_opportunity_value_args, value);
  value.opportunity = deal;
  value.amount = tl_money_of(4500000, "EUR");
  RUN(TL_OK, opportunity_value, value);
  value.amount = tl_money_of(INT64_MAX, "EUR");
  RUN(TL_INVALID_ARGUMENT, opportunity_value, value);

  SIZED(tl_opportunity_assign_args, assign);
  assign.opportunity = second;
  assign.owner = tl_ref_key("crm", "U-1");
  RUN(TL_OK, opportunity_assign, assign);
  assign.opportunity = tl_ref_id(999);
  RUN(TL_NOT_FOUND, opportunity_assign, assign);

  SIZED(tl_opportunity_role_args, role);
  role.opportunity = deal;
  role.contact = tl_ref_key("crm", "C-1");
  role.role = tl_text_of("decision_maker");
  RUN(TL_OK, opportunity_role, role);
  role.role = tl_text_of(" padded ");
  RUN(TL_INVALID_ARGUMENT, opportunity_role, role);

  SIZED(tl_opportunity_win_args, win);
  win.opportunity = deal;
  win.amount = tl_money_of(4500000, "EUR");
  RUN(TL_OK, opportunity_win, win);
  win.opportunity = tl_ref_id(999);
  RUN(TL_NOT_FOUND, opportunity_win, win);

  SIZED(tl_opportunity_book_args, book);
  book.opportunity = deal;
  book.amount = tl_money_of(4410000, "EUR");
  book.booked_on = tl_date_days(19900);
  book.order = tl_text_of("SO-88");
  RUN(TL_OK, opportunity_book, book);
  book.booked_on.given = 0;
  RUN(TL_INVALID_ARGUMENT, opportunity_book, book);

  SIZED(tl_opportunity_lose_args, lose);
  lose.opportunity = second;
  RUN(TL_FAILED_PRECONDITION, opportunity_lose, lose);
  lose.reason = tl_text_of("no_decision");
  RUN(TL_OK, opportunity_lose, lose);

  SIZED(tl_opportunity_reopen_args, reopen);
  reopen.opportunity = second;
  RUN(TL_OK, opportunity_reopen, reopen);
  RUN(TL_FAILED_PRECONDITION, opportunity_reopen, reopen);
}

static void corrections(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_receipt, receipt);
  SIZED(tl_touch_record_args, touch);
  touch.account = tl_ref_key("crm", "A-1");
  touch.kind = tl_text_of("webinar");
  RUN(TL_OK, touch_record, touch);
  const int64_t id = receipt.seq << 20;
  const tl_attribute changes[] = {{tl_text_of("channel"), tl_text_of("email")}};

  SIZED(tl_event_amend_args, amend);
  amend.event.id = id;
  amend.occurred_at = tl_moment_day(19400);
  amend.changes = (tl_attributes){changes, 1};
  amend.reason = tl_text_of("wrong_date");
  RUN(TL_OK, event_amend, amend);
  amend.occurred_at.at += 1; /* not the beginning of a day */
  RUN(TL_INVALID_ARGUMENT, event_amend, amend);

  SIZED(tl_event_void_args, nothing);
  nothing.event.id = id;
  nothing.reason = tl_text_of("entered_twice");
  RUN(TL_OK, event_void, nothing);
  RUN(TL_FAILED_PRECONDITION, event_void, nothing);
  nothing.event = (tl_event_ref){0, tl_text_of("key-9")};
  RUN(TL_INVALID_ARGUMENT, event_void, nothing); /* a key needs its account */
}

static void what_belongs_to_no_company(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_receipt, receipt);
  const tl_external_id ids[] = {{tl_text_of("crm"), tl_text_of("U-9")}};

  SIZED(tl_owner_define_args, owner);
  owner.kind = TL_OWNER_TEAM;
  owner.side = TL_SIDE_SALES;
  owner.name = tl_text_of("North");
  owner.external_ids = (tl_external_ids){ids, 1};
  RUN(TL_OK, owner_define, owner);
  CHECK(receipt.entity == TL_ENTITY_OWNER && receipt.account == 0);
  owner.kind = 9;
  RUN(TL_INVALID_ARGUMENT, owner_define, owner);
  owner.kind = 0;
  owner.external_ids.items = NULL;
  RUN(TL_INVALID_ARGUMENT, owner_define, owner);
  CHECK(strcmp(error.field, "external_ids") == 0);

  SIZED(tl_campaign_define_args, campaign);
  campaign.name = tl_text_of("Autumn");
  campaign.channel = tl_text_of("event");
  campaign.starts_on = tl_date_days(19600);
  RUN(TL_OK, campaign_define, campaign);
  const tl_ref autumn = tl_ref_id(receipt.id);
  campaign.starts_on.given = 2;
  RUN(TL_INVALID_ARGUMENT, campaign_define, campaign);

  SIZED(tl_campaign_cost_args, cost);
  cost.campaign = autumn;
  cost.spent_on = tl_date_days(19601);
  cost.amount = tl_money_of(150000, "EUR");
  RUN(TL_OK, campaign_cost, cost);
  cost.campaign = tl_ref_id(999);
  RUN(TL_NOT_FOUND, campaign_cost, cost);

  SIZED(tl_exchange_rate_set_args, rate);
  memcpy(rate.base, "USD", 3);
  memcpy(rate.quote, "EUR", 3);
  rate.valid_from = tl_date_days(19600);
  rate.rate_e9 = 923000000;
  RUN(TL_OK, exchange_rate_set, rate);
  memcpy(rate.base, "EURO", 4); /* no NUL at its end */
  RUN(TL_INVALID_ARGUMENT, exchange_rate_set, rate);
  CHECK(strcmp(error.field, "base") == 0);

  SIZED(tl_policy_set_args, policy);
  policy.json = tl_text_of("{\"name\": ");
  RUN(TL_INVALID_ARGUMENT, policy_set, policy);
  tl_policy *now = NULL;
  SIZED(tl_policy_info, info);
  CHECK_OK(tl_policy_current(ledger, &now, &error));
  CHECK_OK(tl_policy_get_info(now, &info, &error));
  policy.json = info.json;
  RUN(TL_OK, policy_set, policy);
  tl_policy_free(now);
}

static void matching(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_receipt, receipt);
  SIZED(tl_identity, who);
  who.email = tl_text_of("Ann@Mail.Gamma.co.uk.");
  who.name = tl_text_of("Ann");
  SIZED(tl_touch_record_args, touch);
  touch.kind = tl_text_of("form");
  touch.match = &who;
  RUN(TL_OK, touch_record, touch);
  CHECK(receipt.matched == 1 && receipt.match_rule == TL_MATCH_NONE);
  CHECK(receipt.opened_account == 1 && receipt.opened_contact == 1 && receipt.match_contact > 0);
  CHECK(receipt.events == 4 && receipt.events_before == 3 && receipt.entity == TL_ENTITY_NONE);
  const int64_t account = receipt.account, contact = receipt.match_contact;

  SIZED(tl_lead_open_args, open);
  open.match = &who;
  RUN(TL_OK, lead_open, open);
  CHECK(receipt.match_rule == TL_MATCH_EMAIL && receipt.match_candidates == 1);
  CHECK(receipt.account == account && receipt.match_contact == contact && receipt.id > 0);

  SIZED(tl_identity, company);
  company.domain = tl_text_of("https://GAMMA.co.uk/about");
  SIZED(tl_opportunity_open_args, deal);
  deal.match = &company;
  RUN(TL_OK, opportunity_open, deal);
  CHECK(receipt.match_rule == TL_MATCH_DOMAIN && receipt.account == account);

  who.email = tl_text_of("a\n@gamma.co.uk");
  RUN(TL_INVALID_ARGUMENT, touch_record, touch);
  CHECK(strcmp(error.field, "match.email") == 0 && receipt.matched == 0);
  who.email = tl_text_of("ann@gamma.co.uk");
  who.reserved = 1;
  RUN(TL_INVALID_ARGUMENT, touch_record, touch);
  CHECK(strcmp(error.field, "match.reserved") == 0);
  who.reserved = 0;
  who.struct_size = 5;
  RUN(TL_INVALID_ARGUMENT, touch_record, touch);
  CHECK(strcmp(error.field, "match.struct_size") == 0);

  SIZED(tl_account_distinct_args, pair);
  pair.account = tl_ref_id(account);
  pair.other = tl_ref_key("crm", "A-2");
  RUN(TL_OK, account_distinct, pair);
  RUN(TL_FAILED_PRECONDITION, account_distinct, pair);
  CHECK(strcmp(error.rule, "review_settled") == 0);
}

static void contexts(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_receipt, receipt);
  SIZED(tl_context, with);
  SIZED(tl_account_update_args, update);
  update.account = tl_ref_key("crm", "A-1");
  update.name = tl_text_of("Acme AG");
  context = &with;

  with.expected_version = tl_optional_of(77);
  RUN(TL_ABORTED, account_update, update);
  CHECK(error.version > 0 && error.account > 0);
  with.expected_version = tl_optional_of(error.version);
  with.request_id = tl_text_of("req-1");
  with.actor = tl_ref_key("crm", "U-1");
  with.occurred_at = tl_moment_at(1690000000000000);
  RUN(TL_OK, account_update, update);
  const int64_t seq = receipt.seq;
  RUN(TL_OK, account_update, update); /* the same request: the same receipt */
  CHECK(receipt.repeated == 1 && receipt.seq == seq);
  update.name = tl_text_of("Acme SE");
  RUN(TL_ALREADY_EXISTS, account_update, update);
  CHECK(strcmp(error.field, "request_id") == 0);

  memset(&with, 0, sizeof with);
  RUN(TL_INVALID_ARGUMENT, account_update, update); /* no struct_size */
  with.struct_size = sizeof with;
  with.mode = 3;
  RUN(TL_INVALID_ARGUMENT, account_update, update);
  CHECK(strcmp(error.field, "mode") == 0);
  with.mode = TL_MODE_OBSERVE;
  with.occurred_at = tl_moment_at(INT64_MAX);
  RUN(TL_INVALID_ARGUMENT, account_update, update);
  CHECK(strcmp(error.field, "occurred_at") == 0);
  with.occurred_at.given = 0;
  with.entered_at = tl_optional_of(INT64_MIN);
  RUN(TL_INVALID_ARGUMENT, account_update, update);
  with.entered_at.given = 0;
  with.fact_key = tl_text_of("row-1");
  RUN(TL_OK, account_update, update);
  RUN(TL_OK, account_update, update);
  CHECK(receipt.repeated == 1); /* the fact is known */
  context = NULL;
}

static void generic_form(tl_ledger *ledger) {
  SIZED(tl_error, error);
  SIZED(tl_receipt, receipt);
  SIZED(tl_account_open_args, open);
  open.name = tl_text_of("Gamma");
  CHECK_FIELD(TL_INVALID_ARGUMENT, "args.command",
              tl_execute(ledger, TL_COMMAND(&open), NULL, &receipt, &error));
  open.command = TL_COMMAND_ACCOUNT_OPEN;
  CHECK_OK(tl_execute(ledger, TL_COMMAND(&open), NULL, &receipt, &error));
  CHECK(receipt.id > 0);
  CHECK_OK(tl_execute(ledger, TL_COMMAND(&open), NULL, NULL, NULL));
  open.command = TL_COMMAND_ACCOUNT_UPDATE;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "args.command",
              tl_account_open(ledger, &open, NULL, &receipt, &error));
  open.command = INT32_MIN;
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_execute(ledger, TL_COMMAND(&open), NULL, NULL, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "args", tl_execute(ledger, NULL, NULL, NULL, &error));
  receipt.struct_size = 3;
  CHECK_FIELD(TL_INVALID_ARGUMENT, "out_receipt.struct_size",
              tl_account_open(ledger, &open, NULL, &receipt, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "ledger", tl_account_open(NULL, &open, NULL, NULL, &error));
}

void c_commands(void) {
  tl_ledger *ledger = filled_ledger();
  accounts_and_people(ledger);
  touches_and_notes(ledger);
  leads(ledger);
  opportunities(ledger);
  corrections(ledger);
  what_belongs_to_no_company(ledger);
  matching(ledger);
  contexts(ledger);
  generic_form(ledger);
  tl_ledger_close(ledger);
}
