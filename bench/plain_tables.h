#ifndef THROUGHLINE_BENCH_PLAIN_TABLES_H_
#define THROUGHLINE_BENCH_PLAIN_TABLES_H_

#include <memory>
#include <string>
#include <vector>

// The peers of the reports: queries as an analyst would write them by hand, over plain tables that
// have just the columns they need.

namespace throughline {

// Each report as one or two queries, the same in every dialect.
const std::vector<std::string>& ReportQueries(const std::string& report);

class SqlEngine {
 public:
  virtual ~SqlEngine() = default;
  // Reads all that the query answers; ends the program if it has none.
  virtual void Query(const std::string& sql) = 0;
};

// The plain tables of a ledger that was imported, as a file of SQLite, made once per size, with
// indexes by what the queries group by.
const std::string& PlainFile(int64_t events);

std::unique_ptr<SqlEngine> SqliteTables(int64_t events);

// The same tables in DuckDB, with one thread; null if its library is not there.
std::unique_ptr<SqlEngine> DuckdbTables(int64_t events);

}  // namespace throughline

#endif  // THROUGHLINE_BENCH_PLAIN_TABLES_H_
