#include "throughline/report.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "analytics/as_of.h"
#include "analytics/reports.h"
#include "analytics/snapshot.h"
#include "model/abseil_text.h"
#include "throughline/error.h"

namespace throughline {
namespace {

struct ReportEntry {
  ReportInfo info;
  Table (*run)(const Projection& projection, const AsOf& as_of, const ReportRequest& request);
};

constexpr auto kReports = std::to_array<ReportEntry>({
    {{"pipeline", "how many leads and opportunities stand in each stage, and what they are worth"},
     [](const Projection& projection, const AsOf& as_of, const ReportRequest&) {
       return PipelineReport(projection, as_of);
     }},
    {{"funnel", "how many leads and opportunities entered and reached each stage"},
     [](const Projection& projection, const AsOf& as_of, const ReportRequest&) {
       return FunnelReport(projection, as_of);
     }},
    {{"sources", "what came from which source, and what was won of it"},
     [](const Projection& projection, const AsOf& as_of, const ReportRequest& request) {
       return SourcesReport(projection, as_of, request.source);
     }},
    {{"coverage", "which reports the facts carry exactly, partly or not, and why"},
     [](const Projection& projection, const AsOf& as_of, const ReportRequest&) {
       return CoverageReport(projection, as_of);
     }},
});

absl::Status UnknownReport(std::string_view name) {
  std::string known;
  for (const ReportEntry& report : kReports) {
    absl::StrAppend(&known, known.empty() ? "" : ", ", ToAbsl(report.info.name));
  }
  return InvalidField("name", absl::StrCat("there is no '", ToAbsl(name), "'; there are: ", known));
}

}  // namespace

std::vector<ReportInfo> Reports() {
  std::vector<ReportInfo> infos;
  infos.reserve(std::size(kReports));
  for (const ReportEntry& report : kReports) infos.push_back(report.info);
  return infos;
}

absl::StatusOr<Table> RunReport(const Snapshot& snapshot, std::string_view name,
                                const ReportRequest& request) {
  for (const ReportEntry& report : kReports) {
    if (report.info.name != name) continue;
    const Projection& projection = ProjectionOf(snapshot);
    const absl::StatusOr<AsOfAnswer> as_of = ResolveAsOf(request.as_of, projection);
    if (!as_of.ok()) return as_of.status();
    Table table = report.run(projection, {as_of->through, as_of->known_at}, request);
    table.report = name;
    table.as_of = *as_of;
    return table;
  }
  return UnknownReport(name);
}

}  // namespace throughline
