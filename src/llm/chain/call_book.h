// Makes one call with a key and writes down what came of it.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "llm/chain/provider_call.h"
#include "llm/chain/provider_table.h"
#include "llm/keys/key_store.h"
#include "metrics/metrics.h"
#include "storage/llm_repository.h"

namespace speechcoach::llm {

struct CallTags {
  int attempt_number = 1;
  bool was_fallback = false;
};

struct BookedCall {
  std::optional<CallFault> fault;  // none: `text` is an answer that the request has nothing against
  std::string text;
  std::string objection;  // what the request's fault_of said; then the fault is kUnusable
  ChatUsage usage;
  std::optional<std::chrono::milliseconds> first_token;
  bool was_finished = false;               // the provider ended the answer itself, whatever it holds
  std::optional<CallFault> outlived = {};  // a fault in spite of which the text is whole enough; what it means for the key stays
};

// Thread-safe. What it is made of outlives it; `metrics` may be null.
class CallBook {
 public:
  CallBook(storage::LlmRepository& repository, HttpClient& http, KeyStore& keys, const base::Clock& clock,
           metrics::Metrics* metrics)
      : repository_(repository), http_(http), keys_(keys), clock_(clock), metrics_(metrics) {}

  // `lease`: null where the provider needs no key. An answer that was cut off counts where fault_of finds nothing against
  // what of it is whole.
  BookedCall Make(const ProviderSetup& setup, const storage::LlmModel& model, const storage::LlmKeyLease* lease,
                  std::span<const storage::LlmPrice> prices, const ChatRequest& request, const CallLimits& limits,
                  const CallTags& tags, const std::function<void(std::string_view)>& on_text, const std::stop_token& stop);

 private:
  void Record(const ProviderSetup& setup, const storage::LlmModel& model, const storage::LlmKeyLease* lease,
              std::span<const storage::LlmPrice> prices, const ChatRequest& request, const CallTags& tags, const BookedCall& call,
              std::int64_t began_at_ms, int response_time_ms);

  storage::LlmRepository& repository_;
  HttpClient& http_;
  KeyStore& keys_;
  const base::Clock& clock_;
  metrics::Metrics* const metrics_;
  std::atomic<std::int64_t> warned_day_ =
      -1;  // of a model without a price: its calls cost nothing in the log, and no budget ends
};

}  // namespace speechcoach::llm
