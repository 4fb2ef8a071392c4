#include "prosody/prosody_analysis.h"

#include <algorithm>
#include <cmath>
#include <optional>

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
#include "prosody/sample_time.h"
#include "prosody/shimmer.h"
#include "prosody/sound_level.h"
#include "prosody/statistics.h"
#include "prosody/syllable_nuclei.h"
#include "prosody/vocalic_parts.h"

namespace speechcoach::prosody {
namespace {

// Beyond any resampler's overshoot; squares of what is left cannot overflow.
constexpr float kLargestSample = 4.0F;
constexpr IntensityParameters kLevelParameters{.time_step_s = 0.01};
constexpr double kPitchStep_s = 0.01;

// All frames that lie wholly within `samples`.
template <typename Analysis, typename Append>
void Extend(const Analysis& analysis, double window_s, double step_s, std::size_t samples, Append&& append) {
  const FrameGrid grid = FrameGrid::FromStart(window_s, window_s, step_s);
  while (analysis.SamplesNeeded(grid.TimeOf(analysis.frames())) <= samples) append(grid.TimeOf(analysis.frames()));
}

// The frames of the whole recording, those that are missing first.
template <typename Analysis, typename Append>
FrameGrid Complete(const Analysis& analysis, double window_s, double step_s, double duration_s, Append&& append) {
  const FrameGrid grid = FrameGrid::FromStart(duration_s, window_s, step_s);
  while (analysis.frames() < grid.count) append(grid.TimeOf(analysis.frames()));
  return grid;
}

void ExtendLevel(IntensityAnalysis& level, std::span<const float> samples) {
  Extend(level, level.window_s(), level.time_step_s(), samples.size(), [&](double time_s) { level.Append(samples, time_s); });
}

Intensity CompleteLevel(IntensityAnalysis& level, std::span<const float> samples) {
  Intensity intensity;
  intensity.grid = Complete(level, level.window_s(), level.time_step_s(), DurationOf(samples.size()),
                            [&](double time_s) { level.Append(samples, time_s); });
  // A recording shorter than a window has one frame, made from what there is.
  if (intensity.grid.count == 0 && !samples.empty()) {
    intensity.grid = {DurationOf(samples.size()) / 2.0, level.time_step_s(), 1};
    IntensityAnalysis whole = level;
    whole.Append(samples, intensity.grid.first_s);
    intensity.level_dbfs = {whole.level_dbfs().back()};
    return intensity;
  }
  intensity.level_dbfs.assign(level.level_dbfs().begin(),
                              level.level_dbfs().begin() + static_cast<std::ptrdiff_t>(intensity.grid.count));
  return intensity;
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
    const std::optional<VowelQuality> vowel = LowestTwo(DefaultFormants().At(samples, syllable.time_s));
    if (!vowel) continue;
    syllable.f1_hz = vowel->f1_hz;
    syllable.f2_hz = vowel->f2_hz;
  }
}

}  // namespace

ProsodyAnalysis::ForFloor::ForFloor(double floor_hz)
    : pitch(ParametersFor({floor_hz, kHighestCeilingHz})), harmonicity({.minimum_pitch_hz = floor_hz}) {}

std::vector<double> ProsodyAnalysis::Loudness::SoundingLevels() const {
  std::vector<double> levels;
  const double threshold_dbfs = SoundingThresholdDbfs(intensity, {});
  for (const double level : intensity.level_dbfs) {
    if (level > threshold_dbfs) levels.push_back(level);
  }
  return levels;
}

ProsodyAnalysis::ProsodyAnalysis()
    : level_(kLevelParameters), smooth_level_(NucleusLevelParameters({})), first_pass_(RangeSearchParameters()) {}

double ProsodyAnalysis::duration_s() const { return DurationOf(samples_.size()); }

void ProsodyAnalysis::Add(std::span<const float> samples) {
  // Grows by a quarter: room for twice as many would be most of what a live voice holds.
  const std::size_t count = samples_.size() + samples.size();
  if (count > samples_.capacity()) samples_.reserve(std::max(count, samples_.size() + samples_.size() / 4));
  for (const float sample : samples) {
    const float kept = std::isfinite(sample) ? std::clamp(sample, -kLargestSample, kLargestSample) : 0.0F;
    samples_.push_back(kept);
    sum_ += kept;
    const bool is_first = samples_.size() + forgotten_ == 1;
    lowest_ = is_first ? kept : std::min(lowest_, kept);
    highest_ = is_first ? kept : std::max(highest_, kept);
  }
}

double ProsodyAnalysis::PeakSoFar() const {
  if (samples_.empty()) return 0.0;
  const double mean = sum_ / static_cast<double>(samples_.size() + forgotten_);
  return std::max(highest_ - mean, mean - lowest_);
}

void ProsodyAnalysis::WorkAheadOnPitch() {
  ExtendLevel(level_, samples_);
  Extend(first_pass_, first_pass_.window_s(), RangeSearchParameters().time_step_s, samples_.size(),
         [&](double time_s) { first_pass_.Append(samples_, time_s); });
  GuessRange();
  for (auto& [floor_hz, at] : for_floors_) {
    Extend(at.pitch, at.pitch.window_s(), kPitchStep_s, samples_.size(),
           [&, &pitch = at.pitch](double time_s) { pitch.Append(samples_, time_s); });
  }
}

void ProsodyAnalysis::WorkAhead() {
  WorkAheadOnPitch();
  ExtendLevel(smooth_level_, samples_);
  // A peak of what is to come can only be larger, but for a shift of the mean: half leaves room for that.
  const double least_peak = 0.5 * PeakSoFar();
  for (auto& [floor_hz, at] : for_floors_) {
    Extend(at.harmonicity, at.harmonicity.span_s(), kPitchStep_s, samples_.size(),
           [&, &harmonicity = at.harmonicity](double time_s) { harmonicity.Append(samples_, time_s, least_peak); });
  }
}

void ProsodyAnalysis::Forget(std::size_t samples) {
  // Where it lies: room that is given back and asked for again every other second leaves holes.
  samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(samples));
  forgotten_ += samples;
  level_ = IntensityAnalysis(kLevelParameters);
  smooth_level_ = IntensityAnalysis(NucleusLevelParameters({}));
  first_pass_ = PitchAnalysis(RangeSearchParameters());
  for (auto& [floor_hz, at] : for_floors_) at = ForFloor(floor_hz);
}

// Four times a second once there is a second of sound, later every time a twentieth more of it has come.
void ProsodyAnalysis::GuessRange() {
  constexpr std::size_t kEvery = static_cast<std::size_t>(kRateHz) / 4;
  constexpr std::size_t kFrom = static_cast<std::size_t>(kRateHz);
  const std::size_t heard = samples_.size() + forgotten_;
  if (samples_.size() < kFrom || heard < guessed_at_ + std::max(kEvery, guessed_at_ / 20)) return;
  guessed_at_ = heard;
  Intensity intensity;
  intensity.grid = FrameGrid::FromStart(level_.window_s(), level_.window_s(), level_.time_step_s());
  intensity.grid.count = level_.frames();
  intensity.level_dbfs = level_.level_dbfs();
  const PitchTrack track = FirstPass(PeakSoFar());
  constexpr std::ptrdiff_t kFramesToGuessAnew = 50;  // a second of voice
  if (forgotten_ > 0 && std::ranges::count_if(track.frames, &PitchFrame::voiced) < kFramesToGuessAnew) return;
  guess_ = RangeOf(track, FindSounding(intensity, duration_s(), {}));
  // The quartile moves a little with every word: where that may change the floor's step, both are kept ready.
  std::vector<double> floors{guess_.floor_hz};
  for (const double factor : {0.97, 1.03}) {
    PitchTrack moved = track;
    for (PitchFrame& frame : moved.frames) frame.f0_hz *= factor;
    floors.push_back(RangeOf(std::move(moved), FindSounding(intensity, duration_s(), {})).floor_hz);
  }
  std::erase_if(for_floors_, [&](const auto& entry) { return std::ranges::find(floors, entry.first) == floors.end(); });
  for (const double floor_hz : floors) At(floor_hz);
}

ProsodyAnalysis::ForFloor& ProsodyAnalysis::At(double floor_hz) {
  return for_floors_.try_emplace(floor_hz, floor_hz).first->second;
}

PitchTrack ProsodyAnalysis::FirstPass(double global_peak) const {
  FrameGrid grid = FrameGrid::FromStart(duration_s(), first_pass_.window_s(), RangeSearchParameters().time_step_s);
  grid.count = std::min(grid.count, first_pass_.frames());
  return first_pass_.BestPath(grid, 0, global_peak, 0.0, RangeSearchParameters().pitch_ceiling_hz);
}

// In windows as long as the second pass's: in the longer ones of the first, a voice's soft edges drown.
PitchTrack ProsodyAnalysis::ProvisionalPitch(std::size_t first, double lookahead_s) const {
  constexpr double kContext_s = 0.5;  // that the path looks back
  const PitchParameters search = RangeSearchParameters();
  PitchTrack track;
  track.grid = FrameGrid::FromStart(duration_s(), first_pass_.window_s(), search.time_step_s);
  track.grid.first_s = track.grid.TimeOf(first);
  track.grid.count = 0;
  if (duration_s() < track.grid.first_s + lookahead_s) return track;

  const auto guessed = for_floors_.find(guess_.floor_hz);
  const bool is_guessed = guessed != for_floors_.end();
  const PitchAnalysis& pass = is_guessed ? guessed->second.pitch : first_pass_;
  FrameGrid heard = FrameGrid::FromStart(duration_s(), pass.window_s(), is_guessed ? kPitchStep_s : search.time_step_s);
  heard.count = pass.frames();
  if (heard.count == 0) return track;
  const std::size_t from = heard.NearestTo(track.grid.first_s - kContext_s);
  heard.first_s = heard.TimeOf(from);
  heard.count -= from;
  const PitchTrack path = pass.BestPath(heard, from, PeakSoFar(), 0.0, is_guessed ? guess_.ceiling_hz : search.pitch_ceiling_hz);

  while (track.grid.TimeOf(track.grid.count) + lookahead_s <= duration_s()) {
    track.frames.push_back(path.frames[path.grid.NearestTo(track.grid.TimeOf(track.grid.count))]);
    ++track.grid.count;
  }
  return track;
}

double ProsodyAnalysis::ProvisionalLevel(double time_s) const {
  if (level_.frames() == 0) return kNoSoundDbfs;
  FrameGrid grid = FrameGrid::FromStart(level_.window_s(), level_.window_s(), level_.time_step_s());
  grid.count = level_.frames();
  return level_.level_dbfs()[grid.NearestTo(time_s)];
}

ProsodyAnalysis::Loudness ProsodyAnalysis::MeasureLoudness() {
  Loudness loudness;
  loudness.intensity = CompleteLevel(level_, samples_);
  loudness.sounding = FindSounding(loudness.intensity, duration_s(), {});
  return loudness;
}

model::ProsodyReport ProsodyAnalysis::LoudnessReport(const Loudness& loudness) const {
  model::ProsodyReport report;
  report.energy.contour = DescribeLevel(loudness.intensity);
  if (loudness.sounding.empty()) return report;
  SetEnergy(loudness.SoundingLevels(), report);
  report.pauses = FindPauses(loudness.sounding);
  report.speech_start_s = loudness.sounding.front().start_s;
  report.speech_end_s = loudness.sounding.back().end_s;
  return report;
}

model::ProsodyReport ProsodyAnalysis::FinishMinimal() {
  model::ProsodyReport report = LoudnessReport(MeasureLoudness());
  report.minimal = true;
  return report;
}

model::ProsodyReport ProsodyAnalysis::Finish() {
  const std::span<const float> samples = samples_;
  const Loudness loudness = MeasureLoudness();
  model::ProsodyReport report = LoudnessReport(loudness);
  if (loudness.sounding.empty()) return report;

  const double global_peak = LargestDeviation(samples);
  Complete(first_pass_, first_pass_.window_s(), RangeSearchParameters().time_step_s, duration_s(),
           [&](double time_s) { first_pass_.Append(samples, time_s); });
  const PitchRange range = RangeOf(FirstPass(global_peak), loudness.sounding);
  ForFloor& at = At(range.floor_hz);
  const FrameGrid pitch_grid = Complete(at.pitch, at.pitch.window_s(), kPitchStep_s, duration_s(),
                                        [&](double time_s) { at.pitch.Append(samples, time_s); });
  const PitchTrack track =
      WithinSounding(at.pitch.BestPath(pitch_grid, 0, global_peak, 0.0, range.ceiling_hz), loudness.sounding);
  report.pitch = DescribePitch(track);

  std::vector<double> voiced_levels;
  for (std::size_t i = 0; i < track.frames.size(); ++i) {
    if (track.frames[i].voiced()) voiced_levels.push_back(loudness.intensity.LevelAt(track.grid.TimeOf(i)));
  }
  if (!voiced_levels.empty()) SetEnergy(voiced_levels, report);

  const std::vector<double> nuclei = FindSyllableNuclei(CompleteLevel(smooth_level_, samples), track, loudness.sounding, {});
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

  const std::vector<double> pulses = SoundAndPitchToPulses(samples, track);
  report.jitter_local = PulsesToJitter(pulses, {}).local;
  report.shimmer_local = SoundAndPulsesToShimmer(samples, pulses, {}).local;
  const FrameGrid grid = Complete(at.harmonicity, at.harmonicity.span_s(), kPitchStep_s, duration_s(),
                                  [&](double time_s) { at.harmonicity.Append(samples, time_s, global_peak); });
  const double hnr_db = at.harmonicity.Finish(samples, grid, global_peak).MeanOverVoiced(track);
  if (hnr_db > kNoHarmonicityDb) report.hnr_db = hnr_db;
  return report;
}

}  // namespace speechcoach::prosody
