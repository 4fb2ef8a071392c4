#include "pronunciation/internal/sound_times.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "pronunciation/test_posteriors.h"

namespace speechcoach::pronunciation {
namespace {

// A measurement of one word of these sounds, with the frames given by name.
struct Said {
  Said(const std::vector<std::string_view>& sounds, const std::vector<std::string_view>& frames) {
    text = {{"word", {Sounds(sounds)}, 0}};
    features.frames = frames.size();
    features.dim = 1;
    features.values.assign(frames.size(), 0.0f);
    clip.samples.assign(
        static_cast<std::size_t>(static_cast<double>(frames.size()) * model::kEncoderFrameS * model::kSampleRateHz), 0.1f);
    Posteriors posteriors = Saying(frames);
    auto alignment = Align(posteriors, text);
    measurement = std::make_unique<Measurement>(material, std::move(posteriors), std::move(*alignment));
  }
  model::AudioClip clip;
  model::EncoderFeatures features;
  model::TextScore text_score;
  model::Transcript transcript;
  model::ProsodyReport prosody;
  ReferenceText text;
  Material material{clip, features, text_score, transcript, prosody, text};
  std::unique_ptr<Measurement> measurement;
};

TEST(SoundTimes, AConsonantBeginsWellBeforeItsSpikeAndTheVowelNearIt) {
  Said said({"S", "IY1"}, {"-", "-", "-", "-", "-", "S", "-", "-", "-", "IY", "-", "-", "-", "-", "-", "-"});
  said.prosody.speech_start_s = 0.04;
  const auto times = FindSoundTimes(*said.measurement);
  ASSERT_EQ(times.size(), 2u);
  EXPECT_EQ(times[0].start_s, 0.04);
  EXPECT_GT(times[0].end_s, 0.14);
  EXPECT_LT(times[0].end_s, 0.18);
  EXPECT_EQ(times[0].end_s, times[1].start_s);
}

TEST(SoundTimes, ASilenceBelongsToNoSound) {
  Said said({"AA1", "T"}, {"-", "-", "AA", "-", "-", "-", "-", "-", "-", "-", "-", "-",
                           "-", "-", "-",  "-", "-", "-", "-", "-", "-", "-", "T", "-"});
  said.prosody.pauses.positions = {{.start_s = 0.16, .end_s = 0.41}};
  const auto times = FindSoundTimes(*said.measurement);
  EXPECT_EQ(times[0].end_s, 0.16);
  EXPECT_EQ(times[1].start_s, 0.41);
}

TEST(SoundTimes, TheEndsAreWhereTheVoiceIs) {
  Said said({"AA1", "T"}, {"-", "-", "-", "-", "AA", "-", "-", "T", "-", "-", "-", "-"});
  said.prosody.speech_start_s = 0.03;
  said.prosody.speech_end_s = 0.21;
  const auto times = FindSoundTimes(*said.measurement);
  EXPECT_EQ(times.front().start_s, 0.03);
  EXPECT_EQ(times.back().end_s, 0.21);
}

RC_GTEST_PROP(SoundTimes, AreInOrderAndInsideTheRecording, ()) {
  const auto sounds = *rc::gen::resize(12, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string_view>>(
                                               rc::gen::element<std::string_view>("AA1", "IY0", "T", "S", "N", "L", "HH"))));
  std::vector<std::string_view> frames;
  for (const std::string_view sound : sounds) {
    for (int blanks = *rc::gen::inRange(1, 20); blanks > 0; --blanks) frames.push_back("-");
    frames.push_back(sound.substr(0, sound.find_first_of("01")));
  }
  for (int blanks = *rc::gen::inRange(0, 20); blanks > 0; --blanks) frames.push_back("-");
  const Said said(sounds, frames);
  const auto times = FindSoundTimes(*said.measurement);
  RC_ASSERT(times.size() == sounds.size());
  double before_s = 0.0;
  for (const SoundTime& time : times) {
    RC_ASSERT(time.start_s >= before_s);
    RC_ASSERT(time.end_s > time.start_s);
    before_s = time.end_s;
  }
  RC_ASSERT(before_s <= said.clip.duration_s() + 0.2);
}

}  // namespace
}  // namespace speechcoach::pronunciation
