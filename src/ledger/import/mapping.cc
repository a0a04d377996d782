#include "ledger/import/mapping.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "ledger/import/fact_record.h"
#include "ledger/import/text_encoding.h"
#include "model/json_members.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

constexpr size_t kMaxMappingBytes = kMaxPolicyBytes;

// The members of a file that say how its values are written.
ValueStyle ParseStyle(JsonMembers& members, ColumnNames& columns, absl::Status& fault) {
  ValueStyle style;
  std::string decimal, thousands, dates, currency;
  members.Text("decimal", 1, decimal);
  members.Text("thousands", 1, thousands);
  if (!decimal.empty()) style.number.decimal = decimal.front();
  if (!thousands.empty()) style.number.thousands = thousands.front();
  const absl::Status numbers = CheckNumberFormat(style.number);
  if (!numbers.ok()) {
    members.Fail(members.PathOf(decimal.empty() ? "thousands" : "decimal"),
                 std::string(numbers.message()));
  }
  members.Key("time_zone", style.zone);
  members.Text("dates", kMaxKeyBytes, dates);
  if (fault.ok()) ParseTimes("", members.PathOf("time_zone"), style, fault);
  if (fault.ok()) ParseTimes(dates, members.PathOf("dates"), style, fault);
  members.Text("currency", kMaxKeyBytes, currency);
  if (!currency.empty() && fault.ok()) {
    style.currency = ParseCurrencyTemplate(currency, members.PathOf("currency"), columns, fault);
  }
  return style;
}

char ParseDelimiter(JsonMembers& members) {
  std::string delimiter;
  const ParsedJson* json = members.Find("delimiter");
  if (json == nullptr) return 0;
  if (json->text() != nullptr) delimiter = *json->text();
  if (delimiter.size() == 1 && delimiter.find_first_of("\"\r\n") == delimiter.npos) {
    return delimiter.front();
  }
  members.Fail(members.PathOf("delimiter"), "is not one character such as \",\" or \";\"");
  return 0;
}

FileMapping ParseFile(const ParsedJson& json, const std::string& path, absl::Status& fault) {
  FileMapping file;
  JsonMembers members(json, path, fault);
  members.Require("match");
  members.Require("facts");
  std::string about;
  members.Text("about", kMaxNoteBytes, about);
  members.Text("match", kMaxNameBytes, file.match);
  file.delimiter = ParseDelimiter(members);
  members.Key("encoding", file.encoding);
  if (absl::Status status = CheckEncoding(file.encoding); !status.ok()) {
    members.Fail(members.PathOf("encoding"), std::string(status.message()));
  }
  const ValueStyle style = ParseStyle(members, file.columns, fault);
  members.List("facts", [&](const ParsedJson& item, const std::string& item_path) {
    file.facts.push_back(FactTemplate::Parse(item, item_path, style, file.columns, fault));
  });
  if (file.facts.empty()) members.Fail(members.PathOf("facts"), "is empty");
  members.Finish();
  return file;
}

}  // namespace

absl::StatusOr<Mapping> ParseMapping(std::string_view json) {
  static_assert(kMaxListItems <= FactPosition::kMaxFactsOfRow);
  absl::StatusOr<ParsedJson> parsed = ParseJsonText(json, "mapping", kMaxMappingBytes);
  if (!parsed.ok()) return parsed.status();
  if (parsed->object() == nullptr) return InvalidField("mapping", "is not an object");
  Mapping mapping;
  absl::Status fault;
  JsonMembers root(*parsed, "", fault);
  root.Find("$schema");  // for editors
  std::string about;
  root.Text("about", kMaxNoteBytes, about);
  root.Require("files");
  root.List("files", [&](const ParsedJson& item, const std::string& path) {
    mapping.files.push_back(ParseFile(item, path, fault));
  });
  if (mapping.files.empty()) root.Fail("files", "is empty");
  root.Finish();
  if (!fault.ok()) return fault;
  return mapping;
}

const FileMapping* Mapping::Find(std::string_view path) const {
  const std::string name = std::filesystem::path(path).filename().string();
  const auto found = std::find_if(files.begin(), files.end(), [&](const FileMapping& file) {
    return MatchesGlob(file.match, name);
  });
  return found == files.end() ? nullptr : &*found;
}

// A star first takes nothing, and one character more each time that the rest does not fit.
bool MatchesGlob(std::string_view glob, std::string_view text) {
  size_t g = 0, t = 0, after_star = glob.npos, star_end = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      after_star = ++g;
      star_end = t;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
      ++g;
      ++t;
    } else if (after_star != glob.npos) {
      g = after_star;
      t = ++star_end;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == glob.npos;
}

}  // namespace throughline
