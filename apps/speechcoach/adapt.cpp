#include "adapt.h"

#include <string>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/log.h"
#include "parts.h"

namespace speechcoach::app {

using storage::AdaptedKind;

base::Result<cli::ExitCode> Adapt(const cli::AdaptCommand& command, const base::Config& config) {
  const AdaptedKind kind = command.is_users ? AdaptedKind::kUsers : AdaptedKind::kSentences;
  const auto database = OpenDatabase(config);
  if (!database.ok()) return database.error();
  if (const base::Status migrated = (*database)->MigrateUp(); !migrated.ok()) return migrated.error();
  storage::AdaptedTable table{command.table, {}, command.issuer};
  for (const std::string& column : command.columns) {
    const std::size_t equals = column.find('=');
    if (equals == std::string::npos) return base::Error{base::ErrorCode::kBadConfig, "'" + column + "' is not OURS=THEIRS"};
    table.columns[column.substr(0, equals)] = column.substr(equals + 1);
  }
  if (const base::Status put = (*database)->adapter().Put(kind, table); !put.ok()) return put.error();
  const auto counts = (*database)->adapter().Follow(kind, base::SystemClock().NowMs());
  if (!counts.ok()) return counts.error();
  fmt::print("{} added, {} changed, {} gone; followed every minute while a server runs\n", counts->added, counts->changed,
             counts->gone);
  return cli::ExitCode::kOk;
}

base::Status FollowAdapted(storage::Database& database, std::int64_t now_ms) {
  base::Status first;
  for (const AdaptedKind kind : {AdaptedKind::kUsers, AdaptedKind::kSentences}) {
    const auto counts = database.adapter().Follow(kind, now_ms);
    if (!counts.ok()) {
      if (first.ok()) first = counts.error();
      continue;
    }
    if (counts->added + counts->changed == 0) continue;
    base::Log(base::LogLevel::kInfo, "adapted table followed",
              {{"kind", kind == AdaptedKind::kUsers ? "users" : "sentences"},
               {"added", counts->added},
               {"changed", counts->changed},
               {"gone", counts->gone}});
  }
  return first;
}

}  // namespace speechcoach::app
