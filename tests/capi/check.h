/* What the C tests share: checks that tell where they failed, and ledgers to try things on. */
#ifndef THROUGHLINE_TESTS_CAPI_CHECK_H_
#define THROUGHLINE_TESTS_CAPI_CHECK_H_

#include <stdio.h>
#include <string.h>

#include "throughline.h"

extern int check_failures;

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      ++check_failures;                                                       \
    }                                                                         \
  } while (0)

/* The status of a call that was given `&error`. */
#define CHECK_STATUS(expected, call)                                                          \
  do {                                                                                        \
    const tl_status status_ = (call);                                                         \
    if (status_ != (expected)) {                                                              \
      fprintf(stderr, "%s:%d: %s: %s is %s, not %s: %s [%s]\n", __FILE__, __LINE__, __func__, \
              #call, tl_status_name(status_), tl_status_name(expected), error.message,        \
              error.field);                                                                   \
      ++check_failures;                                                                       \
    }                                                                                         \
  } while (0)

#define CHECK_OK(call) CHECK_STATUS(TL_OK, call)

/* The call fails with the status and blames the field. */
#define CHECK_FIELD(expected, name, call)                                                      \
  do {                                                                                         \
    CHECK_STATUS(expected, call);                                                              \
    if (strcmp(error.field, name) != 0) {                                                      \
      fprintf(stderr, "%s:%d: the field is '%s', not '%s'\n", __FILE__, __LINE__, error.field, \
              name);                                                                           \
      ++check_failures;                                                                        \
    }                                                                                          \
  } while (0)

#define CHECK_TEXT(text, expected) CHECK(text_is((text), (expected)))

/* A struct, empty but for its size. */
#define SIZED(type, name)           \
  type name;                        \
  memset(&(name), 0, sizeof(name)); \
  (name).struct_size = (uint32_t)sizeof(name)

int text_is(tl_text text, const char *expected);
int string_has(const tl_string *string, const char *part);

/* 1,700,000,000 s and then a second later with each look at it. */
tl_time ticking_clock(void *payload);

/* An empty ledger in memory whose clock ticks. */
tl_ledger *memory_ledger(void);

/* A ledger with one account (crm:A-1), person (crm:C-1), rep (crm:U-1), campaign (crm:K-1), lead
 * (crm:L-1) and opportunity (crm:O-1). */
tl_ledger *filled_ledger(void);

/* A path in the folder that the test may write to. */
const char *test_path(const char *name);

/* Does to the ledger what JSON lines say; returns the id that the last one opened. */
int64_t apply_json(tl_ledger *ledger, const char *lines);

#endif /* THROUGHLINE_TESTS_CAPI_CHECK_H_ */
