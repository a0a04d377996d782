#include "analytics/reports/partial.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analytics/reports/report_kind.h"
#include "model/text.h"
#include "model/wire_read.h"
#include "model/wire_write.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

constexpr int64_t kFormat = 1;  // of the bytes: other formats are refused

struct FilterMessage {
  std::string dimension;
  std::string value;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "dimension", &FilterMessage::dimension),
                           MakeField(2, "value", &FilterMessage::value));
  }
};

struct ColumnMessage {
  std::string name;
  std::string definition;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "name", &ColumnMessage::name),
                           MakeField(2, "definition", &ColumnMessage::definition));
  }
};

struct StageMessage {
  std::string key;
  Phase phase = Phase::kNone;
  StageKind kind = StageKind::kNone;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "key", &StageMessage::key),
                           MakeField(2, "phase", &StageMessage::phase),
                           MakeField(3, "kind", &StageMessage::kind));
  }
};

struct CostMessage {
  std::string campaign;
  Currency currency;
  int64_t high = 0;
  uint64_t low = 0;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "campaign", &CostMessage::campaign),
                           MakeField(2, "currency", &CostMessage::currency),
                           MakeField(3, "high", &CostMessage::high),
                           MakeField(4, "low", &CostMessage::low));
  }
};

struct DaysMessage {
  std::optional<int64_t> last;
  std::optional<int64_t> returned;
  std::optional<int64_t> late;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "last", &DaysMessage::last),
                           MakeField(2, "returned", &DaysMessage::returned),
                           MakeField(3, "late", &DaysMessage::late));
  }
};

// What all partials of one report have in common.
struct HeadMessage {
  int64_t format = kFormat;
  std::string report;
  Time through;
  Time known_at;
  int64_t source = 0;
  std::optional<Date> from;
  std::optional<Date> to;
  std::vector<FilterMessage> filters;
  std::vector<ColumnMessage> columns;  // of the dimensions that rows go by
  std::vector<std::string> group_by;   // those that were asked for
  Currency currency;
  std::string policy;
  std::vector<CostMessage> costs;
  DaysMessage days;
  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "format", &HeadMessage::format), MakeField(2, "report", &HeadMessage::report),
        MakeField(3, "through", &HeadMessage::through),
        MakeField(4, "known_at", &HeadMessage::known_at),
        MakeField(5, "source", &HeadMessage::source), MakeField(6, "from", &HeadMessage::from),
        MakeField(7, "to", &HeadMessage::to), MakeField(8, "filters", &HeadMessage::filters),
        MakeField(9, "columns", &HeadMessage::columns),
        MakeField(10, "group_by", &HeadMessage::group_by),
        MakeField(11, "currency", &HeadMessage::currency),
        MakeField(12, "policy", &HeadMessage::policy), MakeField(13, "costs", &HeadMessage::costs),
        MakeField(14, "days", &HeadMessage::days));
  }
};

// A sum of one currency, of 128 bits; without currency, how many amounts are not known.
struct SumMessage {
  int64_t measure = 0;
  Currency currency;
  int64_t high = 0;
  uint64_t low = 0;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "measure", &SumMessage::measure),
                           MakeField(2, "currency", &SumMessage::currency),
                           MakeField(3, "high", &SumMessage::high),
                           MakeField(4, "low", &SumMessage::low));
  }
};

struct SamplesMessage {
  std::vector<int64_t> values;
  std::vector<uint32_t> events;
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "values", &SamplesMessage::values),
                           MakeField(2, "events", &SamplesMessage::events));
  }
};

struct RowMessage {
  std::vector<std::string> key;
  std::vector<int64_t> counts;
  std::vector<SumMessage> sums;
  std::vector<SamplesMessage> samples;
  static constexpr auto Fields() {
    return std::make_tuple(
        MakeField(1, "key", &RowMessage::key), MakeField(2, "counts", &RowMessage::counts),
        MakeField(3, "sums", &RowMessage::sums), MakeField(4, "samples", &RowMessage::samples));
  }
};

struct PartialMessage {
  HeadMessage head;
  int64_t seq = 0;
  std::vector<StageMessage> stages;
  std::vector<std::string> counts;
  std::vector<std::string> sums;
  std::vector<std::string> samples;
  std::vector<RowMessage> rows;
  CountedShards shards;
  bool whole = false;  // written last: what was cut off lacks it
  static constexpr auto Fields() {
    return std::make_tuple(MakeField(1, "head", &PartialMessage::head),
                           MakeField(2, "seq", &PartialMessage::seq),
                           MakeField(3, "stages", &PartialMessage::stages),
                           MakeField(4, "counts", &PartialMessage::counts),
                           MakeField(5, "sums", &PartialMessage::sums),
                           MakeField(6, "samples", &PartialMessage::samples),
                           MakeField(7, "rows", &PartialMessage::rows),
                           MakeField(8, "shards", &PartialMessage::shards),
                           MakeField(9, "whole", &PartialMessage::whole));
  }
};

template <class Message>
std::string Encoded(const Message& message) {
  std::string bytes;
  wire::AppendMessage(message, bytes);
  return bytes;
}

HeadMessage HeadOf(const Partial& partial) {
  const ReportContext& context = partial.context;
  const ReportRequest& request = context.request;
  HeadMessage head;
  head.report = partial.report;
  head.through = context.as_of.through;
  head.known_at = context.as_of.known_at;
  head.source = static_cast<int64_t>(request.source);
  head.from = request.from;
  head.to = request.to;
  for (const ReportFilter& f : request.filters) head.filters.push_back({f.dimension, f.value});
  for (const TableColumn& c : context.group_columns) {
    head.columns.push_back({c.name, c.definition});
  }
  head.group_by = request.group_by;
  head.currency = request.currency;
  head.days = {request.last_days, request.return_days, request.late_days};
  head.policy = context.policy->json();
  for (const auto& [campaign, cost] : context.campaign_costs) {
    for (const auto& [currency, sum] : cost.sums()) {
      head.costs.push_back({campaign, currency, absl::Int128High64(sum), absl::Int128Low64(sum)});
    }
  }
  return head;
}

RowMessage RowOf(const ReportCounts& counted, size_t row) {
  RowMessage message;
  message.key = counted.key(row);
  for (const std::string& name : counted.names(Measure::kCount)) {
    message.counts.push_back(counted.count(row, name));
  }
  int64_t measure = 0;
  for (const std::string& name : counted.names(Measure::kSum)) {
    const AmountSums& sums = counted.sum(row, name);
    for (const auto& [currency, sum] : sums.sums()) {
      message.sums.push_back({measure, currency, absl::Int128High64(sum), absl::Int128Low64(sum)});
    }
    if (sums.unknown() > 0) {
      message.sums.push_back({measure, {}, 0, static_cast<uint64_t>(sums.unknown())});
    }
    ++measure;
  }
  for (const std::string& name : counted.names(Measure::kSample)) {
    SamplesMessage& samples = message.samples.emplace_back();
    for (const Sample& sample : counted.samples(row, name)) {
      samples.values.push_back(sample.value);
      samples.events.push_back(sample.event);
    }
  }
  return message;
}

// False if its numbers are not as many as there are measures.
bool TakeRow(const RowMessage& message, bool lists, ReportCounts& counted) {
  const size_t row = lists ? counted.AppendRow(message.key) : counted.RowOf(message.key);
  if (message.counts.size() != counted.names(Measure::kCount).size()) return false;
  if (message.samples.size() != counted.names(Measure::kSample).size()) return false;
  for (size_t i = 0; i < message.counts.size(); ++i) counted.CountAt(row, i) += message.counts[i];
  for (const SumMessage& sum : message.sums) {
    const auto measure = static_cast<size_t>(sum.measure);
    if (measure >= counted.names(Measure::kSum).size()) return false;
    AmountSums& sums = counted.SumAt(row, measure);
    if (sum.currency) {
      sums.AddMinor(sum.currency, absl::MakeInt128(sum.high, sum.low));
    } else {
      sums.AddUnknown(static_cast<int64_t>(sum.low));
    }
  }
  for (size_t i = 0; i < message.samples.size(); ++i) {
    const SamplesMessage& samples = message.samples[i];
    if (samples.values.size() != samples.events.size()) return false;
    for (size_t j = 0; j < samples.values.size(); ++j) {
      counted.SamplesAt(row, i).push_back({samples.values[j], samples.events[j]});
    }
  }
  return true;
}

bool Lists(std::string_view report) {
  return std::ranges::any_of(ReportKinds(), [&](const ReportKind* kind) {
    return kind->info().name == report && kind->lists();
  });
}

// As the ledger takes texts: some of these are descriptions, a few sentences long.
bool IsText(const std::string& text) { return CheckText("text", text, kMaxNoteBytes).ok(); }

bool AreText(const std::vector<std::string>& texts) {
  return std::ranges::all_of(texts, [](const std::string& text) { return IsText(text); });
}

// Whether all texts that leave the library are; the policy is parsed anyway.
bool IsText(const PartialMessage& message) {
  const HeadMessage& head = message.head;
  return IsText(head.report) && AreText(head.group_by) && AreText(message.counts) &&
         AreText(message.sums) && AreText(message.samples) &&
         std::ranges::all_of(
             head.filters,
             [](const FilterMessage& f) { return IsText(f.dimension) && IsText(f.value); }) &&
         std::ranges::all_of(
             head.columns,
             [](const ColumnMessage& c) { return IsText(c.name) && IsText(c.definition); }) &&
         std::ranges::all_of(message.stages, [](const StageMessage& s) { return IsText(s.key); }) &&
         std::ranges::all_of(message.rows, [](const RowMessage& row) { return AreText(row.key); });
}

absl::Status TakeHead(HeadMessage head, Partial& partial) {
  ReportContext& context = partial.context;
  if (head.format != kFormat) {
    return InvalidField("partial", absl::StrCat("is of format ", head.format, ", not ", kFormat));
  }
  for (const std::optional<int64_t>& days : {head.days.last, head.days.returned, head.days.late}) {
    if (days && !IsDays(*days)) return InvalidField("partial", "its days are damaged");
  }
  auto policy = Policy::Parse(head.policy);
  if (!policy.ok()) return InvalidField("partial", "its policy is damaged");
  context.policy = *std::move(policy);
  partial.report = std::move(head.report);
  context.as_of.through = head.through;
  context.as_of.known_at = head.known_at;
  context.request.as_of = {head.through, head.known_at, std::nullopt};
  context.request.source = static_cast<SourceChoice>(head.source);
  context.request.from = head.from;
  context.request.to = head.to;
  for (FilterMessage& f : head.filters) {
    context.request.filters.push_back({std::move(f.dimension), std::move(f.value)});
  }
  context.request.group_by = std::move(head.group_by);
  for (ColumnMessage& c : head.columns) {
    context.group_columns.push_back(
        {std::move(c.name), ColumnKind::kText, "", std::move(c.definition)});
  }
  context.request.currency = head.currency;
  context.request.last_days = head.days.last;
  context.request.return_days = head.days.returned;
  context.request.late_days = head.days.late;
  for (const CostMessage& cost : head.costs) {
    context.campaign_costs[cost.campaign].AddMinor(cost.currency,
                                                   absl::MakeInt128(cost.high, cost.low));
  }
  return absl::OkStatus();
}

// Stages that only the other shard's old events know, behind those that are there.
void AddStages(const std::vector<ReportedStage>& from, std::vector<ReportedStage>& to) {
  for (const ReportedStage& stage : from) {
    if (std::ranges::find(to, stage.key, &ReportedStage::key) == to.end()) to.push_back(stage);
  }
}

}  // namespace

std::string EncodePartial(const Partial& partial) {
  PartialMessage message;
  message.head = HeadOf(partial);
  message.seq = partial.context.as_of.seq;
  for (const ReportedStage& s : partial.context.stages) {
    message.stages.push_back({s.key, s.phase, s.kind});
  }
  message.counts = partial.counted.names(Measure::kCount);
  message.sums = partial.counted.names(Measure::kSum);
  message.samples = partial.counted.names(Measure::kSample);
  for (size_t row = 0; row < partial.counted.rows(); ++row) {
    message.rows.push_back(RowOf(partial.counted, row));
  }
  message.shards = partial.shards;
  message.whole = true;
  return Encoded(message);
}

absl::StatusOr<Partial> DecodePartial(std::string_view bytes) {
  PartialMessage message;
  if (absl::Status status = wire::DecodeMessage(bytes, message); !status.ok()) {
    return InvalidField("partial", "is damaged, or is none");
  }
  if (!message.whole) return InvalidField("partial", "is cut off");
  if (!IsText(message)) return InvalidField("partial", "is damaged: a text is not UTF-8");
  Partial partial;
  if (absl::Status status = TakeHead(std::move(message.head), partial); !status.ok()) {
    return status;
  }
  partial.context.as_of.seq = message.seq;
  for (StageMessage& s : message.stages) {
    partial.context.stages.push_back({std::move(s.key), s.phase, s.kind});
  }
  partial.counted = ReportCounts(
      {std::move(message.counts), std::move(message.sums), std::move(message.samples)});
  const bool lists = Lists(partial.report);
  for (const RowMessage& row : message.rows) {
    if (!TakeRow(row, lists, partial.counted)) return InvalidField("partial", "is damaged");
  }
  partial.shards = std::move(message.shards);
  return partial;
}

absl::StatusOr<std::string> MergePartials(std::span<const std::string> partials) {
  if (partials.empty()) return InvalidField("partials", "there are none");
  absl::StatusOr<Partial> merged = DecodePartial(partials[0]);
  if (!merged.ok()) return merged.status();
  const std::string head = Encoded(HeadOf(*merged));
  for (size_t i = 1; i < partials.size(); ++i) {
    const absl::StatusOr<Partial> other = DecodePartial(partials[i]);
    if (!other.ok()) {
      return InvalidField(absl::StrCat("partials[", i, "]"), std::string(other.status().message()));
    }
    if (Encoded(HeadOf(*other)) != head) {
      return InvalidField(absl::StrCat("partials[", i, "]"),
                          "is of another report, request, time or policy than the first");
    }
    if (absl::Status status = AddShards(other->shards, merged->shards); !status.ok()) {
      return InvalidField(absl::StrCat("partials[", i, "]"), std::string(status.message()));
    }
    AddStages(other->context.stages, merged->context.stages);
    merged->counted.Add(other->counted, Lists(merged->report));
    merged->context.as_of.seq = 0;
  }
  return EncodePartial(*merged);
}

}  // namespace throughline
