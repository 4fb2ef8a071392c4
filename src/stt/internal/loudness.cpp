#include "stt/internal/loudness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace speechcoach::stt {
namespace {

constexpr double kPowerFloor = 1e-12;
constexpr float kSilenceDb = -60.0F;

constexpr std::size_t kWindow = 30 * model::kSampleRateHz;
// Parts of about 22 s, each end moved by up to 4 s, stay within a window.
constexpr std::size_t kUsualPart = 22 * model::kSampleRateHz;
constexpr std::size_t kCutFreedomSteps = 400;
constexpr std::size_t kPauseSteps = 20;

// The middle of the quietest 200 ms within `freedom` of `around`; all in steps.
std::size_t QuietestNear(std::span<const float> loudness_db, std::size_t around) {
  const std::size_t first = around - std::min(around, kCutFreedomSteps);
  const std::size_t last = std::min(around + kCutFreedomSteps, loudness_db.size());
  std::size_t best = around;
  float least = std::numeric_limits<float>::max();
  for (std::size_t begin = first; begin + kPauseSteps <= last; ++begin) {
    const auto pause = loudness_db.subspan(begin, kPauseSteps);
    const float sum = std::accumulate(pause.begin(), pause.end(), 0.0F);
    if (sum < least) {
      least = sum;
      best = begin + kPauseSteps / 2;
    }
  }
  return best;
}

}  // namespace

std::vector<float> LoudnessDb(std::span<const float> samples) {
  std::vector<float> loudness;
  loudness.reserve(samples.size() / kLoudnessStep + 1);
  for (std::size_t begin = 0; begin < samples.size(); begin += kLoudnessStep) {
    const auto step = samples.subspan(begin, std::min(kLoudnessStep, samples.size() - begin));
    double power = 0.0;
    for (const float sample : step) power += static_cast<double>(sample) * sample;
    loudness.push_back(static_cast<float>(10.0 * std::log10(std::max(power / static_cast<double>(step.size()), kPowerFloor))));
  }
  return loudness;
}

bool IsSilent(std::span<const float> loudness_db) {
  return std::ranges::none_of(loudness_db, [](float db) { return db > kSilenceDb; });
}

std::vector<std::size_t> CutAtPauses(std::size_t n_samples, std::span<const float> loudness_db) {
  std::vector<std::size_t> begins{0};
  if (n_samples <= kWindow) return begins;
  const std::size_t parts = (n_samples + kUsualPart - 1) / kUsualPart;
  for (std::size_t part = 1; part < parts; ++part) {
    begins.push_back(QuietestNear(loudness_db, part * n_samples / parts / kLoudnessStep) * kLoudnessStep);
  }
  return begins;
}

}  // namespace speechcoach::stt
