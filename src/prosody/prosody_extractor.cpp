#include "prosody/prosody_extractor.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "prosody/confidence.h"
#include "prosody/energy.h"
#include "prosody/filled_pauses.h"
#include "prosody/formants.h"
#include "prosody/intensity_silences.h"
#include "prosody/jitter.h"
#include "prosody/melody.h"
#include "prosody/pauses.h"
#include "prosody/point_process.h"
#include "prosody/rhythm.h"
#include "prosody/shimmer.h"
#include "prosody/sound_to_harmonicity.h"
#include "prosody/sound_to_intensity.h"
#include "prosody/speaker_pitch.h"
#include "prosody/statistics.h"
#include "prosody/syllable_nuclei.h"
#include "prosody/transcript_prosody.h"
#include "prosody/vocalic_parts.h"

namespace speechcoach::prosody {
namespace {

// Beyond any resampler's overshoot; squares of what is left cannot overflow.
constexpr float kLargestSample = 4.0F;
constexpr IntensityParameters kLevelParameters{.time_step_s = 0.01};

// A copy that every analysis can read: bounded, and silence in place of what is no number.
std::vector<float> Bounded(const std::vector<float>& samples) {
  std::vector<float> bounded(samples.size());
  std::transform(samples.begin(), samples.end(), bounded.begin(),
                 [](float sample) { return std::isfinite(sample) ? std::clamp(sample, -kLargestSample, kLargestSample) : 0.0F; });
  return bounded;
}

// What the level alone tells.
struct Loudness {
  Intensity intensity;
  std::vector<SoundingInterval> sounding;

  std::vector<double> SoundingLevels() const {
    std::vector<double> levels;
    const double threshold_dbfs = SoundingThresholdDbfs(intensity, {});
    for (const double level : intensity.level_dbfs) {
      if (level > threshold_dbfs) levels.push_back(level);
    }
    return levels;
  }
};

Loudness MeasureLoudness(std::span<const float> samples, double duration_s) {
  Loudness loudness;
  loudness.intensity = SoundToIntensity(samples, kLevelParameters);
  loudness.sounding = FindSounding(loudness.intensity, duration_s, {});
  return loudness;
}

std::vector<model::LevelPoint> DescribeLevel(const Intensity& intensity) {
  std::vector<model::LevelPoint> contour;
  contour.reserve(intensity.level_dbfs.size());
  for (std::size_t i = 0; i < intensity.level_dbfs.size(); ++i) {
    contour.push_back({intensity.grid.TimeOf(i), intensity.level_dbfs[i]});
  }
  return contour;
}

void SetEnergy(const std::vector<double>& levels_dbfs, model::ProsodyReport& report) {
  const model::Energy energy = LevelsToEnergy(levels_dbfs);
  report.energy.mean = energy.mean;
  report.energy.dynamic_range = energy.dynamic_range;
}

model::ProsodyReport LoudnessReport(const Loudness& loudness) {
  model::ProsodyReport report;
  report.energy.contour = DescribeLevel(loudness.intensity);
  if (loudness.sounding.empty()) return report;
  SetEnergy(loudness.SoundingLevels(), report);
  report.pauses = FindPauses(loudness.sounding);
  report.speech_start_s = loudness.sounding.front().start_s;
  report.speech_end_s = loudness.sounding.back().end_s;
  return report;
}

model::Pitch DescribePitch(const PitchTrack& track) {
  model::Pitch pitch;
  const std::vector<double> voiced = track.VoicedF0();
  pitch.mean_hz = Mean(voiced);
  pitch.std_hz = StandardDeviation(voiced);
  pitch.range_hz = Quantile(voiced, 0.95) - Quantile(voiced, 0.05);
  pitch.contour.reserve(track.frames.size());
  for (std::size_t i = 0; i < track.frames.size(); ++i) {
    pitch.contour.push_back({track.grid.TimeOf(i), track.frames[i].f0_hz});
  }
  return pitch;
}

void AddFormants(std::span<const float> samples, std::vector<model::Syllable>& syllables) {
  for (model::Syllable& syllable : syllables) {
    const std::optional<VowelQuality> vowel = LowestTwo(FormantsAt(samples, syllable.time_s, {}));
    if (!vowel) continue;
    syllable.f1_hz = vowel->f1_hz;
    syllable.f2_hz = vowel->f2_hz;
  }
}

void AddVoiceQuality(std::span<const float> samples, const PitchTrack& track, double floor_hz, model::ProsodyReport& report) {
  const std::vector<double> pulses = SoundAndPitchToPulses(samples, track);
  report.jitter_local = PulsesToJitter(pulses, {}).local;
  report.shimmer_local = SoundAndPulsesToShimmer(samples, pulses, {}).local;
  const double hnr_db = SoundToHarmonicity(samples, {.minimum_pitch_hz = floor_hz}).MeanOverVoiced(track);
  if (hnr_db > kNoHarmonicityDb) report.hnr_db = hnr_db;
}

model::ProsodyReport Analyse(std::span<const float> samples, double duration_s) {
  const Loudness loudness = MeasureLoudness(samples, duration_s);
  model::ProsodyReport report = LoudnessReport(loudness);
  if (loudness.sounding.empty()) return report;

  const PitchRange range = FindPitchRange(samples, loudness.sounding);
  const PitchTrack track = WithinSounding(SoundToPitch(samples, ParametersFor(range)), loudness.sounding);
  report.pitch = DescribePitch(track);

  std::vector<double> voiced_levels;
  for (std::size_t i = 0; i < track.frames.size(); ++i) {
    if (track.frames[i].voiced()) voiced_levels.push_back(loudness.intensity.LevelAt(track.grid.TimeOf(i)));
  }
  if (!voiced_levels.empty()) SetEnergy(voiced_levels, report);

  const std::vector<double> nuclei = FindSyllableNuclei(samples, track, loudness.sounding, {});
  std::vector<double> nucleus_levels;
  for (const double time_s : nuclei) nucleus_levels.push_back(loudness.intensity.LevelAt(time_s));
  const double speaking_time_s = report.speech_end_s - report.speech_start_s;
  report.speaking_rate.syllables_per_second = static_cast<double>(nuclei.size()) / speaking_time_s;

  report.confidence = {PitchStability(track), EnergyConsistency(nucleus_levels),
                       HesitationScore(report.pauses, speaking_time_s, nuclei.size())};
  report.syllables = FindVocalicParts(nuclei, track, loudness.intensity);
  AddFormants(samples, report.syllables);
  report.rhythm.filled_pauses = FindFilledPauses(samples, report.syllables, report.pauses, track, loudness.intensity);
  MeasureRhythm(report);
  MeasureMelody(report, PhrasesBetweenPauses(report));
  AddVoiceQuality(samples, track, range.floor_hz, report);
  return report;
}

}  // namespace

base::Result<model::ProsodyReport> SoundProsodyExtractor::Extract(const model::AudioClip& clip) {
  if (clip.samples.empty()) return {base::ErrorCode::kProsodyFailed, "no samples"};
  const bool finite = std::all_of(clip.samples.begin(), clip.samples.end(), [](float sample) { return std::isfinite(sample); });
  if (!finite) return {base::ErrorCode::kProsodyFailed, "samples that are not finite"};
  return Analyse(Bounded(clip.samples), clip.duration_s());
}

model::ProsodyReport ExtractMinimal(const model::AudioClip& clip) {
  model::ProsodyReport report = LoudnessReport(MeasureLoudness(Bounded(clip.samples), clip.duration_s()));
  report.minimal = true;
  return report;
}

void AddTranscript(model::ProsodyReport& report, const model::Transcript& transcript) {
  report.speaking_rate.words_per_minute.reset();
  report.words.clear();
  const auto timed = [](const model::Word& word) { return std::isfinite(word.start_s) && std::isfinite(word.end_s); };
  if (transcript.words.empty() || !std::ranges::all_of(transcript.words, timed)) return;
  PlacePauses(report, transcript.words);
  JoinFilledPauses(report, transcript.words);
  MeasureRhythm(report);
  MeasureMelody(report, PhrasesOfWords(report, transcript.words));
  report.words = MeasureWords(report, transcript.words);
  const double spoken_s = transcript.words.back().end_s - transcript.words.front().start_s;
  // Shorter than any word: the times are not to be trusted.
  constexpr double kShortestWord_s = 0.05;
  if (!(spoken_s >= kShortestWord_s)) return;
  report.speaking_rate.words_per_minute = 60.0 * static_cast<double>(transcript.words.size()) / spoken_s;
}

}  // namespace speechcoach::prosody
