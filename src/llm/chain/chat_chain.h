// All providers as one: asks them in the order of their priority until one answers.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/config.h"
#include "base/result.h"
#include "llm/chain/circuit_breaker.h"
#include "llm/chat_provider.h"
#include "llm/http/http_client.h"
#include "llm/keys/key_store.h"
#include "metrics/metrics.h"
#include "storage/llm_repository.h"

namespace speechcoach::llm {

struct ProviderHealth {
  std::string name;
  CircuitBreaker::State circuit = CircuitBreaker::State::kClosed;
  std::optional<int> first_token_p95_ms;  // of its last calls in this process
};

struct KeyTest {
  bool works = false;
  std::string fault;  // "invalid_key: HTTP 401 invalid_api_key"; empty where it works
  std::string model;
  int response_time_ms = 0;
};

struct ProviderCheck {
  std::string provider;
  bool answers = false;
  std::string fault;  // "timeout: no answer"; empty where it answers
};

// A fault of a key (refused, limited, without credit) sends the call to the provider's next key; a fault of the provider sends
// it to the next provider, and counts for its circuit breaker; an answer the request objects to is sent back once. Once
// text was shown, another provider begins over only where what came is of no use. Providers, models, prices and keys are
// read from the database and may change while it runs.
class ChatChain : public ChatProvider {
 public:
  virtual std::vector<ProviderHealth> Health() const = 0;

  // One small call with this key, whatever its state. kNotFound.
  virtual base::Result<KeyTest> TestKey(std::int64_t key_id) = 0;

  // One small call to each provider that has answered nobody, in any process, since `since_ms`. What came of it is in the log of calls too.
  // Errors: kStorageUnavailable.
  virtual base::Result<std::vector<ProviderCheck>> CheckProviders(std::int64_t since_ms, const std::stop_token& stop) = 0;
};

// `repository`, `http`, `keys`, `clock` and `metrics` (which may be null) outlive it. Starts a thread that probes providers whose circuit is open.
std::unique_ptr<ChatChain> MakeChatChain(const base::LlmConfig& config, bool local_only, storage::LlmRepository& repository,
                                         HttpClient& http, KeyStore& keys, const base::Clock& clock,
                                         metrics::Metrics* metrics = nullptr);

}  // namespace speechcoach::llm
