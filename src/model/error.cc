#include "throughline/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"
#include "model/wire_read.h"
#include "model/wire_write.h"

namespace throughline {
namespace wire {

template <>
struct Shape<ErrorDetail> {
  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "field", &ErrorDetail::field), MakeField(2, "rule", &ErrorDetail::rule),
        MakeField(3, "account", &ErrorDetail::account),
        MakeField(4, "version", &ErrorDetail::version), MakeField(5, "id", &ErrorDetail::id));
  }
};

}  // namespace wire

namespace {

constexpr char kPayloadType[] = "throughline/ErrorDetail";

std::string Message(std::string_view name, std::string_view why) {
  return absl::StrCat(ToAbsl(name), ": ", ToAbsl(why));
}

}  // namespace

ErrorDetail DetailOf(const absl::Status& status) {
  ErrorDetail detail;
  const auto payload = status.GetPayload(kPayloadType);
  if (payload.has_value() && !wire::DecodeMessage(std::string(*payload), detail).ok()) return {};
  return detail;
}

absl::Status WithDetail(absl::Status status, const ErrorDetail& detail) {
  std::string bytes;
  wire::AppendMessage(detail, bytes);
  status.SetPayload(kPayloadType, absl::Cord(bytes));
  return status;
}

absl::Status InvalidField(std::string_view field, std::string_view why) {
  return WithDetail(absl::InvalidArgumentError(Message(field, why)),
                    ErrorDetail{.field = std::string(field)});
}

absl::Status NotFoundField(std::string_view field, std::string_view why) {
  return WithDetail(absl::NotFoundError(Message(field, why)),
                    ErrorDetail{.field = std::string(field)});
}

absl::Status RefusedByRule(std::string_view rule, std::string_view why) {
  return WithDetail(absl::FailedPreconditionError(Message(rule, why)),
                    ErrorDetail{.rule = std::string(rule)});
}

}  // namespace throughline
