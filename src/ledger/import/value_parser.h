#ifndef THROUGHLINE_LEDGER_IMPORT_VALUE_PARSER_H_
#define THROUGHLINE_LEDGER_IMPORT_VALUE_PARSER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "throughline/time.h"

// Values of a foreign file, read as its mapping file says they are written. White space around a
// value does not count. Every error is INVALID_ARGUMENT and shows the value.

namespace throughline {

struct NumberFormat {
  char decimal = '.';  // or ','
  // 0: none. Else one of . , ' _ or a space; a space also stands for the no-break and the thin
  // ones, ' also for the typographic apostrophe.
  char thousands = 0;
};

// Of the format itself, once per mapping.
absl::Status CheckNumberFormat(const NumberFormat& format);

// `text` times 10^`digits` (0..18), exactly: "1.234,56" with 2 digits is 123456. Thousands must
// stand in threes. More decimals than `digits` are an error; zeros beyond are not ("12.5000" with
// 2), unless they are three in all and no thousands separator is stated: 1.500 may mean fifteen
// hundred.
absl::StatusOr<int64_t> ParseDecimal(std::string_view text, const NumberFormat& format, int digits);

inline constexpr int kRateDigits = 9;  // ParseDecimal for an exchange rate

// true, yes, 1 and false, no, 0, in any case.
absl::StatusOr<bool> ParseBool(std::string_view text);

// How a mapping says times are written, compiled once. Copyable; thread-safe once compiled.
class TimeFormat {
 public:
  // `format` is one of
  //   "" or "auto"  ISO forms only; the error for anything else asks for a format;
  //   "iso"         2024-03-31, 2024-03-31T17:05, 2024-03-31 17:05:00.25, each time with or without
  //   zone; a pattern     of %Y (four digits), %m %d %H %I (one or two digits; two where digits
  //   touch),
  //                 %M %S (two digits), %p (AM or PM), %z (a zone is required), T and characters
  //                 that are neither letters nor digits, e.g. "%d.%m.%Y %H:%M". %Y, %m and %d once
  //                 each.
  // A pattern with %S takes a fraction after it (a dot or a comma and up to nine digits, cut off
  // after six); one that ends with a time of day takes a zone after it: Z, UTC, +02, +0200 or
  // +02:00. A pattern without %H or %I gives day precision.
  //
  // `zone` holds for times without one: an IANA name, "" for UTC. Of a local time that a clock
  // change repeats, the first is meant; one that it leaves out is read with the offset before the
  // change. A value of day precision has no zone: it is that calendar day, beginning at midnight
  // UTC.
  static absl::StatusOr<TimeFormat> Compile(std::string_view format, std::string_view zone = "");

  absl::StatusOr<Moment> Parse(std::string_view text) const;

 private:
  struct Token {
    char directive;  // 0: a literal
    char literal;
    bool both_digits;  // of a number that else may have one
  };
  using Pattern = std::vector<Token>;
  struct Fields;

  static absl::StatusOr<Pattern> CompilePattern(std::string_view format, bool strict);
  static absl::Status CheckPattern(std::string_view format, const Pattern& pattern);
  static bool Match(const Pattern& pattern, std::string_view text, Fields& fields);
  static bool MatchToken(const Token& token, std::string_view& text, Fields& fields);
  absl::StatusOr<Moment> Build(std::string_view text, const Fields& fields) const;

  std::string format_;
  std::vector<Pattern> patterns_;  // the first that matches counts
  absl::TimeZone zone_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_IMPORT_VALUE_PARSER_H_
