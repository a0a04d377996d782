#ifndef THROUGHLINE_STORE_SQLITE_ROW_MEMO_H_
#define THROUGHLINE_STORE_SQLITE_ROW_MEMO_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "throughline/store.h"

namespace throughline {

// What a write transaction has seen of some rows: whether they exist, and their indexed columns.
// With it a Put touches the indexes that change and no others, without reading the row again. A row
// may be forgotten at any time, for another one takes its place.
class RowMemo {
 public:
  struct Entry {
    TableNumber table = -1;
    bool exists = false;
    StoredRow key;
    StoredRow indexed;  // in the order of Layout::Indexed, if it exists
  };

  RowMemo() : entries_(kSize) {}

  // Null if nothing is known of the row.
  const Entry* Find(TableNumber table, std::span<const Value> key) const;

  void RememberAbsent(TableNumber table, std::span<const Value> key);
  void Remember(TableNumber table, std::span<const Value> key, std::span<const Value> indexed);
  void ForgetTable(TableNumber table);
  void Clear();

 private:
  static constexpr size_t kSize = 256;  // a power of two

  static size_t Place(TableNumber table, std::span<const Value> key);

  // The entry for this key, which belongs to no table until the caller has filled it.
  Entry& Take(TableNumber table, std::span<const Value> key);

  std::vector<Entry> entries_;
  std::vector<size_t> used_;  // places that Clear has to look at
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_ROW_MEMO_H_
