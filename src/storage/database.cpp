#include "storage/database.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/url.h"
#include "storage/internal/account_repository.h"
#include "storage/internal/adapter_repository.h"
#include "storage/internal/alert_repository.h"
#include "storage/internal/challenge_repository.h"
#include "storage/internal/class_repository.h"
#include "storage/internal/connection_pool.h"
#include "storage/internal/dispute_repository.h"
#include "storage/internal/embedded_files.h"
#include "storage/internal/event_repository.h"
#include "storage/internal/finding_repository.h"
#include "storage/internal/guardian_repository.h"
#include "storage/internal/idempotency_repository.h"
#include "storage/internal/job_repository.h"
#include "storage/internal/llm_repository.h"
#include "storage/internal/migrator.h"
#include "storage/internal/postgresql_dialect.h"
#include "storage/internal/product_repository.h"
#include "storage/internal/progress_repository.h"
#include "storage/internal/rating_repository.h"
#include "storage/internal/retention_repository.h"
#include "storage/internal/schedule_repository.h"
#include "storage/internal/sentence_repository.h"
#include "storage/internal/session_repository.h"
#include "storage/internal/sqlite_dialect.h"
#include "storage/internal/turn_repository.h"
#include "storage/internal/user_repository.h"

namespace speechcoach::storage {
namespace {

constexpr std::string_view kSqliteScheme = "sqlite:";
constexpr std::string_view kPostgresqlScheme = "postgresql://";
constexpr std::string_view kSentencesFile = "sentences.json";

class SqlDatabase final : public Database {
 public:
  SqlDatabase(std::unique_ptr<Dialect> dialect, int pool_size)
      : dialect_(std::move(dialect)),
        pool_(
            {.size = pool_size, .one_writer = dialect_->one_writer()}, [this](soci::session& sql) { dialect_->Connect(sql); },
            [this](soci::session& sql) { return dialect_->WasClosed(sql); }) {}

  base::Status MigrateUp() override {
    return pool_.Run(Access::kWrite, [this](soci::session& sql) { return Migrator(sql, *dialect_, EmbeddedMigrations()).Up(); });
  }

  base::Status MigrateDown(int steps) override {
    return pool_.Run(Access::kWrite,
                     [&](soci::session& sql) { return Migrator(sql, *dialect_, EmbeddedMigrations()).Down(steps); });
  }

  base::Result<std::vector<MigrationState>> MigrationStatus() override {
    return pool_.Run(Access::kWrite, [this](soci::session& sql) -> base::Result<std::vector<MigrationState>> {
      return Migrator(sql, *dialect_, EmbeddedMigrations()).Status();
    });
  }

  base::Status SeedSentences() override {
    const auto files = EmbeddedFiles();
    return sentences_.Seed(std::ranges::find(files, kSentencesFile, &EmbeddedFile::name)->content);
  }

  SessionRepository& sessions() override { return sessions_; }
  UserRepository& users() override { return users_; }
  AccountRepository& accounts() override { return accounts_; }
  ProgressRepository& progress() override { return progress_; }
  RetentionRepository& retention() override { return retention_; }
  SentenceRepository& sentences() override { return sentences_; }
  ClassRepository& classes() override { return classes_; }
  IdempotencyRepository& idempotency() override { return idempotency_; }
  DisputeRepository& disputes() override { return disputes_; }
  FindingRepository& findings() override { return findings_; }
  ProductRepository& product() override { return product_; }
  RatingRepository& ratings() override { return ratings_; }
  GuardianRepository& guardians() override { return guardians_; }
  AdapterRepository& adapter() override { return adapter_; }
  ChallengeRepository& challenges() override { return challenges_; }
  JobRepository& jobs() override { return jobs_; }
  EventRepository& events() override { return events_; }
  TurnRepository& turns() override { return turns_; }
  LlmRepository& llm() override { return llm_; }
  ScheduleRepository& schedule() override { return schedule_; }
  AlertRepository& alerts() override { return alerts_; }

 private:
  const std::unique_ptr<Dialect> dialect_;
  ConnectionPool pool_;
  SqlSessionRepository sessions_{pool_, *dialect_};
  SqlUserRepository users_{pool_, *dialect_};
  SqlAccountRepository accounts_{pool_, *dialect_};
  SqlProgressRepository progress_{pool_, *dialect_};
  SqlRetentionRepository retention_{pool_, *dialect_};
  SqlSentenceRepository sentences_{pool_, *dialect_};
  SqlClassRepository classes_{pool_, *dialect_};
  SqlIdempotencyRepository idempotency_{pool_, *dialect_};
  SqlDisputeRepository disputes_{pool_, *dialect_};
  SqlFindingRepository findings_{pool_};
  SqlProductRepository product_{pool_, *dialect_};
  SqlRatingRepository ratings_{pool_, *dialect_};
  SqlGuardianRepository guardians_{pool_, *dialect_};
  SqlAdapterRepository adapter_{pool_, *dialect_};
  SqlChallengeRepository challenges_{pool_, *dialect_};
  SqlJobRepository jobs_{pool_, *dialect_};
  SqlEventRepository events_{pool_, *dialect_};
  SqlTurnRepository turns_{pool_, *dialect_};
  SqlLlmRepository llm_{pool_, *dialect_};
  SqlScheduleRepository schedule_{pool_, *dialect_};
  SqlAlertRepository alerts_{pool_, *dialect_};
};

base::Result<std::unique_ptr<Dialect>> MakeDialect(std::string_view url) {
  if (url.starts_with(kPostgresqlScheme)) return MakePostgresqlDialect(std::string(url));
  if (!url.starts_with(kSqliteScheme))
    return {base::ErrorCode::kBadConfig, "database.url: must be sqlite:PATH or postgresql://..."};
  return MakeSqliteDialect(std::string(url.substr(kSqliteScheme.size())));
}

}  // namespace

base::Result<std::unique_ptr<Database>> Database::Open(const base::DatabaseConfig& config) {
  if (config.pool_size < 1) return {base::ErrorCode::kBadConfig, "database.pool_size: at least 1"};
  base::Result<std::unique_ptr<Dialect>> dialect = MakeDialect(config.url);
  if (!dialect.ok()) return dialect.error();
  try {
    return std::unique_ptr<Database>(std::make_unique<SqlDatabase>(std::move(*dialect), config.pool_size));
  } catch (...) {
    const base::Error error = CurrentExceptionToError();
    return {error.code, fmt::format("cannot open {}: {}", base::WithoutCredentials(config.url), error.message)};
  }
}

}  // namespace speechcoach::storage
