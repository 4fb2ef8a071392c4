#include "pronunciation/internal/verdicts.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "pronunciation/test_posteriors.h"

namespace speechcoach::pronunciation {
namespace {

using model::StressVerdict;

// How a vowel was said.
struct Voice {
  double f0_hz = 200.0;  // 0: unvoiced
  float level = 0.1f;
  double length_s = 0.12;
};
constexpr Voice kStrong{230.0, 0.2f, 0.18};
constexpr Voice kWeak{190.0, 0.1f, 0.09};

constexpr double kVowelS = 0.2;  // from a vowel's spike to the next sound's
constexpr double kConsonantS = 0.04;

// The verdict on a word of vowels with a B before each, followed by another word after `gap_s`.
std::optional<model::WordStress> Judge(const std::vector<std::string_view>& vowels, const std::vector<Voice>& voices,
                                       double gap_s = 0.0) {
  const auto frames_in = [](double length_s) { return static_cast<std::size_t>(length_s / model::kEncoderFrameS + 0.5); };
  std::vector<std::string_view> frames;
  std::vector<std::string_view> sounds;
  std::vector<SoundTime> times;
  model::AudioClip clip;
  model::ProsodyReport prosody;
  for (std::size_t i = 0; i < vowels.size(); ++i) {
    const double start_s = static_cast<double>(i) * (kVowelS + kConsonantS) + kConsonantS;
    sounds.insert(sounds.end(), {"B", vowels[i]});
    frames.insert(frames.end(), {"B", "-", vowels[i].substr(0, vowels[i].find_first_of("012"))});
    frames.insert(frames.end(), frames_in(kVowelS) - 1, "-");
    times.push_back({start_s - kConsonantS, start_s});
    times.push_back({start_s, start_s + voices[i].length_s});
    for (double at_s = start_s; at_s < start_s + kVowelS; at_s += 0.01) prosody.pitch.contour.push_back({at_s, voices[i].f0_hz});
    clip.samples.resize(static_cast<std::size_t>(start_s * static_cast<double>(model::kSampleRateHz)), 0.01f);
    clip.samples.resize(static_cast<std::size_t>((start_s + kVowelS) * model::kSampleRateHz), voices[i].level);
  }
  frames.insert(frames.end(), {"S", "-", "IY", "-"});
  times.push_back({times.back().end_s + gap_s, times.back().end_s + gap_s + 0.1});
  times.push_back({times.back().end_s, times.back().end_s + 0.1});
  clip.samples.resize(clip.samples.size() + static_cast<std::size_t>(model::kSampleRateHz) / 5, 0.1f);

  model::EncoderFeatures features;
  features.frames = frames.size();
  features.dim = 1;
  features.values.assign(frames.size(), 0.0f);
  const model::TextScore text_score;
  const model::Transcript transcript;
  const ReferenceText text{{"word", {Sounds(sounds)}, 0}, {"see", {Sounds({"S", "IY1"})}, 1}};
  const Material material{clip, features, text_score, transcript, prosody, text};
  Posteriors posteriors = Saying(frames);
  auto alignment = Align(posteriors, text);
  const Measurement measurement(material, std::move(posteriors), std::move(*alignment));
  return JudgeStress(measurement, times, 0);
}

TEST(Stress, IsRightWhereTheSyllableStandsOut) {
  EXPECT_EQ(Judge({"AA1", "AA0"}, {kStrong, kWeak}), (model::WordStress{0, 0, StressVerdict::kOk}));
  EXPECT_EQ(Judge({"AA0", "AA1"}, {kWeak, kStrong}), (model::WordStress{1, 1, StressVerdict::kOk}));
  EXPECT_EQ(Judge({"AA0", "AA1", "AA0"}, {kWeak, kStrong, kWeak}), (model::WordStress{1, 1, StressVerdict::kOk}));
}

TEST(Stress, IsMisplacedWhereAnotherStandsOut) {
  EXPECT_EQ(Judge({"AA1", "AA0"}, {kWeak, kStrong}), (model::WordStress{0, 1, StressVerdict::kMisplaced}));
  EXPECT_EQ(Judge({"AA0", "AA1"}, {kStrong, kWeak}), (model::WordStress{1, 0, StressVerdict::kMisplaced}));
  EXPECT_EQ(Judge({"AA2", "AA0", "AA1"}, {kStrong, kWeak, kWeak}), (model::WordStress{2, 0, StressVerdict::kMisplaced}));
}

TEST(Stress, IsUnclearWhereNoneDoes) {
  EXPECT_EQ(Judge({"AA1", "AA0"}, {Voice(), Voice()}), (model::WordStress{0, 0, StressVerdict::kUnclear}));
  // Each difference is below what listeners notice.
  EXPECT_EQ(Judge({"AA1", "AA0"}, {{200.0, 0.1f, 0.12}, {212.0, 0.12f, 0.14}}),
            (model::WordStress{0, 0, StressVerdict::kUnclear}));
}

TEST(Stress, IsUnclearWhereAnotherStandsOutALittle) {
  EXPECT_EQ(Judge({"AA1", "AA0"}, {{200.0, 0.1f, 0.12}, {226.0, 0.13f, 0.165}}),
            (model::WordStress{0, 0, StressVerdict::kUnclear}));
}

TEST(Stress, OneRespectAloneDoesNotSay) {
  for (const Voice& other : {Voice{.f0_hz = 240.0}, Voice{.level = 0.2f}, Voice{.length_s = 0.18}})
    EXPECT_EQ(Judge({"AA1", "AA0"}, {Voice(), other}), (model::WordStress{0, 0, StressVerdict::kUnclear}));
}

TEST(Stress, RespectsThatDisagreeDoNotSay) {
  const Voice high_but_short{240.0, 0.2f, 0.08};
  EXPECT_EQ(Judge({"AA1", "AA0"}, {Voice(), high_but_short})->verdict, StressVerdict::kUnclear);
}

TEST(Stress, WithoutAVoiceThePitchDoesNotCount) {
  EXPECT_EQ(Judge({"AA1", "AA0"}, {{0.0, 0.1f, 0.1}, {240.0, 0.2f, 0.1}})->verdict, StressVerdict::kUnclear);
}

TEST(Stress, IsNotJudgedInWordsOfOneSyllable) { EXPECT_FALSE(Judge({"AA1"}, {kStrong})); }

}  // namespace
}  // namespace speechcoach::pronunciation
