#include "llm/wire/wire_format.h"

#include "llm/wire/gemini_format.h"
#include "llm/wire/openai_format.h"

namespace speechcoach::llm {

std::unique_ptr<WireFormat> MakeWireFormat(std::string_view kind) {
  if (kind == "openai") return std::make_unique<OpenAiFormat>(OpenAiDialect::kOpenAi);
  if (kind == "deepseek") return std::make_unique<OpenAiFormat>(OpenAiDialect::kDeepSeek);
  if (kind == "openai_compatible") return std::make_unique<OpenAiFormat>(OpenAiDialect::kCompatible);
  if (kind == "gemini") return std::make_unique<GeminiFormat>();
  return nullptr;
}

}  // namespace speechcoach::llm
