// Forgets what was kept long enough, and whom asks to be forgotten.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

#include "base/clock.h"
#include "base/config.h"
#include "base/result.h"
#include "pipeline/progress_keeper.h"
#include "storage/account_repository.h"
#include "storage/blob_store.h"
#include "storage/repositories.h"
#include "storage/retention_repository.h"
#include "storage/turn_repository.h"

namespace speechcoach::pipeline {

// Not owned; all outlive the object.
struct RetentionParts {
  storage::RetentionRepository* retention = nullptr;
  storage::SessionRepository* sessions = nullptr;
  storage::TurnRepository* turns = nullptr;
  storage::AccountRepository* accounts = nullptr;
  storage::BlobStore* blobs = nullptr;
  ProgressKeeper* progress = nullptr;
  const base::Clock* clock = nullptr;
};

// Thread-safe; any number of processes may sweep at once. Every call blocks. Errors: kStorageUnavailable; the next call goes on.
class Retention {
 public:
  Retention(const base::PrivacyConfig& config, const RetentionParts& parts) : config_(config), parts_(parts) {}

  struct Swept {
    int recordings = 0;
    int texts = 0;
    int accesses = 0;
  };
  // Deletes recordings older than keep_audio_days, texts older than keep_transcripts_days and records of who saw what older than
  // keep_access_log_days, answers that were kept for a day for those who ask twice, and refresh tokens that are over. A session without texts
  // keeps its scores and figures; the sounds and words it added to the progress are taken back. A conversation that waits for a better recording
  // until then ends as its answers left it. Ends between two recordings once `stop` is requested.
  base::Result<Swept> Sweep(const std::stop_token& stop = {});

  // Recordings first, then all rows: where it stops in between, asking again finishes the work. kNotFound.
  base::Status EraseUser(std::int64_t user_id);

 private:
  base::Result<int> SweepAudio(std::int64_t before_ms, const std::stop_token& stop);
  base::Result<int> SweepTexts(std::int64_t before_ms, const std::stop_token& stop);
  base::Status EndIfWaiting(model::Session& session);
  base::Status ForEachTurn(const model::Session& session, const std::function<base::Status(model::Turn&)>& change);

  const base::PrivacyConfig config_;
  const RetentionParts parts_;
};

}  // namespace speechcoach::pipeline
