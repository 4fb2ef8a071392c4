// Melody, loudness, rhythm and pauses of a recording. Field for field the structure of the product's JSON
// (`prosody_features`); times in seconds from the start of the recording.
#pragma once

#include <optional>
#include <vector>

namespace speechcoach::model {

struct PitchPoint {
  double time_s = 0.0;
  double f0_hz = 0.0;  // 0 where unvoiced
};

struct Pitch {
  double mean_hz = 0.0;  // over voiced frames; 0 where nothing is voiced
  double std_hz = 0.0;
  double range_hz = 0.0;            // 95th minus 5th percentile of voiced frames
  std::vector<PitchPoint> contour;  // every 10 ms
};

struct Energy {
  double mean = 0.0;           // mean level of voiced frames, dBFS mapped from [-60, 0] to [0, 1]
  double dynamic_range = 0.0;  // (p95 - p5 of voiced level) / 60 dB, [0, 1]
};

struct SpeakingRate {
  double syllables_per_second = 0.0;       // syllable nuclei over the time from first to last speech
  std::optional<double> words_per_minute;  // needs a transcript
};

struct Pause {
  double start_s = 0.0;
  double end_s = 0.0;
};

struct Pauses {
  double avg_duration_s = 0.0;  // 0 where there are none
  std::vector<Pause> positions;  // silences inside the speech, not before or after it
};

// Indicators in [0, 1]; prosody/confidence.h defines each.
struct ConfidenceIndicators {
  double pitch_stability = 0.0;
  double energy_consistency = 0.0;
  double hesitation_score = 0.0;  // lower is better
};

struct ProsodyReport {
  Pitch pitch;
  Energy energy;
  SpeakingRate speaking_rate;
  Pauses pauses;
  ConfidenceIndicators confidence;
  std::optional<double> jitter_local;   // fraction, e.g. 0.012; absent where too little is voiced
  std::optional<double> shimmer_local;  // fraction
  std::optional<double> hnr_db;         // mean harmonics-to-noise ratio of voiced frames
  double speech_start_s = 0.0;
  double speech_end_s = 0.0;
  // Made from loudness alone because the pitch analysis failed: pitch, jitter, shimmer and HNR hold nothing.
  bool minimal = false;
};

}  // namespace speechcoach::model
