#include "pronunciation/internal/sound_times.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace speechcoach::pronunciation {
namespace {

enum class Kind { kVowel, kStop, kFricative, kNasal, kGlide };

Kind KindOf(Phone phone) {
  constexpr std::string_view kStops = " P T K B D G CH JH ";
  constexpr std::string_view kNasals = " M N NG ";
  constexpr std::string_view kGlides = " L R W Y ";
  if (IsVowel(phone)) return Kind::kVowel;
  const std::string name = " " + std::string(PhoneName(phone)) + " ";
  if (kStops.find(name) != std::string_view::npos) return Kind::kStop;
  if (kNasals.find(name) != std::string_view::npos) return Kind::kNasal;
  return kGlides.find(name) != std::string_view::npos ? Kind::kGlide : Kind::kFricative;
}

// Seconds from the first sound's spike to where the second begins: offset + slope * distance of the spikes. Least absolute deviations on 40
// sentences of two of flite's voices (docs/pronunciation.md has the errors on others).
struct Line {
  double offset_s;
  double slope;
};

Line JointOf(Kind first, Kind second) {
  if (first == Kind::kVowel) {
    switch (second) {
      case Kind::kVowel:
        return {0.064, 0.49};
      case Kind::kStop:
        return {0.070, -0.06};
      case Kind::kFricative:
        return {0.041, 0.35};
      case Kind::kNasal:
        return {0.059, 0.49};
      case Kind::kGlide:
        return {0.019, 0.38};
    }
  }
  if (second == Kind::kVowel) return {-0.007, 0.89};
  switch (first) {
    case Kind::kStop:
      return {-0.009, 0.73};
    case Kind::kNasal:
      return {0.092, 0.18};
    case Kind::kGlide:
      return {0.106, -0.09};
    case Kind::kFricative:
    case Kind::kVowel:
      break;
  }
  return {-0.026, 0.88};
}

constexpr double kShortestS = 0.01;
// Spikes farther apart have a silence between them.
constexpr double kFarthestS = 0.3;
// Before and after a silence whose place is not known, and at the ends of the recording.
constexpr double kOnsetS = 0.05;
constexpr double kDecayS = 0.15;
constexpr double kLongestOnsetS = 0.2;
constexpr double kLongestDecayS = 0.5;

double KindsJoint(Phone first, Phone second, double first_s, double second_s) {
  const double distance_s = second_s - first_s;
  const Line line = JointOf(KindOf(first), KindOf(second));
  return first_s + std::clamp(line.offset_s + line.slope * std::min(distance_s, kFarthestS), kShortestS, distance_s + 0.06);
}

// The longest silence that begins after the one spike and ends before the other; null where there is none.
const model::Pause* SilenceBetween(const model::ProsodyReport& prosody, double from_s, double to_s) {
  const model::Pause* found = nullptr;
  for (const model::Pause& pause : prosody.pauses.positions) {
    const bool is_between = pause.start_s >= from_s && pause.end_s <= to_s + kOnsetS;
    if (is_between && (found == nullptr || pause.end_s - pause.start_s > found->end_s - found->start_s)) found = &pause;
  }
  return found;
}

}  // namespace

std::vector<SoundTime> FindSoundTimes(const Measurement& m) {
  const std::vector<AlignedPhone>& phones = m.alignment().phones;
  const model::ProsodyReport& prosody = m.material().prosody;
  std::vector<SoundTime> times(phones.size());
  if (times.empty()) return times;
  const auto spike = [&](std::size_t i) { return m.FrameStart(phones[i].first_frame); };

  const double begin_s = prosody.speech_start_s;
  times.front().start_s =
      begin_s < spike(0) && begin_s >= spike(0) - kLongestOnsetS ? begin_s : std::max(0.0, spike(0) - kOnsetS);
  for (std::size_t i = 0; i + 1 < phones.size(); ++i) {
    if (const model::Pause* silence = SilenceBetween(prosody, spike(i), spike(i + 1))) {
      times[i].end_s = silence->start_s;
      times[i + 1].start_s = silence->end_s;
    } else if (spike(i + 1) - spike(i) > kFarthestS) {
      times[i].end_s = spike(i) + kDecayS;
      times[i + 1].start_s = spike(i + 1) - kOnsetS;
    } else {
      times[i].end_s = times[i + 1].start_s =
          KindsJoint(phones[i].sound.phone, phones[i + 1].sound.phone, spike(i), spike(i + 1));
    }
  }
  const double last_s = spike(phones.size() - 1);
  const double end_s = prosody.speech_end_s;
  times.back().end_s = end_s > last_s && end_s <= last_s + kLongestDecayS ? end_s : last_s + kDecayS;

  // Spikes in neighbouring frames may leave a sound no time.
  double free_s = 0.0;
  for (SoundTime& time : times) {
    time.start_s = std::max(time.start_s, free_s);
    time.end_s = std::max(time.end_s, time.start_s + kShortestS);
    free_s = time.end_s;
  }
  times.back().end_s = std::max(times.back().start_s + kShortestS, std::min(times.back().end_s, m.material().clip.duration_s()));
  return times;
}

}  // namespace speechcoach::pronunciation
