// Everything between a question and the providers, wired: what a program needs one of.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/config.h"
#include "base/result.h"
#include "llm/cache/answer_cache.h"
#include "llm/chain/chat_chain.h"
#include "llm/http/http_client.h"
#include "llm/keys/key_store.h"
#include "metrics/metrics.h"
#include "storage/llm_repository.h"

namespace speechcoach::llm {

// Thread-safe. Members are destroyed in reverse: nothing outlives what it uses.
class LlmService {
 public:
  // `repository` (its schema up to date), `clock` and `metrics` (which may be null) outlive it. Where the configuration names a broker, answers are
  // kept there for all servers, else in memory. Errors: kBadConfig (master keys, broker), kInternal.
  static base::Result<std::unique_ptr<LlmService>> Make(const base::Config& config, storage::LlmRepository& repository,
                                                        const base::Clock& clock, metrics::Metrics* metrics = nullptr);

  ChatProvider& provider() { return *cached_; }  // the chain behind the cache
  ChatChain& chain() { return *chain_; }
  KeyStore& keys() { return *keys_; }
  storage::LlmRepository& repository() { return repository_; }
  CacheStatistics cache_statistics() const { return cached_->statistics(); }

 private:
  explicit LlmService(storage::LlmRepository& repository) : repository_(repository) {}

  storage::LlmRepository& repository_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<KeyStore> keys_;
  std::unique_ptr<ChatChain> chain_;
  std::unique_ptr<CachedProvider> cached_;
};

}  // namespace speechcoach::llm
