#include "pipeline/live_listener.h"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "model/audio_clip.h"
#include "pipeline/scripted_stages.h"

namespace speechcoach::pipeline {
namespace {

// Answers every chunk with as many words as whole seconds have come.
class CountingLive final : public stt::LiveTranscriber {
 public:
  std::unique_ptr<stt::LiveUtterance> Begin(OnPartial on_partial) override {
    return std::make_unique<Utterance>(std::move(on_partial));
  }

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
    const auto events = MakeSessionEvents(clock, nullptr);
    CountingLive live;
    const auto listener = LiveListener::Start({&live, nullptr}, *events, "a", rate_hz);
    ASSERT_TRUE(listener.ok());
    std::vector<TranscriptionEvent> seen;
    const auto watching = events->Subscribe("a", 0, [&](const SessionEvent& event) {
      seen.push_back(std::get<TranscriptionEvent>(event.payload));
    });
    for (int chunk = 0; chunk < 31; ++chunk)
      (*listener)->Append(std::vector<float>(static_cast<std::size_t>(rate_hz / 10), 0.1F));
    ASSERT_FALSE(seen.empty());
    EXPECT_FALSE(seen.back().is_final);
    EXPECT_EQ(seen.back().transcript.words.size(), 3U) << rate_hz;
    EXPECT_EQ(seen.back().stable_words, 2U);

    int replayed = 0;
    const auto later = events->Subscribe("a", 0, [&](const SessionEvent&) { ++replayed; });
    EXPECT_EQ(replayed, 0) << "partial transcripts are of use only while they are new";
  }
}

TEST(LiveListener, TellsTheMelodyAndLeavesItsWorkToTheFinalAnalysis) {
  base::ManualClock clock(0);
  const auto events = MakeSessionEvents(clock, nullptr);
  prosody::LiveProsody voice;
  const model::AudioClip clip = TestClip("good.wav");
  std::vector<VoicePoint> points;
  {
    const auto listener = LiveListener::Start({nullptr, &voice}, *events, "a", model::kSampleRateHz);
    ASSERT_TRUE(listener.ok());
    const std::span<const float> samples = clip.samples;
    for (std::size_t at = 0; at < samples.size(); at += 1600) {
      for (const VoicePoint& point : (*listener)->Append(samples.subspan(at, std::min<std::size_t>(1600, samples.size() - at))))
        points.push_back(point);
    }
  }
  EXPECT_GT(std::ranges::count_if(points, [](const VoicePoint& point) { return point.f0_hz > 0.0; }), 20);
  EXPECT_TRUE(std::ranges::is_sorted(points, {}, &VoicePoint::time_s));
  const auto report = voice.Extract(clip);
  const auto anew = prosody::SoundProsodyExtractor().Extract(clip);
  ASSERT_TRUE(report.ok());
  ASSERT_TRUE(anew.ok());
  EXPECT_EQ(report->pitch.mean_hz, anew->pitch.mean_hz);
}

}  // namespace
}  // namespace speechcoach::pipeline
