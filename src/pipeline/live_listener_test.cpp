#include "pipeline/live_listener.h"

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "model/audio_clip.h"

namespace speechcoach::pipeline {
namespace {

// Answers every chunk with as many words as whole seconds have come.
class CountingLive final : public stt::LiveTranscriber {
 public:
  std::unique_ptr<stt::LiveUtterance> Begin(OnPartial on_partial) override { return std::make_unique<Utterance>(std::move(on_partial)); }

 private:
  class Utterance final : public stt::LiveUtterance {
   public:
    explicit Utterance(OnPartial on_partial) : on_partial_(std::move(on_partial)) {}
    void Append(std::span<const float> samples) override {
      samples_ += samples.size();
      stt::PartialTranscript partial;
      partial.transcript.words.resize(samples_ / model::kSampleRateHz);
      partial.stable_words = partial.transcript.words.empty() ? 0 : partial.transcript.words.size() - 1;
      on_partial_(partial);
    }

   private:
    OnPartial on_partial_;
    std::size_t samples_ = 0;
  };
};

TEST(LiveListener, PublishesPartialTranscriptsOfSamplesAtAnyRate) {
  for (const int rate_hz : {8000, 16000, 48000}) {
    base::ManualClock clock(0);
    const auto events = MakeInProcessEvents(clock);
    CountingLive live;
    const auto listener = LiveListener::Start(live, *events, "a", rate_hz);
    ASSERT_TRUE(listener.ok());
    std::vector<TranscriptionEvent> seen;
    std::vector<std::int64_t> numbers;
    const auto watching = events->Subscribe("a", 0, [&](const SessionEvent& event) {
      seen.push_back(std::get<TranscriptionEvent>(event.payload));
      numbers.push_back(event.number);
    });
    for (int chunk = 0; chunk < 31; ++chunk) (*listener)->Append(std::vector<float>(static_cast<std::size_t>(rate_hz / 10), 0.1F));
    ASSERT_FALSE(seen.empty());
    EXPECT_FALSE(seen.back().is_final);
    EXPECT_EQ(seen.back().transcript.words.size(), 3U) << rate_hz;
    EXPECT_EQ(seen.back().stable_words, 2U);

    std::vector<std::int64_t> replayed;
    const auto later = events->Subscribe("a", 0, [&](const SessionEvent& event) { replayed.push_back(event.number); });
    EXPECT_EQ(replayed, std::vector<std::int64_t>{numbers.back()}) << "older partial transcripts are of no use to anyone";
  }
}

}  // namespace
}  // namespace speechcoach::pipeline
