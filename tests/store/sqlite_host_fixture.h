#ifndef THROUGHLINE_TESTS_STORE_SQLITE_HOST_FIXTURE_H_
#define THROUGHLINE_TESTS_STORE_SQLITE_HOST_FIXTURE_H_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

#include "throughline/sqlite_host_store.h"
#include "throughline/store.h"

namespace throughline {

// A connection as a host has it: a database in WAL mode, plain result codes.
class HostConnection {
 public:
  explicit HostConnection(const std::string& path, int busy_timeout_ms = 20'000);
  ~HostConnection();
  HostConnection(const HostConnection&) = delete;
  HostConnection& operator=(const HostConnection&) = delete;

  sqlite3* db() const { return db_; }
  void Run(const std::string& sql) const;  // a failure fails the test
  int Try(const std::string& sql) const;   // its result code
  int64_t Integer(const std::string& sql) const;

 private:
  sqlite3* db_ = nullptr;
};

std::unique_ptr<Store> NewHostStore(const HostConnection& host,
                                    const std::string& prefix = "throughline_");

// A store on a connection of its own, which it closes when it is deleted.
std::unique_ptr<Store> NewHostStoreOn(const std::string& path);

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_STORE_SQLITE_HOST_FIXTURE_H_
