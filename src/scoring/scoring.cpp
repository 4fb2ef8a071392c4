#include "scoring/scoring.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "scoring/confidence_score.h"
#include "scoring/emotion.h"
#include "scoring/internal/speech_measures.h"
#include "scoring/text_alignment.h"

// docs/scoring.md gives every formula and the reason for it.
namespace speechcoach::scoring {
namespace {

constexpr double kUnmeasured = 5.0;       // stands in for a score that this recording cannot show
constexpr double kMostWhenMinimal = 5.0;  // prosody without a melody

// 0 at `zero_at`, 1 at `one_at`, straight between, flat outside; falling where zero_at > one_at.
double Ramp(double value, double zero_at, double one_at) { return std::clamp((value - zero_at) / (one_at - zero_at), 0.0, 1.0); }

// Scores are kept as they are shown: what is stored, sent and said is the same number.
double Shown(double share) { return std::round(std::clamp(share, 0.0, 1.0) * 100.0) / 10.0; }

// A recogniser's confidence as credit for the word: nothing is gained above 0.95 or lost below 0.25.
double Clarity(double confidence) { return Ramp(Within(confidence, 0.0, 1.0, 0.0), 0.25, 0.95); }

// Every spoken word of the sentence earns credit: a clear one 1, one read but hard to recognise at least 0.3, a similar word in
// its place at most 0.4, an omitted one nothing. Words that do not belong cost.
double ReadingShare(const ReadingComparison& comparison, const std::vector<model::Word>& heard) {
  constexpr double kReadCredit = 0.3;
  constexpr double kReplacedCredit = 0.4;
  constexpr double kInsertionCost = 0.25;
  if (comparison.outcomes.empty()) return 0.0;
  double credit = 0.0;
  for (const ReadingOutcome& outcome : comparison.outcomes) {
    switch (outcome.kind) {
      case ReadingOutcome::Kind::kRead:
        credit += kReadCredit + (1.0 - kReadCredit) * Clarity(heard[*outcome.heard_word].confidence);
        break;
      case ReadingOutcome::Kind::kReplaced:
        credit += kReplacedCredit * outcome.similarity * outcome.similarity;
        break;
      case ReadingOutcome::Kind::kOmitted:
        break;
    }
  }
  credit -= kInsertionCost * static_cast<double>(comparison.inserted);
  // A recogniser errs on learners more than a human listener does: the exponent lifts the middle, not the ends.
  constexpr double kLeniency = 0.85;
  return std::pow(std::max(credit, 0.0) / static_cast<double>(comparison.outcomes.size()), kLeniency);
}

// Two words can show little: the average starts from the middle and moves with every word that was heard.
double ClarityShare(const std::vector<model::Word>& words) {
  constexpr double kPriorWords = 2.0;
  constexpr double kPriorClarity = 0.5;
  double sum = kPriorWords * kPriorClarity;
  for (const model::Word& word : words) sum += Clarity(word.confidence);
  return sum / (kPriorWords + static_cast<double>(words.size()));
}

// Slow speech is judged with its pauses, hurried speech without them: so no pause ever makes the pace better.
double PaceShare(const SpeechMeasures& speech) {
  return std::min(Ramp(speech.speaking_rate, 0.5, 3.5), Ramp(speech.articulation_rate, 8.5, 6.5));
}

double FluencyShare(const SpeechMeasures& speech) {
  const double pause_share = speech.pause_total_s / speech.span_s;
  const double breaks_per_syllable = static_cast<double>(speech.pauses.size()) / std::max(speech.syllables, 1.0);
  const double flow = 0.5 * Ramp(pause_share, 0.45, 0.05) + 0.3 * Ramp(breaks_per_syllable, 0.35, 0.05) +
                      0.2 * Ramp(speech.longest_pause_s, 2.0, 0.5);
  return 0.6 * PaceShare(speech) + 0.4 * flow;
}

double MelodyShare(const SpeechMeasures& speech) { return Ramp(speech.pitch_sd_semitones.value_or(0.0), 0.3, 2.5); }

double ProsodyShare(const SpeechMeasures& speech) {
  const double melody = MelodyShare(speech);
  const double share = 0.3 * melody + 0.1 * Ramp(speech.dynamic_range, 0.1, 0.4) + 0.6 * FluencyShare(speech);
  if (!speech.pitch_sd_semitones) return std::min(share, kMostWhenMinimal / 10.0);
  // However well paced, a voice without melody stays in the lower third.
  return std::min(share, 0.33 + melody);
}

// The report with what is harmless to reckon with in place of what is missing or absurd.
model::ProsodyReport VoiceOf(const Evidence& evidence, const SpeechMeasures& speech) {
  model::ProsodyReport voice = evidence.prosody;
  voice.energy.mean = speech.level;
  voice.energy.dynamic_range = speech.dynamic_range;
  voice.rhythm.articulation_rate = speech.articulation_rate;
  voice.melody.spread_st = speech.pitch_sd_semitones;
  voice.confidence = {speech.pitch_stability, speech.energy_consistency, speech.hesitation};
  return voice;
}

// What was said fits the text badly (another sentence, another language, noise): nothing measured on it can be high.
double MostByMatch(double text_match) {
  return model::kMostWithoutMatch +
         (10.0 - model::kMostWithoutMatch) * Ramp(text_match, model::kLeastTextMatch, model::kFullTextMatch);
}

// Trained on human ratings where the sounds were measured, and brought nearer to those of this service's own teachers.
void TakeRatings(const model::PronunciationReport& report, const model::RatingCalibration& calibration, model::Scores& scores) {
  double omitted = 0.0;
  for (const model::WordResult& word : report.words) omitted += word.verdict == model::WordVerdict::kOmitted ? 1.0 : 0.0;
  const double said = report.words.empty() ? 0.0 : 1.0 - omitted / static_cast<double>(report.words.size());
  scores.pronunciation = Shown(calibration.accuracy.On(report.ratings.accuracy) * said / 10.0);
  scores.fluency = Shown(calibration.fluency.On(report.ratings.fluency) / 10.0);
  scores.prosody = Shown(calibration.prosodic.On(report.ratings.prosodic) / 10.0);
  const double most = MostByMatch(report.text_match);
  for (double* score : {&scores.pronunciation, &scores.fluency, &scores.prosody, &scores.emotion, &scores.confidence}) {
    *score = Shown(std::min(*score, most) / 10.0);
  }
}

double WeakestLinkBlend(const model::Scores& scores) {
  const std::array parts{scores.pronunciation, scores.fluency, scores.prosody, scores.confidence};
  const double lowest = std::ranges::min(parts);
  double sum = 0.0;
  for (const double part : parts) sum += part;
  return 0.4 * lowest + 0.2 * (sum - lowest);
}

}  // namespace

ScoreReport ComputeScores(const Evidence& evidence) {
  const SpeechMeasures speech = Measure(evidence);
  ScoreReport report;
  double pronunciation = kUnmeasured / 10.0;
  if (IsReading(evidence)) {
    std::vector<std::string> heard;
    for (const model::Word& word : evidence.transcript->words) heard.push_back(word.text);
    ReadingComparison comparison = CompareReading(evidence.reference_text, heard);
    pronunciation = ReadingShare(comparison, evidence.transcript->words);
    report.miscues = std::move(comparison.miscues);
  } else if (evidence.transcript) {
    pronunciation = ClarityShare(evidence.transcript->words);
  }
  if (!speech.spoke()) return report;

  model::Scores& scores = report.scores;
  scores.pronunciation = Shown(pronunciation);
  scores.fluency = Shown(FluencyShare(speech));
  scores.prosody = Shown(ProsodyShare(speech));
  const model::ProsodyReport voice = VoiceOf(evidence, speech);
  report.emotion = ReadEmotion(voice);
  scores.emotion = Shown(EmotionScore(report.emotion, voice) / 10.0);
  scores.confidence = Shown(ConfidenceScore(voice) / 10.0);
  if (evidence.pronunciation) {
    TakeRatings(*evidence.pronunciation, evidence.calibration, scores);
    if (IsReading(evidence)) report.miscues = evidence.pronunciation->miscues;
  }
  scores.overall = Shown(WeakestLinkBlend(scores) / 10.0);
  return report;
}

}  // namespace speechcoach::scoring
