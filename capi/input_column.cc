#include "input_column.h"

#include <charconv>
#include <limits>

#include "model/json.h"
#include "structs.h"
#include "throughline/money.h"
#include "throughline/time.h"

namespace throughline::capi {
namespace {

constexpr std::string_view kAttributeMember = "attributes";
constexpr std::string_view kIdentityMember = "match";
constexpr std::string_view kChangeMember = "changes";  // of event.amend

absl::Status NotText(const InputColumn& column, int64_t row) {
  return CellFault(column, row, "must be text");
}

absl::Status NotInteger(const InputColumn& column, int64_t row) {
  return CellFault(column, row, "must be an integer");
}

template <class T>
absl::Status ParseWith(const InputColumn& column, int64_t row,
                       absl::StatusOr<T> (*parse)(std::string_view), T& out) {
  absl::StatusOr<T> value = parse(column.Text(row));
  if (!value.ok()) return CellFault(column, row, FromAbsl(value.status().message()));
  out = *std::move(value);
  return absl::OkStatus();
}

bool ParseInteger(std::string_view text, int64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

absl::Status CheckOffsets(const tl_input_column& in, const Where& where) {
  if (in.bytes_size < 0 || (in.bytes == nullptr && in.bytes_size > 0)) {
    return Fault(where, "bytes_size does not fit bytes");
  }
  int64_t last = 0;
  for (int64_t i = 0; i <= in.rows; ++i) {
    if (in.offsets[i] < last || in.offsets[i] > in.bytes_size) {
      return Fault(where, "offsets are not ascending within bytes_size");
    }
    last = in.offsets[i];
  }
  return absl::OkStatus();
}

// Splits "attributes.industry" and "match.email"; other names have no dot.
void TakeName(std::string_view name, InputColumn& out) {
  const size_t dot = name.find('.');
  const std::string_view head = name.substr(0, dot);
  const bool inner = dot != std::string_view::npos &&
                     (head == kAttributeMember || head == kChangeMember || head == kIdentityMember);
  out.member = inner ? head : name;
  if (inner) out.inner = name.substr(dot + 1);
}

absl::Status DayOf(const InputColumn& column, int64_t row, int64_t days, Date& out) {
  if (days < DateOf(kMinTime).days || days > DateOf(kMaxTime).days) {
    return CellFault(column, row, "is not within 1900..2199");
  }
  out = Date{static_cast<int32_t>(days)};
  return absl::OkStatus();
}

}  // namespace

absl::Status TakeInputColumn(const tl_input_column& in_column, int64_t index, int64_t rows,
                             InputColumn& out) {
  const Where where{"columns", index};
  tl_input_column in;
  absl::Status status = ReadStruct("columns", &in_column, in);
  std::string_view name;
  if (status.ok()) status = ViewOf(where, in.name, name);
  if (!status.ok()) return status;
  if (in.unit != TL_UNIT_NONE && in.unit != TL_UNIT_DAYS) return NoSuchValue(where, in.unit);
  if (in.rows != rows && in.rows != 1) return Fault(where, "has another number of rows");
  if ((in.integers == nullptr) == (in.offsets == nullptr)) {
    return Fault(where, "needs either integers or offsets");
  }
  if (in.offsets != nullptr) status = CheckOffsets(in, where);
  if (!status.ok()) return status;
  TakeName(name, out);
  out.days = in.unit == TL_UNIT_DAYS;
  out.stride = in.rows == 1 && rows != 1 ? 0 : 1;
  out.integers = in.integers;
  out.offsets = in.offsets;
  out.bytes = in.bytes == nullptr ? "" : in.bytes;
  out.given = in.given;
  return absl::OkStatus();
}

absl::Status CellFault(const InputColumn& column, int64_t row, std::string_view why) {
  return Fault({column.member, row, column.inner}, why);
}

absl::Status TakeCell(const InputColumn& column, int64_t row, std::string& out) {
  if (!column.is_text()) return NotText(column, row);
  const std::string_view text = column.Text(row);
  if (text.size() > kMaxTextBytes) return CellFault(column, row, "is too long");
  out.assign(text.data(), text.size());
  return absl::OkStatus();
}

absl::Status TakeCell(const InputColumn& column, int64_t row, bool& out) {
  if (column.is_text()) {
    const std::string_view text = column.Text(row);
    out = text == "true";
    if (text == "true" || text == "false") return absl::OkStatus();
    return CellFault(column, row, "is neither true nor false");
  }
  const int64_t value = column.Integer(row);
  out = value == 1;
  return value == 0 || value == 1 ? absl::OkStatus() : CellFault(column, row, "is not 0 or 1");
}

absl::Status TakeCell(const InputColumn& column, int64_t row, int64_t& out) {
  if (!column.is_text()) {
    out = column.Integer(row);
    return absl::OkStatus();
  }
  return ParseInteger(column.Text(row), out) ? absl::OkStatus() : NotInteger(column, row);
}

absl::Status TakeCell(const InputColumn& column, int64_t row, Date& out) {
  if (column.is_text()) return ParseWith(column, row, ParseDate, out);
  return DayOf(column, row, column.Integer(row), out);
}

absl::Status TakeCell(const InputColumn& column, int64_t row, Time& out) {
  if (column.is_text()) return ParseWith(column, row, ParseTime, out);
  out = Time{column.Integer(row)};
  return IsValid(out) ? absl::OkStatus() : CellFault(column, row, "is not within 1900..2199");
}

absl::Status TakeCell(const InputColumn& column, int64_t row, Moment& out) {
  if (column.is_text()) return ParseWith(column, row, ParseMoment, out);
  out.day = column.days;
  if (!column.days) return TakeCell(column, row, out.at);
  Date day;
  absl::Status status = DayOf(column, row, column.Integer(row), day);
  if (status.ok()) out.at = StartOf(day);
  return status;
}

absl::Status TakeCell(const InputColumn& column, int64_t row, Money& out) {
  return column.is_text() ? ParseWith(column, row, ParseMoney, out) : NotText(column, row);
}

absl::Status TakeCell(const InputColumn& column, int64_t row, Currency& out) {
  return column.is_text() ? ParseWith(column, row, ParseCurrency, out) : NotText(column, row);
}

absl::Status TakeCell(const InputColumn& column, int64_t row, EventRef& out) {
  if (!column.is_text()) {
    out.id.packed = column.Integer(row);
    return CheckId({column.member, row}, out.id.packed);
  }
  const std::string_view text = column.Text(row);
  const size_t colon = text.find(':');
  int64_t seq = 0;
  int64_t ordinal = 0;
  constexpr int64_t kMaxSeq = std::numeric_limits<int64_t>::max() >> EventId::kOrdinalBits;
  if (colon != std::string_view::npos && ParseInteger(text.substr(0, colon), seq) &&
      ParseInteger(text.substr(colon + 1), ordinal) && seq > 0 && seq <= kMaxSeq && ordinal >= 0 &&
      ordinal < int64_t{1} << EventId::kOrdinalBits) {
    out.id = EventId::Of(seq, ordinal);
    return absl::OkStatus();
  }
  return TakeCell(column, row, out.key);
}

absl::Status TakeCell(const InputColumn& column, int64_t row, ExternalId& out) {
  if (!column.is_text()) return NotText(column, row);
  const std::string_view text = column.Text(row);
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size() ||
      text.size() > 2 * kMaxKeyBytes + 1) {
    return CellFault(column, row, "is not written as system:key");
  }
  out.system = text.substr(0, colon);
  out.key = text.substr(colon + 1);
  return absl::OkStatus();
}

absl::Status TakeCell(const InputColumn& column, int64_t row, std::vector<Attribute>& out) {
  if (column.inner.empty())
    return CellFault(column, row, "needs the attribute's name behind a dot");
  Attribute& attribute = out.emplace_back();
  attribute.name = column.inner;
  return TakeCell(column, row, attribute.value);
}

// A column for each member: "match.email".
absl::Status TakeCell(const InputColumn& column, int64_t row, Identity& out) {
  bool known = false;
  absl::Status status;
  ForEachField<Identity>([&](const auto& field) {
    if (field.name != column.inner) return;
    known = true;
    status = TakeCell(column, row, out.*field.member);
  });
  return known ? status : CellFault(column, row, "is named after no member of the identity");
}

absl::Status TakeReference(const InputColumn& column, int64_t row, int64_t& id, ExternalId& out) {
  if (!column.is_text()) {
    id = column.Integer(row);
    return CheckRefId({column.member, row}, id);
  }
  const std::string_view text = column.Text(row);
  if (text.empty()) return absl::OkStatus();
  if (ParseInteger(text, id)) return CheckRefId({column.member, row}, id);
  id = 0;
  return TakeCell(column, row, out);
}

absl::Status TakeFactKey(const InputColumn& column, int64_t row, uint64_t& out) {
  if (!column.is_text()) return NotText(column, row);
  const std::string_view text = column.Text(row);
  if (text.size() > kMaxKeyBytes) return CellFault(column, row, "has more than 255 bytes");
  if (!text.empty()) out = FactKeyOf(text);
  return absl::OkStatus();
}

absl::Status TakeCell(const InputColumn& column, int64_t row, Mode& out) {
  if (!column.is_text()) {
    const int64_t value = column.Integer(row);
    const Where where{column.member, row};
    if (!std::in_range<int32_t>(value)) return NoSuchValue(where, value);
    return TakeMode(where, static_cast<int32_t>(value), out);
  }
  return FromName(column.Text(row), out) ? absl::OkStatus()
                                         : CellFault(column, row, "is neither enforce nor observe");
}

}  // namespace throughline::capi
