#include "stt/speech_encoder.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stt/internal/test_recording.h"
#include "stt/model_store.h"
#include "stt/whisper_transcriber.h"

namespace speechcoach::stt {
namespace {

using testing::Ge;
using testing::Gt;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

constexpr const char* kGoodText = "The girl was four at the time";

base::Config Configured(int threads) {
  base::Config config;
  config.stt.model_dir = SPEECHCOACH_MODEL_DIR;
  config.stt.threads = threads;
  config.stt.time_limit_ms = 600'000;
  return config;
}

model::SpeechEvidence Encoded(const model::AudioClip& clip, const std::string& text, int threads = 1) {
  static std::map<int, std::unique_ptr<SpeechEncoder>> encoders;
  std::unique_ptr<SpeechEncoder>& encoder = encoders[threads];
  if (!encoder) encoder = MakeSpeechEncoder(Configured(threads), "");
  auto evidence = encoder->Encode(clip, text, {});
  if (!evidence.ok()) throw std::runtime_error(evidence.error().message);
  return std::move(*evidence);
}

double MeanLogProbability(const model::SpeechEvidence& evidence) {
  double sum = 0.0;
  double tokens = 0.0;
  for (const model::WordScore& word : evidence.text.words) {
    for (const model::TokenScore& token : word.tokens) {
      sum += token.log_probability;
      ++tokens;
    }
  }
  return sum / tokens;
}

model::AudioClip Padded(double lead_s, const model::AudioClip& speech) {
  model::AudioClip clip;
  clip.samples.resize(static_cast<std::size_t>(lead_s * model::kSampleRateHz));
  clip.samples.insert(clip.samples.end(), speech.samples.begin(), speech.samples.end());
  return clip;
}

TEST(SpeechEncoder, CoversTheSpeechInRowsOf20Ms) {
  const model::AudioClip clip = TestRecording("good.wav");
  const auto features = Encoded(clip, "").features;
  EXPECT_EQ(features.dim, 512U);
  EXPECT_EQ(features.values.size(), features.frames * features.dim);
  EXPECT_GE(features.offset_s, 0.0);
  EXPECT_GT(static_cast<double>(features.frames) * model::kEncoderFrameS, 0.5 * clip.duration_s());
  EXPECT_LE(features.offset_s + static_cast<double>(features.frames) * model::kEncoderFrameS,
            clip.duration_s() + model::kEncoderFrameS);
  for (const float value : features.values) ASSERT_TRUE(std::isfinite(value));
}

TEST(SpeechEncoder, MakesTheSameBitsWithAnyNumberOfThreads) {
  const model::AudioClip clip = TestRecording("long.wav");
  const auto one = Encoded(clip, kGoodText, 1);
  for (const int threads : {2, 3, 8}) {
    const auto other = Encoded(clip, kGoodText, threads);
    EXPECT_EQ(one.features.values, other.features.values) << threads;
    ASSERT_EQ(one.text.words.size(), other.text.words.size());
    for (std::size_t i = 0; i < one.text.words.size(); ++i) {
      EXPECT_EQ(one.text.words[i].tokens.front().log_probability, other.text.words[i].tokens.front().log_probability)
          << one.text.words[i].text;
    }
  }
}

TEST(SpeechEncoder, AgreesWithTheTranscriberBitForBit) {
  const auto transcriber = MakeWhisperTranscriber(Configured(2).stt, *FindModel(kEvidenceModel, {SPEECHCOACH_MODEL_DIR}));
  ASSERT_TRUE(transcriber.ok());
  for (const char* name : {"good.wav", "long.wav"}) {
    const model::AudioClip clip = TestRecording(name);
    std::optional<model::SpeechEvidence> heard;
    TranscribeOptions options;
    options.on_evidence = [&](model::SpeechEvidence evidence) { heard = std::move(evidence); };
    options.reference_text = kGoodText;
    ASSERT_TRUE((*transcriber)->Transcribe(clip, options).ok());
    ASSERT_TRUE(heard.has_value());
    const auto encoded = Encoded(clip, kGoodText);
    EXPECT_EQ(heard->features.offset_s, encoded.features.offset_s);
    EXPECT_EQ(heard->features.values, encoded.features.values) << name;
    ASSERT_EQ(heard->text.words.size(), encoded.text.words.size());
    EXPECT_EQ(MeanLogProbability(*heard), MeanLogProbability(encoded)) << name;
  }
}

TEST(SpeechEncoder, OnlyTheEvidenceModelGivesEvidence) {
  const auto transcriber = MakeWhisperTranscriber(Configured(1).stt, *FindModel("tiny.en", {SPEECHCOACH_MODEL_DIR}));
  ASSERT_TRUE(transcriber.ok());
  TranscribeOptions options;
  options.on_evidence = [](const model::SpeechEvidence&) { ADD_FAILURE() << "the wrong weights' evidence"; };
  EXPECT_TRUE((*transcriber)->Transcribe(TestRecording("good.wav"), options).ok());
}

TEST(SpeechEncoder, TakesNoMoreMemoryThanAModelMay) {
  base::Config config = Configured(1);
  config.stt.memory_limit_mb = 280;  // tiny.en fits, base does not
  const auto encoded = MakeSpeechEncoder(config, "/nowhere/bin")->Encode(TestRecording("good.wav"), kGoodText, {});
  ASSERT_FALSE(encoded.ok());
  EXPECT_EQ(encoded.error().code, base::ErrorCode::kModelUnavailable);
}

TEST(SpeechEncoder, LeadingSilenceOnlyMovesTheFrames) {
  const model::AudioClip speech = TestRecording("good.wav");
  const auto once = Encoded(speech, "").features;
  const auto later = Encoded(Padded(1.5, speech), "").features;
  EXPECT_NEAR(later.offset_s, once.offset_s + 1.5, 0.31);
  EXPECT_NEAR(static_cast<double>(later.frames), static_cast<double>(once.frames), 16.0);
}

TEST(SpeechEncoder, JoinsTheWindowsOfALongRecordingOnOneGrid) {
  const model::AudioClip speech = ReadTestWav(SPEECHCOACH_JFK_WAV);
  model::AudioClip clip = speech;
  while (clip.duration_s() < 40.0) {
    clip.samples.resize(clip.samples.size() + 7 * model::kSampleRateHz / 10);
    clip.samples.insert(clip.samples.end(), speech.samples.begin(), speech.samples.end());
  }
  const auto evidence = Encoded(clip, kGoodText);
  EXPECT_NEAR(evidence.features.offset_s + static_cast<double>(evidence.features.frames) * model::kEncoderFrameS,
              clip.duration_s(), 1.5);
  EXPECT_THAT(evidence.text.words, IsEmpty()) << "a text cannot be scored in parts";
  std::size_t empty = 0;
  for (std::size_t i = 0; i < evidence.features.frames; ++i) {
    if (std::ranges::all_of(evidence.features.frame(i), [](float value) { return value == 0.0F; })) ++empty;
  }
  EXPECT_LT(empty, evidence.features.frames / 4);
}

TEST(SpeechEncoder, ScoresTheTextThatWasSaidAboveOthers) {
  const model::AudioClip clip = TestRecording("good.wav");
  const auto right = Encoded(clip, "THE GIRL WAS FOUR AT THE TIME");
  ASSERT_THAT(right.text.words, SizeIs(7));
  EXPECT_EQ(right.text.words.front().text, "The");
  for (const model::WordScore& word : right.text.words) {
    ASSERT_THAT(word.tokens, SizeIs(Ge(1U)));
    for (const model::TokenScore& token : word.tokens) {
      EXPECT_THAT(token.log_probability, Le(token.best_log_probability));
      EXPECT_THAT(token.best_log_probability, Le(0.0));
      EXPECT_THAT(token.entropy, Ge(0.0));
    }
  }
  const auto wrong = Encoded(clip, "THE GIRL WAS MORE AND SUBLIME");
  EXPECT_GT(MeanLogProbability(right), MeanLogProbability(wrong) + 1.0);
  EXPECT_GT(right.text.end.log_probability, Encoded(clip, "THE GIRL WAS").text.end.log_probability);
  EXPECT_THAT(right.text.words[3].tokens.front().log_probability, Gt(wrong.text.words[3].tokens.front().log_probability));
}

TEST(SpeechEncoder, HasNothingToSayOfSilence) {
  const auto evidence = Encoded(Padded(2.0, {}), kGoodText);
  EXPECT_EQ(evidence.features.frames, 0U);
  EXPECT_THAT(evidence.text.words, IsEmpty());
}

TEST(SpeechEncoder, StopsWhenAskedAndSaysWhenItsModelIsMissing) {
  std::stop_source stopped;
  stopped.request_stop();
  const auto cancelled = MakeSpeechEncoder(Configured(1), "")->Encode(TestRecording("long.wav"), "", stopped.get_token());
  ASSERT_FALSE(cancelled.ok());
  EXPECT_EQ(cancelled.error().code, base::ErrorCode::kCancelled);

  base::Config config = Configured(1);
  config.stt.model_dir = "/nonexistent";
  const auto missing = MakeSpeechEncoder(config, "")->Encode(TestRecording("good.wav"), "", {});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, base::ErrorCode::kModelUnavailable);
}

}  // namespace
}  // namespace speechcoach::stt
