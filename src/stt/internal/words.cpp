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
constexpr double kImprobable = 0.16;

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

// A word lies where most of the sound of its time is, not in the pause before it nor in a click or breath; one that is silent all through
// stays as it is.
void DrawIn(model::Word& word, std::span<const float> loudness_db, float threshold_db) {
  const auto steps = static_cast<long>(loudness_db.size());
  const long first = std::clamp(std::lround(word.start_s / kStepS), 0L, steps);
  const long last = std::clamp(std::lround(word.end_s / kStepS), first, steps);
  const auto inside = loudness_db.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
  const std::vector<Steps> stretches = VoicedStretches(inside, threshold_db);
  if (stretches.empty()) return;
  const auto energy = [&](const Steps& stretch) {
    double sum = 0.0;
    for (std::size_t i = stretch.begin; i < stretch.end; ++i) sum += std::pow(10.0, inside[i] / 10.0);
    return sum;
  };
  const Steps loudest = *std::ranges::max_element(stretches, {}, energy);
  word.start_s = static_cast<double>(first + static_cast<long>(loudest.begin)) * kStepS;
  word.end_s = static_cast<double>(first + static_cast<long>(loudest.end)) * kStepS;
}

struct Span {
  double start_s = 0.0;
  double end_s = 0.0;
};

// From the first to the last sound above the threshold; wider where that is shorter than `least_s`.
Span VoicedSpan(std::span<const float> loudness_db, float threshold_db, double least_s) {
  const std::vector<Steps> stretches = VoicedStretches(loudness_db, threshold_db);
  Span span{0.0, static_cast<double>(loudness_db.size()) * kStepS};
  if (stretches.empty()) return span;
  const double window_s = span.end_s;
  span = {static_cast<double>(stretches.front().begin) * kStepS, static_cast<double>(stretches.back().end) * kStepS};
  span.start_s = std::max(0.0, std::min(span.start_s, span.end_s - least_s));
  span.end_s = std::min(window_s, std::max(span.end_s, span.start_s + least_s));
  return span;
}

// Platt, "Probabilistic Outputs for Support Vector Machines", 1999; fitted by tools/train/confidence, measured in docs/stt.md.
double WordConfidence(double probability) {
  constexpr double kSlope = 0.80;
  constexpr double kOffset = -0.065;
  constexpr double kEdge = 1e-9;
  const double p = std::clamp(probability, kEdge, 1.0 - kEdge);
  return 1.0 / (1.0 + std::exp(-(kSlope * std::log(p / (1.0 - p)) + kOffset)));
}

}  // namespace

std::vector<model::Word> MakeWords(std::span<const DecodedToken> tokens, std::span<const float> loudness_db, double offset_s) {
  std::vector<model::Word> words;
  if (tokens.empty() || loudness_db.empty()) return words;
  const float threshold_db = VoiceThresholdDb(loudness_db);
  std::vector<Draft> drafts = JoinTokens(tokens);
  const Span voiced = VoicedSpan(loudness_db, threshold_db, static_cast<double>(drafts.size()) * kShortestWordS);
  double free_from_s = voiced.start_s;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    model::Word word = std::move(drafts[i].word);
    word.probability = std::exp(drafts[i].log_probability / drafts[i].spoken_tokens);
    word.confidence = WordConfidence(word.probability);
    DrawIn(word, loudness_db, threshold_db);
    // The words still to come must have room too.
    const double latest_end_s = voiced.end_s - static_cast<double>(drafts.size() - 1 - i) * kShortestWordS;
    word.start_s = std::clamp(word.start_s, free_from_s, std::max(free_from_s, latest_end_s - kShortestWordS));
    word.end_s = std::clamp(word.end_s, word.start_s + kShortestWordS, std::max(word.start_s + kShortestWordS, latest_end_s));
    free_from_s = word.end_s;
    word.start_s += offset_s;
    word.end_s += offset_s;
    words.push_back(std::move(word));
  }
  return words;
}

void DropImprobable(std::vector<model::Word>& words) {
  const auto is_improbable = [](const model::Word& word) { return word.probability < kImprobable; };
  if (!std::ranges::all_of(words, is_improbable)) std::erase_if(words, is_improbable);
}

std::string JoinedText(std::span<const model::Word> words) {
  std::string text;
  for (const model::Word& word : words) text += (text.empty() ? "" : " ") + word.text;
  return text;
}

}  // namespace speechcoach::stt
