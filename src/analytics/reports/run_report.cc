#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analytics/as_of.h"
#include "analytics/reports/partial.h"
#include "analytics/reports/report_kind.h"
#include "analytics/reports/report_scope.h"
#include "model/abseil_text.h"
#include "throughline/error.h"

namespace throughline {
namespace {

absl::StatusOr<const ReportKind*> FindReport(std::string_view name) {
  std::string known;
  for (const ReportKind* report : ReportKinds()) {
    if (report->info().name == name) return report;
    absl::StrAppend(&known, known.empty() ? "" : ", ", ToAbsl(report->info().name));
  }
  return InvalidField("name", absl::StrCat("there is no '", ToAbsl(name), "'; there are: ", known));
}

// Counts the groups of a shard.
absl::Status CountInto(const ReportKind& report, const ReportScope& scope, const Shard& shard,
                       Tally& tally) {
  const ReportKind::Counter count = report.counter(scope);
  scope.facts().layers.ForEachGroup([&](const Group& group) {
    if (static_cast<uint64_t>(group.id()) % shard.count == shard.index) count(group, tally);
  });
  return tally.status();
}

// The counted rows that the tally's are, one after another.
class RowNumbers {
 public:
  RowNumbers(const ReportKind& report, const ReportScope& scope)
      : lists_(report.lists()), scope_(scope) {}

  size_t RowOf(const Tally::Key& key, ReportCounts& counted) {
    if (!lists_) return counted.RowOf(scope_.LabelsOf(key));
    const auto [at, is_new] = keys_.try_emplace(key, 0);
    if (is_new) at->second = counted.NumberOf(scope_.LabelsOf(key));
    return counted.AppendRow(at->second);
  }

 private:
  bool lists_;
  const ReportScope& scope_;
  HashMap<Tally::Key, uint32_t> keys_;
};

void AddSamples(Column<Sample> samples, Column<Sample>& all) {
  if (all.empty()) std::swap(all, samples);
  all.append(samples);
}

// Samples, of which there may be millions, are taken from the tally.
ReportCounts LabelsOf(const ReportKind& report, Tally& tally, const ReportScope& scope) {
  ReportCounts counted(tally.measures());
  if (scope.context().group_columns.empty()) counted.RowOf({});  // also of an empty ledger
  RowNumbers numbers(report, scope);
  for (size_t row = 0; row < tally.rows(); ++row) {
    const size_t to = numbers.RowOf(tally.key(row), counted);
    for (size_t m = 0; m < tally.measures().counts.size(); ++m) {
      counted.CountAt(to, m) += tally.count(row, m);
    }
    for (size_t m = 0; m < tally.measures().sums.size(); ++m) {
      counted.SumAt(to, m).Add(tally.sum(row, m));
    }
    for (size_t m = 0; m < tally.measures().samples.size(); ++m) {
      AddSamples(tally.TakeSamples(row, m), counted.SamplesAt(to, m));
    }
  }
  return counted;
}

// Which rows of the tally are counted in these.
std::set<size_t> TallyRows(std::span<const size_t> wanted, const ReportKind& report,
                           const Tally& tally, const ReportScope& scope) {
  ReportCounts counted;
  if (scope.context().group_columns.empty()) counted.RowOf({});
  RowNumbers numbers(report, scope);
  std::set<size_t> rows;
  for (size_t row = 0; row < tally.rows(); ++row) {
    const size_t to = numbers.RowOf(tally.key(row), counted);
    if (std::ranges::find(wanted, to) != wanted.end()) rows.insert(row);
  }
  return rows;
}

struct Run {
  const ReportKind* report;
  ReportScope scope;
  Tally tally;
  ReportCounts counted;
};

// A dimension may be called as a column that the report has anyway.
absl::Status CheckColumns(const ReportKind& report, const ReportScope& scope) {
  if (scope.context().request.group_by.empty()) return absl::OkStatus();
  std::set<std::string> names;
  const ReportCounts nothing(report.measures(scope));
  for (const TableColumn& column : report.Finish(nothing, scope.context()).table.columns) {
    if (names.insert(column.name).second) continue;
    return InvalidField("group_by", absl::StrCat("'", column.name, "' is in the table already"));
  }
  return absl::OkStatus();
}

absl::Status CheckDays(const ReportKind& report, const ReportRequest& request) {
  const struct {
    std::string_view field;
    ReportDays days;
    const std::optional<int64_t>& value;
  } given[] = {{"last_days", ReportDays::kLast, request.last_days},
               {"return_days", ReportDays::kReturn, request.return_days},
               {"late_days", ReportDays::kLate, request.late_days}};
  for (const auto& [field, days, value] : given) {
    if (!value) continue;
    if (!report.goes_by(days)) {
      return InvalidField(
          field, absl::StrCat("the report ", ToAbsl(report.info().name), " does not go by them"));
    }
    if (!IsDays(*value)) {
      return InvalidField(field, absl::StrCat(*value, " is not within 1 and ", kMaxReportDays));
    }
  }
  return absl::OkStatus();
}

// A report of one moment is of a period's last.
absl::StatusOr<ReportRequest> AsOfItsEnd(const SnapshotFacts& facts, ReportRequest request) {
  if (!request.to) return request;
  const absl::StatusOr<AsOfAnswer> as_of = ResolveAsOf(request.as_of, facts);
  if (!as_of.ok()) return as_of.status();
  const absl::StatusOr<Calendar> calendar = Calendar::Of(facts.policy());
  if (!calendar.ok()) return calendar.status();
  const Time end{calendar->StartOf(Date{request.to->days + 1}).micros - 1};
  request.as_of.through = std::min(as_of->through, end);
  return request;
}

absl::StatusOr<Run> CountReport(const Snapshot& snapshot, std::string_view name,
                                const ReportRequest& asked, const Shard& shard) {
  if (shard.index >= shard.count) {
    return InvalidField("shard", absl::StrCat(shard.index, " is not one of ", shard.count));
  }
  const absl::StatusOr<const ReportKind*> report = FindReport(name);
  if (!report.ok()) return report.status();
  absl::StatusOr<ReportRequest> request = asked;
  if ((*report)->is_of_moment()) request = AsOfItsEnd(FactsOf(snapshot), asked);
  if (!request.ok()) return request.status();
  if (!(*report)->groups() && !request->group_by.empty()) {
    return InvalidField("group_by", absl::StrCat("the report ", ToAbsl(name), " has no groups"));
  }
  if (absl::Status status = CheckDays(**report, *request); !status.ok()) return status;
  absl::StatusOr<ReportScope> scope =
      ReportScope::Of(FactsOf(snapshot), *std::move(request), (*report)->dimensions());
  if (!scope.ok()) return scope.status();
  if ((*report)->has_costs() && scope->context().IsOfAll()) {
    if (absl::Status status = scope->SumCosts(); !status.ok()) return status;
  }
  if (absl::Status status = CheckColumns(**report, *scope); !status.ok()) return status;
  Tally tally((*report)->measures(*scope));
  if (absl::Status status = CountInto(**report, *scope, shard, tally); !status.ok()) return status;
  ReportCounts counted = LabelsOf(**report, tally, *scope);
  return Run{*report, *std::move(scope), std::move(tally), std::move(counted)};
}

void AddParameter(std::string name, std::string value, Table& table) {
  if (!value.empty()) table.parameters.emplace_back(std::move(name), std::move(value));
}

FinishedReport Finish(const ReportKind& report, const ReportCounts& counted,
                      const ReportContext& context) {
  FinishedReport finished = report.Finish(counted, context);
  Table& table = finished.table;
  const ReportRequest& request = context.request;
  table.report = report.info().name;
  table.as_of = context.as_of;
  AddParameter("source", std::string(NameOf(request.source)), table);
  if (request.from && !report.is_of_moment()) {
    AddParameter("from", FormatDate(*request.from), table);
  }
  if (request.to) AddParameter("to", FormatDate(*request.to), table);
  AddParameter("filters", FiltersText(request.filters), table);
  AddParameter("group_by", absl::StrJoin(request.group_by, ","), table);
  AddParameter("currency", std::string(request.currency.view()), table);
  if (report.compares()) AddParameter("period", ComparedText(context), table);
  if (request.last_days) AddParameter("last_days", absl::StrCat(*request.last_days), table);
  if (request.return_days) AddParameter("return_days", absl::StrCat(*request.return_days), table);
  if (request.late_days) AddParameter("late_days", absl::StrCat(*request.late_days), table);
  return finished;
}

Table SubjectTable(const std::set<Subject>& subjects, const Table& of) {
  Table table;
  table.report = absl::StrCat(of.report, " rows");
  table.as_of = of.as_of;
  table.parameters = of.parameters;
  table.columns = {
      {"kind", ColumnKind::kText, "", "What it is: a lead, an opportunity or a touch."},
      {"id", ColumnKind::kInteger, "", "Its id in the ledger; of a touch, that of its event."},
      {"account", ColumnKind::kInteger, "", "The account that it is recorded of."},
  };
  for (const Subject& s : subjects) {
    const bool is_touch = s.kind == EntityKind::kNone;
    table.AddRow({std::string(is_touch ? "touch" : NameOf(s.kind)), s.id, s.account});
  }
  return table;
}

// The measures behind a cell. INVALID_ARGUMENT if the column has none.
absl::StatusOr<std::set<Measure>> MeasuresOf(const FinishedReport& finished, size_t row,
                                             std::string_view column, const ReportCounts& counted) {
  const std::optional<size_t> at = finished.table.FindColumn(column);
  if (!at) return InvalidField("column", absl::StrCat("there is no '", ToAbsl(column), "'"));
  const auto& names = finished.column_measures[*at];
  if (names.empty()) {
    return InvalidField("column", absl::StrCat("'", ToAbsl(column), "' counts no records"));
  }
  std::set<Measure> measures;
  const std::string part = finished.OriginOf(row).part;
  const auto add = [&](Measure::Kind kind, Measure::Kind listed, const std::string& name) {
    const std::vector<std::string>& all = counted.names(listed);
    const auto found = std::ranges::find(all, MeasureName(name, part));
    if (found != all.end()) measures.insert({kind, static_cast<size_t>(found - all.begin())});
  };
  for (const std::string& name : names) {
    if (name.starts_with('?')) {
      add(Measure::kUnknown, Measure::kSum, name.substr(1));
      continue;
    }
    for (const Measure::Kind kind : {Measure::kCount, Measure::kSum, Measure::kSample}) {
      add(kind, kind, name);
    }
  }
  return measures;
}

// Of which the amounts behind a cell are; none: of any.
Currency CurrencyBehind(const FinishedReport& finished, size_t row, std::string_view column) {
  if (const Currency currency = finished.OriginOf(row).currency) return currency;
  const std::optional<size_t> at = finished.table.FindColumn(column);
  return at ? ParseCurrency(finished.table.columns[*at].unit).value_or(Currency()) : Currency();
}

}  // namespace

std::vector<ReportInfo> Reports() {
  std::vector<ReportInfo> infos;
  for (const ReportKind* report : ReportKinds()) infos.push_back(report->info());
  return infos;
}

absl::StatusOr<Table> RunReport(const Snapshot& snapshot, std::string_view name,
                                const ReportRequest& request) {
  const absl::StatusOr<Run> run = CountReport(snapshot, name, request, {});
  if (!run.ok()) return run.status();
  return Finish(*run->report, run->counted, run->scope.context()).table;
}

absl::StatusOr<Table> ReportRows(const Snapshot& snapshot, std::string_view name,
                                 const ReportRequest& request, size_t row,
                                 std::string_view column) {
  absl::StatusOr<Run> run = CountReport(snapshot, name, request, {});
  if (!run.ok()) return run.status();
  const FinishedReport finished = Finish(*run->report, run->counted, run->scope.context());
  if (row >= finished.table.rows()) {
    return absl::OutOfRangeError(
        absl::StrCat("row ", row, " is not one of the ", finished.table.rows(), " that there are"));
  }
  absl::StatusOr<std::set<Measure>> measures = MeasuresOf(finished, row, column, run->counted);
  if (!measures.ok()) return measures.status();
  Tally collecting(run->tally.measures());
  collecting.CollectFrom(
      TallyRows(finished.OriginOf(row).rows, *run->report, run->tally, run->scope),
      *std::move(measures), CurrencyBehind(finished, row, column));
  if (absl::Status status = CountInto(*run->report, run->scope, {}, collecting); !status.ok()) {
    return status;
  }
  return SubjectTable(collecting.subjects(), finished.table);
}

absl::StatusOr<std::string> ReportPartial(const Snapshot& snapshot, std::string_view name,
                                          const ReportRequest& request, const Shard& shard) {
  absl::StatusOr<Run> run = CountReport(snapshot, name, request, shard);
  if (!run.ok()) return run.status();
  return EncodePartial({std::string(name),
                        run->scope.context(),
                        std::move(run->counted),
                        {ShardOf(snapshot, shard)}});
}

absl::StatusOr<Table> FinishReport(std::string_view partial) {
  const absl::StatusOr<Partial> decoded = DecodePartial(partial);
  if (!decoded.ok()) return decoded.status();
  if (absl::Status status = CheckComplete(decoded->shards); !status.ok()) return status;
  const absl::StatusOr<const ReportKind*> report = FindReport(decoded->report);
  if (!report.ok()) return report.status();
  return Finish(**report, decoded->counted, decoded->context).table;
}

}  // namespace throughline
