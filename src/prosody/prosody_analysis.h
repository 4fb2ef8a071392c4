// The extraction, with everything that depends on single moments done as early as the caller likes.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "model/prosody_report.h"
#include "prosody/pitch_track.h"
#include "prosody/sound_to_harmonicity.h"
#include "prosody/sound_to_intensity.h"
#include "prosody/sound_to_pitch.h"
#include "prosody/speaker_pitch.h"

namespace speechcoach::prosody {

// One recording. Frames are counted from its start, and each is a pure function of the samples round it, so that it does not
// matter when it was computed: Finish() gives the same report, bit for bit, whether and when WorkAhead() was called. Not
// thread-safe.
class ProsodyAnalysis {
 public:
  ProsodyAnalysis();

  // Copies; bounds each sample to [-4, 4] and takes 0 for what is no number.
  void Add(std::span<const float> samples);
  const std::vector<float>& samples() const { return samples_; }

  // Computes the frames that the samples so far allow, with the speaker's range guessed from them.
  void WorkAhead();
  // Only those that ProvisionalPitch() and ProvisionalLevel() need.
  void WorkAheadOnPitch();

  // Drops the first `samples`, a multiple of kForgetStep: times count from what is left, the speaker's range stays until a second of
  // voice is heard anew, and the loudest moment stays known. For who wants provisional figures alone: Finish() is of no use after it.
  void Forget(std::size_t samples);
  static constexpr std::size_t kForgetStep =
      320;  // the frames of both passes and of the level fall on the same moments as before

  // F0 as far as it can be told before the end: the best path through the last half second of the second pass, in the range
  // guessed so far; of the first pass until there is a guess. At the moments of the first pass's frames, 20 ms apart, from its
  // frame `first` on to `lookahead_s` before the end of what was added. After WorkAhead().
  PitchTrack ProvisionalPitch(std::size_t first, double lookahead_s) const;
  // Level of the frame nearest to `time_s`, of those there are; kNoSoundDbfs where there is none.
  double ProvisionalLevel(double time_s) const;

  // The report of all samples added. Without any: empty.
  model::ProsodyReport Finish();
  // The part that needs the level alone.
  model::ProsodyReport FinishMinimal();

 private:
  // What depends on the floor of the speaker's range.
  struct ForFloor {
    explicit ForFloor(double floor_hz);
    PitchAnalysis pitch;
    HarmonicityAnalysis harmonicity;
  };
  struct Loudness {
    Intensity intensity;
    std::vector<SoundingInterval> sounding;
    std::vector<double> SoundingLevels() const;
  };

  double duration_s() const;
  // Nearly LargestDeviation() of the samples so far, without going through them again; for what may be revised at the end.
  double PeakSoFar() const;
  Loudness MeasureLoudness();
  model::ProsodyReport LoudnessReport(const Loudness& loudness) const;
  PitchTrack FirstPass(double global_peak) const;
  ForFloor& At(double floor_hz);
  void GuessRange();

  std::vector<float> samples_;
  std::size_t forgotten_ = 0;  // samples
  double sum_ = 0.0;           // of the samples, with those forgotten
  float lowest_ = 0.0F;
  float highest_ = 0.0F;
  IntensityAnalysis level_;
  IntensityAnalysis smooth_level_;
  PitchAnalysis first_pass_;
  PitchRange guess_;
  std::map<double, ForFloor> for_floors_;  // of the guess, and of what it may become
  std::size_t guessed_at_ = 0;             // samples, with those forgotten
};

}  // namespace speechcoach::prosody
