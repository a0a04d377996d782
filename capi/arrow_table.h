#ifndef THROUGHLINE_CAPI_ARROW_TABLE_H_
#define THROUGHLINE_CAPI_ARROW_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "table_handle.h"
#include "throughline.h"

// Tables in the structs of the Arrow C data interface.

namespace throughline::capi {

// What Arrow keeps in another way than a column does. Bits are counted from the lowest.
struct ArrowColumn {
  int64_t null_count = 0;
  std::vector<uint8_t> validity;  // a bit for each row, 1: it is given; empty: all are
  std::vector<int32_t> days;      // of dates
  std::vector<uint8_t> truth;     // of truth values, a bit for each row
};

// A table whose columns can be handed out.
struct ArrowTable {
  std::shared_ptr<const Table> table;
  std::vector<ArrowColumn> columns;
};

std::shared_ptr<const ArrowTable> MakeArrowTable(std::shared_ptr<const Table> table);

// These fill what the caller must release; if memory runs out they throw and leave it alone.
void ExportSchema(const Table& head, ArrowSchema& out);
void ExportArray(const std::shared_ptr<const ArrowTable>& table, ArrowArray& out);

// The children of an exported struct. Whoever moves one away marks it as released.
template <class Struct>
class ArrowChildren {
 public:
  explicit ArrowChildren(size_t count) : items_(count), pointers_(count) {
    for (size_t i = 0; i < count; ++i) pointers_[i] = &items_[i];
  }
  ArrowChildren(const ArrowChildren&) = delete;
  ArrowChildren& operator=(const ArrowChildren&) = delete;
  ~ArrowChildren() {
    for (Struct& item : items_) {
      if (item.release != nullptr) item.release(&item);
    }
  }

  Struct& operator[](size_t i) { return items_[i]; }
  int64_t size() const { return static_cast<int64_t>(items_.size()); }
  Struct** pointers() { return pointers_.data(); }

 private:
  std::vector<Struct> items_;
  std::vector<Struct*> pointers_;
};

// Ends what an exported struct owns, once.
template <class Struct, class Parts>
void ReleaseParts(Struct* exported) noexcept {
  if (exported == nullptr || exported->release == nullptr) return;
  delete static_cast<Parts*>(exported->private_data);
  exported->private_data = nullptr;
  exported->release = nullptr;
}

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_ARROW_TABLE_H_
