#include "pronunciation/internal/reasons.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "model/language.h"
#include "pronunciation/internal/statistics.h"
#include "pronunciation/internal/time_direction.h"

namespace speechcoach::pronunciation {
namespace {

using model::ReasonKind;
using model::ScoreAspect;

constexpr double kLongPauseS = 0.5;
// Sounds a second, pauses included: the slowest and fastest tenth of rated learners' readings lie beyond.
constexpr double kSlowPhonesPerSecond = 6.0;
constexpr double kFastPhonesPerSecond = 15.0;
constexpr double kFlatSemitones = 1.3;
constexpr double kSureEnough = 0.6;
// Below it, the sum of how well the sound fits the transcript and how sure the transcript is, where the speech model doubts that it hears
// English: words made up for another language (docs/pronunciation.md).
constexpr double kLeastBelief = 1.05;
// Sound whose level rises slower than it falls runs backwards; transcripts of that are never surer than 0.5 (decision 171).
constexpr double kBackwardSkewness = -0.3;
constexpr double kSurestBackwards = 0.55;

struct Weighed {
  double weight = 0.0;
  model::ScoreReason reason;
};

model::ScoreReason AboutWord(ScoreAspect aspect, ReasonKind kind, const std::vector<model::WordResult>& words, std::size_t word,
                             double value) {
  model::ScoreReason reason;
  reason.aspect = aspect;
  reason.kind = kind;
  reason.word = static_cast<int>(word);
  reason.text = words[word].text;
  reason.start_s = words[word].start_s;
  reason.end_s = words[word].end_s;
  reason.value = value;
  return reason;
}

model::ScoreReason AboutAll(ScoreAspect aspect, ReasonKind kind, double value) {
  model::ScoreReason reason;
  reason.aspect = aspect;
  reason.kind = kind;
  reason.value = value;
  return reason;
}

// Whether the sounds are the text's, whatever the recogniser wrote: it fails on a heavy accent, and on words cut short (decision 242).
bool SoundsLikeText(const Measurement& m) {
  constexpr double kLeastLogLikelihood = -3.3;  // a phone of the text
  constexpr double kLeastAgainstHeard = -2.5;   // the same, less that of what the recogniser wrote
  std::vector<Phone> heard;
  for (const ReferenceWord& word : m.transcript_text()) {
    for (const Sound& sound : word.pronunciations.front()) heard.push_back(sound.phone);
  }
  const auto phones = static_cast<double>(m.phone_count());
  const double of_text = m.likelihoods().log_likelihood();
  if (heard.empty() || of_text < kLeastLogLikelihood * phones) return false;
  return of_text - SequenceLikelihoods(m.posteriors(), std::move(heard)).log_likelihood() > kLeastAgainstHeard * phones;
}

bool IsOtherLanguage(const model::Transcript& transcript) {
  const std::string& language = transcript.language;
  return !language.empty() && language != "en" && language != model::kUnsureLanguage;
}

// Of the text's words.
double ShareHeard(const std::vector<HeardWord>& heard) {
  return static_cast<double>(std::ranges::count_if(heard, &HeardWord::is_same)) / static_cast<double>(heard.size());
}

void AddSounds(const std::vector<model::WordResult>& words, std::size_t word, std::vector<Weighed>& found) {
  for (const model::PhoneResult& phone : words[word].phones) {
    if (phone.verdict == model::PhoneVerdict::kOk || phone.confidence < kSureEnough) continue;
    const bool is_missing = phone.verdict == model::PhoneVerdict::kDeleted;
    model::ScoreReason reason = AboutWord(
        ScoreAspect::kPronunciation, is_missing ? ReasonKind::kMissingSound : ReasonKind::kWrongSound, words, word, phone.score);
    reason.phone = phone.phone;
    reason.heard = phone.heard;
    reason.start_s = phone.start_s;
    reason.end_s = phone.end_s;
    found.push_back({(10.0 - phone.score) * phone.confidence / 10.0, std::move(reason)});
  }
}

// The longest silence between the middles of the word and of the next one: words may be placed a little early or late, silences are measured.
void AddLongPause(const model::Pauses& pauses, const std::vector<model::WordResult>& words, std::size_t word,
                  std::vector<Weighed>& found) {
  const double from_s = (words[word].start_s + words[word].end_s) / 2.0;
  const double until_s = (words[word + 1].start_s + words[word + 1].end_s) / 2.0;
  double longest_s = 0.0;
  model::ScoreReason reason;
  for (const model::Pause& pause : pauses.positions) {
    const double length_s = pause.end_s - pause.start_s;
    const double middle_s = (pause.start_s + pause.end_s) / 2.0;
    if (middle_s < from_s || middle_s >= until_s || length_s <= longest_s) continue;
    longest_s = length_s;
    reason = AboutWord(ScoreAspect::kFluency, ReasonKind::kLongPause, words, word, length_s);
    reason.start_s = pause.start_s;
    reason.end_s = pause.end_s;
  }
  if (longest_s >= kLongPauseS) found.push_back({longest_s, std::move(reason)});
}

}  // namespace

double TextMatch(const Measurement& m, bool is_reading) {
  // A phone that the head nowhere near its place holds likely was not said there; of a text that was read, few are.
  constexpr double kPlausible = -2.0;
  double plausible = 0.0;
  for (std::size_t i = 0; i < m.phone_count(); ++i) plausible += m.segment(i).own_max > kPlausible ? 1.0 : 0.0;
  const double share = plausible / static_cast<double>(m.phone_count());
  double match = std::clamp(0.7 * share + 0.3 * ShareHeard(m.heard()), 0.0, 1.0);
  if (is_reading && match < model::kLeastTextMatch && SoundsLikeText(m)) match = model::kLeastTextMatch;
  // The recogniser writes English words for anything; of what was none, neither it nor the sound is sure.
  const model::Transcript& transcript = m.material().transcript;
  const double sureness = model::MeanProbability(transcript.words);
  if (!is_reading && transcript.language == model::kUnsureLanguage && match + sureness < kLeastBelief) return 0.0;
  if (!is_reading && sureness < kSurestBackwards && OnsetSkewness(m.material().clip) < kBackwardSkewness) return 0.0;
  return IsOtherLanguage(transcript) && (!is_reading || match < model::kFullTextMatch) ? 0.0 : match;
}

model::ScoreReason WhyCut(const std::vector<HeardWord>& heard, const model::Transcript& transcript, bool is_reading) {
  const bool has_words = is_reading && model::MeanProbability(transcript.words) >= 0.5 && !IsOtherLanguage(transcript);
  return has_words ? AboutAll(ScoreAspect::kPronunciation, ReasonKind::kNotThisText, ShareHeard(heard))
                   : AboutAll(ScoreAspect::kPronunciation, ReasonKind::kNoEnglishSpeech, transcript.confidence);
}

std::vector<model::ScoreReason> FindReasons(const Measurement& m, const model::PronunciationReport& report, bool is_reading) {
  std::vector<Weighed> found;
  const std::vector<model::WordResult>& words = report.words;
  if (report.text_match < model::kFullTextMatch) found.push_back({10.0, WhyCut(m.heard(), m.material().transcript, is_reading)});
  for (std::size_t word = 0; word < words.size(); ++word) {
    if (words[word].verdict == model::WordVerdict::kOmitted) {
      found.push_back({2.0, AboutWord(ScoreAspect::kPronunciation, ReasonKind::kMissingWord, words, word, 0.0)});
      continue;
    }
    if (words[word].verdict != model::WordVerdict::kOk) {
      found.push_back({(10.0 - words[word].score) / 6.0,
                       AboutWord(ScoreAspect::kPronunciation, ReasonKind::kWeakWord, words, word, words[word].score)});
    }
    // Another word's sounds and stress say nothing of this one's.
    const bool is_said = words[word].verdict != model::WordVerdict::kReplaced;
    if (is_said) AddSounds(words, word, found);
    if (is_said && words[word].stress && words[word].stress->verdict == model::StressVerdict::kMisplaced) {
      found.push_back({0.5, AboutWord(ScoreAspect::kProsody, ReasonKind::kWrongStress, words, word, words[word].stress->heard)});
    }
    if (word + 1 < words.size()) AddLongPause(m.material().prosody.pauses, words, word, found);
  }
  for (const model::Miscue& miscue : report.miscues) {
    if (miscue.kind != model::MiscueKind::kInserted && miscue.kind != model::MiscueKind::kRepeated) continue;
    model::ScoreReason reason = AboutAll(ScoreAspect::kFluency, ReasonKind::kExtraWord, 0.0);
    reason.text = miscue.heard;
    found.push_back({1.0, std::move(reason)});
  }
  const double span_s = m.PhoneEnd(m.phone_count() - 1) - m.PhoneStart(0);
  const double rate = static_cast<double>(m.phone_count()) / std::max(0.2, span_s);
  if (rate < kSlowPhonesPerSecond)
    found.push_back({1.0 + (kSlowPhonesPerSecond - rate) / 2.0, AboutAll(ScoreAspect::kFluency, ReasonKind::kSlow, rate)});
  if (rate > kFastPhonesPerSecond) found.push_back({1.0, AboutAll(ScoreAspect::kFluency, ReasonKind::kFast, rate)});
  std::vector<double> semitones;
  for (const model::PitchPoint& point : m.material().prosody.pitch.contour) {
    if (point.f0_hz > 0.0) semitones.push_back(12.0 * std::log2(point.f0_hz));
  }
  const double spread = (Quantile(semitones, 0.9) - Quantile(semitones, 0.1)) / 2.563;
  if (!semitones.empty() && spread < kFlatSemitones)
    found.push_back({1.0, AboutAll(ScoreAspect::kProsody, ReasonKind::kFlatMelody, spread)});

  std::ranges::stable_sort(found, std::greater(), &Weighed::weight);
  std::vector<model::ScoreReason> reasons;
  for (Weighed& weighed : found) reasons.push_back(std::move(weighed.reason));
  return reasons;
}

}  // namespace speechcoach::pronunciation
