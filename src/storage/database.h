// The database of the product: migrations and the repositories over one pool of connections.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/config.h"
#include "base/result.h"
#include "storage/account_repository.h"
#include "storage/adapter_repository.h"
#include "storage/alert_repository.h"
#include "storage/blob_store.h"
#include "storage/challenge_repository.h"
#include "storage/class_repository.h"
#include "storage/dispute_repository.h"
#include "storage/finding_repository.h"
#include "storage/guardian_repository.h"
#include "storage/idempotency_repository.h"
#include "storage/llm_repository.h"
#include "storage/product_repository.h"
#include "storage/progress_repository.h"
#include "storage/rating_repository.h"
#include "storage/repositories.h"
#include "storage/retention_repository.h"
#include "storage/schedule_repository.h"
#include "storage/turn_repository.h"

namespace speechcoach::storage {

struct MigrationState {
  std::string name;  // "202611221630_sessions"
  bool applied = false;
};

// Owns the pool; the repositories it gives out live as long as it does. Thread-safe.
class Database {
 public:
  // Opens the pool; makes the SQLite file and its folder where missing. Runs no migration.
  // Errors: kBadConfig (url), kStorageUnavailable.
  static base::Result<std::unique_ptr<Database>> Open(const base::DatabaseConfig& config);
  virtual ~Database() = default;

  virtual base::Status MigrateUp() = 0;             // all that are missing, each in a transaction
  virtual base::Status MigrateDown(int steps) = 0;  // the last ones
  virtual base::Result<std::vector<MigrationState>> MigrationStatus() = 0;

  // Puts in, or brings up to date, the practice sentences that come with the program. MigrateUp first.
  virtual base::Status SeedSentences() = 0;

  virtual SessionRepository& sessions() = 0;
  virtual UserRepository& users() = 0;
  virtual AccountRepository& accounts() = 0;
  virtual ProgressRepository& progress() = 0;
  virtual RetentionRepository& retention() = 0;
  virtual SentenceRepository& sentences() = 0;
  virtual ClassRepository& classes() = 0;
  virtual IdempotencyRepository& idempotency() = 0;
  virtual DisputeRepository& disputes() = 0;
  virtual FindingRepository& findings() = 0;
  virtual ProductRepository& product() = 0;
  virtual RatingRepository& ratings() = 0;
  virtual GuardianRepository& guardians() = 0;
  virtual AdapterRepository& adapter() = 0;
  virtual ChallengeRepository& challenges() = 0;
  virtual JobRepository& jobs() = 0;
  virtual EventRepository& events() = 0;
  virtual TurnRepository& turns() = 0;
  virtual LlmRepository& llm() = 0;
  virtual ScheduleRepository& schedule() = 0;
  virtual AlertRepository& alerts() = 0;
};

// From audio.url; makes the folder. Errors: kBadConfig, kStorageUnavailable.
base::Result<std::unique_ptr<BlobStore>> OpenBlobStore(const base::AudioConfig& config);

}  // namespace speechcoach::storage
