#include "scoring/internal/talk_frame.h"

namespace speechcoach::scoring {
namespace {

constexpr double kHighFrom = 8.0;
constexpr double kMendFirstFrom = 50.0;
constexpr double kGoodFrom = 6.5;
constexpr double kFairFrom = 4.5;
constexpr std::size_t kAdviceInTalk = 2;

}  // namespace

std::uint64_t SeedOf(const Evidence& evidence, const model::Scores& scores) {
  StableHash hash;
  hash.Add(evidence.session_id);
  hash.Add(evidence.reference_text);
  if (evidence.transcript) hash.Add(evidence.transcript->text);
  for (const double score :
       {scores.overall, scores.pronunciation, scores.prosody, scores.emotion, scores.confidence, scores.fluency}) {
    hash.Add(OneDecimal(score, model::Locale::kEn));
  }
  return hash.value();
}

Topic OpeningFor(double overall) {
  if (overall >= kHighFrom) return Topic::kOpenHigh;
  if (overall >= kGoodFrom) return Topic::kOpenGood;
  return overall >= kFairFrom ? Topic::kOpenFair : Topic::kOpenLow;
}

Topic ClosingFor(const Evidence& evidence, const model::Scores& scores, const SpeechMeasures& speech, const Findings& findings) {
  if (!speech.spoke()) return Topic::kCloseTryAgain;
  const Remark& advice = findings.advice.front();
  // Where nothing is to be mended, once more would teach nothing.
  const bool high = (scores.overall >= kHighFrom && advice.weight < kMendFirstFrom) || advice.topic == Topic::kNextChallenge;
  if (evidence.mode == model::Mode::kSentencePractice) return high ? Topic::kCloseSentenceHigh : Topic::kCloseSentence;
  return high ? Topic::kCloseConversationHigh : Topic::kCloseConversation;
}

std::size_t RoomForAdvice(const Findings& findings) { return findings.unknowns.empty() ? kAdviceInTalk : 1; }

}  // namespace speechcoach::scoring
