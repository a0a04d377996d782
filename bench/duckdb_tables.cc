#include <dlfcn.h>

#include <array>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "plain_tables.h"
#include "raw_sqlite.h"
#include "workload.h"

// DuckDB through its C interface, from a library that is there or not: THROUGHLINE_DUCKDB.

namespace throughline {
namespace {

constexpr const char* kTables[] = {"lead", "opportunity", "entry"};

class Duckdb final : public SqlEngine {
 public:
  explicit Duckdb(void* library) : library_(library) {
    if (Call<int(const char*, void**)>("duckdb_open")(nullptr, &database_) != 0 ||
        Call<int(void*, void**)>("duckdb_connect")(database_, &connection_) != 0) {
      Die("DuckDB does not open");
    }
    Query("SET threads = 1");
  }
  ~Duckdb() override {
    Call<void(void**)>("duckdb_disconnect")(&connection_);
    Call<void(void**)>("duckdb_close")(&database_);
  }

  void Query(const std::string& sql) override {
    std::array<void*, 8> result{};  // more than a duckdb_result has
    if (Call<int(void*, const char*, void*)>("duckdb_query")(connection_, sql.c_str(), &result) !=
        0) {
      Die(Call<const char*(void*)>("duckdb_result_error")(&result));
    }
    Call<void(void*)>("duckdb_destroy_result")(&result);
  }

 private:
  template <class Function>
  Function* Call(const char* name) {
    void* const function = dlsym(library_, name);
    if (function == nullptr) Die(std::string("DuckDB has no ") + name);
    return reinterpret_cast<Function*>(function);
  }

  void* library_;
  void* database_ = nullptr;
  void* connection_ = nullptr;
};

void WriteCsv(sqlite3* db, const std::string& table, const std::string& path) {
  std::ofstream file(path);
  RawStatement rows(db, ("SELECT * FROM " + table).c_str());
  RawStatement names(db, ("SELECT name FROM pragma_table_info('" + table + "')").c_str());
  int columns = 0;
  for (; names.Step(); ++columns) file << (columns > 0 ? "," : "") << names.TextAt(0);
  file << '\n';
  while (rows.Step()) {
    for (int i = 0; i < columns; ++i) file << (i > 0 ? "," : "") << rows.TextAt(i);
    file << '\n';
  }
}

}  // namespace

std::unique_ptr<SqlEngine> DuckdbTables(int64_t events) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets variables
  const char* const path = std::getenv("THROUGHLINE_DUCKDB");
  void* const library = path == nullptr ? nullptr : dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  sqlite3* plain = nullptr;
  const std::string& file = PlainFile(events);
  if (sqlite3_open(file.c_str(), &plain) != SQLITE_OK) Die(file);
  auto duckdb = std::make_unique<Duckdb>(library);
  for (const char* const table : kTables) {
    const std::string csv = absl::StrCat(BenchFolder(), "/", table, ".csv");
    WriteCsv(plain, table, csv);
    duckdb->Query(absl::StrCat("CREATE TABLE ", table, " AS SELECT * FROM read_csv('", csv, "')"));
  }
  sqlite3_close(plain);
  return duckdb;
}

}  // namespace throughline
