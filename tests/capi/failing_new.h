/* Memory that runs out at will: operator new of the whole program. */
#ifndef THROUGHLINE_TESTS_CAPI_FAILING_NEW_H_
#define THROUGHLINE_TESTS_CAPI_FAILING_NEW_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The n-th allocation of this thread from now on fails, counted from 1; 0: none. */
void fail_allocation(int64_t n);

/* Whether it has failed. */
int allocation_failed(void);

/* How many allocations are not freed yet. */
int64_t live_allocations(void);

#ifdef __cplusplus
}
#endif

#endif /* THROUGHLINE_TESTS_CAPI_FAILING_NEW_H_ */
