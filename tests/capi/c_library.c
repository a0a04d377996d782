/* Versions, names, statuses, texts. */
#include "check.h"
#include "tests.h"

void c_library(void) {
  CHECK(strcmp(tl_version(), "0.1.0") == 0);
  CHECK(tl_abi_version() == TL_ABI_VERSION);
  CHECK(tl_has_feature(TL_FEATURE_SQLITE_FILE) == 1 && tl_has_feature(TL_FEATURE_MEMORY) == 1);
  CHECK(tl_has_feature(TL_FEATURE_HOST_SQLITE) == 1 && tl_has_feature(TL_FEATURE_ARROW) == 1);
  CHECK(tl_has_feature(TL_FEATURE_PUBLIC_SUFFIXES) == 1 ||
        tl_has_feature(TL_FEATURE_PUBLIC_SUFFIXES) == 0);
  CHECK(tl_has_feature(0) == 0 && tl_has_feature(-1) == 0 && tl_has_feature(INT32_MAX) == 0);

  CHECK(strcmp(tl_status_name(TL_OK), "OK") == 0);
  CHECK(strcmp(tl_status_name(TL_UNAUTHENTICATED), "UNAUTHENTICATED") == 0);
  CHECK(strcmp(tl_status_name(TL_NO_MEMORY), "NO_MEMORY") == 0);
  CHECK(strcmp(tl_status_name(TL_REENTRANT), "REENTRANT") == 0);
  CHECK(TL_STATUS_CLASS(TL_NO_MEMORY) == TL_RESOURCE_EXHAUSTED);
  CHECK(strcmp(tl_status_name(0x709), "FAILED_PRECONDITION") == 0); /* of a later version */
  CHECK(strcmp(tl_status_name(99), "UNKNOWN") == 0);
  CHECK(strcmp(tl_status_name(-1), "UNKNOWN") == 0);
  CHECK(strcmp(tl_status_name(INT32_MIN), "UNKNOWN") == 0);

  CHECK(strcmp(tl_name(TL_NAMES_ENTITY, TL_ENTITY_LEAD), "lead") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_PHASE, TL_PHASE_WON), "won") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_STAGE_KIND, TL_STAGE_PARKED), "parked") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_OPPORTUNITY_TYPE, TL_OPPORTUNITY_TYPE_RENEWAL), "renewal") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_OWNER_KIND, TL_OWNER_TEAM), "team") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_SIDE, TL_SIDE_SALES), "sales") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_DIRECTION, TL_DIRECTION_INBOUND), "inbound") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_LINK, TL_LINK_REENGAGES), "reengages") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_BREACH, TL_BREACH_BEFORE_LEAD), "before_lead") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_SOURCE, TL_SOURCE_LATEST), "latest") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_COMMAND, TL_COMMAND_POLICY_SET), "policy.set") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_COMMAND, 0), "") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_COMMAND, INT32_MAX), "") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_EVENT, TL_EVENT_LEAD_MOVED), "lead_moved") == 0);
  CHECK(strcmp(tl_name(TL_NAMES_EVENT, 0), "") == 0);
  CHECK(strcmp(tl_name(0, 0), "") == 0 && strcmp(tl_name(-5, INT32_MIN), "") == 0);

  CHECK(tl_string_data(NULL) == NULL && tl_string_size(NULL) == 0);
  tl_string_free(NULL);

  /* The short ways to write values. */
  CHECK(tl_text_of(NULL).size == 0 && text_is(tl_text_of("ab"), "ab"));
  CHECK(tl_ref_id(7).id == 7 && text_is(tl_ref_key("crm", "L").key, "L"));
  CHECK(tl_date_days(3).given == 1 && tl_moment_at(5).day == 0);
  CHECK(tl_moment_day(2).at == 172800000000 && tl_optional_of(4).value == 4);
  CHECK(strcmp(tl_money_of(1, "EUR").currency, "EUR") == 0);
  CHECK(tl_money_of(1, "EURO").currency[0] == 0 && tl_money_of(1, NULL).currency[0] == 0);
}
