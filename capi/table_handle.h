#ifndef THROUGHLINE_CAPI_TABLE_HANDLE_H_
#define THROUGHLINE_CAPI_TABLE_HANDLE_H_

#include <memory>
#include <utility>

#include "throughline.h"
#include "throughline/table.h"

struct tl_table {
  // Arrow arrays that were made of it keep it too.
  std::shared_ptr<const throughline::Table> table;
};

namespace throughline::capi {

inline std::unique_ptr<tl_table> MakeTable(Table table) {
  auto made = std::make_unique<tl_table>();
  made->table = std::make_shared<const Table>(std::move(table));
  return made;
}

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_TABLE_HANDLE_H_
