#include "stt/whisper_transcriber.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stt/internal/test_recording.h"

namespace speechcoach::stt {
namespace {

using base::ErrorCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::filesystem::path kModels = SPEECHCOACH_MODEL_DIR;

std::vector<std::string> Spoken(const model::Transcript& transcript) {
  std::vector<std::string> words;
  for (const model::Word& word : transcript.words) {
    std::string plain;
    for (const char c : word.text) {
      if (std::isalpha(static_cast<unsigned char>(c)) != 0) plain += static_cast<char>(std::tolower(c));
    }
    words.push_back(plain);
  }
  return words;
}

void ExpectSoundWords(const model::Transcript& transcript, double duration_s) {
  double previous_end_s = 0.0;
  std::string joined;
  for (const model::Word& word : transcript.words) {
    EXPECT_GE(word.start_s, previous_end_s) << word.text;
    EXPECT_GT(word.end_s, word.start_s) << word.text;
    EXPECT_LE(word.end_s, duration_s) << word.text;
    EXPECT_GE(word.confidence, 0.0) << word.text;
    EXPECT_LE(word.confidence, 1.0) << word.text;
    previous_end_s = word.end_s;
    joined += (joined.empty() ? "" : " ") + word.text;
  }
  EXPECT_EQ(transcript.text, joined);
  EXPECT_GE(transcript.confidence, 0.0);
  EXPECT_LE(transcript.confidence, 1.0);
}

// The models load once for all tests.
Transcriber& Loaded(const std::string& name, int parallel) {
  static std::map<std::pair<std::string, int>, std::unique_ptr<Transcriber>> loaded;
  std::unique_ptr<Transcriber>& transcriber = loaded[{name, parallel}];
  if (!transcriber) {
    base::SttConfig config;
    config.parallel = parallel;
    config.time_limit_ms = 600'000;
    const auto file = FindModel(name, {kModels});
    if (!file.ok()) throw std::runtime_error(file.error().message);
    auto made = MakeWhisperTranscriber(config, *file);
    if (!made.ok()) throw std::runtime_error(made.error().message);
    transcriber = std::move(*made);
  }
  return *transcriber;
}

model::Transcript Transcribed(Transcriber& transcriber, const model::AudioClip& clip) {
  auto transcript = transcriber.Transcribe(clip, {});
  if (!transcript.ok()) throw std::runtime_error(transcript.error().message);
  return std::move(*transcript);
}

model::AudioClip Silence(double seconds) {
  model::AudioClip clip;
  clip.samples.resize(static_cast<std::size_t>(seconds * model::kSampleRateHz));
  return clip;
}

void Append(model::AudioClip& clip, const model::AudioClip& more) {
  clip.samples.insert(clip.samples.end(), more.samples.begin(), more.samples.end());
}

TEST(WhisperTranscriber, HearsWhatAGoodSpeakerSays) {
  const model::AudioClip clip = TestRecording("good.wav");
  const model::Transcript transcript = Transcribed(Loaded("base", 1), clip);
  EXPECT_THAT(Spoken(transcript), ElementsAre("the", "girl", "was", "four", "at", "the", "time"));
  EXPECT_EQ(transcript.model, "base");
  EXPECT_FALSE(transcript.used_fallback);
  EXPECT_GT(transcript.confidence, 0.5);
  ExpectSoundWords(transcript, clip.duration_s());
}

TEST(WhisperTranscriber, PlacesTheWordsOfAGoodSpeaker) {
  const model::Transcript transcript = Transcribed(Loaded("base", 1), TestRecording("good.wav"));
  // From the alignment of its sounds to the sentence (speechcoach score).
  const std::vector<double> starts{0.57, 0.72, 0.97, 1.33, 1.68, 1.81, 1.94};
  ASSERT_EQ(transcript.words.size(), starts.size());
  for (std::size_t i = 0; i < starts.size(); ++i)
    EXPECT_NEAR(transcript.words[i].start_s, starts[i], 0.3) << transcript.words[i].text;
  EXPECT_NEAR(transcript.words.back().end_s, 2.39, 0.1);
}

TEST(WhisperTranscriber, WritesNumbersAsWords) {
  const model::AudioClip clip = TestRecording("long.wav");
  const model::Transcript transcript = Transcribed(Loaded("base", 1), clip);
  EXPECT_THAT(Spoken(transcript), testing::Contains("five"));
  EXPECT_THAT(Spoken(transcript), testing::Contains("eight"));
  ExpectSoundWords(transcript, clip.duration_s());
}

TEST(WhisperTranscriber, HearsAChildSayDigits) {
  const model::Transcript transcript = Transcribed(Loaded("base", 1), TestRecording("digits.wav"));
  EXPECT_FALSE(transcript.words.empty());
  EXPECT_EQ(transcript.language, "en");
}

TEST(WhisperTranscriber, NamesAnotherLanguage) {
  EXPECT_EQ(Transcribed(Loaded("base", 1), TestRecording("vietnamese.wav")).language, "vi");
  EXPECT_EQ(Transcribed(Loaded("base", 1), TestRecording("french.wav")).language, "und")
      << "it writes French as badly as English";
  for (const char* english : {"good.wav", "long.wav"}) {
    EXPECT_EQ(Transcribed(Loaded("base", 1), TestRecording(english)).language, "en") << english;
  }
  EXPECT_EQ(Transcribed(Loaded("base", 1), TestRecording("poor.wav")).language, "und") << "a beginner, with a strong accent";
  EXPECT_EQ(Transcribed(Loaded("tiny.en", 1), TestRecording("good.wav")).language, "") << "it knows no other";
}

TEST(WhisperTranscriber, ServesEnglishOnlyModelsToo) {
  const model::AudioClip clip = TestRecording("good.wav");
  const model::Transcript transcript = Transcribed(Loaded("tiny.en", 1), clip);
  EXPECT_THAT(Spoken(transcript), testing::IsSupersetOf({"the", "girl", "was", "four"}));
  EXPECT_EQ(transcript.model, "tiny.en");
  ExpectSoundWords(transcript, clip.duration_s());
}

TEST(WhisperTranscriber, PlacesWordsAfterLeadingSilence) {
  model::AudioClip clip = Silence(1.5);
  const model::AudioClip speech = TestRecording("good.wav");
  const model::Transcript alone = Transcribed(Loaded("base", 1), speech);
  Append(clip, speech);
  const model::Transcript later = Transcribed(Loaded("base", 1), clip);
  ASSERT_EQ(Spoken(later), Spoken(alone));
  for (std::size_t i = 0; i < alone.words.size(); ++i) {
    EXPECT_NEAR(later.words[i].start_s, alone.words[i].start_s + 1.5, 0.25) << alone.words[i].text;
    EXPECT_NEAR(later.words[i].end_s, alone.words[i].end_s + 1.5, 0.25) << alone.words[i].text;
  }
}

TEST(WhisperTranscriber, HearsAMinuteOfSpeechToItsEnd) {
  const model::AudioClip speech = ReadTestWav(SPEECHCOACH_JFK_WAV);
  model::AudioClip clip;
  while (clip.duration_s() + speech.duration_s() <= 60.0) {
    Append(clip, speech);
    Append(clip, Silence(0.7));
  }
  clip.samples.resize(std::min<std::size_t>(clip.samples.size(), 60 * model::kSampleRateHz));
  const model::Transcript transcript = Transcribed(Loaded("base", 1), clip);
  const auto said = Spoken(transcript);
  EXPECT_EQ(std::ranges::count(said, "americans"), 5);
  EXPECT_EQ(std::ranges::count(said, "country"), 10);
  EXPECT_GT(transcript.words.back().end_s, clip.duration_s() - 3.0);
  ExpectSoundWords(transcript, clip.duration_s());
}

TEST(WhisperTranscriber, HearsNothingInSilence) {
  for (const double seconds : {0.0, 0.05, 0.2, 3.0, 60.0}) {
    const model::Transcript transcript = Transcribed(Loaded("base", 1), Silence(seconds));
    EXPECT_THAT(transcript.words, IsEmpty()) << seconds;
    EXPECT_EQ(transcript.text, "");
    EXPECT_EQ(transcript.confidence, 0.0);
    EXPECT_EQ(transcript.model, "base");
  }
}

TEST(WhisperTranscriber, HearsNothingInNoise) {
  std::mt19937 random(1);
  for (const float level : {0.002F, 0.05F}) {
    std::normal_distribution<float> noise(0.0F, level);
    model::AudioClip hiss = Silence(4.0);
    model::AudioClip hum = Silence(4.0);
    for (std::size_t i = 0; i < hiss.samples.size(); ++i) {
      hiss.samples[i] = noise(random);
      hum.samples[i] = level * std::sin(2.0F * 3.14159265F * 50.0F * static_cast<float>(i) / model::kSampleRateHz);
    }
    EXPECT_EQ(Transcribed(Loaded("base", 1), hiss).text, "") << level;
    EXPECT_EQ(Transcribed(Loaded("base", 1), hum).text, "") << level;
    EXPECT_EQ(Transcribed(Loaded("tiny.en", 1), hiss).text, "") << level;
  }
}

TEST(WhisperTranscriber, HearsVeryQuietAndClippedSpeech) {
  const model::AudioClip speech = TestRecording("good.wav");
  for (const float gain : {0.01F, 20.0F}) {
    model::AudioClip clip = speech;
    for (float& sample : clip.samples) sample = std::clamp(gain * sample, -1.0F, 1.0F);
    EXPECT_THAT(Spoken(Transcribed(Loaded("base", 1), clip)), testing::IsSupersetOf({"the", "girl", "was", "time"})) << gain;
  }
}

TEST(WhisperTranscriber, HearsNoWordsInATune) {
  constexpr double kNoteS = 0.25;
  model::AudioClip tune = Silence(4.0);
  const std::vector<double> notes_hz{262, 330, 392, 523, 392, 330, 294, 349};
  for (std::size_t i = 0; i < tune.samples.size(); ++i) {
    const double time_s = static_cast<double>(i) / model::kSampleRateHz;
    const double f0_hz = notes_hz[static_cast<std::size_t>(time_s / kNoteS) % notes_hz.size()];
    const double level = 0.2 * std::exp(-4.0 * std::fmod(time_s, kNoteS) / kNoteS);
    for (int harmonic = 1; harmonic <= 4; ++harmonic) {
      tune.samples[i] += static_cast<float>(level / harmonic * std::sin(2.0 * 3.14159265 * harmonic * f0_hz * time_s));
    }
  }
  EXPECT_EQ(Transcribed(Loaded("base", 1), tune).text, "");
}

// It is heard a second time, with a beam, which draws at random.
TEST(WhisperTranscriber, WritesDoubtfulSpeechInTheSameWordsEachTime) {
  model::AudioClip clip = TestRecording("french.wav");
  std::mt19937 random(1);
  std::normal_distribution<float> noise(0.0F, 0.03F);
  for (float& sample : clip.samples) sample += noise(random);
  Transcriber& transcriber = Loaded("tiny.en", 1);
  const model::Transcript first = Transcribed(transcriber, clip);
  EXPECT_FALSE(first.words.empty());
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Transcribed(transcriber, clip).text, first.text);
}

TEST(WhisperTranscriber, SurvivesVeryShortSpeech) {
  const model::AudioClip speech = TestRecording("good.wav");
  for (const double seconds : {0.05, 0.1, 0.2, 0.5}) {
    model::AudioClip clip;
    const auto begin = speech.samples.begin() + model::kSampleRateHz / 2;
    clip.samples.assign(begin, begin + static_cast<std::ptrdiff_t>(seconds * model::kSampleRateHz));
    ExpectSoundWords(Transcribed(Loaded("base", 1), clip), clip.duration_s());
  }
}

TEST(WhisperTranscriber, ReportsProgressThatNeverFalls) {
  std::vector<double> reported;
  TranscribeOptions options;
  options.on_progress = [&](double share) { reported.push_back(share); };
  ASSERT_TRUE(Loaded("base", 1).Transcribe(TestRecording("good.wav"), options).ok());
  ASSERT_FALSE(reported.empty());
  EXPECT_TRUE(std::ranges::is_sorted(reported));
  EXPECT_GT(reported.front(), 0.0);
  EXPECT_EQ(reported.back(), 1.0);
}

TEST(WhisperTranscriber, StopsWhenAsked) {
  std::stop_source source;
  TranscribeOptions options{source.get_token(), [&](double) { source.request_stop(); }};
  const auto transcript = Loaded("base", 1).Transcribe(TestRecording("long.wav"), options);
  ASSERT_FALSE(transcript.ok());
  EXPECT_EQ(transcript.error().code, ErrorCode::kCancelled);
  EXPECT_FALSE(Spoken(Transcribed(Loaded("base", 1), TestRecording("good.wav"))).empty()) << "the engine works on afterwards";
}

TEST(WhisperTranscriber, GivesUpAtItsTimeLimit) {
  base::SttConfig config;
  config.time_limit_ms = 1;
  const auto transcriber = MakeWhisperTranscriber(config, *FindModel("tiny.en", {kModels}));
  ASSERT_TRUE(transcriber.ok());
  const auto transcript = (*transcriber)->Transcribe(TestRecording("long.wav"), {});
  ASSERT_FALSE(transcript.ok());
  EXPECT_EQ(transcript.error().code, ErrorCode::kTimeout);
}

TEST(WhisperTranscriber, WorksOnSeveralRecordingsAtOnce) {
  Transcriber& transcriber = Loaded("tiny.en", 2);
  const model::AudioClip good = TestRecording("good.wav");
  const std::string expected = Transcribed(transcriber, good).text;
  std::stop_source cancelled;
  std::atomic<int> right = 0;
  std::atomic<int> stopped = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&] {
        const auto transcript = transcriber.Transcribe(good, {});
        if (transcript.ok() && transcript->text == expected) ++right;
      });
    }
    callers.emplace_back([&] {
      const TranscribeOptions options{cancelled.get_token(), [&](double) { cancelled.request_stop(); }};
      const auto transcript = transcriber.Transcribe(good, options);
      if (!transcript.ok() && transcript.error().code == ErrorCode::kCancelled) ++stopped;
    });
  }
  EXPECT_EQ(right, 4);
  EXPECT_EQ(stopped, 1);
}

TEST(WhisperTranscriber, RefusesAModelThatDoesNotFitInMemory) {
  base::SttConfig config;
  config.memory_limit_mb = 100;
  const auto transcriber = MakeWhisperTranscriber(config, *FindModel("base", {kModels}));
  ASSERT_FALSE(transcriber.ok());
  EXPECT_EQ(transcriber.error().code, ErrorCode::kModelUnavailable);
  EXPECT_THAT(transcriber.error().message, HasSubstr("stt.memory_limit_mb is 100 MB"));
}

}  // namespace
}  // namespace speechcoach::stt
