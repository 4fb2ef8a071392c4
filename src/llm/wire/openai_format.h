// Chat completions as OpenAI defines them, DeepSeek's dialect of them, and those of others (Ollama, vLLM, llama.cpp, Azure).
#pragma once

#include "llm/wire/wire_format.h"

namespace speechcoach::llm {

enum class OpenAiDialect { kOpenAi, kDeepSeek, kCompatible };

class OpenAiFormat final : public WireFormat {
 public:
  explicit OpenAiFormat(OpenAiDialect dialect) : dialect_(dialect) {}

  WireRequest Build(const WireTarget& target, const ChatRequest& request) const override;
  Piece Read(std::string_view json) const override;
  CallFault ReadError(int status, const HeaderLookup& header, std::string_view body, std::int64_t now_ms) const override;

 private:
  const OpenAiDialect dialect_;
};

}  // namespace speechcoach::llm
