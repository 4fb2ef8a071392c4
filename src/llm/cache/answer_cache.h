// Answers kept for equal questions.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "llm/chat_provider.h"

namespace speechcoach::llm {

// Where answers are kept. Thread-safe. A shared store behind the same interface serves several processes.
class AnswerStore {
 public:
  virtual ~AnswerStore() = default;
  virtual std::optional<std::string> Get(const std::string& key) = 0;  // nullopt: none, or it is too old
  virtual void Put(const std::string& key, const std::string& answer) = 0;
};

// In this process: at most `entries`, the least recently used goes first; none older than `ttl`.
std::unique_ptr<AnswerStore> MakeMemoryAnswerStore(std::size_t entries, std::chrono::seconds ttl);

struct CacheStatistics {
  std::int64_t hits = 0;
  std::int64_t shared = 0;  // waited for the same question that somebody else had asked already
  std::int64_t misses = 0;
  std::int64_t waiting = 0;  // now, for somebody else's answer
};

// Answers questions with a cache_key from the store where it can; equal questions at once are asked once. The answer of a
// kept question is shown whole. Keys are hashed (SHA-256) together with the schema, so that the store holds no transcript.
class CachedProvider : public ChatProvider {
 public:
  virtual CacheStatistics statistics() const = 0;
};

// `provider` outlives it.
std::unique_ptr<CachedProvider> MakeCachedProvider(ChatProvider& provider, std::unique_ptr<AnswerStore> store);

}  // namespace speechcoach::llm
