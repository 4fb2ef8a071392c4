#include "audio/voice_activity.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

namespace speechcoach::audio {
namespace {

constexpr std::size_t kFrame = model::kSampleRateHz / 100;  // 10 ms
constexpr std::size_t kLevelWindow = 2 * kFrame;            // 20 ms of level
constexpr double kHighPassHz = 90.0;                        // below every voice: rumble, mains hum, offset
constexpr std::size_t kDecimation = 4;                      // periodicity is looked for below 2 kHz, at 4 kHz
constexpr std::size_t kSlowFrame = kFrame / kDecimation;
constexpr std::size_t kPeriodWindow = 4 * kSlowFrame;  // 40 ms: two periods of the lowest voice
constexpr std::size_t kMinLag = 4000 / 500;            // a child's highest
constexpr std::size_t kMaxLag = 4000 / 70;             // a man's lowest

constexpr double kSilenceDb = -80.0;       // no microphone is quieter; digital silence counts as this
constexpr double kFloorPercentile = 0.10;  // somebody who speaks is quiet for a tenth of the time
constexpr double kVoiceAboveFloorDb = 9.0;
constexpr double kEdgeAboveFloorDb = 5.0;
constexpr double kVoiceBelowPeakDb = 30.0;  // what is so much weaker than the loudest speech is not meant
constexpr double kMinPeriodicity = 0.55;

constexpr std::size_t kMinVoicedFrames = 8;   // 80 ms: a click, a knock are shorter
constexpr std::size_t kHangoverFrames = 10;   // 100 ms: the closure of a plosive does not end speech
constexpr std::size_t kMergeFrames = 20;      // 200 ms
constexpr std::size_t kMinSpeechFrames = 12;  // 120 ms: the shortest word
constexpr std::size_t kPaddingFrames = 5;     // 50 ms: breathy beginnings and ends

// Second-order Butterworth high-pass (bilinear transform), started as if the first sample had always been there.
std::vector<float> HighPass(std::span<const float> samples) {
  const double w = std::tan(std::numbers::pi * kHighPassHz / model::kSampleRateHz);
  const double norm = 1.0 / (1.0 + std::numbers::sqrt2 * w + w * w);
  const double a1 = 2.0 * (w * w - 1.0) * norm;
  const double a2 = (1.0 - std::numbers::sqrt2 * w + w * w) * norm;
  std::vector<float> filtered(samples.size());
  double x1 = samples.front(), x2 = x1, y1 = 0.0, y2 = 0.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double x = samples[i];
    const double y = norm * (x - 2.0 * x1 + x2) - a1 * y1 - a2 * y2;
    filtered[i] = static_cast<float>(y);
    x2 = x1, x1 = x, y2 = y1, y1 = y;
  }
  return filtered;
}

// Every fourth sample of a triangular average over seven.
std::vector<float> SlowDown(std::span<const float> samples) {
  constexpr int kReach = kDecimation - 1;
  std::vector<float> slow(samples.size() / kDecimation);
  const auto size = static_cast<std::ptrdiff_t>(samples.size());
  for (std::size_t i = 0; i < slow.size(); ++i) {
    float sum = 0.0f;
    for (int offset = -kReach; offset <= kReach; ++offset) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(i * kDecimation) + offset;
      if (at >= 0 && at < size)
        sum += static_cast<float>(static_cast<int>(kDecimation) - std::abs(offset)) * samples[static_cast<std::size_t>(at)];
    }
    slow[i] = sum / static_cast<float>(kDecimation * kDecimation);
  }
  return slow;
}

// The `length` samples around the middle of frame `index`, fewer at the ends.
std::span<const float> Window(std::span<const float> samples, std::size_t index, std::size_t frame, std::size_t length) {
  const std::size_t middle = index * frame + frame / 2;
  const std::size_t begin = middle > length / 2 ? middle - length / 2 : 0;
  return samples.subspan(std::min(begin, samples.size()), std::min(length, samples.size() - std::min(begin, samples.size())));
}

double LevelDb(std::span<const float> window) {
  double energy = 0.0;
  for (const float sample : window) energy += static_cast<double>(sample) * sample;
  return std::max(kSilenceDb, 10.0 * std::log10(energy / static_cast<double>(std::max<std::size_t>(window.size(), 1)) + 1e-12));
}

// The highest local maximum of the normalised cross-correlation of the window with itself some lag later (0..1); a local
// maximum, because low-pitched noise resembles itself at every short lag without having a period.
double Periodicity(std::span<const float> window) {
  if (window.size() <= 2 * kMaxLag) return 0.0;
  const std::size_t length = window.size() - kMaxLag - 1;
  const auto correlate = [&](std::size_t lag) {
    double product = 0.0, energy = 1e-12, lagged_energy = 1e-12;
    for (std::size_t i = 0; i < length; ++i) {
      product += static_cast<double>(window[i]) * window[i + lag];
      energy += static_cast<double>(window[i]) * window[i];
      lagged_energy += static_cast<double>(window[i + lag]) * window[i + lag];
    }
    return product / std::sqrt(energy * lagged_energy);
  };
  double best = 0.0;
  double before = correlate(kMinLag - 1);
  double here = correlate(kMinLag);
  for (std::size_t lag = kMinLag; lag <= kMaxLag; ++lag) {
    const double after = correlate(lag + 1);
    if (here > before && here >= after) best = std::max(best, here);
    before = here, here = after;
  }
  return best;
}

double Percentile(std::vector<double> values, double fraction) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// Runs of frames, the end not included.
struct Run {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::vector<Run> RunsOf(const std::vector<bool>& flags, std::size_t min_length) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (!flags[i]) continue;
    const std::size_t begin = i;
    while (i < flags.size() && flags[i]) ++i;
    if (i - begin >= min_length) runs.push_back({begin, i});
  }
  return runs;
}

// Outwards over frames that are loud enough, across gaps that are short enough.
Run Grow(Run run, const std::vector<double>& level_db, double edge_db) {
  for (std::size_t i = run.begin, quiet = 0; i-- > 0 && quiet < kHangoverFrames;) {
    if (level_db[i] > edge_db)
      run.begin = i, quiet = 0;
    else
      ++quiet;
  }
  for (std::size_t i = run.end, quiet = 0; i < level_db.size() && quiet < kHangoverFrames; ++i) {
    if (level_db[i] > edge_db)
      run.end = i + 1, quiet = 0;
    else
      ++quiet;
  }
  return run;
}

std::vector<Run> Merge(const std::vector<Run>& runs) {
  std::vector<Run> merged;
  for (const Run& run : runs) {
    if (!merged.empty() && run.begin <= merged.back().end + kMergeFrames) {
      merged.back().begin = std::min(merged.back().begin, run.begin);
      merged.back().end = std::max(merged.back().end, run.end);
    } else {
      merged.push_back(run);
    }
  }
  return merged;
}

}  // namespace

std::vector<SpeechSegment> FindSpeech(const model::AudioClip& clip) {
  const std::size_t frames = clip.samples.size() / kFrame;
  if (frames < kMinSpeechFrames) return {};
  const std::vector<float> voice = HighPass(clip.samples);
  const std::vector<float> slow = SlowDown(voice);

  std::vector<double> level_db(frames);
  for (std::size_t i = 0; i < frames; ++i) level_db[i] = LevelDb(Window(voice, i, kFrame, kLevelWindow));
  const double floor_db = Percentile(level_db, kFloorPercentile);
  const double peak_db = Percentile(level_db, 0.95);
  const double voice_db = std::max(floor_db + kVoiceAboveFloorDb, peak_db - kVoiceBelowPeakDb);
  const double edge_db = std::max(floor_db + kEdgeAboveFloorDb, peak_db - kVoiceBelowPeakDb);

  std::vector<bool> voiced(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    voiced[i] = level_db[i] > voice_db && Periodicity(Window(slow, i, kSlowFrame, kPeriodWindow)) > kMinPeriodicity;
  }
  std::vector<Run> runs = RunsOf(voiced, kMinVoicedFrames);
  for (Run& run : runs) run = Grow(run, level_db, edge_db);

  std::vector<SpeechSegment> segments;
  for (const Run& run : Merge(runs)) {
    if (run.end - run.begin < kMinSpeechFrames) continue;
    const std::size_t begin = run.begin - std::min(run.begin, kPaddingFrames);
    const std::size_t end = std::min(run.end + kPaddingFrames, frames);
    segments.push_back({static_cast<double>(begin) / 100.0, static_cast<double>(end) / 100.0});
  }
  return segments;
}

}  // namespace speechcoach::audio
