#include "voice/model_voice.h"

#include <gtest/gtest.h>

namespace speechcoach::voice {
namespace {

TEST(ModelVoice, SaysASentenceWithTheTimesOfItsWordsAndPhones) {
  const auto voice = MakeFliteVoice();
  const auto speech = voice->Say("The cat sat.", Speed::kNormal);
  ASSERT_TRUE(speech.ok()) << speech.error().message;
  ASSERT_EQ(speech->words.size(), 3U);
  EXPECT_EQ(speech->words[1].text, "cat");
  ASSERT_EQ(speech->phones.size(), 8U);
  EXPECT_EQ(speech->phones[2].phone, "K");
  EXPECT_EQ(speech->phones[2].word, 1U);
  EXPECT_DOUBLE_EQ(speech->words[1].start_s, speech->phones[2].start_s);
  double last_s = 0.0;
  for (const SpokenPhone& phone : speech->phones) {
    EXPECT_GE(phone.start_s, last_s);
    EXPECT_GT(phone.end_s, phone.start_s);
    last_s = phone.end_s;
  }
  EXPECT_LE(last_s, speech->duration_s());
  EXPECT_EQ(speech->sample_rate_hz, 16000);
}

TEST(ModelVoice, SaysTheSameInTheSameTime) {
  const auto voice = MakeFliteVoice();
  const auto first = voice->Say("Once more.", Speed::kNormal);
  const auto again = voice->Say("Once more.", Speed::kNormal);
  EXPECT_EQ(first->samples.size(), again->samples.size());
  EXPECT_EQ(first->phones.back().end_s, again->phones.back().end_s);
}

TEST(ModelVoice, SpeaksSlowlyWhereAskedAndNormallyAfterwards) {
  const auto voice = MakeFliteVoice();
  const double normal_s = voice->Say("Once more.", Speed::kNormal)->duration_s();
  EXPECT_GT(voice->Say("Once more.", Speed::kSlow)->duration_s(), 1.3 * normal_s);
  EXPECT_EQ(voice->Say("Once more.", Speed::kNormal)->duration_s(), normal_s);
}

TEST(ModelVoice, RefusesWhatCannotBeSaid) {
  const auto voice = MakeFliteVoice();
  EXPECT_FALSE(voice->Say("", Speed::kNormal).ok());
  EXPECT_FALSE(voice->Say(" \n ", Speed::kNormal).ok());
  EXPECT_FALSE(voice->Say(std::string(kMaxTextBytes + 1, 'a'), Speed::kNormal).ok());
}

TEST(ModelVoice, WritesAWavFile) {
  const auto speech = MakeFliteVoice()->Say("Hello.", Speed::kNormal);
  const std::string wav = ToWav(*speech);
  EXPECT_EQ(wav.substr(0, 4), "RIFF");
  EXPECT_EQ(wav.size(), 44 + 2 * speech->samples.size());
}

}  // namespace
}  // namespace speechcoach::voice
