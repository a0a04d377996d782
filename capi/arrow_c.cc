// A table as an Arrow C stream.

#include <cerrno>
#include <new>
#include <utility>

#include "arrow_table.h"
#include "handles.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

// One array, and then the end.
struct StreamParts {
  std::shared_ptr<const ArrowTable> table;
  bool at_end = false;
  const char* error = nullptr;  // of the last call
};

// Runs a callback of a stream: body(parts). Its errors are numbers of errno.h.
template <class Out, class Body>
int GuardedInStream(ArrowArrayStream* stream, Out* out, Body&& body) noexcept {
  if (stream == nullptr || stream->release == nullptr) return EINVAL;
  auto& parts = *static_cast<StreamParts*>(stream->private_data);
  parts.error = out == nullptr ? "there is nothing to write to" : nullptr;
  if (out == nullptr) return EINVAL;
  try {
    std::forward<Body>(body)(parts);
    return 0;
  } catch (const std::bad_alloc&) {
    parts.error = "memory ran out";
    return ENOMEM;
  } catch (...) {
    parts.error = "a fault of the library";
    return EIO;
  }
}

int GetSchema(ArrowArrayStream* stream, ArrowSchema* out) noexcept {
  return GuardedInStream(stream, out,
                         [&](StreamParts& parts) { ExportSchema(*parts.table->table, *out); });
}

int GetNext(ArrowArrayStream* stream, ArrowArray* out) noexcept {
  return GuardedInStream(stream, out, [&](StreamParts& parts) {
    if (parts.at_end) {
      *out = {};
      return;
    }
    ExportArray(parts.table, *out);
    parts.at_end = true;
  });
}

const char* GetLastError(ArrowArrayStream* stream) noexcept {
  if (stream == nullptr || stream->release == nullptr) return nullptr;
  return static_cast<StreamParts*>(stream->private_data)->error;
}

}  // namespace
}  // namespace throughline::capi

using namespace throughline;        // NOLINT: this file defines C functions in terms of both
using namespace throughline::capi;  // NOLINT

tl_status tl_table_arrow_stream(const tl_table* table, ArrowArrayStream* out_stream,
                                tl_error* error) noexcept {
  if (out_stream != nullptr) *out_stream = {};
  return Guarded(error, [&]() -> absl::Status {
    absl::Status status = CheckGiven("table", table);
    if (status.ok()) status = CheckGiven("out_stream", out_stream);
    if (!status.ok()) return status;
    auto parts = std::make_unique<StreamParts>();
    parts->table = MakeArrowTable(table->table);
    out_stream->get_schema = GetSchema;
    out_stream->get_next = GetNext;
    out_stream->get_last_error = GetLastError;
    out_stream->release = ReleaseParts<ArrowArrayStream, StreamParts>;
    out_stream->private_data = parts.release();
    return absl::OkStatus();
  });
}
