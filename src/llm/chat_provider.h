// Asking a language model, whoever serves it: one provider, or a chain of them, or a cache before the chain.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace speechcoach::llm {

enum class ChatRole { kSystem, kUser, kAssistant };

struct ChatMessage {
  ChatRole role = ChatRole::kUser;
  std::string content;  // UTF-8
};

struct ChatRequest {
  std::vector<ChatMessage> messages;  // system messages first
  // JSON Schema as text: the answer is to be one JSON document of that form. Every property required,
  // additionalProperties false: what strict structured output takes. Empty: free text. Where it is given, the messages
  // say "JSON" and show the form, because not every provider enforces a schema.
  std::string json_schema;
  std::string schema_name = "answer";  // 1..64 of [A-Za-z0-9_-]
  int max_output_tokens = 800;
  double temperature = 0.7;  // 0..2
  // What is wrong with a finished answer, in a sentence for the model; empty: nothing is. A faulty answer is sent back
  // once with that sentence, then the next provider is asked. Also asked of cached answers: a faulty one is not used.
  // Called from the thread that called Complete, or one it waits for. Null: every answer will do.
  std::function<std::string(const std::string& text)> fault_of;
  // Requests with the same key may get the same answer. Empty: never cached.
  std::string cache_key;
  // Who the call is counted for in the usage log.
  std::string session_id;    // UUID of a session that exists; empty: none
  std::int64_t user_id = 0;  // 0: none
};

struct ChatUsage {
  int prompt_tokens = 0;         // cached ones included
  int cached_prompt_tokens = 0;  // billed at the lower price
  int completion_tokens = 0;     // reasoning included: it is billed as output
};

struct ChatReply {
  std::string text;
  ChatUsage usage;
  std::string provider;     // the name of its row: "openai"
  std::string model;        // as the provider was asked for it
  bool from_cache = false;  // then usage is zero
};

// Called while an answer comes in, from the thread that called Complete or one it waits for, one call at a time. What was
// shown before `on_start_over` is void: another answer follows from its beginning.
struct ChatObserver {
  std::function<void(std::string_view text)> on_text = [](std::string_view) {};  // the answer's raw text, as it comes
  std::function<void()> on_start_over = [] {};
};

// Thread-safe. Complete blocks, at most as long as its deadlines allow.
class ChatProvider {
 public:
  virtual ~ChatProvider() = default;

  // Errors: kFeedbackDegraded (nobody could answer; the message says why, never with the conversation's text),
  // kModelUnavailable (nobody is set up to answer: no provider, no key), kCancelled.
  virtual base::Result<ChatReply> Complete(const ChatRequest& request, const ChatObserver& observer = {},
                                           std::stop_token stop = {}) = 0;
};

}  // namespace speechcoach::llm
