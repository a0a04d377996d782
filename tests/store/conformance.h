#ifndef THROUGHLINE_TESTS_STORE_CONFORMANCE_H_
#define THROUGHLINE_TESTS_STORE_CONFORMANCE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/store.h"

// The conformance suite: what throughline/store.h promises, checked for every store of AllStores().
// To add a store, add its line in conformance.cc. docs/writing-a-store.md tells more.

namespace throughline::conformance {

// One implementation under test.
struct StoreKind {
  std::string name;  // letters and digits

  // A store that is not open, over the data in `folder`, which exists and is the test's own.
  std::function<std::unique_ptr<Store>(const std::string& folder)> make;

  // Whether stores that are made over one folder share their data, at once and one after the other.
  bool shared = false;

  // Whether a thread may write while it reads, and go on reading what was there before.
  bool snapshots = true;
};

std::vector<StoreKind> AllStores();

// For names of test instances, and for messages.
std::string NameOf(const testing::TestParamInfo<StoreKind>& info);
inline void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }

// Rows that own what they hold.
using Cell = std::variant<std::monostate, int64_t, double, std::string>;
using Row = std::vector<Cell>;
using Rows = std::vector<Row>;

std::vector<Value> ToValues(const Row& row);  // views of `row`
Row ToRow(std::span<const Value> values);
void PrintTo(const Row& row, std::ostream* out);

inline constexpr std::monostate kNull;
inline constexpr int64_t kMinInteger = INT64_MIN;
inline constexpr int64_t kMaxInteger = INT64_MAX;

// The schema of the tests, with every kind of column, key and index.
enum TestTable : TableNumber { kItem, kPair, kMark, kOrder };
enum ItemColumn : int { kId, kAccount, kOwner, kStage, kScore, kName, kNote, kDue };
enum ItemIndex : int { kByAccount, kByOwnerStage, kByStageDue, kByName, kByScore };
enum PairIndex : int { kByNumber, kByValueSystem };
Schema TestSchema(int version = 1);

// An item of which only `id` and `account` matter.
Row Item(int64_t id, int64_t account = 0);
JournalEntry Entry(int64_t seq, int64_t account, int64_t version, std::string_view events = {});

// A folder that is deleted at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Short forms for one operation each; a failure of the store fails the test.
Row GetRow(ReadTransaction& transaction, TableNumber table, const Row& key);  // empty: none
Rows ScanAll(ReadTransaction& transaction, const Scan& scan, size_t limit = SIZE_MAX);
Rows TableRows(ReadTransaction& transaction, TableNumber table);
void PutRow(WriteTransaction& transaction, TableNumber table, const Row& row);
void EraseRow(WriteTransaction& transaction, TableNumber table, const Row& key);
std::vector<int64_t> Seqs(ReadTransaction& transaction, int64_t after = 0);
std::unique_ptr<ReadTransaction> Read(Store& store);
std::unique_ptr<WriteTransaction> Write(Store& store);
void Commit(std::unique_ptr<WriteTransaction> transaction);

class StoreTest : public testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override;

  // Another store over the same data; only for shared kinds.
  std::unique_ptr<Store> OpenAnother() const;

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

#define EXPECT_OK(expression) EXPECT_EQ((expression).code(), absl::StatusCode::kOk)
#define ASSERT_OK(expression)                                         \
  do {                                                                \
    const absl::Status assert_ok_status = (expression);               \
    ASSERT_TRUE(assert_ok_status.ok()) << assert_ok_status.message(); \
  } while (false)

#define INSTANTIATE_STORE_TEST(suite) \
  INSTANTIATE_TEST_SUITE_P(Store, suite, testing::ValuesIn(AllStores()), NameOf)

}  // namespace throughline::conformance

#endif  // THROUGHLINE_TESTS_STORE_CONFORMANCE_H_
