#include "check.h"
#include "tests.h"

static const struct {
  const char *name;
  void (*run)(void);
} kTests[] = {
    {"library", c_library}, {"ledger", c_ledger},
    {"host", c_host},       {"commands", c_commands},
    {"batch", c_batch},     {"records", c_records},
    {"history", c_history}, {"policy", c_policy},
    {"import", c_import},   {"salesforce", c_salesforce},
    {"export", c_export},   {"tables", c_tables},
    {"reports", c_reports}, {"attribution", c_attribution},
    {"nothing", c_nothing}, {"random", c_random},
};

int main(int argc, char **argv) {
  int run = 0;
  for (size_t i = 0; i < sizeof kTests / sizeof kTests[0]; ++i) {
    if (argc > 1 && strcmp(argv[1], kTests[i].name) != 0) continue;
    kTests[i].run();
    ++run;
  }
  if (run == 0) fprintf(stderr, "no such test\n");
  return run > 0 && check_failures == 0 ? 0 : 1;
}
