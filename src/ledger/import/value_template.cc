#include "ledger/import/value_template.h"

#include <algorithm>
#include <utility>

#include "model/text.h"
#include "throughline/error.h"
#include "throughline/limits.h"
#include "throughline/money.h"

namespace throughline {

size_t ColumnNames::PlaceOf(std::string_view name) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) {
    names_.emplace_back(name);
    return names_.size() - 1;
  }
  return static_cast<size_t>(found - names_.begin());
}

// --- Texts with columns in braces. ---

void TextTemplate::AddLiteral(std::string literal) {
  if (!literal.empty()) parts_.push_back({std::move(literal), kLiteral});
}

absl::StatusOr<TextTemplate> TextTemplate::Parse(std::string_view text, ColumnNames& columns) {
  TextTemplate parsed;
  std::string literal;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool doubled = i + 1 < text.size() && text[i + 1] == c;
    if (c == '}' && !doubled)
      return absl::InvalidArgumentError("has a } without {; write }} for }");
    if (c != '{' || doubled) {
      literal += c;
      if (c == '{' || c == '}') ++i;
      continue;
    }
    const size_t end = text.find('}', i);
    if (end == text.npos) return absl::InvalidArgumentError("has a { without }; write {{ for {");
    const std::string_view column = TrimAscii(text.substr(i + 1, end - i - 1));
    if (column.empty()) return absl::InvalidArgumentError("names no column between { and }");
    parsed.AddLiteral(std::exchange(literal, {}));
    parsed.parts_.push_back({"", columns.PlaceOf(column)});
    i = end;
  }
  parsed.AddLiteral(std::move(literal));
  return parsed;
}

bool TextTemplate::Render(const RowCells& row, std::string& buffer, std::string_view* text) const {
  if (parts_.size() == 1) {
    const Part& part = parts_.front();
    *text = TrimAscii(part.column == kLiteral ? part.literal : row.Cell(part.column));
    return !text->empty();
  }
  buffer.clear();
  for (const Part& part : parts_) {
    if (part.column == kLiteral) {
      buffer += part.literal;
      continue;
    }
    const std::string_view cell = TrimAscii(row.Cell(part.column));
    if (cell.empty()) return false;
    buffer += cell;
  }
  *text = TrimAscii(buffer);
  return !text->empty();
}

bool TextTemplate::is_constant() const {
  return std::all_of(parts_.begin(), parts_.end(),
                     [](const Part& part) { return part.column == kLiteral; });
}

void TextTemplate::AppendColumns(const ColumnNames& columns,
                                 std::vector<std::string>& names) const {
  for (const Part& part : parts_) {
    if (part.column != kLiteral) names.push_back(columns.names()[part.column]);
  }
}

TextTemplate ParseTemplate(std::string_view text, const std::string& path, ColumnNames& columns,
                           absl::Status& fault) {
  absl::StatusOr<TextTemplate> parsed = TextTemplate::Parse(text, columns);
  if (parsed.ok() && !parsed->empty()) return *std::move(parsed);
  const std::string why = parsed.ok() ? "is empty" : std::string(parsed.status().message());
  if (fault.ok()) fault = InvalidField(path, Quoted(text) + " " + why);
  return {};
}

TextTemplate ParseCurrencyTemplate(std::string_view text, const std::string& path,
                                   ColumnNames& columns, absl::Status& fault) {
  TextTemplate currency = ParseTemplate(text, path, columns, fault);
  if (!fault.ok() || !currency.is_constant()) return currency;
  std::string buffer;
  std::string_view code;
  currency.Render({}, buffer, &code);
  const absl::Status status = ParseCurrency(code).status();
  if (!status.ok()) fault = InvalidField(path, std::string(status.message()));
  return currency;
}

void ParseTimes(std::string_view format, const std::string& path, ValueStyle& style,
                absl::Status& fault) {
  absl::StatusOr<TimeFormat> times = TimeFormat::Compile(format, style.zone);
  absl::StatusOr<TimeFormat> days = TimeFormat::Compile(format);
  if (times.ok() && days.ok()) {
    style.times = std::make_shared<const TimeFormat>(*std::move(times));
    style.days = std::make_shared<const TimeFormat>(*std::move(days));
  } else if (fault.ok()) {
    const absl::Status& why = times.ok() ? days.status() : times.status();
    fault = InvalidField(path, std::string(why.message()));
  }
}

// --- Values. ---

ValueTemplate ValueTemplate::Parse(const ParsedJson& json, const std::string& path, ValueType type,
                                   const ValueStyle& style, ColumnNames& columns,
                                   absl::Status& fault) {
  ValueTemplate value;
  value.style_ = style;
  if (type != ValueType::kMoney) value.style_.currency = {};
  if (json.text() != nullptr) {
    value.text_ = ParseTemplate(*json.text(), path, columns, fault);
  } else if (json.boolean() != nullptr || json.is_whole_number()) {
    value.text_ = ParseTemplate(json.Written(), path, columns, fault);
  } else if (json.object() != nullptr) {
    value.ParseObject(json, path, type, columns, fault);
  } else if (fault.ok()) {
    fault = InvalidField(path, "is " + std::string(json.TypeName()) +
                                   ", neither a text nor an object with \"value\"");
  }
  if (fault.ok() && type == ValueType::kMoney && value.style_.currency.empty()) {
    fault = InvalidField(path, "needs a currency, here or for the whole file");
  }
  return value;
}

void ValueTemplate::ParseObject(const ParsedJson& json, const std::string& path, ValueType type,
                                ColumnNames& columns, absl::Status& fault) {
  JsonMembers members(json, path, fault);
  members.Require("value");
  std::string text, format, currency;
  members.Text("value", kMaxNoteBytes, text);
  if (fault.ok()) text_ = ParseTemplate(text, members.PathOf("value"), columns, fault);
  if (const ParsedJson* map = members.Find("map")) ParseMap(*map, members.PathOf("map"), fault);
  members.Text("default", kMaxNoteBytes, default_);
  if (type == ValueType::kTime || type == ValueType::kDay) {
    members.Text("format", kMaxKeyBytes, format);
    if (!format.empty() && fault.ok()) {
      ParseTimes(format, members.PathOf("format"), style_, fault);
    }
  }
  if (type == ValueType::kMoney) {
    members.Text("currency", kMaxKeyBytes, currency);
    if (!currency.empty() && fault.ok()) {
      style_.currency = ParseCurrencyTemplate(currency, members.PathOf("currency"), columns, fault);
    }
  }
  members.Finish();
}

void ValueTemplate::ParseMap(const ParsedJson& json, const std::string& path, absl::Status& fault) {
  const JsonMembers members(json, path, fault);
  if (!fault.ok()) return;
  for (const auto& [from, to] : *json.object()) {
    if (to.text() == nullptr) {
      fault = InvalidField(path, Quoted(from) + " is not mapped to a text");
      return;
    }
    map_.emplace(from, *to.text());
  }
}

bool ValueTemplate::Render(const RowCells& row, std::string& buffer, std::string_view* text) const {
  bool given = text_.Render(row, buffer, text);
  if (given && !map_.empty()) {
    if (const auto found = map_.find(*text); found != map_.end()) {
      *text = found->second;
      given = !text->empty();
    }
  }
  if (given || default_.empty()) return given;
  *text = default_;
  return true;
}

void ValueTemplate::AppendColumns(const ColumnNames& columns,
                                  std::vector<std::string>& names) const {
  text_.AppendColumns(columns, names);
  style_.currency.AppendColumns(columns, names);
}

}  // namespace throughline
