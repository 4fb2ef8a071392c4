#include "audio/pause_detector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace speechcoach::audio {
namespace {

constexpr double kFrameS = 0.02;
constexpr double kQuietestDb = -95.0;
constexpr double kFloorPercentile = 0.10;  // somebody who speaks is quiet for a tenth of the time
constexpr double kAboveFloorDb = 9.0;      // as in voice_activity.cpp
constexpr double kBelowPeakDb = 30.0;      // what is so much weaker than the loudest speech is not meant
constexpr double kLeastSpeechDb = -60.0;   // no microphone gives a voice less
constexpr double kPeakDecayDb = 0.02;      // a frame: 1 dB a second
constexpr float kForget = 0.999f;          // a frame: half is forgotten in 14 s
constexpr int kClickFrames = 3;            // a click, a knock are shorter
constexpr float kLargestWeight = 1000.0f;

// In several sums at once, so that none waits for the one before.
double SumOfSquares(std::span<const float> samples) {
  std::array<float, 16> sums{};
  std::size_t i = 0;
  for (; i + sums.size() <= samples.size(); i += sums.size()) {
    for (std::size_t lane = 0; lane < sums.size(); ++lane) sums[lane] += samples[i + lane] * samples[i + lane];
  }
  double sum = 0.0;
  for (; i < samples.size(); ++i) sum += static_cast<double>(samples[i]) * samples[i];
  for (const float lane : sums) sum += lane;
  return sum;
}

}  // namespace

PauseDetector::PauseDetector(int sample_rate_hz, double pause_s)
    : frame_samples_(static_cast<std::size_t>(sample_rate_hz * kFrameS)),
      pause_frames_(static_cast<int>(std::lround(pause_s / kFrameS))) {}

void PauseDetector::Append(std::span<const float> samples) {
  while (!samples.empty()) {
    const auto piece = samples.first(std::min(samples.size(), frame_samples_ - filled_));
    samples = samples.subspan(piece.size());
    energy_ += SumOfSquares(piece);
    filled_ += piece.size();
    if (filled_ < frame_samples_) return;
    AddFrame(10.0 * std::log10(energy_ / static_cast<double>(filled_) + 1e-12));
    energy_ = 0.0;
    filled_ = 0;
  }
}

void PauseDetector::AddFrame(double level_dbfs) {
  const double level = std::clamp(level_dbfs, kQuietestDb, 0.0);
  // Instead of letting all older frames count less, the new one counts more.
  weight_ /= kForget;
  const auto bin = static_cast<std::size_t>(-level);
  histogram_[bin] += weight_;
  if (bin + 1 < histogram_.size()) total_ += weight_;
  if (weight_ > kLargestWeight) {
    for (float& count : histogram_) count /= kLargestWeight;
    total_ /= kLargestWeight;
    weight_ /= kLargestWeight;
  }
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
  float below = 0.0f;
  for (std::size_t bin = histogram_.size() - 1; bin-- > 0;) {
    below += histogram_[bin];
    if (below > kFloorPercentile * total_) return -static_cast<double>(bin);
  }
  return kQuietestDb;
}

}  // namespace speechcoach::audio
