#ifndef THROUGHLINE_TESTS_MODEL_RANDOM_VALUE_H_
#define THROUGHLINE_TESTS_MODEL_RANDOM_VALUE_H_

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "throughline/command.h"
#include "throughline/event.h"
#include "throughline/field.h"
#include "throughline/row.h"

// Random contents for every struct with a field list: each member is left at its default as often
// as not, for what is left out is half of what an encoding has to get right.

namespace throughline::testing {

// THROUGHLINE_SEED repeats a run; tests print the seed when they fail.
inline uint64_t TestSeed() {
  if (const char* seed = std::getenv("THROUGHLINE_SEED")) return std::strtoull(seed, nullptr, 10);
  return std::random_device{}();
}

class RandomValues {
 public:
  explicit RandomValues(uint64_t seed) : random_(seed) {}

  uint64_t Below(uint64_t n) { return random_() % n; }
  bool Coin() { return Below(2) == 0; }

  // Numbers of every length.
  uint64_t Bits() { return random_() >> Below(64); }

  void Fill(bool& value) { value = Coin(); }
  void Fill(int64_t& value) { value = static_cast<int64_t>(Below(4) == 0 ? ~Bits() : Bits()); }
  void Fill(uint32_t& value) { value = static_cast<uint32_t>(Bits()); }
  void Fill(uint64_t& value) { value = Bits(); }
  void Fill(Time& time) { Fill(time.micros); }
  void Fill(Date& date) { date.days = static_cast<int32_t>(Bits() * (Coin() ? 1 : -1)); }
  void Fill(EventId& id) { Fill(id.packed); }
  void Fill(Moment& moment) { Fill(moment.at), Fill(moment.day); }

  template <class Tag>
  void Fill(Id<Tag>& id) {
    Fill(id.value);
  }

  template <class Enum>
  requires std::is_enum_v<Enum>
  void Fill(Enum& value) { value = static_cast<Enum>(Below(4)); }

  // Of any length that matters to the encoding; sometimes with all that JSON escapes.
  void Fill(std::string& text) {
    constexpr std::string_view kLetters = "abcdefghij \"\\\n\t{}:,\x01";
    text.clear();
    const uint64_t length = Below(8) == 0 ? Below(300) : Below(20);
    for (uint64_t i = 0; i < length; ++i) text.push_back(kLetters[Below(kLetters.size())]);
    if (Below(4) == 0) text += "\u00fc\u4e16\U0001F600";
  }

  void Fill(Currency& currency) {
    for (char& letter : currency.code) letter = static_cast<char>('A' + Below(26));
  }
  void Fill(Money& money) { Fill(money.minor), Fill(money.currency); }

  void Fill(ExternalId& id) { Fill(id.system), Fill(id.key); }
  void Fill(EventRef& ref) { Fill(ref.id), Fill(ref.key); }
  template <class Tag>
  void Fill(Ref<Tag>& ref) {
    Fill(ref.id), Fill(ref.external);
  }

  template <class T>
  void Fill(std::optional<T>& value) {
    if (Coin()) Fill(value.emplace());
  }

  template <class T>
  void Fill(std::vector<T>& items) {
    items.resize(Below(4));
    for (T& item : items) Fill(item);
  }

  // Names within one record are unique.
  void Fill(std::vector<Attribute>& attributes) {
    attributes.resize(Below(4));
    for (size_t i = 0; i < attributes.size(); ++i) {
      Fill(attributes[i].name);
      attributes[i].name += std::to_string(i);
      Fill(attributes[i].value);
    }
  }

  template <HasFields T>
  void Fill(T& value) {
    ForEachField<T>([&](const auto& field) {
      if (Coin()) Fill(value.*field.member);
    });
  }

  void Fill(Event& event) {
    Fill(event.occurred_at), Fill(event.occurred_day), Fill(event.entered_at);
    if (Coin()) Fill(event.fact), Fill(event.breaches), Fill(event.actor);
    FillAlternative(event.payload);
  }

  void Fill(Context& context) {
    Fill(context.actor), Fill(context.occurred_at), Fill(context.request_id);
    Fill(context.expected_version), Fill(context.entered_at), Fill(context.fact);
    context.mode = Coin() ? Mode::kEnforce : Mode::kObserve;
  }

  template <class... Alternatives>
  void FillAlternative(std::variant<Alternatives...>& value) {
    FillAlternative(value, Below(sizeof...(Alternatives)));
  }

  template <class... Alternatives>
  void FillAlternative(std::variant<Alternatives...>& value, size_t index) {
    size_t position = 0;
    ((position++ == index ? static_cast<void>(value.template emplace<Alternatives>()) : void()),
     ...);
    std::visit(
        [this]<class T>(T& alternative) {
          if constexpr (!std::is_same_v<T, std::monostate>) Fill(alternative);
        },
        value);
  }

  template <class T>
  T Make() {
    T value;
    Fill(value);
    return value;
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace throughline::testing

#endif  // THROUGHLINE_TESTS_MODEL_RANDOM_VALUE_H_
