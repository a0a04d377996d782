/* Policies. */
#include "check.h"
#include "tests.h"

static void stages(const tl_policy *policy) {
  SIZED(tl_error, error);
  SIZED(tl_policy_info, info);
  SIZED(tl_stage, stage);
  SIZED(tl_touch_kind, kind);
  int32_t allowed = 7;
  CHECK_OK(tl_policy_get_info(policy, &info, &error));
  CHECK(info.stage_count > 10 && info.sourcing_window_days == 180);
  CHECK(info.fiscal_year_start_month == 1 && info.json.size > 100);
  CHECK_TEXT(info.time_zone, "UTC");
  CHECK_OK(tl_policy_stage(policy, 0, &stage, &error));
  CHECK_TEXT(stage.key, "inquiry");
  const int64_t inquiry = stage.id;
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_policy_stage(policy, info.stage_count, &stage, &error));
  CHECK_STATUS(TL_OUT_OF_RANGE, tl_policy_stage(policy, INT64_MIN, &stage, &error));
  CHECK_OK(tl_policy_stage_by_id(policy, inquiry, &stage, &error));
  CHECK(stage.phase == TL_PHASE_MARKETING && stage.kind == TL_STAGE_OPEN && stage.retired == 0);
  CHECK_STATUS(TL_NOT_FOUND, tl_policy_stage_by_id(policy, -1, &stage, &error));
  CHECK_OK(tl_policy_stage_by_key(policy, "dead", 4, &stage, &error));
  CHECK(stage.kind == TL_STAGE_CLOSED && (stage.requirements >> TL_REQUIRES_REASON & 1) == 1);
  CHECK(stage.id != inquiry);
  for (size_t i = 0; i < stage.reasons.count; ++i) CHECK(stage.reasons.items[i].size > 0);
  const int64_t dead = stage.id;
  CHECK_STATUS(TL_NOT_FOUND, tl_policy_stage_by_key(policy, "\xFF", 1, &stage, &error));
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_policy_stage_by_key(policy, NULL, 1, &stage, &error));
  CHECK_OK(tl_policy_allows(policy, inquiry, dead, &allowed, &error));
  CHECK(allowed == 0 || allowed == 1);
  CHECK_STATUS(TL_NOT_FOUND, tl_policy_allows(policy, inquiry, 999, &allowed, &error));
  CHECK(allowed == 0);
  CHECK_OK(tl_policy_touch_kind(policy, "webinar", 7, &kind, &error));
  CHECK(kind.side == TL_SIDE_MARKETING && kind.response == 1 && kind.follow_up == 0);
  CHECK_STATUS(TL_NOT_FOUND, tl_policy_touch_kind(policy, "seance", 6, &kind, &error));
  CHECK(kind.key.data == NULL);
}

void c_policy(void) {
  SIZED(tl_error, error);
  SIZED(tl_policy_info, info);
  tl_policy *built_in = NULL, *current = NULL, *other = NULL;
  tl_ledger *ledger = memory_ledger();
  CHECK_OK(tl_policy_parse(NULL, 0, &built_in, &error));
  stages(built_in);
  CHECK_OK(tl_policy_current(ledger, &current, &error));
  tl_ledger_close(ledger); /* a policy keeps nothing of the ledger */
  stages(current);
  CHECK_OK(tl_policy_get_info(current, &info, &error));
  CHECK(info.version == 1);
  CHECK_OK(tl_policy_parse(info.json.data, info.json.size, &other, &error));
  CHECK_OK(tl_policy_check_successor(current, other, &error));
  CHECK_OK(tl_policy_parse(info.json.data, info.json.size, NULL, &error));
  tl_policy_free(other);

  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_policy_parse("{\"stages\": 3}", 13, &other, &error));
  CHECK(other == NULL && error.field[0] != 0);
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_policy_parse("", 0, &other, &error));
  CHECK_STATUS(TL_INVALID_ARGUMENT, tl_policy_parse("\xFF\xFF", 2, &other, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "json", tl_policy_parse(NULL, 9, &other, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "json", tl_policy_parse("{", SIZE_MAX, &other, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "next", tl_policy_check_successor(current, NULL, &error));
  CHECK_FIELD(TL_INVALID_ARGUMENT, "policy", tl_policy_check_successor(NULL, current, &error));
  tl_policy_free(current);
  tl_policy_free(built_in);
  tl_policy_free(NULL);
}
