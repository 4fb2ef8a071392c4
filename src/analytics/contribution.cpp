#include "analytics/contribution.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "analytics/time_zone.h"

namespace speechcoach::analytics {
namespace {

constexpr std::size_t kMaxWordBytes = 60;

std::int64_t Thousandths(double value) { return std::isfinite(value) ? std::llround(value * 1000.0) : 0; }

std::string LowerCase(const std::string& text) {
  std::string lower = text;
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

void Count(std::map<std::string, model::SpeechCount>& counts, const std::string& text, bool is_fault, double score) {
  if (text.empty() || text.size() > kMaxWordBytes) return;
  model::SpeechCount& count = counts[text];
  count.text = text;
  ++count.chances;
  count.faults += is_fault ? 1 : 0;
  // To the hundredths that an analysis keeps: counted at once and counted anew from what is stored are the same.
  count.score_sum += Thousandths(std::round(score * 100.0) / 100.0);
}

std::vector<model::SpeechCount> Values(std::map<std::string, model::SpeechCount> counts) {
  std::vector<model::SpeechCount> values;
  for (auto& [text, count] : counts) values.push_back(std::move(count));
  return values;
}

}  // namespace

std::optional<model::Contribution> ContributionOf(const model::Session& session, const std::string& time_zone) {
  if (!session.analysis) return std::nullopt;
  const model::Analysis& analysis = *session.analysis;
  model::Contribution contribution{session.id, session.user_id, {}, {}, {}};
  contribution.day.day = LocalDay(session.created_at_ms, time_zone);
  contribution.day.sessions = 1;
  contribution.day.practice_ms = Thousandths(analysis.audio_duration_s);
  const model::Scores& scores = analysis.scores;
  contribution.day.score_sums = {Thousandths(scores.overall), Thousandths(scores.pronunciation), Thousandths(scores.prosody),
                                 Thousandths(scores.emotion), Thousandths(scores.confidence),    Thousandths(scores.fluency)};
  if (!analysis.pronunciation) return contribution;
  std::map<std::string, model::SpeechCount> sounds;
  std::map<std::string, model::SpeechCount> words;
  for (const model::WordResult& word : analysis.pronunciation->words) {
    Count(words, LowerCase(word.text), word.verdict != model::WordVerdict::kOk, word.score);
    // A word nobody said tells nothing of its sounds.
    if (word.verdict == model::WordVerdict::kOmitted || word.verdict == model::WordVerdict::kReplaced) continue;
    for (const model::PhoneResult& phone : word.phones)
      Count(sounds, phone.phone, phone.verdict != model::PhoneVerdict::kOk, phone.score);
  }
  contribution.sounds = Values(std::move(sounds));
  contribution.words = Values(std::move(words));
  return contribution;
}

}  // namespace speechcoach::analytics
