// The HTTP and WebSocket server: contract/openapi.yaml, contract/ws.schema.json and the web app, on one port.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/config.h"
#include "base/result.h"
#include "llm/llm_service.h"
#include "metrics/metrics.h"
#include "pipeline/live_recordings.h"
#include "pipeline/model_speech.h"
#include "pipeline/progress_keeper.h"
#include "pipeline/retention.h"
#include "pipeline/session_events.h"
#include "pipeline/session_service.h"
#include "redis/token_buckets.h"
#include "storage/account_repository.h"
#include "storage/challenge_repository.h"
#include "storage/class_repository.h"
#include "storage/dispute_repository.h"
#include "storage/guardian_repository.h"
#include "storage/idempotency_repository.h"
#include "storage/product_repository.h"
#include "storage/progress_repository.h"
#include "storage/rating_repository.h"
#include "storage/repositories.h"

namespace speechcoach::api {

// For phones of the local network: see TlsIdentity. PEM.
struct LanAccess {
  std::string host;          // under which they come; the port is the server's
  std::string certificates;  // the server's own first
  std::string private_key;
  std::string authority;    // whoever vouches for it
  std::string fingerprint;  // the authority's, for people to compare; not PEM
};

// Not owned; all outlive the server.
struct ApiParts {
  pipeline::SessionService* service = nullptr;
  pipeline::LiveRecordings* live = nullptr;
  pipeline::SessionEvents* events = nullptr;
  storage::UserRepository* users = nullptr;
  storage::AccountRepository* accounts = nullptr;
  storage::ProgressRepository* progress = nullptr;
  pipeline::ProgressKeeper* keeper = nullptr;
  pipeline::Retention* retention = nullptr;
  storage::SentenceRepository* sentences = nullptr;
  storage::ClassRepository* classes = nullptr;
  storage::IdempotencyRepository* idempotency = nullptr;
  storage::DisputeRepository* disputes = nullptr;
  storage::ProductRepository* product = nullptr;
  storage::RatingRepository* ratings = nullptr;
  storage::GuardianRepository* guardians = nullptr;
  storage::ChallengeRepository* challenges = nullptr;
  const base::Clock* clock = nullptr;
  redis::TokenBuckets* shared_limits = nullptr;     // null: each server counts requests, guests and tries to sign in for itself
  const pipeline::ModelSpeaker* speaker = nullptr;  // null: no route for the model voice
  llm::LlmService* llm = nullptr;                   // null: the routes about language models are not there
  std::function<base::Status()> ready;              // may block; thread-safe; not ok: /readyz answers 503
  metrics::Metrics* metrics = nullptr;              // null: nothing is counted, and /metrics is not there
  std::optional<LanAccess> lan = {};                // nothing: the port takes no TLS
};

class ApiServer {
 public:
  // Listens, and answers from then on. `program_dir` is the folder of the running program: the web app is taken from its
  // subfolder web/ where config.server.web_root is empty; without one only the API is served.
  // Errors: kBadConfig (address in use or not ours, unusable secret file, web_root that is no folder), kInternal.
  static base::Result<std::unique_ptr<ApiServer>> Start(const base::Config& config, const ApiParts& parts,
                                                        const std::filesystem::path& program_dir);
  virtual ~ApiServer() = default;  // stops without grace where Stop was not called

  virtual int port() const = 0;  // the one in use, also where the configuration said 0

  virtual int web_socket_connections() const = 0;  // open now

  // Takes no new connection, tells WebSocket clients `going_away` and closes them (1001), lets requests under way end for
  // at most `grace`, joins all threads. Idempotent. Call it from outside the server's threads.
  virtual void Stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace speechcoach::api
