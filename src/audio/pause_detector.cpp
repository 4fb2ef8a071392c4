#include "audio/pause_detector.h"

#include <algorithm>
#include <cmath>

namespace speechcoach::audio {
namespace {

constexpr double kFrameS = 0.02;
constexpr double kQuietestDb = -95.0;
constexpr double kFloorPercentile = 0.10;   // somebody who speaks is quiet for a tenth of the time
constexpr double kAboveFloorDb = 9.0;       // as in voice_activity.cpp
constexpr double kBelowPeakDb = 30.0;       // what is so much weaker than the loudest speech is not meant
constexpr double kLeastSpeechDb = -60.0;    // no microphone gives a voice less
constexpr double kPeakDecayDb = 0.02;       // a frame: 1 dB a second
constexpr float kForget = 0.999f;           // a frame: half is forgotten in 14 s
constexpr int kClickFrames = 3;             // a click, a knock are shorter

}  // namespace

PauseDetector::PauseDetector(int sample_rate_hz, double pause_s)
    : frame_samples_(static_cast<std::size_t>(sample_rate_hz * kFrameS)), pause_frames_(static_cast<int>(std::lround(pause_s / kFrameS))) {}

void PauseDetector::Append(std::span<const float> samples) {
  for (const float sample : samples) {
    energy_ += static_cast<double>(sample) * sample;
    if (++filled_ < frame_samples_) continue;
    AddFrame(10.0 * std::log10(energy_ / static_cast<double>(filled_) + 1e-12));
    energy_ = 0.0;
    filled_ = 0;
  }
}

void PauseDetector::AddFrame(double level_dbfs) {
  const double level = std::clamp(level_dbfs, kQuietestDb, 0.0);
  for (float& count : histogram_) count *= kForget;
  histogram_[static_cast<std::size_t>(-level)] += 1.0f;
  peak_db_ -= kPeakDecayDb;
  const bool is_loud = level > FloorDb() + kAboveFloorDb && level > peak_db_ - kBelowPeakDb && level > kLeastSpeechDb;
  run_ = is_loud ? run_ + 1 : 0;
  if (run_ < kClickFrames) {
    ++silent_frames_;
    return;
  }
  // Those before the run was long enough were speech too.
  speech_frames_ += run_ == kClickFrames ? kClickFrames : 1;
  silent_frames_ = 0;
  peak_db_ = std::max(peak_db_, level);
}

// Digital silence says nothing of the room: a microphone that is switched on late would make its noise look like speech.
double PauseDetector::FloorDb() const {
  float all = 0.0f;
  for (std::size_t bin = 0; bin + 1 < histogram_.size(); ++bin) all += histogram_[bin];
  float below = 0.0f;
  for (std::size_t bin = histogram_.size() - 1; bin-- > 0;) {
    below += histogram_[bin];
    if (below > kFloorPercentile * all) return -static_cast<double>(bin);
  }
  return kQuietestDb;
}

}  // namespace speechcoach::audio
