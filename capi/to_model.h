#ifndef THROUGHLINE_CAPI_TO_MODEL_H_
#define THROUGHLINE_CAPI_TO_MODEL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "throughline.h"
#include "throughline/command.h"
#include "throughline/error.h"
#include "throughline/limits.h"
#include "throughline/read.h"
#include "throughline/report.h"

// Values of the C interface as values of the library: Take(where, in, out). Only what has no
// meaning at all is refused here, INVALID_ARGUMENT with the name of the member; the core judges the
// rest.

namespace throughline::capi {

// Where a value stands: a member, or an item of a list. Put together only for an error.
struct Where {
  std::string_view member;
  int64_t item = -1;
  std::string_view part = {};

  std::string Path() const;
};
absl::Status Fault(const Where& where, std::string_view why);

// No text that the library takes is longer: a policy file with every quote escaped, as a fact.
inline constexpr size_t kMaxTextBytes = 4 * kMaxPolicyBytes;

// A view of the caller's text.
absl::Status ViewOf(const Where& where, const char* data, size_t size, std::string_view& out);
inline absl::Status ViewOf(const Where& where, const tl_text& in, std::string_view& out) {
  return ViewOf(where, in.data, in.size, out);
}

// A path, which is not empty and has no NUL.
absl::Status TakePath(const Where& where, const tl_text& in, std::string& out);

absl::Status CheckTruth(const Where& where, int32_t value);
absl::Status CheckZero(const Where& where, int64_t value);
absl::Status CheckId(const Where& where, int64_t id);
absl::Status CheckRefId(const Where& where, int64_t id);  // TL_OPENED_BEFORE is one, too
absl::Status CheckListSize(const Where& where, const void* items, size_t count);
absl::Status NoSuchValue(const Where& where, int64_t value);

absl::Status Take(const Where& where, const tl_text& in, std::string& out);
absl::Status Take(const Where& where, const tl_text& in, std::optional<std::string>& out);
absl::Status Take(const Where& where, const tl_external_id& in, ExternalId& out);
absl::Status Take(const Where& where, const tl_attribute& in, Attribute& out);
absl::Status Take(const Where& where, const tl_event_ref& in, EventRef& out);
absl::Status Take(const Where& where, const tl_date& in, std::optional<Date>& out);
absl::Status Take(const Where& where, const tl_date& in, Date& out);
absl::Status Take(const Where& where, const tl_moment& in, std::optional<Moment>& out);
absl::Status Take(const Where& where, const char (&in)[4], Currency& out);
absl::Status Take(const Where& where, const tl_text& in, Currency& out);
absl::Status Take(const Where& where, const tl_money& in, std::optional<Money>& out);
absl::Status Take(const Where& where, const tl_money& in, Money& out);
absl::Status Take(const Where& where, int32_t in, std::optional<bool>& out);
absl::Status Take(const Where& where, const tl_optional& in, std::optional<int64_t>& out);
absl::Status Take(const Where& where, const tl_optional& in, std::optional<Time>& out);
absl::Status Take(const Where& where, const tl_report_filter& in, ReportFilter& out);
inline absl::Status Take(const Where&, int64_t in, int64_t& out) {
  out = in;
  return absl::OkStatus();
}

// The members of an identity; NULL: none.
absl::Status TakeIdentity(std::string_view name, const tl_identity* in, Identity& out);
inline absl::Status Take(const Where& where, const tl_identity* in, Identity& out) {
  return TakeIdentity(where.member, in, out);
}

absl::Status TakeMode(const Where& where, int32_t in, Mode& out);

template <class Tag>
absl::Status Take(const Where& where, const tl_ref& in, Ref<Tag>& out) {
  if (absl::Status status = CheckRefId(where, in.id); !status.ok()) return status;
  out.id.value = in.id;
  return Take(where, tl_external_id{in.system, in.key}, out.external);
}

template <NamedEnum Enum>
absl::Status Take(const Where& where, int32_t in, Enum& out) {
  for (const auto& [value, name] : EnumNames<Enum>::kValues) {
    if (static_cast<int32_t>(value) != in) continue;
    out = value;
    return absl::OkStatus();
  }
  return NoSuchValue(where, in);
}

template <class Items, class T>
absl::Status TakeItems(const Where& where, const Items& in, std::vector<T>& out) {
  if (absl::Status status = CheckListSize(where, in.items, in.count); !status.ok()) return status;
  out.resize(in.count);
  for (size_t i = 0; i < in.count; ++i) {
    const Where item{where.member, static_cast<int64_t>(i)};
    if (absl::Status status = Take(item, in.items[i], out[i]); !status.ok()) return status;
  }
  return absl::OkStatus();
}

inline absl::Status Take(const Where& where, const tl_texts& in, std::vector<std::string>& out) {
  return TakeItems(where, in, out);
}
inline absl::Status Take(const Where& where, const tl_refs& in, std::vector<LeadRef>& out) {
  return TakeItems(where, in, out);
}
inline absl::Status Take(const Where& where, const tl_attributes& in, std::vector<Attribute>& out) {
  return TakeItems(where, in, out);
}
inline absl::Status Take(const Where& where, const tl_external_ids& in,
                         std::vector<ExternalId>& out) {
  return TakeItems(where, in, out);
}

// NULL: the defaults.
absl::Status TakeContext(const tl_context* in, Context& out);
absl::Status TakeAsOf(const tl_as_of* in, AsOfRequest& out);
absl::Status TakeFilter(const tl_filter* in, RecordFilter& out);
absl::Status TakeReportRequest(const tl_report_options* in, ReportRequest& out);
absl::Status TakePage(const tl_page* in, PageRequest& out);
absl::Status TakePage(int64_t size, const tl_text& cursor, PageRequest& out);

// `in` may not be NULL.
template <class Tag>
absl::Status TakeRef(std::string_view name, const tl_ref* in, Ref<Tag>& out) {
  return in == nullptr ? InvalidField(name, "is NULL") : Take(Where{name}, *in, out);
}

}  // namespace throughline::capi

#endif  // THROUGHLINE_CAPI_TO_MODEL_H_
