// What a language model is asked, made from the versioned files of data/prompts. No name, no id, no figure leaves in it.
#pragma once

#include <string>
#include <string_view>

#include "llm/chat_provider.h"
#include "model/session.h"
#include "scoring/fact_sheet.h"

namespace speechcoach::advice {

inline constexpr std::string_view kPromptVersion = "feedback.v3";
inline constexpr std::string_view kDialoguePromptVersion = "dialogue.v1";
// What the system and the user message may cost together; a point is bounded so that they always keep to it.
inline constexpr int kPromptTokenBudget = 1200;

struct Prompt {
  std::string system;
  std::string user;
  std::string schema;     // JSON Schema of the answer
  std::string cache_key;  // equal for equal prompts
};

// What asks a provider for it. Whose session and user it is, and what is wrong with an answer, is the caller's to add.
llm::ChatRequest RequestFor(const Prompt& prompt, std::string schema_name, int max_output_tokens);

// One point of the sheet. Pure. It stands as one JSON document between two marks that cannot occur inside it.
Prompt BuildPrompt(const scoring::FactSheet& facts, const scoring::FactPoint& point, model::Locale locale);

// The instructions alone, the same for every point.
std::string SystemPrompt(model::Locale locale);

// `conversation`: one JSON document, see data/prompts/dialogue.v1.system.md. Pure.
Prompt BuildDialoguePrompt(std::string_view conversation);

// An estimate from above: four ASCII characters or one other character a token.
int EstimateTokens(std::string_view text);

}  // namespace speechcoach::advice
