#ifndef THROUGHLINE_LIMITS_H_
#define THROUGHLINE_LIMITS_H_

#include <cstddef>
#include <cstdint>

// The bounds on commands and reads; those of amounts are in money.h, of years in time.h, of imports
// in docs/import.md. Beyond a bound: INVALID_ARGUMENT that names the field.

namespace throughline {

inline constexpr size_t kMaxNameBytes = 1024;  // names, titles, emails, phones, domains, values
                                               // of attributes
inline constexpr size_t kMaxNoteBytes = 64 * 1024;  // notes
inline constexpr size_t kMaxKeyBytes = 255;         // keys: external ids, channels, reasons, roles
inline constexpr size_t kMaxRequestIdBytes = 64;
inline constexpr size_t kMaxListItems = 1000;  // domains, external ids, attributes, leads
inline constexpr size_t kMaxCommandsPerCall = 8192;
inline constexpr size_t kMaxEventsPerCommit = 1'000'000;
inline constexpr int64_t kMaxClockSkewMicros =
    300'000'000;  // occurred_at may lead the clock by this
inline constexpr size_t kMaxPageSize = 10'000;
inline constexpr size_t kMaxMatchCandidates = 100;  // accounts or contacts that share a value
inline constexpr size_t kMaxPolicyBytes = 4 * 1024 * 1024;

}  // namespace throughline

#endif  // THROUGHLINE_LIMITS_H_
