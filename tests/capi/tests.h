/* The C tests: capi_test NAME runs one of them. */
#ifndef THROUGHLINE_TESTS_CAPI_TESTS_H_
#define THROUGHLINE_TESTS_CAPI_TESTS_H_

void c_library(void);
void c_ledger(void);
void c_host(void);
void c_commands(void);
void c_batch(void);
void c_records(void);
void c_history(void);
void c_policy(void);
void c_import(void);
void c_salesforce(void);
void c_export(void);
void c_tables(void);
void c_reports(void);
void c_attribution(void);
void c_nothing(void);
void c_random(void);

#endif /* THROUGHLINE_TESTS_CAPI_TESTS_H_ */
