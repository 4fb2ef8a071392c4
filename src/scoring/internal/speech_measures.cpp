#include "scoring/internal/speech_measures.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "scoring/internal/spoken_words.h"
#include "scoring/internal/syllables.h"
#include "scoring/text_alignment.h"

namespace speechcoach::scoring {
namespace {

constexpr double kLongestSpanS = 3600.0;
constexpr double kFastestSyllables = 20.0;     // a second; nobody speaks faster
constexpr double kMostWordsPerMinute = 600.0;  // more comes of words that the recogniser squeezed together, and is no pace
constexpr double kLowestF0Hz = 40.0;
constexpr double kHighestF0Hz = 1000.0;
constexpr std::size_t kFewestVoicedFrames = 20;  // 0.2 s

double SemitonesBetween(double low_hz, double high_hz) { return 12.0 * std::log2(high_hz / low_hz); }

// The spread that a normal distribution with the same 10th and 90th percentile has: unlike the plain standard deviation it is
// not moved by the few octave errors of a pitch tracker.
double RobustSpread(std::vector<double> f0_hz) {
  std::ranges::sort(f0_hz);
  const auto at = [&](double share) { return f0_hz[static_cast<std::size_t>(share * static_cast<double>(f0_hz.size() - 1))]; };
  constexpr double kP10ToP90InDeviations = 2.563;
  return SemitonesBetween(at(0.1), at(0.9)) / kP10ToP90InDeviations;
}

std::optional<double> PitchSpread(const model::ProsodyReport& prosody) {
  if (prosody.minimal) return std::nullopt;
  std::vector<double> voiced;
  for (const model::PitchPoint& point : prosody.pitch.contour) {
    if (point.f0_hz >= kLowestF0Hz && point.f0_hz <= kHighestF0Hz) voiced.push_back(point.f0_hz);
  }
  if (voiced.size() >= kFewestVoicedFrames) return RobustSpread(std::move(voiced));
  const double mean = Within(prosody.pitch.mean_hz, 0.0, kHighestF0Hz, 0.0);
  const double deviation = Within(prosody.pitch.std_hz, 0.0, mean, 0.0);
  return mean < kLowestF0Hz ? 0.0 : SemitonesBetween(mean, mean + deviation);
}

struct Span {
  double start_s = 0.0;
  double end_s = 0.0;
};

Span SpeechSpan(const Evidence& evidence) {
  const double end_of_recording = Within(evidence.audio_duration_s, 0.0, kLongestSpanS, 0.0);
  const auto clipped = [&](double start_s, double end_s) {
    const double start = Within(start_s, 0.0, end_of_recording, 0.0);
    return Span{start, Within(end_s, start, end_of_recording, start)};
  };
  const Span heard = clipped(evidence.prosody.speech_start_s, evidence.prosody.speech_end_s);
  if (heard.end_s > heard.start_s || !evidence.transcript || evidence.transcript->words.empty()) return heard;
  return clipped(evidence.transcript->words.front().start_s, evidence.transcript->words.back().end_s);
}

void MeasurePauses(const std::vector<model::Pause>& positions, Span span, SpeechMeasures& measures) {
  std::vector<model::Pause> pauses;
  for (const model::Pause& pause : positions) {
    if (std::isfinite(pause.start_s) && std::isfinite(pause.end_s)) pauses.push_back(pause);
  }
  std::ranges::sort(pauses, {}, &model::Pause::start_s);
  double reached_s = span.start_s;
  for (model::Pause pause : pauses) {
    pause.start_s = std::max(pause.start_s, reached_s);
    pause.end_s = std::min(pause.end_s, span.end_s);
    const double length_s = pause.end_s - pause.start_s;
    if (!(length_s > 0.0)) continue;
    reached_s = pause.end_s;
    measures.pauses.push_back(pause);
    measures.pause_total_s += length_s;
    measures.longest_pause_s = std::max(measures.longest_pause_s, length_s);
    if (length_s >= kLongPauseS) ++measures.long_pauses;
  }
}

// In sentence practice the words of the sentence that were attempted: a recogniser's slips then do not change the pace.
double SpokenSyllables(const Evidence& evidence) {
  std::vector<std::string> heard;
  for (const model::Word& word : evidence.transcript->words) heard.push_back(word.text);
  double syllables = 0.0;
  if (!IsReading(evidence)) {
    for (const SpokenToken& token : ToSpoken(heard).tokens) syllables += SyllablesOf(token.text);
    return syllables;
  }
  const std::vector<SpokenToken> reference = ToSpoken(evidence.reference_text).tokens;
  const std::vector<ReadingOutcome> outcomes = CompareReading(evidence.reference_text, heard).outcomes;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].kind != ReadingOutcome::Kind::kOmitted) syllables += SyllablesOf(reference[i].text);
  }
  return syllables;
}

}  // namespace

bool IsReading(const Evidence& evidence) {
  return evidence.mode == model::Mode::kSentencePractice && evidence.transcript && !evidence.reference_text.empty();
}

std::vector<bool> WordsToName(const Evidence& evidence) {
  const std::vector<model::Word>& words = evidence.transcript->words;
  if (!IsReading(evidence)) return std::vector<bool>(words.size(), true);
  std::vector<std::string> heard;
  for (const model::Word& word : words) heard.push_back(word.text);
  const auto lower = [](std::string word) {
    std::ranges::transform(word, word.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return word;
  };
  std::set<std::string> written;
  for (const std::string& word : ToSpoken(evidence.reference_text).words) written.insert(lower(word));
  const std::vector<std::string> plain = ToSpoken(heard).words;
  std::vector<bool> names(words.size(), false);
  for (const ReadingOutcome& outcome : CompareReading(evidence.reference_text, heard).outcomes) {
    if (outcome.kind != ReadingOutcome::Kind::kRead) continue;
    names[*outcome.heard_word] = written.contains(lower(plain[*outcome.heard_word]));
  }
  return names;
}

double Within(double value, double low, double high, double otherwise) {
  return std::isnan(value) ? otherwise : std::clamp(value, low, high);
}

SpeechMeasures Measure(const Evidence& evidence) {
  const model::ProsodyReport& prosody = evidence.prosody;
  SpeechMeasures measures;
  const Span span = SpeechSpan(evidence);
  measures.span_s = span.end_s - span.start_s;
  MeasurePauses(prosody.pauses.positions, span, measures);

  measures.syllables = evidence.transcript
                           ? SpokenSyllables(evidence)
                           : Within(prosody.speaking_rate.syllables_per_second, 0.0, kFastestSyllables, 0.0) * measures.span_s;
  if (measures.span_s > 0.0) {
    const double speaking_s = std::max(measures.span_s - measures.pause_total_s, 0.05 * measures.span_s);
    measures.speaking_rate = std::min(measures.syllables / measures.span_s, kFastestSyllables);
    measures.articulation_rate = std::min(measures.syllables / speaking_s, kFastestSyllables);
  }
  if (const auto& rate = prosody.speaking_rate.words_per_minute; rate && *rate > 0.0 && *rate <= kMostWordsPerMinute) {
    measures.words_per_minute = *rate;
  }

  measures.pitch_sd_semitones = PitchSpread(prosody);
  measures.level = Within(prosody.energy.mean, 0.0, 1.0, 0.0);
  measures.dynamic_range = Within(prosody.energy.dynamic_range, 0.0, 1.0, 0.0);
  measures.pitch_stability = Within(prosody.confidence.pitch_stability, 0.0, 1.0, 0.0);
  measures.energy_consistency = Within(prosody.confidence.energy_consistency, 0.0, 1.0, 0.0);
  measures.hesitation = Within(prosody.confidence.hesitation_score, 0.0, 1.0, 1.0);
  measures.word_list = evidence.transcript.has_value();
  measures.words = measures.word_list ? static_cast<int>(evidence.transcript->words.size()) : 0;
  return measures;
}

}  // namespace speechcoach::scoring
