#include "ledger/import/fact_template.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/import/fact_refs.h"
#include "model/abseil_text.h"
#include "model/json.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

// What a member or an item of it is called without its item: "external_ids" of "external_ids[2]".
std::string_view MemberOf(std::string_view path) {
  return path.substr(0, path.find_first_of("[."));
}

// A key that no fact gives itself: no key has a control character.
std::string KeyOfIdentity(std::string_view kind, const ExternalId& external) {
  std::string key(kind);
  key += '\x1f';
  key += external.system;
  key += ':';
  key += external.key;
  return key;
}

}  // namespace

FactTemplate FactTemplate::Parse(const ParsedJson& json, const std::string& path,
                                 const ValueStyle& style, ColumnNames& columns,
                                 absl::Status& fault) {
  FactTemplate parsed;
  JsonMembers members(json, path, fault);
  parsed.ParseKind(members);
  if (!fault.ok()) return parsed;
  std::string about;
  members.Text("about", kMaxNoteBytes, about);
  parsed.ParseWhen(members, columns, fault);
  members.Boolean("unique", parsed.unique_);
  for (const MemberSlot& slot : parsed.kind_->members) {
    const ParsedJson* member = members.Find(slot.name);
    if (member == nullptr) continue;
    parsed.ParseMember(*member, members.PathOf(slot.name), slot, style, columns, fault);
  }
  members.Finish();
  if (fault.ok()) parsed.CheckWhole(members);
  return parsed;
}

void FactTemplate::ParseKind(JsonMembers& members) {
  std::string name;
  members.Require("fact");
  members.Key("fact", name);
  const std::span<const FactKind> kinds = FactKinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(),
                                  [&](const FactKind& kind) { return kind.name == name; });
  if (found == kinds.end()) {
    members.Fail(members.PathOf("fact"), "unknown fact " + Quoted(name));
  } else {
    kind_ = &*found;
  }
}

void FactTemplate::ParseWhen(JsonMembers& members, ColumnNames& columns, absl::Status& fault) {
  const ParsedJson* when = members.Find("when");
  if (when == nullptr) return;
  if (when->list() == nullptr) return ParseCondition(*when, members.PathOf("when"), columns, fault);
  members.List("when", [&](const ParsedJson& item, const std::string& path) {
    ParseCondition(item, path, columns, fault);
  });
}

void FactTemplate::ParseCondition(const ParsedJson& json, const std::string& path,
                                  ColumnNames& columns, absl::Status& fault) {
  Condition condition;
  JsonMembers members(json, path, fault);
  members.Require("value");
  std::string value;
  members.Text("value", kMaxNoteBytes, value);
  if (fault.ok()) condition.value = ParseTemplate(value, members.PathOf("value"), columns, fault);
  bool given = true;
  int ways = 0;
  for (const std::string_view name : {"in", "not_in", "given"}) {
    if (members.Find(name) == nullptr) continue;
    ++ways;
    condition.wanted = name != "not_in";
    if (name == "given") {
      members.Boolean(name, given);
      condition.given = given;
    } else {
      members.Keys(name, condition.texts);
    }
  }
  if (ways != 1) members.Fail(path, "needs one of \"in\", \"not_in\" and \"given\"");
  members.Finish();
  conditions_.push_back(std::move(condition));
}

void FactTemplate::ParseMember(const ParsedJson& json, const std::string& path,
                               const MemberSlot& slot, const ValueStyle& style,
                               ColumnNames& columns, absl::Status& fault) {
  MemberTemplate member;
  member.slot = &slot;
  const auto add = [&](const ParsedJson& value, const std::string& value_path) {
    member.values.push_back(
        ValueTemplate::Parse(value, value_path, slot.type, style, columns, fault));
  };
  const auto fail = [&](const char* wanted) {
    if (fault.ok()) fault = InvalidField(path, std::string("is not ") + wanted);
  };
  if (slot.shape == MemberSlot::Shape::kValue) {
    add(json, path);
  } else if (slot.shape == MemberSlot::Shape::kList) {
    const ParsedJson::List* items = json.list();
    if (items == nullptr || items->size() > kMaxListItems) return fail("a list");
    for (size_t i = 0; i < items->size(); ++i) add((*items)[i], absl::StrCat(path, "[", i, "]"));
  } else {
    const ParsedJson::Object* object = json.object();
    if (object == nullptr || object->size() > kMaxListItems) return fail("an object");
    for (const auto& [name, value] : *object) {
      if (!slot.names.empty() && std::ranges::count(slot.names, name) == 0) {
        if (fault.ok())
          fault = InvalidField(absl::StrCat(path, ".", name), "is not a known member");
        return;
      }
      member.names.push_back(name);
      add(value, absl::StrCat(path, ".", name));
    }
  }
  if (fault.ok()) CheckConstants(member, path, fault);
  members_.push_back(std::move(member));
}

// What does not depend on the row can be found wrong without one.
void FactTemplate::CheckConstants(const MemberTemplate& member, const std::string& path,
                                  absl::Status& fault) const {
  const bool constant = std::all_of(member.values.begin(), member.values.end(),
                                    [](const ValueTemplate& value) { return value.is_constant(); });
  if (!constant) return;
  const RowCells no_row;
  RowReader reader(no_row);
  Command command;
  Context context;
  const absl::Status status = member.slot->set(member, reader, {kind_->emplace(command), &context});
  if (status.ok()) return;
  std::string_view why = FromAbsl(status.message());
  const std::string field = DetailOf(status).field;
  if (why.starts_with(field + ": ")) why.remove_prefix(field.size() + 2);
  // The path has the member already, but not which item of it.
  fault = InvalidField(path + field.substr(std::min(MemberOf(field).size(), field.size())), why);
}

void FactTemplate::CheckWhole(JsonMembers& members) const {
  Command command;
  kind_->emplace(command);
  if (NeedsDate(command)) members.Require("at");
  if (!unique_) return;
  const bool opens = kind_->name.ends_with(".open") || kind_->name.ends_with(".add") ||
                     kind_->name.ends_with(".define");
  if (!opens || Find("external_ids") == nullptr) {
    members.Fail(members.PathOf("unique"), "is for facts that give external_ids to a new record");
  } else if (Find("key") != nullptr) {
    members.Fail(members.PathOf("unique"), "and a key exclude one another");
  }
}

const MemberTemplate* FactTemplate::Find(std::string_view member) const {
  const auto found =
      std::find_if(members_.begin(), members_.end(),
                   [member](const MemberTemplate& m) { return m.slot->name == member; });
  return found == members_.end() ? nullptr : &*found;
}

bool FactTemplate::Holds(const Condition& condition, const RowCells& row) {
  std::string buffer;
  std::string_view text;
  const bool given = condition.value.Render(row, buffer, &text);
  if (condition.given) return given == *condition.given;
  const auto& texts = condition.texts;
  const bool found = std::find(texts.begin(), texts.end(), text) != texts.end();
  return given && found == condition.wanted;
}

absl::StatusOr<bool> FactTemplate::Render(RowReader& row, Command& command,
                                          Context& context) const {
  for (const Condition& condition : conditions_) {
    if (!Holds(condition, row.row())) return false;
  }
  const MemberSlot::Target target{kind_->emplace(command), &context};
  for (const MemberTemplate& member : members_) {
    absl::Status status = member.slot->set(member, row, target);
    if (!status.ok()) return status;
  }
  if (!unique_) return true;
  absl::Status status = IdentifyByIds(command, context);
  if (!status.ok()) return status;
  return true;
}

// By its first id the record is known, whatever else a row says of it.
absl::Status FactTemplate::IdentifyByIds(const Command& command, Context& context) const {
  ForEachDefinedId(command, [&](EntityKind, const ExternalId& external) {
    if (context.fact == 0) context.fact = FactKeyOf(KeyOfIdentity(kind_->name, external));
  });
  if (context.fact != 0) return absl::OkStatus();
  return InvalidField("external_ids", "is blank");
}

std::string FactTemplate::ColumnsOf(std::string_view path, const ColumnNames& columns) const {
  const MemberTemplate* member = Find(MemberOf(path));
  if (member == nullptr) return "";
  const std::string_view inner = path.substr(std::min(path.find('.') + 1, path.size()));
  const auto named = std::find(member->names.begin(), member->names.end(), inner);
  std::vector<std::string> names;
  if (named != member->names.end()) {
    const auto place = static_cast<size_t>(named - member->names.begin());
    member->values[place].AppendColumns(columns, names);
  } else {
    for (const ValueTemplate& value : member->values) value.AppendColumns(columns, names);
  }
  return absl::StrJoin(names, " + ");
}

}  // namespace throughline
