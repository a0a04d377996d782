#ifndef THROUGHLINE_TESTS_MODEL_VALID_VALUE_H_
#define THROUGHLINE_TESTS_MODEL_VALID_VALUE_H_

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "throughline/command.h"
#include "throughline/limits.h"

// Random commands within the bounds of the fact format: what FactParser has to take as it is. (The
// contents of random_value.h are wilder: they need only survive the codec.)

namespace throughline::testing {

class ValidValues {
 public:
  explicit ValidValues(uint64_t seed) : random_(seed) {}

  Command MakeCommand(size_t kind) {
    Command command;
    EmplaceKind(command, kind, std::make_index_sequence<std::variant_size_v<Command>>());
    std::visit([this](auto& value) { FillStruct(value); }, command);
    return command;
  }

  Context MakeContext() {
    Context context;
    FillSometimes("actor", context.actor);
    FillSometimes("at", context.occurred_at);
    FillSometimes("request_id", context.request_id);
    FillSometimes("entered_at", context.entered_at);
    if (Coin()) context.expected_version = static_cast<int64_t>(random_() >> 1);
    if (Coin()) context.fact = random_() >> Below(64);
    context.mode = Coin() ? Mode::kEnforce : Mode::kObserve;
    return context;
  }

  uint64_t Below(uint64_t n) { return random_() % n; }
  bool Coin() { return Below(2) == 0; }

 private:
  template <size_t... kIndex>
  void EmplaceKind(Command& command, size_t kind, std::index_sequence<kIndex...>) {
    ((kind == kIndex ? static_cast<void>(command.emplace<kIndex>()) : void()), ...);
  }

  template <class Struct>
  void FillStruct(Struct& value) {
    ForEachField<Struct>(
        [&](const auto& field) { FillSometimes(field.name, value.*field.member); });
  }

  template <class T>
  void FillSometimes(std::string_view name, T& value) {
    if (Coin()) Fill(name, value);
  }

  static bool IsName(std::string_view name) {
    return name == "name" || name == "email" || name == "phone" || name == "title" ||
           name == "domains" || name == "removed_domains";
  }

  // A third of the texts are at their limit; keys neither begin nor end with white space.
  std::string Text(size_t max_bytes, std::string_view extra) {
    static constexpr std::string_view kPieces[] = {"a", "Z",  "7",      "-",      ".",
                                                   ":", "\"", "\\",     "/",      "{",
                                                   "]", ",",  "\u00e9", "\u4e16", "\U0001F600"};
    std::string text = "x";
    const size_t length = Below(3) == 0 ? max_bytes : 1 + Below(20);
    while (text.size() < length) {
      const std::string_view piece = Below(8) == 0 && !extra.empty()
                                         ? extra.substr(Below(extra.size()), 1)
                                         : kPieces[Below(std::size(kPieces))];
      text.append(text.size() + piece.size() < length ? piece : "x");
    }
    return text;
  }

  void Fill(std::string_view name, std::string& value) {
    if (name == "text") {
      value = Text(Below(8) == 0 ? kMaxNoteBytes : 100, " \n\t\r");
    } else if (name == "json") {
      value = Text(5000, std::string_view(" \n\0\x01", 4));
    } else if (name == "request_id") {
      value = Text(kMaxRequestIdBytes, " ");
    } else {
      value = Text(IsName(name) ? kMaxNameBytes : kMaxKeyBytes, " ");
    }
  }

  void Fill(std::string_view, bool& value) { value = Coin(); }
  void Fill(std::string_view, int64_t& value) { value = static_cast<int64_t>(random_()); }
  void Fill(std::string_view, Date& date) {
    date.days = static_cast<int32_t>(Below(109'572)) - 25'567;
  }
  void Fill(std::string_view, Time& time) {
    const auto range = static_cast<uint64_t>(kMaxTime.micros - kMinTime.micros);
    time.micros = kMinTime.micros + static_cast<int64_t>(Below(range));
  }
  void Fill(std::string_view name, Moment& moment) {
    Fill(name, moment.at);
    moment.day = Coin();
    if (moment.day) moment.at = StartOf(DateOf(moment.at));
  }
  void Fill(std::string_view, Currency& currency) {
    constexpr std::string_view kCodes[] = {"EUR", "USD", "JPY", "KWD", "CHF"};
    kCodes[Below(std::size(kCodes))].copy(currency.code, 3);
  }
  void Fill(std::string_view name, Money& money) {
    money.minor = static_cast<int64_t>(Below(2 * kMaxMinor + 1)) - kMaxMinor;
    if (Coin()) money.minor %= 100'000;
    Fill(name, money.currency);
  }

  template <class Enum>
  requires std::is_enum_v<Enum>
  void Fill(std::string_view, Enum& value) {
    value = EnumNames<Enum>::kValues[Below(EnumNames<Enum>::kValues.size())].first;
  }

  void Fill(std::string_view name, ExternalId& id) {
    Fill(name, id.key);
    id.system = Coin() ? "crm" : "Syst\u00e8me 2";
  }
  void Fill(std::string_view name, EventRef& ref) {
    if (Coin()) return Fill(name, ref.key);
    ref.id = EventId::Of(1 + static_cast<int64_t>(Below((uint64_t{1} << 43) - 1)),
                         static_cast<int64_t>(Below(uint64_t{1} << EventId::kOrdinalBits)));
  }
  template <class Tag>
  void Fill(std::string_view name, Ref<Tag>& ref) {
    if (Coin()) return Fill(name, ref.external);
    ref.id.value = 1 + static_cast<int64_t>((random_() >> 1) >> Below(62)) / 2;
  }

  void Fill(std::string_view, Identity& identity) {
    if (Coin()) return;
    ForEachField<Identity>([&](const auto& field) {
      if (Coin()) Fill(field.name, identity.*field.member);
    });
  }

  template <class T>
  void Fill(std::string_view name, std::optional<T>& value) {
    Fill(name, value.emplace());
  }
  template <class T>
  void Fill(std::string_view name, std::vector<T>& items) {
    items.resize(Below(30) == 0 ? kMaxListItems : Below(4));
    for (T& item : items) Fill(name, item);
  }
  void Fill(std::string_view, std::vector<Attribute>& attributes) {
    attributes.resize(Below(30) == 0 ? kMaxListItems : Below(4));
    for (size_t i = 0; i < attributes.size(); ++i) {
      attributes[i].name = std::to_string(i) + Text(20, " ");
      if (Coin()) attributes[i].value = Text(kMaxNameBytes, " ");
    }
  }

  std::mt19937_64 random_;
};

}  // namespace throughline::testing

#endif  // THROUGHLINE_TESTS_MODEL_VALID_VALUE_H_
