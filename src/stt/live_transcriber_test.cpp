#include "stt/live_transcriber.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stt/internal/test_recording.h"
#include "stt/model_store.h"
#include "stt/whisper_transcriber.h"

namespace speechcoach::stt {
namespace {

using base::ErrorCode;

constexpr std::chrono::seconds kPatience{120};

// Hears one word for each whole second, so that a test knows what must be heard.
class CountingTranscriber final : public Transcriber {
 public:
  base::Result<model::Transcript> Transcribe(const model::AudioClip& clip, const TranscribeOptions& options) override {
    EXPECT_TRUE(options.gives_way) << "nobody waits for a partial transcript";
    if (is_busy) return {ErrorCode::kBusy, "scripted"};
    if (is_out_of_memory.exchange(false)) throw std::bad_alloc();
    model::Transcript transcript;
    const bool hears_nothing = is_deaf;
    {
      std::unique_lock lock(mutex_);
      heard_.push_back(clip.duration_s());
      changed_.notify_all();
      changed_.wait(lock, [&] { return !is_held_; });
    }
    if (hears_nothing) return transcript;
    for (int i = 0; i < static_cast<int>(clip.duration_s()); ++i) transcript.words.push_back({"word", i + 0.1, i + 0.9, 0.8});
    return transcript;
  }
  std::atomic<bool> is_busy = false;
  std::atomic<bool> is_deaf = false;
  std::atomic<bool> is_out_of_memory = false;  // once

  // While it is held, a hearing takes as long.
  void Hold(bool is_held) {
    const std::lock_guard lock(mutex_);
    is_held_ = is_held;
    changed_.notify_all();
  }

  // How long what was heard is, once there are so many hearings.
  std::vector<double> Heard(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return heard_.size() >= count; }));
    return heard_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<double> heard_;
  bool is_held_ = false;
};

// Collects partials, and lets a test wait for one.
class Listener {
 public:
  LiveTranscriber::OnPartial Callback() {
    return [this](const PartialTranscript& partial) {
      const std::lock_guard lock(mutex_);
      partials_.push_back(partial);
      changed_.notify_all();
    };
  }

  template <typename Condition>
  bool WaitUntil(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return !partials_.empty() && condition(partials_.back()); });
  }

  std::vector<PartialTranscript> All() {
    const std::lock_guard lock(mutex_);
    return partials_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<PartialTranscript> partials_;
};

std::vector<float> Tone(double seconds) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * model::kSampleRateHz));
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = i / 8 % 2 == 0 ? 0.1F : -0.1F;
  return samples;
}

// So many words, each heard before the next one is spoken.
void Speak(LiveUtterance& utterance, Listener& listener, std::size_t count) {
  for (std::size_t words = 1; words <= count; ++words) {
    utterance.Append(Tone(1.0));
    ASSERT_TRUE(listener.WaitUntil([&](const PartialTranscript& partial) { return partial.transcript.words.size() >= words; }))
        << words;
  }
}

TEST(LiveTranscriber, StableWordsGrowAndNeverChange) {
  CountingTranscriber transcriber;
  const auto live = MakeLiveTranscriber(transcriber);
  Listener listener;
  const auto utterance = live->Begin(listener.Callback());
  ASSERT_NO_FATAL_FAILURE(Speak(*utterance, listener, 30));
  std::size_t stable = 0;
  std::vector<model::Word> shown;
  for (const PartialTranscript& partial : listener.All()) {
    EXPECT_GE(partial.stable_words, stable);
    EXPECT_LE(partial.stable_words, partial.transcript.words.size());
    ASSERT_GE(partial.transcript.words.size(), stable);
    for (std::size_t i = 0; i < stable; ++i) EXPECT_EQ(partial.transcript.words[i].start_s, shown[i].start_s) << i;
    for (std::size_t i = 1; i < partial.transcript.words.size(); ++i) {
      EXPECT_GE(partial.transcript.words[i].start_s, partial.transcript.words[i - 1].end_s) << i;
    }
    shown = partial.transcript.words;
    stable = partial.stable_words;
  }
  EXPECT_GE(stable, 20U) << "also of a recording longer than what is kept";
}

TEST(LiveTranscriber, SaysNothingOfSilence) {
  CountingTranscriber transcriber;
  const auto live = MakeLiveTranscriber(transcriber);
  Listener silent;
  Listener speaking;
  const auto quiet = live->Begin(silent.Callback());
  const auto loud = live->Begin(speaking.Callback());
  quiet->Append(std::vector<float>(5 * model::kSampleRateHz));
  loud->Append(Tone(2.0));
  ASSERT_TRUE(speaking.WaitUntil([](const PartialTranscript&) { return true; }));
  EXPECT_THAT(silent.All(), testing::IsEmpty());
}

TEST(LiveTranscriber, GoesOnWithWhatIsSaidAfterSoundThatWasLetGoUnheard) {
  CountingTranscriber transcriber;
  const auto live = MakeLiveTranscriber(transcriber);
  Listener listener;
  const auto utterance = live->Begin(listener.Callback());
  ASSERT_NO_FATAL_FAILURE(Speak(*utterance, listener, 6));
  const auto shown = listener.All().back();
  ASSERT_GE(shown.stable_words, 4U);
  transcriber.is_busy = true;
  utterance->Append(Tone(28.0));
  transcriber.is_busy = false;
  // Of 34 s the last 24 are heard; the words before them stay as they were shown.
  ASSERT_TRUE(listener.WaitUntil([](const PartialTranscript& partial) { return partial.transcript.words.size() >= 6 + 24; }));
  EXPECT_GE(listener.All().back().transcript.words[6].start_s, 10.0);
}

TEST(LiveTranscriber, TriesAgainAfterItGaveWay) {
  CountingTranscriber transcriber;
  transcriber.is_busy = true;
  const auto live = MakeLiveTranscriber(transcriber);
  Listener listener;
  const auto utterance = live->Begin(listener.Callback());
  utterance->Append(Tone(2.0));
  transcriber.is_busy = false;
  EXPECT_TRUE(listener.WaitUntil([](const PartialTranscript& partial) { return partial.transcript.words.size() == 2; }));
}

TEST(LiveTranscriber, TriesAgainWhereMemoryWasShort) {
  CountingTranscriber transcriber;
  transcriber.is_out_of_memory = true;
  const auto live = MakeLiveTranscriber(transcriber);
  Listener listener;
  const auto utterance = live->Begin(listener.Callback());
  utterance->Append(Tone(2.0));
  EXPECT_TRUE(listener.WaitUntil([](const PartialTranscript& partial) { return partial.transcript.words.size() == 2; }));
}

TEST(LiveTranscriber, HearsAPauseOnce) {
  CountingTranscriber transcriber;
  const auto live = MakeLiveTranscriber(transcriber);
  Listener listener;
  const auto utterance = live->Begin(listener.Callback());
  ASSERT_NO_FATAL_FAILURE(Speak(*utterance, listener, 1));
  const std::vector<float> silence(model::kSampleRateHz / 2);
  utterance->Append(silence);
  EXPECT_THAT(transcriber.Heard(2), testing::ElementsAre(1.0, 1.5));
  for (int i = 0; i < 10; ++i) utterance->Append(silence);
  Listener other;
  const auto witness = live->Begin(other.Callback());
  ASSERT_NO_FATAL_FAILURE(Speak(*witness, other, 2));
  EXPECT_THAT(transcriber.Heard(4), testing::ElementsAre(1.0, 1.5, 1.0, 2.0)) << "nothing was said meanwhile";
  utterance->Append(Tone(0.5));
  EXPECT_THAT(transcriber.Heard(5).back(), 7.0);
}

TEST(LiveTranscriber, HearsWhatIsSaidBetweenTwoPausesInOnePiece) {
  CountingTranscriber transcriber;
  const auto live = MakeLiveTranscriber(transcriber);
  Listener listener;
  const auto utterance = live->Begin(listener.Callback());
  ASSERT_NO_FATAL_FAILURE(Speak(*utterance, listener, 1));
  utterance->Append(std::vector<float>(model::kSampleRateHz / 2));
  EXPECT_THAT(transcriber.Heard(2), testing::ElementsAre(1.0, 1.5));
  std::vector<float> yes(model::kSampleRateHz / 10);
  const std::vector<float> voiced = Tone(0.5);
  yes.insert(yes.end(), voiced.begin(), voiced.end());
  yes.resize(model::kSampleRateHz);
  utterance->Append(yes);
  EXPECT_THAT(transcriber.Heard(3), testing::ElementsAre(1.0, 1.5, 2.5));
}

TEST(LiveTranscriber, KeepsWhatCameWhileNothingWasHeard) {
  CountingTranscriber transcriber;
  transcriber.is_deaf = true;
  transcriber.Hold(true);
  const auto live = MakeLiveTranscriber(transcriber);
  Listener listener;
  const auto utterance = live->Begin(listener.Callback());
  utterance->Append(Tone(1.0));
  EXPECT_THAT(transcriber.Heard(1), testing::ElementsAre(1.0));
  utterance->Append(Tone(10.0));
  transcriber.is_deaf = false;
  transcriber.Hold(false);
  EXPECT_THAT(transcriber.Heard(2), testing::ElementsAre(1.0, 11.0));
}

TEST(LiveTranscriber, LetsGoOfSoundInWhichNothingIsHeard) {
  CountingTranscriber transcriber;
  transcriber.is_deaf = true;
  const auto live = MakeLiveTranscriber(transcriber);
  Listener listener;
  const auto utterance = live->Begin(listener.Callback());
  for (std::size_t second = 1; second <= 12; ++second) {
    utterance->Append(Tone(1.0));
    ASSERT_THAT(transcriber.Heard(second).back(), testing::Le(5.0)) << second;
  }
  transcriber.is_deaf = false;
  utterance->Append(Tone(1.0));
  ASSERT_TRUE(listener.WaitUntil([](const PartialTranscript& partial) { return !partial.transcript.words.empty(); }));
  EXPECT_NEAR(listener.All().back().transcript.words.front().start_s, 8.1, 0.02) << "of the recording, not of what is left";
}

TEST(LiveTranscriber, HearsOnlySoManyAtOnce) {
  CountingTranscriber transcriber;
  const auto live = MakeLiveTranscriber(transcriber);
  Listener within;
  Listener beyond;
  std::vector<std::unique_ptr<LiveUtterance>> others;
  const auto first = live->Begin(within.Callback());
  for (int i = 1; i < 64; ++i) others.push_back(live->Begin([](const PartialTranscript&) {}));
  auto late = live->Begin(beyond.Callback());
  late->Append(Tone(2.0));
  first->Append(Tone(2.0));
  ASSERT_TRUE(within.WaitUntil([](const PartialTranscript& partial) { return partial.transcript.words.size() == 2; }));
  EXPECT_THAT(beyond.All(), testing::IsEmpty());
  others.clear();
  late = live->Begin(beyond.Callback());
  late->Append(Tone(2.0));
  EXPECT_TRUE(beyond.WaitUntil([](const PartialTranscript& partial) { return partial.transcript.words.size() == 2; }));
}

TEST(LiveTranscriber, IsSilentOnceTheUtteranceEnded) {
  CountingTranscriber transcriber;
  const auto live = MakeLiveTranscriber(transcriber);
  for (int round = 0; round < 200; ++round) {
    std::atomic<bool> has_ended = false;
    auto utterance = live->Begin([&](const PartialTranscript&) { EXPECT_FALSE(has_ended); });
    utterance->Append(Tone(1.0));
    if (round % 2 == 0) std::this_thread::yield();
    utterance.reset();
    has_ended = true;
  }
}

TEST(LiveTranscriber, TheLastHearingIsNotMadeTwice) {
  base::SttConfig config;
  config.time_limit_ms = 600'000;
  const auto transcriber = MakeWhisperTranscriber(config, *FindModel("base", {SPEECHCOACH_MODEL_DIR}));
  ASSERT_TRUE(transcriber.ok());
  const auto live = MakeLiveTranscriber(**transcriber);
  Listener listener;
  model::AudioClip clip = TestRecording("good.wav");
  const auto fresh = (*transcriber)->Transcribe(clip, {});
  ASSERT_TRUE(fresh.ok());
  const auto utterance = live->Begin(listener.Callback());
  utterance->Append(clip.samples);
  ASSERT_TRUE(listener.WaitUntil([&](const PartialTranscript& partial) { return partial.transcript.text == fresh->text; }));
  std::vector<double> progress;
  TranscribeOptions options;
  options.on_progress = [&](double share) { progress.push_back(share); };
  const auto final_one = (*transcriber)->Transcribe(clip, options);
  ASSERT_TRUE(final_one.ok());
  EXPECT_EQ(final_one->text, fresh->text);
  EXPECT_THAT(progress, testing::ElementsAre(1.0)) << "no decoder told of its progress";
}

}  // namespace
}  // namespace speechcoach::stt
