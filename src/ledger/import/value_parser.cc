#include "ledger/import/value_parser.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "model/abseil_text.h"
#include "model/text.h"

namespace throughline {
namespace {

constexpr size_t kShownBytesMax = 60;

absl::Status BadValue(std::string_view text, absl::string_view why) {
  size_t bytes = std::min(text.size(), kShownBytesMax);
  while (bytes > 0 && bytes < text.size() && (text[bytes] & 0xC0) == 0x80) --bytes;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", absl::Utf8SafeCHexEscape(ToAbsl(text.substr(0, bytes))),
                   bytes < text.size() ? "..." : "", "\" ", why));
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool Take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool TakeOneOf(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == characters.npos) return false;
  text.remove_prefix(1);
  return true;
}

// --- Numbers ---

bool TakeThousands(std::string_view& text, char separator) {
  if (separator == 0) return false;
  if (Take(text, {&separator, 1})) return true;
  if (separator == '\'') return Take(text, "\u2019");
  return separator == ' ' && (Take(text, "\u00A0") || Take(text, "\u202F") || Take(text, "\u2009"));
}

// The digits of a number as they come, up to one more than int64 holds.
class Magnitude {
 public:
  void Add(char digit) {
    const uint64_t value = static_cast<uint64_t>(digit - '0');
    overflow_ = overflow_ || value_ > (kLimit - value) / 10;
    if (!overflow_) value_ = value_ * 10 + value;
  }

  // Nothing if it does not fit.
  std::optional<int64_t> Signed(bool negative) const {
    if (overflow_ || (value_ == kLimit && !negative)) return std::nullopt;
    return static_cast<int64_t>(negative ? 0 - value_ : value_);
  }

 private:
  static constexpr uint64_t kLimit = uint64_t{1} << 63;
  uint64_t value_ = 0;
  bool overflow_ = false;
};

// False: a separator stands where none can.
bool TakeWhole(std::string_view& text, char thousands, Magnitude& magnitude, bool& any) {
  size_t group = 0;
  bool grouped = false;
  for (;;) {
    if (!text.empty() && IsDigit(text.front())) {
      magnitude.Add(text.front());
      text.remove_prefix(1);
      ++group;
    } else if (group > 0 && TakeThousands(text, thousands)) {
      if (grouped ? group != 3 : group > 3) return false;
      grouped = true;
      group = 0;
    } else {
      any = group > 0 || grouped;
      return !grouped || group == 3;
    }
  }
}

std::string_view TakeDigits(std::string_view& text) {
  size_t size = 0;
  while (size < text.size() && IsDigit(text[size])) ++size;
  const std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

absl::Status NotANumber(std::string_view text, const NumberFormat& format) {
  const std::string thousands =
      format.thousands == 0 ? "no thousands separator"
                            : absl::StrCat("thousands \"", std::string(1, format.thousands), "\"");
  return BadValue(text, absl::StrCat("is not a number with decimal \"",
                                     std::string(1, format.decimal), "\" and ", thousands));
}

absl::Status CheckDecimals(std::string_view text, std::string_view decimals,
                           const NumberFormat& format, size_t digits) {
  if (decimals.size() <= digits) return absl::OkStatus();
  const bool zeros = decimals.find_first_not_of('0', digits) == decimals.npos;
  const bool may_be_thousands = decimals.size() == 3 && format.thousands == 0;
  if (zeros && !may_be_thousands) return absl::OkStatus();
  return BadValue(
      text, absl::StrCat("has ", decimals.size(), " decimals, at most ", digits, " are possible"));
}

}  // namespace

absl::Status CheckNumberFormat(const NumberFormat& format) {
  if (format.decimal != '.' && format.decimal != ',') {
    return absl::InvalidArgumentError("the decimal separator must be \".\" or \",\"");
  }
  constexpr std::string_view kThousands = ".,' _";
  if (format.thousands == 0) return absl::OkStatus();
  if (kThousands.find(format.thousands) == kThousands.npos) {
    return absl::InvalidArgumentError(
        "the thousands separator must be one of \".\" \",\" \"'\" \"_\" and \" \"");
  }
  if (format.thousands != format.decimal) return absl::OkStatus();
  return absl::InvalidArgumentError("the decimal and the thousands separator must differ");
}

absl::StatusOr<int64_t> ParseDecimal(std::string_view text, const NumberFormat& format,
                                     int digits) {
  std::string_view rest = TrimAscii(text);
  const bool negative = Take(rest, "-");
  if (!negative) Take(rest, "+");
  Magnitude magnitude;
  bool any = false;
  if (!TakeWhole(rest, format.thousands, magnitude, any)) return NotANumber(text, format);
  std::string_view decimals;
  if (Take(rest, {&format.decimal, 1})) {
    decimals = TakeDigits(rest);
    if (decimals.empty()) return NotANumber(text, format);
  }
  if (!rest.empty() || !(any || !decimals.empty())) return NotANumber(text, format);
  const auto places = static_cast<size_t>(digits);
  absl::Status status = CheckDecimals(text, decimals, format, places);
  if (!status.ok()) return status;
  for (size_t i = 0; i < places; ++i) magnitude.Add(i < decimals.size() ? decimals[i] : '0');
  const std::optional<int64_t> value = magnitude.Signed(negative);
  if (!value.has_value()) return BadValue(text, "is too great a number");
  return *value;
}

absl::StatusOr<bool> ParseBool(std::string_view text) {
  const std::string word = LowerAscii(TrimAscii(text));
  if (word == "true" || word == "yes" || word == "1") return true;
  if (word == "false" || word == "no" || word == "0") return false;
  return BadValue(text, "is none of true, false, yes, no, 1, 0");
}

// --- Times ---

struct TimeFormat::Fields {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int micros = 0;
  bool has_time = false;
  bool twelve_hours = false;
  bool afternoon = false;
  std::optional<int> offset_minutes;
};

namespace {

constexpr std::string_view kDirectives = "YmdHIMSpz";

absl::Status BadFormat(std::string_view format, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("time format \"", absl::Utf8SafeCHexEscape(ToAbsl(format)), "\": ", why));
}

bool TakeNumber(std::string_view& text, size_t digits_min, size_t digits_max, int& value) {
  size_t digits = 0;
  for (value = 0; digits < digits_max && digits < text.size() && IsDigit(text[digits]); ++digits) {
    value = value * 10 + (text[digits] - '0');
  }
  text.remove_prefix(digits);
  return digits >= digits_min;
}

// Leaves `text` alone if no fraction follows.
void TakeFraction(std::string_view& text, int& micros) {
  std::string_view rest = text;
  if (!TakeOneOf(rest, ".,")) return;
  const std::string_view digits = TakeDigits(rest);
  if (digits.empty() || digits.size() > 9) return;
  for (size_t i = 0; i < 6; ++i) micros = micros * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  text = rest;
}

// Leaves `text` alone if no zone follows.
bool TakeZone(std::string_view& text, std::optional<int>& offset_minutes) {
  std::string_view rest = text;
  Take(rest, " ");
  if (Take(rest, "Z") || Take(rest, "z") || Take(rest, "UTC") || Take(rest, "GMT")) {
    offset_minutes = 0;
  } else {
    const bool west = Take(rest, "-");
    int hours = 0;
    int minutes = 0;
    if ((!west && !Take(rest, "+")) || !TakeNumber(rest, 2, 2, hours)) return false;
    const bool colon = Take(rest, ":");
    if ((colon || !rest.empty()) && !TakeNumber(rest, 2, 2, minutes)) return false;
    if (hours > 14 || minutes > 59) return false;
    offset_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
  }
  text = rest;
  return true;
}

bool TakeHalf(std::string_view& text, bool& afternoon) {
  const std::string half = LowerAscii(text.substr(0, 2));
  if (half != "am" && half != "pm") return false;
  afternoon = half == "pm";
  text.remove_prefix(2);
  return true;
}

absl::StatusOr<absl::TimeZone> LoadZone(std::string_view name) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (name.empty() || name == "UTC") return zone;
  // "localtime" would read one file differently on two machines.
  if (name != "localtime" && absl::LoadTimeZone(ToAbsl(name), &zone)) return zone;
  return absl::InvalidArgumentError(absl::StrCat(
      "unknown time zone \"", absl::Utf8SafeCHexEscape(ToAbsl(name)),
      "\"; give a name like Europe/Berlin (the system's time zone data must be installed)"));
}

}  // namespace

absl::StatusOr<TimeFormat> TimeFormat::Compile(std::string_view format, std::string_view zone) {
  TimeFormat compiled;
  absl::StatusOr<absl::TimeZone> loaded = LoadZone(zone);
  if (!loaded.ok()) return loaded.status();
  compiled.zone_ = *loaded;
  compiled.format_ = format.empty() ? "auto" : std::string(format);
  std::vector<std::string_view> texts = {format};
  const bool iso = compiled.format_ == "auto" || compiled.format_ == "iso";
  if (iso) {
    texts = {"%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M",
             "%Y-%m-%d %H:%M"};
  }
  for (const std::string_view text : texts) {
    absl::StatusOr<Pattern> pattern = CompilePattern(text, iso);
    if (!pattern.ok()) return pattern.status();
    compiled.patterns_.push_back(*std::move(pattern));
  }
  return compiled;
}

absl::StatusOr<TimeFormat::Pattern> TimeFormat::CompilePattern(std::string_view format,
                                                               bool strict) {
  const auto is_number = [](const Token& token) {
    return token.directive != 0 && token.directive != 'p' && token.directive != 'z';
  };
  Pattern pattern;
  for (size_t i = 0; i < format.size(); ++i) {
    Token token{0, format[i], strict};
    if (format[i] == '%') {
      token.directive = ++i < format.size() ? format[i] : '%';
      if (kDirectives.find(token.directive) == kDirectives.npos) {
        return BadFormat(format, "only %Y %m %d %H %I %M %S %p %z are known");
      }
    } else if (IsDigit(format[i]) || (IsLetter(format[i]) && format[i] != 'T')) {
      return BadFormat(format, "a letter or a digit stands for itself; did you mean %Y-%m-%d?");
    }
    if (!pattern.empty() && is_number(token) && is_number(pattern.back())) {
      token.both_digits = pattern.back().both_digits = true;
    }
    pattern.push_back(token);
  }
  if (absl::Status status = CheckPattern(format, pattern); !status.ok()) return status;
  return pattern;
}

absl::Status TimeFormat::CheckPattern(std::string_view format, const Pattern& pattern) {
  const auto count = [&pattern](char directive) {
    return std::count_if(pattern.begin(), pattern.end(),
                         [directive](const Token& token) { return token.directive == directive; });
  };
  for (const char directive : kDirectives) {
    if (count(directive) > 1) return BadFormat(format, "a part is stated twice");
  }
  if (count('Y') + count('m') + count('d') != 3) {
    return BadFormat(format, "%Y, %m and %d are needed");
  }
  if (count('I') != count('p')) return BadFormat(format, "%I and %p go together");
  if (count('H') + count('I') > 1) return BadFormat(format, "%H and %I exclude one another");
  if (count('H') + count('I') != count('M') || count('S') > count('M')) {
    return BadFormat(format, "a time of day is %H:%M, %H:%M:%S or the same with %I and %p");
  }
  if (count('z') > count('M') || (count('z') > 0 && pattern.back().directive != 'z')) {
    return BadFormat(format, "%z stands at the end of a time of day");
  }
  return absl::OkStatus();
}

bool TimeFormat::MatchToken(const Token& token, std::string_view& text, Fields& fields) {
  const size_t digits_min = token.both_digits ? 2 : 1;
  switch (token.directive) {
    case 'Y':
      return TakeNumber(text, 4, 4, fields.year);
    case 'm':
      return TakeNumber(text, digits_min, 2, fields.month);
    case 'd':
      return TakeNumber(text, digits_min, 2, fields.day);
    case 'I':
      fields.twelve_hours = true;
      [[fallthrough]];
    case 'H':
      return TakeNumber(text, digits_min, 2, fields.hour);
    case 'M':
      fields.has_time = true;
      return TakeNumber(text, 2, 2, fields.minute);
    case 'S':
      if (!TakeNumber(text, 2, 2, fields.second)) return false;
      TakeFraction(text, fields.micros);
      return true;
    case 'p':
      return TakeHalf(text, fields.afternoon);
    case 'z':
      return TakeZone(text, fields.offset_minutes);
    default:
      return Take(text, {&token.literal, 1});
  }
}

bool TimeFormat::Match(const Pattern& pattern, std::string_view text, Fields& fields) {
  for (const Token& token : pattern) {
    if (!MatchToken(token, text, fields)) return false;
  }
  const char last = pattern.back().directive;
  if (last == 'M' || last == 'S' || last == 'p') TakeZone(text, fields.offset_minutes);
  return text.empty();
}

absl::StatusOr<Moment> TimeFormat::Build(std::string_view text, const Fields& fields) const {
  int hour = fields.hour;
  bool exists = true;
  if (fields.twelve_hours) {
    exists = hour >= 1 && hour <= 12;
    hour = hour % 12 + (fields.afternoon ? 12 : 0);
  }
  // What is out of range moves the parts around it.
  const absl::CivilSecond civil(fields.year, fields.month, fields.day, hour, fields.minute,
                                fields.second);
  exists = exists && civil.month() == fields.month && civil.day() == fields.day &&
           civil.hour() == hour && civil.minute() == fields.minute &&
           civil.second() == fields.second;
  if (!exists) return BadValue(text, "is a date or time that does not exist");
  const bool local = fields.has_time && !fields.offset_minutes.has_value();
  absl::Time instant = local ? zone_.At(civil).pre : absl::FromCivil(civil, absl::UTCTimeZone());
  instant -= absl::Minutes(fields.offset_minutes.value_or(0));
  const Moment moment{Time{absl::ToUnixMicros(instant) + fields.micros}, !fields.has_time};
  if (IsValid(moment.at)) return moment;
  return BadValue(text, "lies outside the years 1900 to 2199");
}

absl::StatusOr<Moment> TimeFormat::Parse(std::string_view text) const {
  const std::string_view value = TrimAscii(text);
  for (const Pattern& pattern : patterns_) {
    Fields fields;
    if (Match(pattern, value, fields)) return Build(text, fields);
  }
  if (format_ == "auto") {
    return BadValue(text, "is not an ISO date like 2024-03-31; state the format in the mapping");
  }
  if (format_ == "iso") return BadValue(text, "is not an ISO date like 2024-03-31");
  return BadValue(text, absl::StrCat("does not have the format ", format_));
}

}  // namespace throughline
