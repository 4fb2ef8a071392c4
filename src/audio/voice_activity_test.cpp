#include "audio/voice_activity.h"

#include <array>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "audio/recording_decoder.h"
#include "audio/test_support.h"
#include "audio/wav.h"

namespace speechcoach::audio {
namespace {

constexpr std::size_t kSecond = model::kSampleRateHz;
constexpr double kLevelsDb[] = {-90.0, -70.0, -50.0, -30.0, -10.0};

float Amplitude(double db) { return static_cast<float>(std::pow(10.0, db / 20.0)); }

model::AudioClip WhiteNoise(double rms_db, std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0f, Amplitude(rms_db));
  model::AudioClip clip;
  clip.samples.resize(size);
  for (float& sample : clip.samples) sample = normal(random);
  return clip;
}

// 3 dB an octave down: white noise through five one-pole filters an octave and a half apart, summed.
model::AudioClip PinkNoise(double rms_db, std::size_t size, unsigned seed) {
  model::AudioClip clip = WhiteNoise(0.0, size, seed);
  std::array<float, 5> poles{};
  for (float& sample : clip.samples) {
    const float white = sample;
    sample = 0.0f;
    for (std::size_t k = 0; k < poles.size(); ++k) {
      const float coefficient = std::pow(2.0f, -1.5f * static_cast<float>(k)) * 0.8f;
      poles[k] += coefficient * (white - poles[k]);
      sample += poles[k];
    }
  }
  const float scale = Amplitude(rms_db - RmsDb(clip.samples));
  for (float& sample : clip.samples) sample *= scale;
  return clip;
}

void Add(model::AudioClip& clip, const model::AudioClip& other) {
  for (std::size_t i = 0; i < clip.samples.size(); ++i) clip.samples[i] += other.samples[i];
}

model::AudioClip Speech(const std::string& name) {
  auto clip = DecodeWav(Recording(name));
  EXPECT_TRUE(clip.ok()) << name;
  return clip.ok() ? *clip : model::AudioClip{};
}

double TotalSeconds(const std::vector<SpeechSegment>& segments) {
  double total_s = 0.0;
  for (const SpeechSegment& segment : segments) total_s += segment.end_s - segment.start_s;
  return total_s;
}

TEST(FindSpeech, FindsWhatLearnersSay) {
  // Beginnings and ends as heard.
  const auto good = FindSpeech(Speech("good.wav"));
  ASSERT_FALSE(good.empty());
  EXPECT_NEAR(good.front().start_s, 0.5, 0.15);
  EXPECT_NEAR(good.back().end_s, 2.4, 0.2);
  EXPECT_GT(TotalSeconds(FindSpeech(Speech("poor.wav"))), 1.5);
  EXPECT_GT(TotalSeconds(FindSpeech(Speech("long.wav"))), 3.0);
}

// Where the recordings of speechocean762 lie beside the repository: every learner is heard, children too.
TEST(FindSpeech, FindsEveryLearner) {
  const auto directory = std::filesystem::path(SPEECHCOACH_TEST_DATA) / "../../../shared/data/speechocean762/audio";
  if (!std::filesystem::is_directory(directory)) GTEST_SKIP() << "no recordings beside the repository";
  const auto decoder = MakeRecordingDecoder({}, SPEECHCOACH_DECODE_PROGRAM);
  for (const auto& speaker : std::filesystem::directory_iterator(directory)) {
    const auto first = *std::filesystem::directory_iterator(speaker.path());
    const auto clip = decoder->Decode(ReadBytes(first.path()), "");
    ASSERT_TRUE(clip.ok()) << first.path();
    EXPECT_GT(TotalSeconds(FindSpeech(*clip)), 0.3) << first.path();
  }
}

TEST(FindSpeech, FindsVeryQuietSpeech) {
  model::AudioClip clip = Speech("good.wav");
  const double before_s = TotalSeconds(FindSpeech(clip));
  for (float& sample : clip.samples) sample *= Amplitude(-30.0);
  EXPECT_NEAR(TotalSeconds(FindSpeech(clip)), before_s, 0.3);
}

TEST(FindSpeech, FindsSpeechInNoiseAndHum) {
  model::AudioClip clip = Speech("good.wav");
  const double level_db = RmsDb(clip.samples);
  const double before_s = TotalSeconds(FindSpeech(clip));
  Add(clip, PinkNoise(level_db - 12.0, clip.samples.size(), 1));
  for (std::size_t i = 0; i < clip.samples.size(); ++i) {
    clip.samples[i] += Amplitude(level_db - 6.0) *
                       static_cast<float>(std::sin(2.0 * std::numbers::pi * 50.0 * static_cast<double>(i) / kSecond));
  }
  EXPECT_GT(TotalSeconds(FindSpeech(clip)), 0.6 * before_s);
}

TEST(FindSpeech, SegmentsAreInOrderInsideAndApart) {
  for (const char* name : {"good.wav", "poor.wav", "long.wav"}) {
    const model::AudioClip clip = Speech(name);
    double last_s = 0.0;
    for (const SpeechSegment& segment : FindSpeech(clip)) {
      EXPECT_GE(segment.start_s, last_s);
      EXPECT_GT(segment.end_s, segment.start_s);
      last_s = segment.end_s;
    }
    EXPECT_LE(last_s, clip.duration_s());
  }
}

TEST(FindSpeech, FindsTwoSpeakersTurnsApart) {
  model::AudioClip clip = Speech("good.wav");
  const double turn_s = clip.duration_s();
  const std::vector<float> turn = clip.samples;
  clip.samples.insert(clip.samples.end(), turn.begin(), turn.end());
  const auto segments = FindSpeech(clip);
  ASSERT_GE(segments.size(), 2u);
  EXPECT_LT(segments.front().end_s, turn_s);
  EXPECT_GT(segments.back().start_s, turn_s);
}

TEST(FindSpeech, FindsNothingInNothing) {
  EXPECT_TRUE(FindSpeech({}).empty());
  EXPECT_TRUE(FindSpeech({std::vector<float>(10), false}).empty());
  EXPECT_TRUE(FindSpeech({std::vector<float>(5 * kSecond), false}).empty());
  for (const float offset : {0.001f, 0.1f, 1.0f})
    EXPECT_TRUE(FindSpeech({std::vector<float>(5 * kSecond, offset), false}).empty());
}

TEST(FindSpeech, FindsNothingInNoise) {
  for (const double db : kLevelsDb) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
      EXPECT_TRUE(FindSpeech(WhiteNoise(db, seed * kSecond, seed)).empty()) << db;
      EXPECT_TRUE(FindSpeech(PinkNoise(db, seed * kSecond, seed)).empty()) << db;
    }
  }
}

TEST(FindSpeech, FindsNothingInHum) {
  for (const double db : kLevelsDb) {
    for (const double f_hz : {50.0, 60.0, 100.0}) {
      model::AudioClip clip = WhiteNoise(db - 30.0, 5 * kSecond, 1);
      for (std::size_t i = 0; i < clip.samples.size(); ++i) {
        for (int harmonic = 1; harmonic <= 5; ++harmonic) {
          const double phase = 2.0 * std::numbers::pi * f_hz * harmonic * static_cast<double>(i) / kSecond;
          clip.samples[i] += Amplitude(db) * static_cast<float>(std::sin(phase)) / static_cast<float>(harmonic);
        }
      }
      EXPECT_TRUE(FindSpeech(clip).empty()) << f_hz << " Hz at " << db << " dB";
    }
  }
}

TEST(FindSpeech, FindsNothingInClicksAndSteps) {
  for (const double db : kLevelsDb) {
    model::AudioClip clip = WhiteNoise(-80.0, 5 * kSecond, 1);
    std::mt19937 random(7);
    std::uniform_int_distribution<std::size_t> anywhere(0, clip.samples.size() - 1);
    for (int click = 0; click < 30; ++click) clip.samples[anywhere(random)] += Amplitude(db);
    for (std::size_t i = clip.samples.size() / 2; i < clip.samples.size(); ++i) clip.samples[i] += 0.3f * Amplitude(db);
    EXPECT_TRUE(FindSpeech(clip).empty()) << db;
  }
}

TEST(FindSpeech, FindsNothingInNoiseThatComesAndGoes) {
  for (const double db : {-50.0, -30.0, -10.0}) {
    model::AudioClip clip = WhiteNoise(db, 6 * kSecond, 3);
    for (std::size_t i = 0; i < clip.samples.size(); ++i) {
      const double wave = std::sin(2.0 * std::numbers::pi * 3.0 * static_cast<double>(i) / kSecond);
      clip.samples[i] *= static_cast<float>(0.01 + std::max(0.0, wave));
    }
    EXPECT_TRUE(FindSpeech(clip).empty()) << db;
  }
}

RC_GTEST_PROP(FindSpeechProperty, SurvivesAnySamples, ()) {
  model::AudioClip clip;
  clip.samples = *rc::gen::container<std::vector<float>>(
      *rc::gen::inRange<std::size_t>(0, 4000),
      rc::gen::map(rc::gen::inRange(-1000, 1001), [](int value) { return static_cast<float>(value) / 1000.0f; }));
  for (const SpeechSegment& segment : FindSpeech(clip)) RC_ASSERT(segment.end_s <= clip.duration_s() + 1e-9);
}

}  // namespace
}  // namespace speechcoach::audio
