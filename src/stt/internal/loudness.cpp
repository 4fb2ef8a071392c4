#include "stt/internal/loudness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace speechcoach::stt {
namespace {

constexpr double kPowerFloor = 1e-12;
constexpr float kSilenceDb = -60.0F;

// Below the loud parts by this much there is no speech, only room and breath.
constexpr float kSpeechRangeDb = 35.0F;
constexpr double kLoudShare = 0.95;
constexpr double kQuietShare = 0.1;
constexpr float kDigitalSilenceDb = -90.0F;
constexpr float kAboveQuietDb = 16.0F;
constexpr float kNearestBelowLoudDb = 20.0F;
constexpr std::size_t kPauseInWordSteps = 11;  // a stop consonant's closure
constexpr std::size_t kClickSteps = 2;
constexpr std::size_t kKeptSilenceSteps = 30;

constexpr std::size_t kWindowSteps = 3000;
// Parts of about 22 s, each end moved by up to 4 s, stay within a window.
constexpr std::size_t kUsualPartSteps = 2200;
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

float SpeechThresholdDb(std::span<const float> loudness_db) {
  std::vector<float> sorted(loudness_db.begin(), loudness_db.end());
  const auto loud = sorted.begin() + static_cast<std::ptrdiff_t>(kLoudShare * static_cast<double>(sorted.size() - 1));
  std::ranges::nth_element(sorted, loud);
  return *loud - kSpeechRangeDb;
}

float VoiceThresholdDb(std::span<const float> loudness_db) {
  std::vector<float> sorted(loudness_db.begin(), loudness_db.end());
  // Digital silence says nothing about the room.
  std::erase_if(sorted, [](float db) { return db < kDigitalSilenceDb; });
  if (sorted.empty()) return kDigitalSilenceDb;
  std::ranges::sort(sorted);
  const auto at = [&](double share) { return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))]; };
  return std::clamp(at(kQuietShare) + kAboveQuietDb, at(kLoudShare) - kSpeechRangeDb, at(kLoudShare) - kNearestBelowLoudDb);
}

std::vector<Steps> VoicedStretches(std::span<const float> loudness_db, float threshold_db) {
  std::vector<Steps> stretches;
  for (std::size_t i = 0; i < loudness_db.size(); ++i) {
    if (loudness_db[i] <= threshold_db) continue;
    if (stretches.empty() || i - stretches.back().end > kPauseInWordSteps) stretches.push_back({i, i});
    stretches.back().end = i + 1;
  }
  const auto is_click = [](const Steps& stretch) { return stretch.end - stretch.begin <= kClickSteps; };
  if (!std::ranges::all_of(stretches, is_click)) std::erase_if(stretches, is_click);
  return stretches;
}

Steps WithoutOuterSilence(std::span<const float> loudness_db, Steps part) {
  const auto inside = loudness_db.subspan(part.begin, part.end - part.begin);
  if (inside.empty()) return part;
  const auto is_heard = [threshold = SpeechThresholdDb(inside)](float db) { return db > threshold; };
  const auto first = std::ranges::find_if(inside, is_heard);
  if (first == inside.end()) return part;
  const auto last = std::find_if(inside.rbegin(), inside.rend(), is_heard).base();
  const auto lead = static_cast<std::size_t>(first - inside.begin());
  const auto end = static_cast<std::size_t>(last - inside.begin()) + kKeptSilenceSteps;
  return {part.begin + lead - std::min(lead, kKeptSilenceSteps), part.begin + std::min(end, inside.size())};
}

std::vector<Steps> CutAtPauses(std::span<const float> loudness_db) {
  const std::size_t steps = loudness_db.size();
  if (steps <= kWindowSteps) return {{0, steps}};
  const std::size_t count = (steps + kUsualPartSteps - 1) / kUsualPartSteps;
  std::vector<Steps> parts;
  for (std::size_t i = 1; i <= count; ++i) {
    const std::size_t begin = parts.empty() ? 0 : parts.back().end;
    parts.push_back({begin, i < count ? QuietestNear(loudness_db, i * steps / count) : steps});
  }
  return parts;
}

}  // namespace speechcoach::stt
