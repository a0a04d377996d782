#include <unistd.h>

#include <iostream>
#include <string>

#include "commands.h"
#include "opened_ledger.h"
#include "throughline/import.h"

namespace throughline {
namespace {

// One line that is drawn over and over; nothing at all when nobody watches.
class ProgressBar {
 public:
  ProgressBar() : shown_(isatty(STDERR_FILENO) == 1) {}
  ~ProgressBar() { Clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Show(std::string_view step, int64_t done, int64_t total) {
    if (!shown_) return;
    constexpr int kWidth = 40;
    const int64_t filled = total <= 0 ? 0 : std::min<int64_t>(kWidth, done * kWidth / total);
    std::string bar(static_cast<size_t>(filled), '#');
    bar.resize(kWidth, '.');
    std::cerr << "\r\033[K" << step << " [" << bar << "] ";
    if (total > 0) std::cerr << done * 100 / total << " %";
    std::cerr << std::flush;
    drawn_ = true;
  }

  void Clear() {
    if (drawn_) std::cerr << "\r\033[K" << std::flush;
    drawn_ = false;
  }

 private:
  bool shown_;
  bool drawn_ = false;
};

void PrintReport(const ImportReport& report, const std::string& rejects) {
  std::cout << report.rows << " rows read, " << report.facts << " facts: " << report.imported
            << " imported, " << report.known << " known already, " << report.rejected
            << " rows rejected\n";
  std::cout << report.events << " events in " << report.commits << " commits\n";
  for (const auto& [warning, count] : report.warnings) {
    std::cout << "warning: " << warning << ": " << count << "\n";
  }
  for (const std::string& sample : report.samples) std::cerr << "  " << sample << "\n";
  if (report.rejected > 0) std::cerr << "The rejected rows are in " << rejects << "\n";
}

}  // namespace

absl::StatusOr<ExitCode> RunImport(const ImportArguments& arguments) {
  std::string map;
  if (!arguments.map.empty()) {
    absl::StatusOr<std::string> text = ReadFile(arguments.map);
    if (!text.ok()) return text.status();
    map = *std::move(text);
  }
  absl::StatusOr<std::unique_ptr<Ledger>> ledger =
      OpenLedger(arguments.ledger, arguments.relaxed ? Access::kRelaxedWrite : Access::kWrite);
  if (!ledger.ok()) return ledger.status();

  ImportOptions options;
  options.mode = arguments.enforce ? Mode::kEnforce : Mode::kObserve;
  options.rejects_path =
      arguments.rejects.empty() ? arguments.ledger + ".rejects.csv" : arguments.rejects;
  ProgressBar bar;
  options.progress = [&bar](std::string_view step, int64_t done, int64_t total) {
    bar.Show(step, done, total);
  };
  absl::StatusOr<ImportReport> report = ImportFiles(**ledger, arguments.files, map, options);
  bar.Clear();
  if (!report.ok()) return report.status();
  PrintReport(*report, options.rejects_path);
  return report->rejected > 0 ? kDataWrong : kDone;
}

}  // namespace throughline
