#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/fact_key.h"
#include "model/json.h"
#include "nlohmann/json.hpp"

// Facts are written by the million, so they go straight into text.

namespace throughline {
namespace {

bool NeedsEscape(char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; }

void Append(std::string_view text, std::string& out) {
  if (std::any_of(text.begin(), text.end(), NeedsEscape)) {
    using Json = nlohmann::json;
    out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  } else {
    out.append("\"").append(text).append("\"");
  }
}

void Append(const std::string& text, std::string& out) { Append(std::string_view(text), out); }

void Append(int64_t value, std::string& out) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
}

void Append(bool value, std::string& out) { out += value ? "true" : "false"; }
void Append(Date date, std::string& out) { Append(FormatDate(date), out); }
void Append(Time time, std::string& out) { Append(FormatTime(time), out); }
void Append(const Moment& moment, std::string& out) { Append(FormatMoment(moment), out); }
void Append(const Money& money, std::string& out) { Append(FormatMoney(money), out); }
void Append(const Currency& currency, std::string& out) { Append(currency.view(), out); }

void Append(const ExternalId& id, std::string& out) {
  std::string text;
  text.reserve(id.system.size() + 1 + id.key.size());
  Append(text.append(id.system).append(":").append(id.key), out);
}

void Append(const EventRef& ref, std::string& out) {
  if (!ref.id) return Append(ref.key, out);
  Append(std::to_string(ref.id.seq()) + ":" + std::to_string(ref.id.ordinal()), out);
}

template <class Tag>
void Append(const Ref<Tag>& ref, std::string& out) {
  ref.id ? Append(ref.id.value, out) : Append(ref.external, out);
}

template <NamedEnum Enum>
void Append(Enum value, std::string& out) {
  Append(NameOf(value), out);
}

template <class T>
void Append(const std::optional<T>& value, std::string& out) {
  Append(*value, out);
}

// Calls `append(item)` for each item, with commas between.
template <class T, class AppendItem>
void AppendItems(const std::vector<T>& items, std::string& out, AppendItem append) {
  for (const T& item : items) {
    if (&item != items.data()) out += ',';
    append(item);
  }
}

void Append(const std::vector<Attribute>& attributes, std::string& out) {
  out += '{';
  AppendItems(attributes, out, [&](const Attribute& attribute) {
    Append(attribute.name, out);
    out += ':';
    Append(attribute.value, out);
  });
  out += '}';
}

template <class T>
void Append(const std::vector<T>& items, std::string& out) {
  out += '[';
  AppendItems(items, out, [&](const T& item) { Append(item, out); });
  out += ']';
}

// A member of the fact, unless it has its default.
template <class T>
void AppendMember(std::string_view name, const T& value, std::string& out) {
  if (value == T()) return;
  out.append(",\"").append(name).append("\":");
  Append(value, out);
}

void AppendContext(const Context& context, std::string& out) {
  AppendMember("at", context.occurred_at, out);
  AppendMember("actor", context.actor, out);
  AppendMember("request_id", context.request_id, out);
  AppendMember("expected_version", context.expected_version, out);
  AppendMember("mode", context.mode, out);
  AppendMember("entered_at", context.entered_at, out);
  if (context.fact != 0) AppendMember("key", FactKeyText(context.fact), out);
}

}  // namespace

std::string FactToJson(const Command& command, const Context& context) {
  std::string out;
  out.reserve(256);
  std::visit(
      [&]<class Kind>(const Kind& value) {
        out.append("{\"fact\":\"").append(Kind::kName).append("\"");
        AppendContext(context, out);
        ForEachField<Kind>(
            [&](const auto& field) { AppendMember(field.name, value.*field.member, out); });
      },
      command);
  out += '}';
  return out;
}

}  // namespace throughline
