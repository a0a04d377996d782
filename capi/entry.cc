#include "entry.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <exception>
#include <new>
#include <span>
#include <string_view>

#include "model/abseil_text.h"
#include "structs.h"
#include "throughline/error.h"

namespace throughline::capi {

thread_local int CallbackScope::depth_ = 0;

namespace {

// Copies what fits, cut between two characters, and a NUL.
void CopyText(std::string_view text, std::span<char> out) noexcept {
  size_t size = std::min(text.size(), out.size() - 1);
  if (size < text.size()) {
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  }
  std::copy_n(text.data(), size, out.data());
  out[size] = 0;
}

tl_status ReportText(tl_status code, std::string_view message, tl_error* error) noexcept {
  if (error != nullptr) {
    error->code = code;
    CopyText(message, error->message);
  }
  return code;
}

}  // namespace

bool ClearError(tl_error* error) noexcept {
  if (error == nullptr) return true;
  if (!IsStructSize<tl_error>(error->struct_size)) return false;
  error->code = TL_OK;
  error->account = error->version = error->id = 0;
  error->field[0] = error->rule[0] = error->message[0] = 0;
  return true;
}

tl_status Report(const absl::Status& status, tl_error* error) {
  const auto code = static_cast<tl_status>(status.code());
  if (status.ok() || error == nullptr) return code;
  const ErrorDetail detail = DetailOf(status);
  error->account = detail.account;
  error->version = detail.version;
  error->id = detail.id;
  CopyText(detail.field, error->field);
  CopyText(detail.rule, error->rule);
  return ReportText(code, FromAbsl(status.message()), error);
}

tl_status ReportReentrant(tl_error* error) noexcept {
  return ReportText(TL_REENTRANT, "called from a callback of this library", error);
}

tl_status ReportCaught(tl_error* error) noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return ReportText(TL_NO_MEMORY, "memory ran out", error);
  } catch (const CancelledByHost&) {
    return ReportText(TL_CANCELLED, "the host's callback ended the call", error);
  } catch (const std::exception& exception) {
    return ReportText(TL_INTERNAL, exception.what(), error);
  } catch (...) {
    return ReportText(TL_INTERNAL, "unknown exception", error);
  }
}

}  // namespace throughline::capi
