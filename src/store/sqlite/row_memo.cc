#include "store/sqlite/row_memo.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <variant>

#include "throughline/store.h"

namespace throughline {

size_t RowMemo::Place(TableNumber table, std::span<const Value> key) {
  uint64_t hash = static_cast<uint64_t>(table);
  for (const Value& value : key) {
    uint64_t part = 0;
    if (const auto* number = std::get_if<int64_t>(&value)) {
      part = static_cast<uint64_t>(*number);
    } else if (const auto* bytes = std::get_if<std::string_view>(&value)) {
      part = std::hash<std::string_view>()(*bytes);
    }
    hash = (hash ^ part) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 32;
  }
  return hash & (kSize - 1);
}

const RowMemo::Entry* RowMemo::Find(TableNumber table, std::span<const Value> key) const {
  const Entry& entry = entries_[Place(table, key)];
  const bool found = entry.table == table && std::ranges::equal(entry.key.values(), key);
  return found ? &entry : nullptr;
}

RowMemo::Entry& RowMemo::Take(TableNumber table, std::span<const Value> key) {
  const size_t place = Place(table, key);
  Entry& entry = entries_[place];
  if (entry.table < 0) used_.push_back(place);
  entry.table = -1;
  entry.key.Assign(key);
  return entry;
}

void RowMemo::RememberAbsent(TableNumber table, std::span<const Value> key) {
  Entry& entry = Take(table, key);
  entry.exists = false;
  entry.table = table;
}

void RowMemo::Remember(TableNumber table, std::span<const Value> key,
                       std::span<const Value> indexed) {
  Entry& entry = Take(table, key);
  entry.indexed.Assign(indexed);
  entry.exists = true;
  entry.table = table;
}

void RowMemo::ForgetTable(TableNumber table) {
  for (Entry& entry : entries_) {
    if (entry.table == table) entry.table = -1;
  }
}

void RowMemo::Clear() {
  for (const size_t place : used_) entries_[place].table = -1;
  used_.clear();
}

}  // namespace throughline
