#include "partial_answers.h"

#include <utility>
#include <vector>

#include "table_handle.h"

namespace throughline::capi {
namespace {

// Partials hold samples, so they may be longer than any text.
constexpr size_t kMaxPartialBytes = size_t{1} << 31;

absl::Status TakePartial(const Where& where, const tl_text& in, std::string_view& out) {
  if (in.data == nullptr) return Fault(where, "is NULL");
  if (in.size > kMaxPartialBytes) return Fault(where, "is longer than any partial");
  out = {in.data, in.size};
  return absl::OkStatus();
}

absl::Status TakePartials(const tl_text* partials, int64_t count, std::vector<std::string>& out) {
  if (count < 0) return NoSuchValue({"count"}, count);
  absl::Status status = CheckListSize({"partials"}, partials, static_cast<size_t>(count));
  for (int64_t i = 0; status.ok() && i < count; ++i) {
    std::string_view partial;
    status = TakePartial({"partials", i}, partials[i], partial);
    out.emplace_back(partial);
  }
  return status;
}

}  // namespace

tl_status MergeGiven(const tl_text* partials, int64_t count, tl_string** out_partial,
                     tl_error* error, MergeFunction* merge) noexcept {
  ClearHandle(out_partial);
  return Guarded(error, [&]() -> absl::Status {
    std::vector<std::string> all;
    absl::Status status = CheckGiven("out_partial", out_partial);
    if (status.ok()) status = TakePartials(partials, count, all);
    return status.ok() ? Give(merge(all), out_partial) : status;
  });
}

tl_status FinishGiven(const char* partial, size_t size, tl_table** out_table, tl_error* error,
                      FinishFunction* finish) noexcept {
  ClearHandle(out_table);
  return Guarded(error, [&]() -> absl::Status {
    std::string_view bytes;
    absl::Status status = CheckGiven("out_table", out_table);
    if (status.ok()) status = TakePartial({"partial"}, {partial, size}, bytes);
    return status.ok() ? Give(finish(bytes), out_table) : status;
  });
}

absl::Status Give(absl::StatusOr<Table> table, tl_table** out) {
  if (!table.ok()) return table.status();
  *out = MakeTable(*std::move(table)).release();
  return absl::OkStatus();
}

absl::Status Give(absl::StatusOr<std::string> partial, tl_string** out) {
  if (!partial.ok()) return partial.status();
  *out = MakeString(*std::move(partial)).release();
  return absl::OkStatus();
}

}  // namespace throughline::capi
