#include "advice/prompt.h"

#include <algorithm>
#include <utility>

#include "advice/internal/embedded_prompts.h"

namespace speechcoach::advice {
namespace {

std::string File(std::string_view version, std::string_view part) {
  const auto file = std::ranges::find(EmbeddedPrompts(), std::string(version) + "." + std::string(part), &EmbeddedFile::name);
  return file == EmbeddedPrompts().end() ? std::string() : std::string(file->content);
}

void Replace(std::string& text, std::string_view name, std::string_view value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
}

// A learner can say "end facts" or a closing tag; inside the document it cannot look like one. Line ends are escaped by JSON.
std::string Sealed(std::string_view json) {
  std::string sealed;
  for (const char c : json) {
    if (c == '<')
      sealed += "\\u003c";
    else if (c == '>')
      sealed += "\\u003e";
    else if (c == '&')
      sealed += "\\u0026";
    else
      sealed += c;
  }
  return sealed;
}

std::string_view LanguageOf(model::Locale locale) { return locale == model::Locale::kVi ? "Vietnamese" : "English"; }

}  // namespace

llm::ChatRequest RequestFor(const Prompt& prompt, std::string schema_name, int max_output_tokens) {
  llm::ChatRequest request;
  request.messages = {{llm::ChatRole::kSystem, prompt.system}, {llm::ChatRole::kUser, prompt.user}};
  request.json_schema = prompt.schema;
  request.schema_name = std::move(schema_name);
  request.max_output_tokens = max_output_tokens;
  request.cache_key = prompt.cache_key;
  return request;
}

std::string SystemPrompt(model::Locale locale) {
  std::string system = File(kPromptVersion, "system.md");
  Replace(system, "{language}", LanguageOf(locale));
  return system;
}

Prompt BuildPrompt(const scoring::FactSheet& facts, const scoring::FactPoint& point, model::Locale locale) {
  const std::string document = "{\"audience\":\"" + facts.audience + "\",\"kind\":\"" + (point.is_praise ? "praise" : "advice") +
                               "\",\"point\":" + point.json + "}";
  Prompt prompt{SystemPrompt(locale), File(kPromptVersion, "user.md"), File(kPromptVersion, "schema.json"), {}};
  Replace(prompt.user, "{language}", LanguageOf(locale));
  Replace(prompt.user, "{point}", Sealed(document));
  prompt.cache_key = std::string(kPromptVersion) + "\n" + std::string(model::Name(locale)) + "\n" + document;
  return prompt;
}

Prompt BuildDialoguePrompt(std::string_view conversation) {
  Prompt prompt{File(kDialoguePromptVersion, "system.md"),
                File(kDialoguePromptVersion, "user.md"),
                File(kDialoguePromptVersion, "schema.json"),
                {}};
  Replace(prompt.user, "{conversation}", Sealed(conversation));
  prompt.cache_key = std::string(kDialoguePromptVersion) + "\n" + std::string(conversation);
  return prompt;
}

int EstimateTokens(std::string_view text) {
  int ascii = 0;
  int other = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) ++ascii;
    if (byte >= 0xC0) ++other;
  }
  return (ascii + 3) / 4 + other;
}

}  // namespace speechcoach::advice
