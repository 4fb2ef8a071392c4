// One request to one provider, from the socket to an answer or a fault.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "llm/chat_provider.h"
#include "llm/http/http_client.h"
#include "llm/wire/call_fault.h"
#include "llm/wire/wire_format.h"

namespace speechcoach::llm {

struct CallLimits {
  std::chrono::milliseconds connect{2000};
  std::chrono::milliseconds first_token{4000};
  std::chrono::milliseconds token_gap{2000};
  std::chrono::steady_clock::time_point end;  // of the whole call
  std::size_t max_answer_bytes = 262'144;
};

struct CallResult {
  std::optional<CallFault> fault;                        // none: `text` is the whole answer, not blank
  std::string text;                                      // with a fault: what had come
  std::optional<ChatUsage> usage;                        // as far as the provider told
  bool was_finished = false;                             // the provider ended the answer itself, whatever it holds
  bool was_accepted = false;                             // the provider began to answer: what came is billed
  std::optional<std::chrono::milliseconds> first_token;  // since the beginning
};

// Blocks until the answer is there, or `limits` or `stop` end it. `on_text` gets the answer's text as it comes.
CallResult CallProvider(HttpClient& http, const WireFormat& format, const WireTarget& target, const ChatRequest& request,
                        const CallLimits& limits, std::int64_t now_ms, const std::function<void(std::string_view)>& on_text,
                        const std::stop_token& stop);

}  // namespace speechcoach::llm
