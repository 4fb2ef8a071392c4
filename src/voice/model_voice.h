// A voice that says any English sentence, to compare one's own melody and rhythm with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace speechcoach::voice {

struct SpokenPhone {
  std::string phone;  // ARPAbet without stress
  std::size_t word = 0;
  double start_s = 0.0;
  double end_s = 0.0;
};

struct SpokenWord {
  std::string text;  // as the voice said it: lower case, numbers in full
  double start_s = 0.0;
  double end_s = 0.0;
};

struct ModelSpeech {
  int sample_rate_hz = 0;
  std::vector<std::int16_t> samples;  // mono
  std::vector<SpokenWord> words;
  std::vector<SpokenPhone> phones;

  double duration_s() const { return sample_rate_hz == 0 ? 0.0 : static_cast<double>(samples.size()) / sample_rate_hz; }
};

enum class Speed { kNormal, kSlow };  // slow: every sound half as long again

// Thread-safe; calls take turns.
class ModelVoice {
 public:
  virtual ~ModelVoice() = default;

  // The times are always the same; the sound differs in its breath noise. At most kMaxTextBytes of text. Errors: kBadField (nothing to say, or too much).
  virtual base::Result<ModelSpeech> Say(const std::string& text, Speed speed) = 0;
};

inline constexpr std::size_t kMaxTextBytes = 2000;

// flite's American female voice (clustergen, 16 kHz), offline.
std::unique_ptr<ModelVoice> MakeFliteVoice();

// A RIFF file of the samples.
std::string ToWav(const ModelSpeech& speech);

}  // namespace speechcoach::voice
