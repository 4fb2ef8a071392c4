#include "stt/internal/speech_windows.h"

#include <algorithm>

#include "stt/internal/loudness.h"
#include "stt/internal/whisper_engine.h"

namespace speechcoach::stt {

std::vector<SpeechWindow> FindSpeechWindows(std::span<const float> loudness_db, std::size_t samples) {
  std::vector<SpeechWindow> windows;
  if (IsSilent(loudness_db)) return windows;
  for (const Steps& part : CutAtPauses(loudness_db)) {
    Steps steps = WithoutOuterSilence(loudness_db, part);
    steps.begin -= steps.begin % (kWindowGridSamples / kLoudnessStep);
    SpeechWindow window{steps.begin * kLoudnessStep, std::min(steps.end * kLoudnessStep, samples),
                        loudness_db.subspan(steps.begin, steps.end - steps.begin)};
    const double seconds = static_cast<double>(window.end - window.begin) / model::kSampleRateHz;
    if (seconds >= kShortestWindowS && !IsSilent(window.loudness_db)) windows.push_back(window);
  }
  return windows;
}

}  // namespace speechcoach::stt
