// Everything at once: many jobs, some cancelled, some that fail, and a model file that disappears meanwhile.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "stt/fallback_transcriber.h"
#include "stt/internal/test_folder.h"
#include "stt/internal/test_recording.h"
#include "stt/live_transcriber.h"
#include "stt/model_store.h"
#include "stt/whisper_transcriber.h"

namespace speechcoach::stt {
namespace {

using base::ErrorCode;

constexpr int kJobs = 200;

base::SttConfig TwoAtOnce() {
  base::SttConfig config;
  config.parallel = 2;
  config.threads = 1;
  config.time_limit_ms = 1'200'000;
  return config;
}

// Fails for every fifth recording, as an engine does that runs out of memory.
class Faltering final : public Transcriber {
 public:
  explicit Faltering(std::unique_ptr<Transcriber> sound) : sound_(std::move(sound)) {}
  base::Result<model::Transcript> Transcribe(const model::AudioClip& clip, const TranscribeOptions& options) override {
    if (++calls_ % 5 == 0) return {ErrorCode::kSttFailed, "scripted"};
    return sound_->Transcribe(clip, options);
  }

 private:
  std::unique_ptr<Transcriber> sound_;
  std::atomic<int> calls_ = 0;
};

TEST(ManyJobs, AreAllAnsweredWhateverHappens) {
  const TestFolder folder;
  const auto file = folder.path() / "ggml-tiny.en.bin";
  std::filesystem::copy_file(std::filesystem::path(SPEECHCOACH_MODEL_DIR) / "ggml-tiny.en.bin", file);
  const auto load = [&]() -> base::Result<std::unique_ptr<Transcriber>> {
    const auto found = FindModel("tiny.en", {folder.path()});
    if (!found.ok()) return found.error();
    return MakeWhisperTranscriber(TwoAtOnce(), *found);
  };
  auto made = MakeFallbackTranscriber(
      [&]() -> base::Result<std::unique_ptr<Transcriber>> {
        auto loaded = load();
        if (!loaded.ok()) return loaded.error();
        return std::unique_ptr<Transcriber>(std::make_unique<Faltering>(std::move(*loaded)));
      },
      load);
  ASSERT_TRUE(made.ok());
  Transcriber& transcriber = **made;
  // The weights are in memory; the fallback, which is loaded when it is first needed, finds nothing.
  std::filesystem::remove(file);

  model::AudioClip clip = TestRecording("good.wav");
  clip.samples.resize(model::kSampleRateHz);
  // What is said in it the model hears twice, the second time with several texts at once.
  model::AudioClip doubtful = TestRecording("french.wav");
  doubtful.samples.resize(model::kSampleRateHz);
  std::atomic<int> heard = 0;
  std::atomic<int> cancelled = 0;
  std::atomic<int> failed = 0;
  std::atomic<int> other = 0;
  {
    const auto live = MakeLiveTranscriber(transcriber);
    const auto speaking = live->Begin([](const PartialTranscript&) {});
    std::vector<std::jthread> jobs;
    for (int i = 0; i < kJobs; ++i) {
      jobs.emplace_back([&, i] {
        std::stop_source source;
        std::jthread canceller;
        if (i % 2 == 0) {
          canceller = std::jthread([&source, i] {
            std::this_thread::sleep_for(std::chrono::milliseconds(i / 2));
            source.request_stop();
          });
        }
        const auto transcript = transcriber.Transcribe(i % 4 == 1 ? doubtful : clip, {source.get_token()});
        if (transcript.ok()) {
          ++heard;
        } else if (transcript.error().code == ErrorCode::kCancelled) {
          ++cancelled;
        } else if (transcript.error().code == ErrorCode::kSttFailed) {
          ++failed;
        } else {
          ++other;
        }
      });
      if (i % 20 == 0) speaking->Append(clip.samples);
    }
  }
  EXPECT_EQ(heard + cancelled + failed, kJobs);
  EXPECT_EQ(other, 0);
  EXPECT_GE(heard, kJobs / 4);
  EXPECT_GT(cancelled, 0);
  EXPECT_GE(failed, kJobs / 10) << "the fallback's file is gone";
}

}  // namespace
}  // namespace speechcoach::stt
