#include "model/json_writer.h"

#include <algorithm>
#include <charconv>

#include "nlohmann/json.hpp"

namespace throughline {
namespace {

bool NeedsCare(char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; }

// nlohmann's value of one text or number is freed without allocating, unlike that of a list or an
// object.
template <class Value>
std::string Dumped(const Value& value) {
  return nlohmann::json(value).dump(-1, ' ', /*ensure_ascii=*/false,
                                    nlohmann::json::error_handler_t::replace);
}

void AppendText(std::string_view text, std::string& out) {
  if (std::any_of(text.begin(), text.end(), NeedsCare)) {
    out += Dumped(text);
  } else {
    out.append("\"").append(text).append("\"");
  }
}

}  // namespace

void JsonWriter::Key(std::string_view name) {
  Separate();
  AppendText(name, out_);
  out_ += indent_ < 0 ? ":" : ": ";
  after_key_ = true;
}

void JsonWriter::Text(std::string_view text) {
  Separate();
  AppendText(text, out_);
}

void JsonWriter::Integer(int64_t value) {
  Separate();
  char digits[20];
  out_.append(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
}

void JsonWriter::Boolean(bool value) {
  Separate();
  out_ += value ? "true" : "false";
}

void JsonWriter::Real(double value) {
  Separate();
  out_ += Dumped(value);
}

void JsonWriter::Null() {
  Separate();
  out_ += "null";
}

void JsonWriter::Begin(char open) {
  Separate();
  out_ += open;
  ++depth_;
  first_ = true;
}

void JsonWriter::End(char close) {
  --depth_;
  if (!first_) BreakLine();
  out_ += close;
  first_ = false;
}

void JsonWriter::Separate() {
  const bool after_key = std::exchange(after_key_, false);
  if (after_key || depth_ == 0) return;
  if (!first_) out_ += ',';
  first_ = false;
  BreakLine();
}

void JsonWriter::BreakLine() {
  if (indent_ < 0) return;
  out_ += '\n';
  out_.append(static_cast<size_t>(indent_) * static_cast<size_t>(depth_), ' ');
}

}  // namespace throughline
