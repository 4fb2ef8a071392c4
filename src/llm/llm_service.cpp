#include "llm/llm_service.h"

#include <chrono>
#include <utility>

#include "llm/cache/redis_answer_store.h"

namespace speechcoach::llm {
namespace {

base::Result<std::unique_ptr<AnswerStore>> MakeAnswerStore(const base::Config& config) {
  const std::chrono::seconds ttl(config.llm.cache_ttl_s);
  if (config.broker.url.empty() || config.llm.cache_entries == 0) {
    return MakeMemoryAnswerStore(static_cast<std::size_t>(config.llm.cache_entries), ttl);
  }
  auto server = redis::ParseUrl(config.broker.url);
  if (!server.ok()) return server.error();
  return MakeRedisAnswerStore(std::move(*server), ttl);
}

}  // namespace

base::Result<std::unique_ptr<LlmService>> LlmService::Make(const base::Config& config, storage::LlmRepository& repository,
                                                           const base::Clock& clock, metrics::Metrics* metrics) {
  std::unique_ptr<LlmService> service(new LlmService(repository));
  auto http = MakeHttpClient({.local_only = config.privacy.local_only, .ca_file = {}});
  if (!http.ok()) return http.error();
  service->http_ = std::move(*http);
  auto keys = KeyStore::Open(config, repository, clock);
  if (!keys.ok()) return keys.error();
  service->keys_ = std::move(*keys);
  service->chain_ =
      MakeChatChain(config.llm, config.privacy.local_only, repository, *service->http_, *service->keys_, clock, metrics);
  auto store = MakeAnswerStore(config);
  if (!store.ok()) return store.error();
  service->cached_ = MakeCachedProvider(*service->chain_, std::move(*store));
  return service;
}

}  // namespace speechcoach::llm
