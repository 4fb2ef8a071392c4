#include "stt/internal/words.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>

#include "stt/internal/loudness.h"

namespace speechcoach::stt {
namespace {

constexpr double kShortestWordS = 0.02;
constexpr double kStepS = 0.01;

bool HasLetter(const std::string& text) {
  return std::ranges::any_of(text, [](unsigned char c) { return std::isalpha(c) != 0; });
}

struct Draft {
  model::Word word;
  double log_probability = 0.0;
  int spoken_tokens = 0;
};

std::vector<Draft> JoinTokens(std::span<const DecodedToken> tokens) {
  std::vector<Draft> drafts;
  for (const DecodedToken& token : tokens) {
    const bool begins_word = token.text.starts_with(' ');
    if (begins_word || drafts.empty()) {
      drafts.emplace_back();
      drafts.back().word.start_s = token.start_s;
      drafts.back().word.end_s = token.end_s;
    }
    Draft& draft = drafts.back();
    draft.word.text += begins_word ? token.text.substr(1) : token.text;
    if (HasLetter(token.text)) {
      draft.word.end_s = token.end_s;
      draft.log_probability += token.log_probability;
      ++draft.spoken_tokens;
    }
  }
  std::erase_if(drafts, [](const Draft& draft) { return !HasLetter(draft.word.text); });
  return drafts;
}

// Moves both ends inwards over silence; a word that is silent all through stays as it is.
void DrawIn(model::Word& word, std::span<const float> loudness_db, float threshold_db) {
  const auto steps = static_cast<long>(loudness_db.size());
  const long first = std::clamp(std::lround(word.start_s / kStepS), 0L, steps);
  const long last = std::clamp(std::lround(word.end_s / kStepS), first, steps);
  const auto heard = [&](float db) { return db > threshold_db; };
  const auto inside = loudness_db.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
  const auto begin = std::ranges::find_if(inside, heard);
  if (begin == inside.end()) return;
  const auto end = std::find_if(inside.rbegin(), inside.rend(), heard).base();
  word.start_s = static_cast<double>(first + (begin - inside.begin())) * kStepS;
  word.end_s = static_cast<double>(first + (end - inside.begin())) * kStepS;
}

}  // namespace

std::vector<model::Word> MakeWords(std::span<const DecodedToken> tokens, std::span<const float> loudness_db, double offset_s) {
  std::vector<model::Word> words;
  if (tokens.empty() || loudness_db.empty()) return words;
  const float threshold_db = SpeechThresholdDb(loudness_db);
  const double window_s = static_cast<double>(loudness_db.size()) * kStepS;
  std::vector<Draft> drafts = JoinTokens(tokens);
  double free_from_s = 0.0;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    model::Word word = std::move(drafts[i].word);
    word.confidence = std::exp(drafts[i].log_probability / drafts[i].spoken_tokens);
    DrawIn(word, loudness_db, threshold_db);
    // The words still to come must have room too.
    const double latest_end_s = window_s - static_cast<double>(drafts.size() - 1 - i) * kShortestWordS;
    word.start_s = std::clamp(word.start_s, free_from_s, std::max(free_from_s, latest_end_s - kShortestWordS));
    word.end_s = std::clamp(word.end_s, word.start_s + kShortestWordS, std::max(word.start_s + kShortestWordS, latest_end_s));
    free_from_s = word.end_s;
    word.start_s += offset_s;
    word.end_s += offset_s;
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace speechcoach::stt
