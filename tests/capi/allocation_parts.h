/* Parts of the workload of which each allocation fails in turn. */
#ifndef THROUGHLINE_TESTS_CAPI_ALLOCATION_PARTS_H_
#define THROUGHLINE_TESTS_CAPI_ALLOCATION_PARTS_H_

#include "throughline.h"

extern tl_error error; /* of the call that failed last */

/* The ledger is what it works on; NULL where it makes its own. */
typedef tl_status (*part)(tl_ledger *ledger);

tl_status reports(tl_ledger *ledger);
tl_status finishes_a_report(tl_ledger *ledger);
tl_status opens_numbers(tl_ledger *ledger);
tl_status attributes(tl_ledger *unused);
tl_status merges_attributions(tl_ledger *unused);
tl_status explains_a_deal(tl_ledger *ledger);

#endif
