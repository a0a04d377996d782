#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/import/csv_reader.h"
#include "ledger/import/fact_file.h"
#include "model/abseil_text.h"
#include "model/hash_map.h"
#include "throughline/attribution.h"
#include "throughline/error.h"

// Files of plain paths for attribution.

namespace throughline {
namespace {

constexpr char kBetweenTouches = '>';

// Columns by name, where the header has them.
struct PathFileColumns {
  std::optional<size_t> path, conversions, value, nulls, days;
};

// `column` may be empty: the fault is of the whole line.
absl::Status AtLine(uint64_t line, std::string_view column, std::string_view why) {
  return InvalidField(absl::StrCat("line ", line, column.empty() ? "" : ", ", ToAbsl(column)), why);
}

absl::StatusOr<PathFileColumns> ColumnsOf(const CsvRow& header) {
  PathFileColumns columns;
  const std::pair<std::string_view, std::optional<size_t>*> names[] = {
      {"path", &columns.path},
      {"total_conversions", &columns.conversions},
      {"total_conversion_value", &columns.value},
      {"total_null", &columns.nulls},
      {"days", &columns.days}};
  for (size_t i = 0; i < header.fields.size(); ++i) {
    const absl::string_view field = absl::StripAsciiWhitespace(ToAbsl(header.fields[i]));
    const auto* named = std::ranges::find(names, FromAbsl(field), [](auto& n) { return n.first; });
    if (named == std::end(names)) continue;
    if (named->second->has_value()) return AtLine(header.line, named->first, "is there twice");
    *named->second = i;
  }
  if (!columns.path) return AtLine(header.line, "path", "there is no such column");
  if (columns.conversions) return columns;
  return AtLine(header.line, "total_conversions", "there is no such column");
}

// Reads rows into columns. A fault is in the status; the line is added by who knows it.
class PathFileReader {
 public:
  explicit PathFileReader(const PathFileColumns& columns) : at_(columns) { out_.begins = {0}; }

  absl::Status Take(const CsvRow& row) {
    absl::Status status = AddTouches(row);
    if (status.ok()) {
      status = TakeNumber(row, at_.conversions, "total_conversions", 0.0, out_.conversions);
    }
    if (status.ok()) status = TakeNumber(row, at_.nulls, "total_null", 0.0, out_.nulls);
    if (status.ok()) {
      status = TakeNumber(row, at_.value, "total_conversion_value", std::nullopt, out_.values);
    }
    if (status.ok() && at_.days) status = TakeDays(row);
    return status;
  }

  PathColumns Finish(std::span<const std::string> direct) && {
    for (const std::string& name : direct) {
      const auto at = numbers_.find(name);
      if (at != numbers_.end()) out_.direct_keys.push_back(at->second);
    }
    return std::move(out_);
  }

 private:
  absl::Status AddTouches(const CsvRow& row) {
    const absl::string_view path = absl::StripAsciiWhitespace(ToAbsl(row.fields[*at_.path]));
    if (!path.empty()) {
      for (const absl::string_view part : absl::StrSplit(path, kBetweenTouches)) {
        const absl::string_view name = absl::StripAsciiWhitespace(part);
        if (name.empty()) return AtLine(row.line, "path", "a touch has no name");
        out_.touches.push_back(NumberOf(std::string(name)));
      }
    }
    out_.begins.push_back(out_.touches.size());
    return absl::OkStatus();
  }

  uint32_t NumberOf(std::string name) {
    const auto [at, is_new] = numbers_.try_emplace(name, static_cast<uint32_t>(numbers_.size()));
    if (is_new) out_.keys.push_back(std::move(name));
    return at->second;
  }

  // An empty field is 0.
  absl::Status TakeNumber(const CsvRow& row, std::optional<size_t> column, std::string_view name,
                          std::optional<double> least, std::vector<double>& to) {
    if (!column) return absl::OkStatus();
    const absl::string_view text = absl::StripAsciiWhitespace(ToAbsl(row.fields[*column]));
    double number = 0;
    if (!text.empty() && (!absl::SimpleAtod(text, &number) || !std::isfinite(number))) {
      return AtLine(row.line, name, absl::StrCat("'", text, "' is not a number"));
    }
    if (least && number < *least) {
      return AtLine(row.line, name, absl::StrCat("'", text, "' is less than ", *least));
    }
    to.push_back(number);
    return absl::OkStatus();
  }

  absl::Status TakeDays(const CsvRow& row) {
    const absl::string_view all = absl::StripAsciiWhitespace(ToAbsl(row.fields[*at_.days]));
    const size_t begin = out_.begins[out_.begins.size() - 2];
    for (absl::string_view part : absl::StrSplit(all, kBetweenTouches, absl::SkipWhitespace())) {
      part = absl::StripAsciiWhitespace(part);
      double day = 0;
      if (!absl::SimpleAtod(part, &day) || !std::isfinite(day)) {
        return AtLine(row.line, "days", absl::StrCat("'", part, "' is not a number"));
      }
      if (out_.days.size() > begin && day < out_.days.back()) {
        return AtLine(row.line, "days", absl::StrCat("'", part, "' is less than the one before"));
      }
      out_.days.push_back(day);
    }
    if (out_.days.size() == out_.touches.size()) return absl::OkStatus();
    return AtLine(row.line, "days",
                  absl::StrCat("there are ", out_.days.size() - begin, " for ",
                               out_.touches.size() - begin, " touches"));
  }

  PathFileColumns at_;
  PathColumns out_;
  HashMap<std::string, uint32_t> numbers_;
};

absl::Status FaultOf(const CsvError& error) {
  return AtLine(error.line, error.column == 0 ? "" : absl::StrCat("column ", error.column),
                error.why);
}

absl::StatusOr<PathColumns> ReadRows(CsvReader reader, std::span<const std::string> direct) {
  CsvRow row;
  std::optional<PathFileReader> rows;
  while (true) {
    const absl::StatusOr<bool> more = reader.Next(row);
    if (!more.ok()) return more.status();
    if (!*more) break;
    if (row.error) return FaultOf(*row.error);
    if (rows) {
      if (absl::Status status = rows->Take(row); !status.ok()) return status;
      continue;
    }
    const absl::StatusOr<PathFileColumns> columns = ColumnsOf(row);
    if (!columns.ok()) return columns.status();
    rows.emplace(*columns);
  }
  if (!rows) return InvalidField("path", "the file is empty: its first line names the columns");
  return std::move(*rows).Finish(direct);
}

}  // namespace

absl::StatusOr<PathColumns> ReadPathColumns(std::string_view path,
                                            std::span<const std::string> direct) {
  const absl::StatusOr<std::unique_ptr<TextSource>> source = TextSource::Open(path);
  if (!source.ok()) return source.status();
  absl::StatusOr<PathColumns> columns = ReadRows(CsvReader(source->get()), direct);
  if (columns.ok()) return columns;
  return WithDetail(InFile(std::string(path), columns.status()), DetailOf(columns.status()));
}

}  // namespace throughline
