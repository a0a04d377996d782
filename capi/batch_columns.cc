// Batches from columns: each member of a command is read from the column of its name, as the fact
// format writes it or as a number.

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "handles.h"
#include "input_column.h"
#include "to_model.h"

namespace throughline::capi {
namespace {

constexpr int64_t kMaxRows = 100'000'000;

// What sets a member of a request from one cell.
using Setter = absl::Status (*)(const InputColumn& column, int64_t row, Request& request);

struct NamedSetter {
  std::string_view name;
  Setter set;
};

template <auto kMember>
absl::Status SetContext(const InputColumn& column, int64_t row, Request& request) {
  return TakeCell(column, row, request.context.*kMember);
}

absl::Status SetFactKey(const InputColumn& column, int64_t row, Request& request) {
  return TakeFactKey(column, row, request.context.fact);
}

constexpr std::array<NamedSetter, 7> kContextSetters = {{
    {"at", &SetContext<&Context::occurred_at>},
    {"actor", &SetContext<&Context::actor>},
    {"request_id", &SetContext<&Context::request_id>},
    {"expected_version", &SetContext<&Context::expected_version>},
    {"mode", &SetContext<&Context::mode>},
    {"entered_at", &SetContext<&Context::entered_at>},
    {"key", &SetFactKey},
}};

template <class Kind, size_t kIndex>
absl::Status SetMember(const InputColumn& column, int64_t row, Request& request) {
  constexpr auto kMember = std::get<kIndex>(kFieldsOf<Kind>).member;
  return TakeCell(column, row, std::get<Kind>(request.command).*kMember);
}

template <class Kind, size_t... kIndex>
constexpr auto MakeSetters(std::index_sequence<kIndex...>) {
  return std::array{
      NamedSetter{std::get<kIndex>(kFieldsOf<Kind>).name, &SetMember<Kind, kIndex>}...};
}

template <class Kind>
inline constexpr auto kSetters =
    MakeSetters<Kind>(std::make_index_sequence<std::tuple_size_v<decltype(Kind::Fields())>>());

struct CommandColumns {
  std::span<const NamedSetter> setters;
  void (*emplace)(Command& command);
};

constexpr auto kCommands = []<size_t... kIndex>(std::index_sequence<kIndex...>) {
  return std::array{CommandColumns{
      kSetters<std::variant_alternative_t<kIndex, Command>>,
      [](Command& command) { command.emplace<std::variant_alternative_t<kIndex, Command>>(); }}...};
}
(std::make_index_sequence<std::variant_size_v<Command>>());

Setter FindSetter(std::span<const NamedSetter> setters, std::string_view name) {
  for (const NamedSetter& setter : setters) {
    if (setter.name == name) return setter.set;
  }
  return nullptr;
}

struct Assignment {
  InputColumn column;
  Setter set;
};

absl::Status TakeColumns(const CommandColumns& command, const tl_input_column* columns,
                         int64_t count, int64_t rows, std::vector<Assignment>& out) {
  for (int64_t i = 0; i < count; ++i) {
    Assignment assignment;
    absl::Status status = TakeInputColumn(columns[i], i, rows, assignment.column);
    if (!status.ok()) return status;
    const std::string_view name = assignment.column.member;
    assignment.set = FindSetter(command.setters, name);
    if (assignment.set == nullptr) assignment.set = FindSetter(kContextSetters, name);
    if (assignment.set == nullptr) {
      return Fault({"columns", i}, "is named after no member of the command");
    }
    out.push_back(assignment);
  }
  return absl::OkStatus();
}

absl::Status AddRows(const CommandColumns& command, std::span<const Assignment> assignments,
                     int64_t rows, std::vector<Request>& requests) {
  const size_t size = requests.size() + static_cast<size_t>(rows);
  if (size > requests.capacity()) requests.reserve(std::max(size, 2 * requests.capacity()));
  for (int64_t row = 0; row < rows; ++row) {
    Request& request = requests.emplace_back();
    command.emplace(request.command);
    for (const Assignment& assignment : assignments) {
      if (!assignment.column.Has(row)) continue;
      absl::Status status = assignment.set(assignment.column, row, request);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status AddColumns(int32_t command, int64_t rows, const tl_input_column* columns,
                        int64_t count, std::vector<Request>& requests) {
  if (command < 1 || command > static_cast<int32_t>(kCommands.size())) {
    return NoSuchValue({"command"}, command);
  }
  if (rows < 0 || rows > kMaxRows) return NoSuchValue({"rows"}, rows);
  if (count < 0) return NoSuchValue({"column_count"}, count);
  absl::Status status = CheckListSize({"columns"}, columns, static_cast<size_t>(count));
  if (!status.ok()) return status;
  const CommandColumns& kind = kCommands[static_cast<size_t>(command) - 1];
  std::vector<Assignment> assignments;
  status = TakeColumns(kind, columns, count, rows, assignments);
  if (!status.ok()) return status;
  const size_t before = requests.size();
  status = AddRows(kind, assignments, rows, requests);
  if (!status.ok()) requests.resize(before);
  return status;
}

}  // namespace
}  // namespace throughline::capi

tl_status tl_batch_add_columns(tl_batch* batch, int32_t command, int64_t rows,
                               const tl_input_column* columns, int64_t column_count,
                               tl_error* error) noexcept {
  using namespace throughline::capi;  // NOLINT: a C function in terms of it
  return Guarded(error, [&]() -> absl::Status {
    if (absl::Status status = CheckGiven("batch", batch); !status.ok()) return status;
    // What memory running out leaves half done is taken back.
    const size_t before = batch->requests.size();
    try {
      return AddColumns(command, rows, columns, column_count, batch->requests);
    } catch (...) {
      batch->requests.erase(batch->requests.begin() + static_cast<ptrdiff_t>(before),
                            batch->requests.end());
      throw;
    }
  });
}
