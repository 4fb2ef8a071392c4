#include "prosody/voice_figures.h"

namespace speechcoach::prosody {

VoiceFigures MeasureVoice(std::span<const float> samples, const VoiceSettings& settings) {
  VoiceFigures figures;
  figures.pitch = SoundToPitch(samples, settings.pitch);
  figures.intensity = SoundToIntensity(samples, settings.intensity);
  figures.harmonicity = SoundToHarmonicity(samples, settings.harmonicity);
  figures.pulses_s = SoundAndPitchToPulses(samples, figures.pitch);
  figures.jitter = PulsesToJitter(figures.pulses_s, settings.periods);
  figures.shimmer = SoundAndPulsesToShimmer(samples, figures.pulses_s, settings.periods);
  return figures;
}

}  // namespace speechcoach::prosody
