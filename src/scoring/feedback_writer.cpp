#include "scoring/feedback_writer.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "scoring/internal/findings.h"

namespace speechcoach::scoring {
namespace {

constexpr std::size_t kMostStrengths = 3;
constexpr std::size_t kMostImprovements = 4;
constexpr std::size_t kMostTips = 2;
constexpr std::size_t kAdviceInTalk = 2;
constexpr double kHighFrom = 8.0;
constexpr double kGoodFrom = 6.5;
constexpr double kFairFrom = 4.5;

// FNV-1a (Fowler, Noll and Vo): the same on every machine and in every version, which std::hash does not promise.
class StableHash {
 public:
  void Add(std::string_view text) {
    for (const char c : text) Add(static_cast<unsigned char>(c));
  }
  void Add(double score) { Add(OneDecimal(score)); }
  std::uint64_t value() const { return value_; }

 private:
  void Add(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3; }
  std::uint64_t value_ = 0xcbf29ce484222325;
};

std::uint64_t SeedOf(const Evidence& evidence, const model::Scores& scores) {
  StableHash hash;
  hash.Add(evidence.reference_text);
  if (evidence.transcript) hash.Add(evidence.transcript->text);
  for (const double score : {scores.overall, scores.pronunciation, scores.prosody, scores.emotion, scores.confidence, scores.fluency}) {
    hash.Add(score);
  }
  return hash.value();
}

Topic OpeningFor(double overall) {
  if (overall >= kHighFrom) return Topic::kOpenHigh;
  if (overall >= kGoodFrom) return Topic::kOpenGood;
  return overall >= kFairFrom ? Topic::kOpenFair : Topic::kOpenLow;
}

Topic ClosingFor(const Evidence& evidence, const model::Scores& scores, const SpeechMeasures& speech) {
  if (!speech.spoke()) return Topic::kCloseTryAgain;
  const bool high = scores.overall >= kHighFrom;
  if (evidence.mode == model::Mode::kSentencePractice) return high ? Topic::kCloseSentenceHigh : Topic::kCloseSentence;
  return high ? Topic::kCloseConversationHigh : Topic::kCloseConversation;
}

// Indicative only: what the voice sounds like, not what the speaker feels.
std::string_view EmotionLabel(const model::Scores& scores, const SpeechMeasures& speech) {
  constexpr double kFastArticulation = 5.5;  // syllables a second
  if (!speech.spoke() || !speech.pitch_sd_semitones) return "neutral";
  if (scores.confidence < kHesitantBelow) return speech.articulation_rate > kFastArticulation ? "nervous" : "hesitant";
  if (*speech.pitch_sd_semitones < kFlatBelowSemitones) return "flat";
  if (scores.emotion >= kPraiseFrom) return "enthusiastic";
  return scores.confidence >= 6.5 && scores.emotion >= 5.0 ? "neutral_polite" : "neutral";
}

std::string_view ConfidenceLevel(double confidence) {
  if (confidence < kHesitantBelow) return "low";
  return confidence < kPraiseFrom ? "moderate" : "high";
}

class TextBuilder {
 public:
  TextBuilder(model::Locale locale, std::uint64_t seed) : locale_(locale), seed_(seed) {}

  void Say(Topic topic, const PhraseValues& values = {}) {
    if (!text_.empty()) text_ += ' ';
    text_ += Phrase(locale_, topic, Role::kSaid, seed_, values);
  }
  void Say(const Remark& remark) { Say(remark.topic, remark.values); }
  std::string Take() { return std::move(text_); }

 private:
  model::Locale locale_;
  std::uint64_t seed_;
  std::string text_;
};

}  // namespace

base::Result<model::Feedback> RuleFeedbackWriter::Write(const Evidence& evidence, const ScoreReport& report) {
  const SpeechMeasures speech = Measure(evidence);
  const Findings findings = FindRemarks(evidence, report, speech);
  const std::uint64_t seed = SeedOf(evidence, report.scores);

  TextBuilder talk(evidence.locale, seed);
  talk.Say(OpeningFor(report.scores.overall));
  talk.Say(findings.praises.front());
  for (const Remark& unknown : findings.unknowns) talk.Say(unknown);
  const std::size_t room = findings.unknowns.empty() ? kAdviceInTalk : 1;
  for (std::size_t i = 0; i < std::min(findings.advice.size(), room); ++i) talk.Say(findings.advice[i]);
  talk.Say(ClosingFor(evidence, report.scores, speech));

  TextBuilder notes(evidence.locale, seed);
  for (const Remark& note : findings.notes) notes.Say(note);

  model::Feedback feedback;
  feedback.conversational = talk.Take();
  feedback.detailed.prosody_notes = notes.Take();
  const auto listed = [&](Topic topic, const PhraseValues& values) { return Phrase(evidence.locale, topic, Role::kListed, seed, values); };
  for (std::size_t i = 0; i < std::min(findings.praises.size(), kMostStrengths); ++i) {
    feedback.detailed.strengths.push_back(listed(findings.praises[i].topic, findings.praises[i].values));
  }
  std::size_t tips = 0;
  for (std::size_t i = 0; i < std::min(findings.advice.size(), kMostImprovements); ++i) {
    const Remark& advice = findings.advice[i];
    feedback.detailed.improvements.push_back(listed(advice.topic, advice.values));
    if (advice.tip && tips++ < kMostTips) feedback.detailed.improvements.push_back(listed(*advice.tip, advice.values));
  }
  feedback.detailed.emotion_detected = EmotionLabel(report.scores, speech);
  feedback.detailed.confidence_level = ConfidenceLevel(report.scores.confidence);
  return feedback;
}

model::Feedback AsDegraded(model::Feedback feedback, const Evidence& evidence, const ScoreReport& report) {
  const PhraseValues confidence{{"score", OneDecimal(report.scores.confidence)}};
  feedback.conversational = Phrase(evidence.locale, Topic::kDegraded, Role::kSaid, 0, confidence) + " " + feedback.conversational;
  return feedback;
}

}  // namespace speechcoach::scoring
