#include "event_row.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>

#include "model/wire.h"
#include "workload.h"

namespace throughline {
namespace {

using wire::Scalar;

constexpr int kFirstMember = 12;
constexpr int kMore = 23;
// In `more` each member ends with the first of these; in a list each part of an item, with the
// second. The third stands for an absent member.
constexpr char kEndOfMember = '\x1f', kEndOfPart = '\x1e', kAbsent = '\x1d';

// Puts out the members of a payload: into their columns, and behind the last one into `more`.
class MemberWriter {
 public:
  explicit MemberWriter(RawStatement& insert) : insert_(insert) {}

  template <class T>
  void Write(const T& value) {
    if constexpr (wire::IsScalar<T>) {
      Int(static_cast<int64_t>(Scalar<T>::ToBits(value)));
    } else if constexpr (std::is_same_v<T, std::string>) {
      Text(value);
    } else if constexpr (std::is_same_v<T, Currency>) {
      Text(value.view());
    } else if constexpr (wire::kIsOptional<T>) {
      value.has_value() ? Write(*value) : WriteAbsent<typename T::value_type>();
    } else if constexpr (wire::kIsVector<T>) {
      std::string list;
      for (const auto& item : value) AppendItem(item, list);
      list.empty() ? Absent() : Text(lists_.emplace_back(std::move(list)));
    } else {
      wire::ForEach<T>([&](const auto& field) { Write(value.*field.member); });
    }
  }

  void Finish() {
    while (column_ < kMore) insert_.Null(1 + column_++);
    more_.empty() ? insert_.Null(1 + kMore) : insert_.Text(1 + kMore, more_);
    insert_.Run();
  }

 private:
  void Int(int64_t value) {
    if (column_ < kMore) {
      insert_.Int(1 + column_++, value);
    } else {
      (more_ += std::to_string(value)) += kEndOfMember;
    }
  }
  void Text(std::string_view value) {
    if (column_ < kMore) {
      insert_.Text(1 + column_++, value);
    } else {
      (more_ += value) += kEndOfMember;
    }
  }
  void Absent() {
    if (column_ < kMore) {
      insert_.Null(1 + column_++);
    } else {
      (more_ += kAbsent) += kEndOfMember;
    }
  }
  template <class T>
  void WriteAbsent() {
    if constexpr (wire::IsMessage<T>) {
      wire::ForEach<T>(
          [&]<class Field>(const Field&) { WriteAbsent<typename Field::MemberType>(); });
    } else {
      Absent();
    }
  }
  template <class T>
  static void AppendItem(const T& item, std::string& list) {
    if constexpr (wire::IsMessage<T>) {
      wire::ForEach<T>([&](const auto& field) { AppendItem(item.*field.member, list); });
    } else if constexpr (wire::IsScalar<T>) {
      (list += std::to_string(Scalar<T>::ToBits(item))) += kEndOfPart;
    } else {
      (list += item) += kEndOfPart;
    }
  }

  RawStatement& insert_;
  int column_ = kFirstMember;
  std::string more_;
  std::deque<std::string> lists_;  // live until the row is written
};

std::string_view TakeUntil(char end, std::string_view& text) {
  const std::string_view part = text.substr(0, text.find(end));
  text.remove_prefix(part.size() + 1);
  return part;
}

int64_t NumberOf(std::string_view text) {
  int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// The other way round.
class MemberReader {
 public:
  explicit MemberReader(const RawStatement& scan) : scan_(scan) {}

  template <class T>
  void Read(T& value) {
    if constexpr (wire::IsScalar<T>) {
      value = Scalar<T>::FromBits(static_cast<uint64_t>(Int()));
    } else if constexpr (std::is_same_v<T, std::string>) {
      value.assign(Text());
    } else if constexpr (std::is_same_v<T, Currency>) {
      const std::string_view code = Text();
      std::copy_n(code.data(), sizeof(value.code), value.code);
    } else if constexpr (wire::kIsOptional<T>) {
      ReadOptional(value);
    } else if constexpr (wire::kIsVector<T>) {
      value.clear();
      if (IsAbsent()) return Skip();
      for (std::string_view list = Text(); !list.empty();) ReadItem(list, value.emplace_back());
    } else {
      wire::ForEach<T>([&](const auto& field) { Read(value.*field.member); });
    }
  }

 private:
  std::string_view More() {
    if (!begun_) more_ = scan_.TextAt(kMore);
    begun_ = true;
    return more_;
  }
  std::string_view NextOfMore() {
    More();
    return TakeUntil(kEndOfMember, more_);
  }
  int64_t Int() { return column_ < kMore ? scan_.IntAt(column_++) : NumberOf(NextOfMore()); }
  std::string_view Text() { return column_ < kMore ? scan_.TextAt(column_++) : NextOfMore(); }
  bool IsAbsent() {
    return column_ < kMore ? scan_.IsNullAt(column_) : More().starts_with(kAbsent);
  }
  void Skip() { column_ < kMore ? void(column_++) : void(NextOfMore()); }

  template <class T>
  void ReadOptional(std::optional<T>& value) {
    if (IsAbsent()) {
      value.reset();
      SkipAll<T>();
    } else {
      Read(value.emplace());
    }
  }
  template <class T>
  void SkipAll() {
    if constexpr (wire::IsMessage<T>) {
      wire::ForEach<T>([&]<class Field>(const Field&) { SkipAll<typename Field::MemberType>(); });
    } else {
      Skip();
    }
  }
  template <class T>
  static void ReadItem(std::string_view& list, T& item) {
    if constexpr (wire::IsMessage<T>) {
      wire::ForEach<T>([&](const auto& field) { ReadItem(list, item.*field.member); });
    } else if constexpr (wire::IsScalar<T>) {
      item = Scalar<T>::FromBits(static_cast<uint64_t>(NumberOf(TakeUntil(kEndOfPart, list))));
    } else {
      item = TakeUntil(kEndOfPart, list);
    }
  }

  const RawStatement& scan_;
  int column_ = kFirstMember;
  std::string_view more_;
  bool begun_ = false;
};

template <size_t kIndex>
void ReadPayload(const RawStatement& scan, EventPayload& payload) {
  auto* value = std::get_if<kIndex>(&payload);
  if (value == nullptr) value = &payload.emplace<kIndex>();
  if constexpr (kIndex > 0) MemberReader(scan).Read(*value);
}

constexpr auto kPayloadReaders = []<size_t... kIndex>(std::index_sequence<kIndex...>) {
  return std::array{&ReadPayload<kIndex>...};
}
(std::make_index_sequence<std::variant_size_v<EventPayload>>());

}  // namespace

void InsertEventRow(RawStatement& insert, const EventHead& head, const Event& event) {
  insert.Int(1, head.seq)
      .Int(2, head.account)
      .Int(3, head.version)
      .Int(4, head.recorded_at)
      .IntOrNull(5, ActorOf(OwnerId{head.actor}, event).value)
      .Int(6, head.policy)
      .Int(7, event.occurred_at.micros)
      .Int(8, event.occurred_day)
      .Null(9)
      .Int(10, static_cast<int64_t>(event.fact))
      .Int(11, event.breaches)
      .Int(12, static_cast<int64_t>(event.payload.index()));
  if (event.entered_at) insert.Int(9, event.entered_at->micros);
  MemberWriter writer(insert);
  std::visit(
      [&]<class Payload>(const Payload& payload) {
        if constexpr (!std::is_same_v<Payload, std::monostate>) writer.Write(payload);
      },
      event.payload);
  writer.Finish();
}

void ReadEventRow(const RawStatement& scan, EventHead& head, Event& event) {
  int column = 0;
  for (int64_t* number : {&head.seq, &head.account, &head.version, &head.recorded_at, &head.actor,
                          &head.policy, &event.occurred_at.micros}) {
    *number = scan.IntAt(column++);
  }
  event.occurred_day = scan.IntAt(7) != 0;
  event.entered_at.reset();
  if (!scan.IsNullAt(8)) event.entered_at = Time{scan.IntAt(8)};
  event.fact = static_cast<uint64_t>(scan.IntAt(9));
  event.breaches = static_cast<uint32_t>(scan.IntAt(10));
  event.actor = OwnerId{head.actor};
  kPayloadReaders[static_cast<size_t>(scan.IntAt(11))](scan, event.payload);
}

}  // namespace throughline
