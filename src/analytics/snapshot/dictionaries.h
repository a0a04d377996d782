#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_DICTIONARIES_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_DICTIONARIES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "analytics/snapshot/number_table.h"
#include "analytics/snapshot/stable_vector.h"
#include "model/hash_map.h"
#include "throughline/event.h"

// What facts say by number. A number means the same in a snapshot and in all that are refreshed
// from it: they share these, and only add to them.

namespace throughline {

// Values by number, in the order in which they turned up. 0 is the value that says nothing.
template <class Value>
class Dictionary {
 public:
  Dictionary() { NumberOf(Value()); }

  size_t size() const { return values_.size(); }
  const Value& operator[](size_t number) const { return values_[number]; }

  // The value's number, a new one if it has none. By the one thread that holds the lock.
  uint32_t NumberOf(const Value& value) {
    const size_t hash = absl::Hash<Value>()(value);
    const uint32_t found =
        numbers_.Find(hash, [&](uint32_t number) { return values_[number] == value; });
    if (found != NumberTable::kNone) return found;
    const auto next = static_cast<uint32_t>(values_.size());
    numbers_.Reserve();
    values_.push_back(value);
    numbers_.Insert(hash, next);
    return next;
  }

  size_t bytes() const { return values_.bytes() + numbers_.bytes(); }

 private:
  StableVector<Value> values_;
  NumberTable numbers_;
};

// A text of 1 to 16 bytes as numbers, quickly compared and hashed: its first and its last bytes,
// which overlap or meet.
struct ShortText {
  static constexpr size_t kMaxBytes = 16;

  ShortText() = default;
  explicit ShortText(std::string_view text) : size(text.size()) {
    const char* const begin = text.data();
    const char* const end = begin + size;
    if (size >= 8) {
      head = At<uint64_t>(begin), tail = At<uint64_t>(end - 8);
    } else if (size >= 4) {
      head = At<uint32_t>(begin), tail = At<uint32_t>(end - 4);
    } else {
      head = At<uint8_t>(begin), tail = At<uint8_t>(begin + size / 2) * 256u + At<uint8_t>(end - 1);
    }
  }

  // Multiplicative hashing (Knuth, The Art of Computer Programming, volume 3, 6.4).
  size_t Slot(size_t slots) const {
    constexpr uint64_t kOdd = 0x9E3779B97F4A7C15;
    return static_cast<size_t>(((head * kOdd ^ tail) * kOdd + size) * kOdd >> 32) % slots;
  }

  friend bool operator==(const ShortText&, const ShortText&) = default;

  uint64_t head = 0;
  uint64_t tail = 0;
  size_t size = 0;

 private:
  template <class Number>
  static Number At(const char* bytes) {
    Number number;
    std::memcpy(&number, bytes, sizeof(number));
    return number;
  }
};

// Texts, sought by views. Numbers fit 16 bits: what turns up when they are used up is "(others)".
class TextDictionary {
 public:
  static constexpr uint32_t kOthers = UINT16_MAX;

  TextDictionary() { Look(""); }

  size_t size() const { return values_.size(); }
  const std::string& operator[](size_t number) const { return values_[number]; }

  // 0 if there is no such text. By any thread.
  uint32_t Find(std::string_view text) const {
    for (size_t number = 1; number < size(); ++number) {
      if (values_[number] == text) return static_cast<uint32_t>(number);
    }
    return 0;
  }

  // The text's number, a new one if it has none. By the one thread that holds the lock.
  uint32_t NumberOf(std::string_view text) {
    if (text.empty()) return 0;
    if (text.size() > ShortText::kMaxBytes) return Look(text);
    const ShortText key(text);
    Recent& recent = recent_[key.Slot(recent_.size())];
    if (recent.text != key) recent = {key, Look(text)};
    return recent.number;
  }

  size_t bytes() const { return values_.bytes() + numbers_.bytes(); }

 private:
  // What was asked for last, of those that share a place: events say the same few texts again and
  // again.
  struct Recent {
    ShortText text;
    uint32_t number = 0;
  };

  uint32_t Look(std::string_view text) {
    // Of Abseil's view, which it hashes itself: it leaves the standard's to a slower function.
    const size_t hash = absl::Hash<absl::string_view>()({text.data(), text.size()});
    const uint32_t found =
        numbers_.Find(hash, [&](uint32_t number) { return values_[number] == text; });
    if (found != NumberTable::kNone) return found;
    const auto next = static_cast<uint32_t>(values_.size());
    if (next > kOthers) return kOthers;
    numbers_.Reserve();
    values_.push_back(next == kOthers ? "(others)" : std::string(text));
    if (next < kOthers) numbers_.Insert(hash, next);
    return next;
  }

  StableVector<std::string> values_;
  NumberTable numbers_;
  std::array<Recent, 256> recent_;
};

// What touches have in common: many say the same.
struct TouchShape {
  uint32_t channel = 0;
  uint32_t kind = 0;
  uint32_t campaign = 0;  // id
  uint32_t owner = 0;     // id
  Side side = Side::kNone;
  Direction direction = Direction::kNone;
  bool response = false;
  bool follow_up = false;

  friend bool operator==(const TouchShape&, const TouchShape&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const TouchShape& s) {
    const auto pair = [](uint32_t a, uint32_t b) { return uint64_t{a} << 32 | b; };
    const auto flags = static_cast<uint32_t>(s.side) << 24 |
                       static_cast<uint32_t>(s.direction) << 16 |
                       static_cast<uint32_t>(s.response) << 8 | static_cast<uint32_t>(s.follow_up);
    return H::combine(std::move(h), pair(s.channel, s.kind), pair(s.campaign, s.owner), flags);
  }
};

// A declared attribute's name and value, by the numbers of their texts.
using Tag = std::pair<uint32_t, uint32_t>;

struct Dictionaries {
  std::mutex adding;  // held by who adds

  TextDictionary channels;
  TextDictionary touch_kinds;
  TextDictionary reasons;
  TextDictionary lead_types;
  TextDictionary attributes;  // names and values
  Dictionary<Tag> tags;
  Dictionary<TouchShape> shapes;

  StableVector<StageRef> stages;  // in the order in which they turned up
  HashMap<int64_t, uint32_t> stage_numbers;

  uint32_t StageOf(const StageRef& stage) {
    const auto next = static_cast<uint32_t>(stages.size());
    const auto [at, is_new] = stage_numbers.try_emplace(stage.id, next);
    if (is_new) stages.push_back(stage);
    return at->second;
  }

  size_t bytes() const {
    return channels.bytes() + touch_kinds.bytes() + reasons.bytes() + lead_types.bytes() +
           attributes.bytes() + tags.bytes() + shapes.bytes() + stages.bytes();
  }
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_DICTIONARIES_H_
