#include "calibrate.h"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "analytics/rating_agreement.h"
#include "base/clock.h"
#include "parts.h"

namespace speechcoach::app {
namespace {

std::string Shown(std::optional<double> value) { return value ? fmt::format("{:.3f}", *value) : "-"; }

void Print(const std::vector<analytics::RatingAgreement>& agreements) {
  fmt::print("{:<10} {:>10} {:>12} {:>16} {:>15}\n", "rating", "recordings", "with scores", "mean difference", "between raters");
  for (const analytics::RatingAgreement& agreement : agreements) {
    fmt::print("{:<10} {:>10} {:>12} {:>16} {:>15}\n", agreement.rating, agreement.recordings, Shown(agreement.with_scores),
               Shown(agreement.mean_difference), Shown(agreement.between_raters));
  }
}

void Print(const analytics::FittedLine& line) {
  fmt::print("{:<10} squared difference {:.3f}, on learners it was not fitted on {:.3f}: ", line.rating, line.error_before,
             line.error_after);
  if (line.is_better) {
    fmt::print("shown = {:+.3f} {:+.3f} x given\n", line.line.shift, line.line.slope);
  } else {
    fmt::print("shown as given\n");
  }
}

}  // namespace

base::Result<cli::ExitCode> Calibrate(const cli::CalibrateCommand& command, const base::Config& config) {
  const auto database = OpenDatabase(config);
  if (!database.ok()) return database.error();
  if (const base::Status migrated = (*database)->MigrateUp(); !migrated.ok()) return migrated.error();
  const auto readings = (*database)->ratings().All();
  if (!readings.ok()) return readings.error();
  Print(analytics::Agreements(*readings));
  const analytics::CalibrationFit fit = analytics::FitCalibration(*readings, static_cast<std::size_t>(command.least));
  if (fit.lines.empty()) {
    fmt::print("{} readings of {} learners are too few: {} of {} are needed. Nothing is changed.\n", fit.recordings, fit.learners,
               command.least, analytics::kLeastLearners);
    return cli::ExitCode::kOk;
  }
  for (const analytics::FittedLine& line : fit.lines) Print(line);
  if (command.is_dry) return cli::ExitCode::kOk;
  if (const base::Status kept = (*database)->ratings().KeepCalibration(fit.calibration, base::SystemClock().NowMs()); !kept.ok())
    return kept.error();
  fmt::print("kept; in force from the next start of the server and its workers on\n");
  return cli::ExitCode::kOk;
}

}  // namespace speechcoach::app
