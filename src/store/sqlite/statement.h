#ifndef THROUGHLINE_STORE_SQLITE_STATEMENT_H_
#define THROUGHLINE_STORE_SQLITE_STATEMENT_H_

#include <sqlite3.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "throughline/store.h"

namespace throughline {

// One prepared statement. Parameters count from 1, columns from 0. Bound text and blobs are not
// copied: they must live until Reset.
class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Statement& operator=(Statement&& other) noexcept {
    std::swap(statement_, other.statement_);
    return *this;
  }
  ~Statement() { sqlite3_finalize(statement_); }

  explicit operator bool() const { return statement_ != nullptr; }

  void BindInteger(int parameter, int64_t value) {
    Note(sqlite3_bind_int64(statement_, parameter, value));
  }
  void BindBytes(int parameter, std::string_view bytes, ColumnType type);
  void Bind(int parameter, const Value& value, ColumnType type);

  // SQLITE_ROW, SQLITE_DONE or an error, that of a failed Bind included.
  int Step() { return bind_error_ == SQLITE_OK ? sqlite3_step(statement_) : bind_error_; }
  void Reset() {
    sqlite3_reset(statement_);
    bind_error_ = SQLITE_OK;
  }

  // Views last until the next Step or Reset.
  int64_t Integer(int column) { return sqlite3_column_int64(statement_, column); }
  std::string_view Bytes(int column);
  Value Column(int column, const ColumnSchema& schema);

  sqlite3_stmt* get() { return statement_; }

 private:
  void Note(int code) {
    if (code != SQLITE_OK) bind_error_ = code;
  }

  sqlite3_stmt* statement_ = nullptr;
  int bind_error_ = SQLITE_OK;
};

// A statement that is kept for its next use.
struct StatementSlot {
  Statement statement;
  bool in_use = false;
};

// The use of a statement, from binding to the last row: then it is reset.
class StatementUse {
 public:
  explicit StatementUse(StatementSlot& slot) : slot_(&slot), statement_(&slot.statement) {
    slot.in_use = true;
  }
  // For when the slot is in use: a statement of its own.
  explicit StatementUse(Statement statement) : own_(std::move(statement)), statement_(&own_) {}
  StatementUse(StatementUse&& other) noexcept
      : slot_(std::exchange(other.slot_, nullptr)),
        own_(std::move(other.own_)),
        statement_(slot_ == nullptr ? &own_ : &slot_->statement) {}
  StatementUse& operator=(StatementUse&&) = delete;
  ~StatementUse() {
    if (slot_ == nullptr) return;
    slot_->statement.Reset();
    slot_->in_use = false;
  }

  Statement* operator->() { return statement_; }
  Statement& operator*() { return *statement_; }

 private:
  StatementSlot* slot_ = nullptr;
  Statement own_;
  Statement* statement_;
};

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SQLITE_STATEMENT_H_
