#ifndef THROUGHLINE_MODEL_JSON_WRITER_H_
#define THROUGHLINE_MODEL_JSON_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace throughline {

// Writes JSON straight into text, in the order of the calls. Text that is not UTF-8 is repaired.
class JsonWriter {
 public:
  // `indent` < 0: one line, without spaces.
  explicit JsonWriter(int indent = -1) : indent_(indent) {}

  void BeginObject() { Begin('{'); }
  void EndObject() { End('}'); }
  void BeginList() { Begin('['); }
  void EndList() { End(']'); }

  // The name of the member whose value comes next.
  void Key(std::string_view name);

  void Text(std::string_view text);
  void Integer(int64_t value);
  void Boolean(bool value);
  void Real(double value);  // null if it is not finite
  void Null();

  void Reserve(size_t bytes) { out_.reserve(bytes); }
  std::string Take() && { return std::move(out_); }

 private:
  void Begin(char open);
  void End(char close);
  void Separate();  // from what comes before
  void BreakLine();

  std::string out_;
  int indent_;
  int depth_ = 0;
  bool first_ = true;  // what comes next, of its object or list
  bool after_key_ = false;
};

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_JSON_WRITER_H_
