#include "pipeline/conversation_summary.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace speechcoach::pipeline {
namespace {

// A mean that grows by one weighted value at a time.
void Blend(double& mean, double weight, double value, double share) { mean = (mean * weight + value * share) / (weight + share); }

void AddTranscript(model::Transcript& sum, const model::Transcript& answer, double weight, double share, double offset_s) {
  if (!sum.text.empty() && !answer.text.empty()) sum.text += ' ';
  sum.text += answer.text;
  for (model::Word word : answer.words) {
    word.start_s += offset_s;
    word.end_s += offset_s;
    sum.words.push_back(std::move(word));
  }
  Blend(sum.confidence, weight, answer.confidence, share);
  sum.model = answer.model;
  sum.used_fallback = sum.used_fallback || answer.used_fallback;
  sum.language = answer.language;
}

void AddNew(std::vector<std::string>& sum, const std::vector<std::string>& added) {
  for (const std::string& text : added) {
    if (std::ranges::find(sum, text) == sum.end()) sum.push_back(text);
  }
}

void AddPattern(std::vector<model::AccentPattern>& patterns, const model::AccentPattern& added) {
  const auto known = std::ranges::find(patterns, added.id, &model::AccentPattern::id);
  if (known == patterns.end()) {
    patterns.push_back(added);
    return;
  }
  known->chances += added.chances;
  known->times += added.times;
  AddNew(known->words, added.words);
  AddNew(known->heard_ipa, added.heard_ipa);
}

void AddPronunciation(model::PronunciationReport& sum, const model::PronunciationReport& answer, double weight, double share,
                      double offset_s) {
  const int words_before = static_cast<int>(sum.words.size());
  for (model::WordResult word : answer.words) {
    word.start_s += offset_s;
    word.end_s += offset_s;
    for (model::PhoneResult& phone : word.phones) {
      phone.start_s += offset_s;
      phone.end_s += offset_s;
    }
    sum.words.push_back(std::move(word));
  }
  for (model::ScoreReason reason : answer.reasons) {
    if (reason.word >= 0) reason.word += words_before;
    reason.start_s += offset_s;
    reason.end_s += offset_s;
    sum.reasons.push_back(std::move(reason));
  }
  for (const model::AccentPattern& pattern : answer.patterns) AddPattern(sum.patterns, pattern);
  std::ranges::stable_sort(sum.patterns, std::ranges::greater{}, &model::AccentPattern::times);
  Blend(sum.ratings.accuracy, weight, answer.ratings.accuracy, share);
  Blend(sum.ratings.fluency, weight, answer.ratings.fluency, share);
  Blend(sum.ratings.prosodic, weight, answer.ratings.prosodic, share);
  Blend(sum.ratings.total, weight, answer.ratings.total, share);
  Blend(sum.text_match, weight, answer.text_match, share);
}

void AddScores(model::Scores& sum, const model::Scores& answer, double weight, double share) {
  Blend(sum.overall, weight, answer.overall, share);
  Blend(sum.pronunciation, weight, answer.pronunciation, share);
  Blend(sum.prosody, weight, answer.prosody, share);
  Blend(sum.emotion, weight, answer.emotion, share);
  Blend(sum.confidence, weight, answer.confidence, share);
  Blend(sum.fluency, weight, answer.fluency, share);
}

void AddTimes(model::StageTimes& sum, const model::StageTimes& answer) {
  sum.decode_ms += answer.decode_ms;
  sum.stt_ms += answer.stt_ms;
  sum.prosody_ms += answer.prosody_ms;
  sum.scoring_ms += answer.scoring_ms;
  sum.feedback_ms += answer.feedback_ms;
  sum.total_ms += answer.total_ms;
  sum.text_ms += answer.text_ms;
}

void Add(model::Analysis& sum, const model::Analysis& answer) {
  const double length_s = sum.audio_duration_s;
  AddTranscript(sum.transcript, answer.transcript, length_s, answer.audio_duration_s, length_s);
  if (answer.pronunciation) {
    if (!sum.pronunciation) sum.pronunciation.emplace();
    const double judged_s = sum.pronunciation->words.empty() ? 0.0 : length_s;
    AddPronunciation(*sum.pronunciation, *answer.pronunciation, judged_s, answer.audio_duration_s, length_s);
  }
  AddScores(sum.scores, answer.scores, length_s, answer.audio_duration_s);
  AddTimes(sum.times, answer.times);
  sum.prosody = answer.prosody;
  sum.feedback = answer.feedback;
  sum.llm_provider = answer.llm_provider;
  sum.degraded_mode = sum.degraded_mode || answer.degraded_mode;
  sum.audio_truncated = sum.audio_truncated || answer.audio_truncated;
  sum.failures.insert(sum.failures.end(), answer.failures.begin(), answer.failures.end());
  sum.audio_duration_s += answer.audio_duration_s;
}

}  // namespace

std::optional<model::Analysis> SumUp(std::span<const model::Turn> turns) {
  std::optional<model::Analysis> sum;
  for (const model::Turn& turn : turns) {
    if (!turn.analysis) continue;
    if (sum) {
      Add(*sum, *turn.analysis);
    } else {
      sum = turn.analysis;
    }
  }
  return sum;
}

}  // namespace speechcoach::pipeline
