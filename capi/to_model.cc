#include "to_model.h"

#include <algorithm>

#include "model/json.h"
#include "structs.h"
#include "throughline/money.h"
#include "throughline/time.h"

namespace throughline::capi {
namespace {

constexpr int64_t kDefaultPageSize = 100;

bool IsDay(int64_t days) { return days >= DateOf(kMinTime).days && days <= DateOf(kMaxTime).days; }

// The first fault of several readings.
absl::Status FirstFault(std::initializer_list<absl::Status> statuses) {
  for (const absl::Status& status : statuses) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckTime(const Where& where, tl_time time) {
  return IsValid(Time{time}) ? absl::OkStatus() : Fault(where, "is not within 1900..2199");
}

}  // namespace

std::string Where::Path() const {
  std::string path(member);
  if (item >= 0) path += "[" + std::to_string(item) + "]";
  if (!part.empty()) path.append(".").append(part);
  return path;
}

absl::Status Fault(const Where& where, std::string_view why) {
  return InvalidField(where.Path(), why);
}

absl::Status ViewOf(const Where& where, const char* data, size_t size, std::string_view& out) {
  if (data == nullptr && size > 0) return Fault(where, "has a size but is NULL");
  if (size > kMaxTextBytes) {
    return Fault(where, "has more than " + std::to_string(kMaxTextBytes) + " bytes");
  }
  out = {data, size};
  return absl::OkStatus();
}

absl::Status CheckTruth(const Where& where, int32_t value) {
  return value == 0 || value == 1 ? absl::OkStatus() : NoSuchValue(where, value);
}

absl::Status TakePath(const Where& where, const tl_text& in, std::string& out) {
  std::string_view path;
  if (absl::Status status = ViewOf(where, in, path); !status.ok()) return status;
  if (path.empty()) return Fault(where, "is empty");
  if (path.find('\0') != path.npos) return Fault(where, "has a NUL in it");
  out = path;
  return absl::OkStatus();
}

absl::Status CheckZero(const Where& where, int64_t value) {
  return value == 0 ? absl::OkStatus() : Fault(where, "must be 0");
}

absl::Status CheckId(const Where& where, int64_t id) {
  return id >= 0 ? absl::OkStatus() : Fault(where, std::to_string(id) + " is no id");
}

absl::Status CheckRefId(const Where& where, int64_t id) {
  return id == TL_OPENED_BEFORE ? absl::OkStatus() : CheckId(where, id);
}

absl::Status CheckListSize(const Where& where, const void* items, size_t count) {
  if (count > kMaxListItems) {
    return Fault(where, "has more than " + std::to_string(kMaxListItems) + " items");
  }
  if (items == nullptr && count > 0) return Fault(where, "has a count but is NULL");
  return absl::OkStatus();
}

absl::Status NoSuchValue(const Where& where, int64_t value) {
  return Fault(where, std::to_string(value) + " is not one of its values");
}

absl::Status Take(const Where& where, const tl_text& in, std::string& out) {
  std::string_view view;
  if (absl::Status status = ViewOf(where, in, view); !status.ok()) return status;
  out.assign(view.data(), view.size());
  return absl::OkStatus();
}

absl::Status Take(const Where& where, const tl_text& in, std::optional<std::string>& out) {
  out.reset();
  if (in.data == nullptr && in.size == 0) return absl::OkStatus();
  return Take(where, in, out.emplace());
}

absl::Status Take(const Where& where, const tl_external_id& in, ExternalId& out) {
  absl::Status status = Take({where.member, where.item, "system"}, in.system, out.system);
  if (status.ok()) status = Take({where.member, where.item, "key"}, in.key, out.key);
  if (!status.ok()) return status;
  if (out.system.empty() == out.key.empty()) return absl::OkStatus();
  return Fault(where, "has only one of system and key");
}

absl::Status Take(const Where& where, const tl_attribute& in, Attribute& out) {
  absl::Status status = Take({where.member, where.item, "name"}, in.name, out.name);
  if (!status.ok()) return status;
  return Take({where.member, where.item, "value"}, in.value, out.value);
}

absl::Status Take(const Where& where, const tl_event_ref& in, EventRef& out) {
  if (absl::Status status = CheckId(where, in.id); !status.ok()) return status;
  out.id.packed = in.id;
  return Take({where.member, where.item, "key"}, in.key, out.key);
}

absl::Status Take(const Where& where, const tl_date& in, std::optional<Date>& out) {
  out.reset();
  if (absl::Status status = CheckTruth(where, in.given); !status.ok()) return status;
  if (in.given == 0) return absl::OkStatus();
  if (!IsDay(in.days)) return Fault(where, "is not within 1900..2199");
  out = Date{in.days};
  return absl::OkStatus();
}

absl::Status Take(const Where& where, const tl_date& in, Date& out) {
  std::optional<Date> date;
  if (absl::Status status = Take(where, in, date); !status.ok()) return status;
  if (!date) return Fault(where, "is missing");
  out = *date;
  return absl::OkStatus();
}

absl::Status Take(const Where& where, const tl_moment& in, std::optional<Moment>& out) {
  out.reset();
  absl::Status status = FirstFault({CheckTruth(where, in.given), CheckTruth(where, in.day)});
  if (!status.ok() || in.given == 0) return status;
  if (status = CheckTime(where, in.at); !status.ok()) return status;
  out = Moment{Time{in.at}, in.day == 1};
  if (out->day && StartOf(DateOf(out->at)) != out->at) return Fault(where, "is not a day's start");
  return absl::OkStatus();
}

absl::Status Take(const Where& where, const char (&in)[4], Currency& out) {
  if (in[0] != 0 && in[3] != 0) return Fault(where, "has no ISO 4217 currency");
  return Take(where, tl_text{in, in[0] == 0 ? size_t{0} : size_t{3}}, out);
}

absl::Status Take(const Where& where, const tl_text& in, Currency& out) {
  out = Currency{};
  std::string_view code;
  absl::Status status = ViewOf(where, in, code);
  if (!status.ok() || code.empty()) return status;
  const absl::StatusOr<Currency> currency = ParseCurrency(code);
  if (!currency.ok()) return Fault(where, "has no ISO 4217 currency");
  out = *currency;
  return absl::OkStatus();
}

absl::Status Take(const Where& where, const tl_money& in, std::optional<Money>& out) {
  out.reset();
  if (absl::Status status = CheckTruth(where, in.given); !status.ok()) return status;
  if (in.given == 0) return absl::OkStatus();
  Money& money = out.emplace();
  money.minor = in.minor;
  if (absl::Status status = Take(where, in.currency, money.currency); !status.ok()) return status;
  return money.currency ? absl::OkStatus() : Fault(where, "has no currency");
}

absl::Status Take(const Where& where, const tl_money& in, Money& out) {
  std::optional<Money> money;
  if (absl::Status status = Take(where, in, money); !status.ok()) return status;
  if (!money) return Fault(where, "is missing");
  out = *money;
  return absl::OkStatus();
}

absl::Status Take(const Where& where, int32_t in, std::optional<bool>& out) {
  out.reset();
  if (in == TL_UNSAID) return absl::OkStatus();
  if (in != TL_NO && in != TL_YES) return NoSuchValue(where, in);
  out = in == TL_YES;
  return absl::OkStatus();
}

absl::Status Take(const Where& where, const tl_optional& in, std::optional<int64_t>& out) {
  out.reset();
  absl::Status status = FirstFault(
      {CheckTruth(where, in.given), CheckZero({where.member, -1, "reserved"}, in.reserved)});
  if (status.ok() && in.given == 1) out = in.value;
  return status;
}

absl::Status Take(const Where& where, const tl_optional& in, std::optional<Time>& out) {
  out.reset();
  std::optional<int64_t> time;
  if (absl::Status status = Take(where, in, time); !status.ok()) return status;
  if (!time) return absl::OkStatus();
  if (absl::Status status = CheckTime(where, *time); !status.ok()) return status;
  out = Time{*time};
  return absl::OkStatus();
}

absl::Status TakeIdentity(std::string_view name, const tl_identity* in, Identity& out) {
  out = {};
  tl_identity given;
  absl::Status status = ReadStruct(name, in, given);
  if (status.ok()) status = CheckZero({name, -1, "reserved"}, given.reserved);
  if (!status.ok()) return status;
  return FirstFault(
      {Take({"match.email"}, given.email, out.email), Take({"match.name"}, given.name, out.name),
       Take({"match.phone"}, given.phone, out.phone), Take({"match.title"}, given.title, out.title),
       Take({"match.company"}, given.company, out.company),
       Take({"match.domain"}, given.domain, out.domain),
       Take({"match.contact_external_ids"}, given.contact_external_ids, out.contact_external_ids),
       Take({"match.account_external_ids"}, given.account_external_ids, out.account_external_ids)});
}

absl::Status TakeMode(const Where& where, int32_t in, Mode& out) {
  switch (in) {
    case TL_MODE_DEFAULT:
      out = Mode::kDefault;
      return absl::OkStatus();
    case TL_MODE_ENFORCE:
      out = Mode::kEnforce;
      return absl::OkStatus();
    case TL_MODE_OBSERVE:
      out = Mode::kObserve;
      return absl::OkStatus();
    default:
      return NoSuchValue(where, in);
  }
}

absl::Status TakeContext(const tl_context* in, Context& out) {
  if (in == nullptr) return absl::OkStatus();
  tl_context context;
  if (absl::Status status = ReadStruct("context", in, context); !status.ok()) return status;
  std::string_view key;
  absl::Status status = FirstFault(
      {TakeMode({"mode"}, context.mode, out.mode), Take({"actor"}, context.actor, out.actor),
       Take({"occurred_at"}, context.occurred_at, out.occurred_at),
       Take({"request_id"}, context.request_id, out.request_id),
       Take({"expected_version"}, context.expected_version, out.expected_version),
       Take({"entered_at"}, context.entered_at, out.entered_at),
       ViewOf({"fact_key"}, context.fact_key, key)});
  if (!status.ok() || key.empty()) return status;
  if (key.size() > kMaxKeyBytes) return InvalidField("fact_key", "has more than 255 bytes");
  out.fact = FactKeyOf(key);
  return absl::OkStatus();
}

absl::Status TakeAsOf(const tl_as_of* in, AsOfRequest& out) {
  tl_as_of as_of;
  if (absl::Status status = ReadStruct("as_of", in, as_of); !status.ok()) return status;
  return FirstFault({CheckZero({"as_of", -1, "reserved"}, as_of.reserved),
                     Take({"through"}, as_of.through, out.through),
                     Take({"known_at"}, as_of.known_at, out.known_at),
                     Take({"seq"}, as_of.seq, out.seq)});
}

absl::Status TakeFilter(const tl_filter* in, RecordFilter& out) {
  tl_filter filter;
  if (absl::Status status = ReadStruct("filter", in, filter); !status.ok()) return status;
  out.owner.value = filter.owner;
  out.account.value = filter.account;
  return FirstFault({Take({"filter.stage"}, filter.stage, out.stage),
                     Take({"filter.phase"}, filter.phase, out.phase),
                     CheckId({"filter.owner"}, filter.owner),
                     CheckId({"filter.account"}, filter.account),
                     Take({"filter.source"}, filter.source, out.source),
                     Take({"filter.due_from"}, filter.due_from, out.due_from),
                     Take({"filter.due_to"}, filter.due_to, out.due_to)});
}

absl::Status TakePage(int64_t size, const tl_text& cursor, PageRequest& out) {
  if (size < 0) return InvalidField("page.size", std::to_string(size) + " is negative");
  out.size = static_cast<size_t>(size == 0 ? kDefaultPageSize : size);
  return Take({"page.cursor"}, cursor, out.cursor);
}

absl::Status Take(const Where& where, const tl_report_filter& in, ReportFilter& out) {
  return FirstFault({Take({where.member, where.item, "dimension"}, in.dimension, out.dimension),
                     Take({where.member, where.item, "value"}, in.value, out.value)});
}

absl::Status TakeReportRequest(const tl_report_options* in, ReportRequest& out) {
  tl_report_options options;
  if (absl::Status status = ReadStruct("options", in, options); !status.ok()) return status;
  return FirstFault({Take({"source"}, options.source, out.source),
                     Take({"through"}, options.through, out.as_of.through),
                     Take({"known_at"}, options.known_at, out.as_of.known_at),
                     Take({"from"}, options.from, out.from), Take({"to"}, options.to, out.to),
                     TakeItems({"filters"}, options.filters, out.filters),
                     Take({"group_by"}, options.group_by, out.group_by),
                     Take({"currency"}, options.currency, out.currency),
                     Take({"last_days"}, options.last_days, out.last_days),
                     Take({"return_days"}, options.return_days, out.return_days),
                     Take({"late_days"}, options.late_days, out.late_days)});
}

absl::Status TakePage(const tl_page* in, PageRequest& out) {
  tl_page page;
  if (absl::Status status = ReadStruct("page", in, page); !status.ok()) return status;
  if (absl::Status status = CheckZero({"page.reserved"}, page.reserved); !status.ok()) {
    return status;
  }
  return TakePage(page.size, page.cursor, out);
}

}  // namespace throughline::capi
