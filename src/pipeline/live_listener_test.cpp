#include "pipeline/live_listener.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <deque>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <utility>
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
      partial.features = std::make_shared<model::EncoderFeatures>();
      on_partial_(partial);
    }

   private:
    OnPartial on_partial_;
    std::size_t samples_ = 0;
  };
};

constexpr AudioSource kFloats{StreamFormat::kPcmF32, model::kSampleRateHz};

std::vector<std::uint8_t> Bytes(std::span<const float> samples) {
  std::vector<std::uint8_t> bytes(samples.size_bytes());
  std::memcpy(bytes.data(), samples.data(), bytes.size());
  return bytes;
}
std::vector<std::uint8_t> Level(std::size_t count, float sample = 0.0F) { return Bytes(std::vector<float>(count, sample)); }

void AtOnce(const std::function<void()>& task) { task(); }
void Unheard(const std::vector<VoicePoint>&) {}

// Finds something in every word.
class StrictFinder final : public pronunciation::HintFinder {
 public:
  pronunciation::LiveHints Find(const pronunciation::HeardSoFar& heard, const std::string& reference_text) const override {
    pronunciation::LiveHints found{{}, heard.stable_words};
    for (std::size_t word = heard.judged_words; word < heard.stable_words; ++word) {
      pronunciation::LiveHint hint;
      hint.word = word;
      hint.text = reference_text;
      hint.tip_vi = "Đưa lưỡi ra giữa hai hàm răng.";
      found.hints.push_back(hint);
    }
    return found;
  }
};

TEST(LiveListener, HintsAtEachStableWordOfASentenceOnce) {
  for (const std::string reference : {"three", ""}) {
    base::ManualClock clock(0);
    const auto events = MakeSessionEvents(clock, nullptr);
    CountingLive live;
    const StrictFinder finder;
    const auto listener =
        LiveListener::Start({&live, nullptr, &finder, nullptr, AtOnce}, *events, {"a", reference, kFloats}, Unheard);
    ASSERT_TRUE(listener.ok());
    std::vector<std::size_t> hinted;
    const auto watching = events->Subscribe("a", 0, [&](const SessionEvent& event) {
      EXPECT_EQ(event.number, 0) << "of use only while it is new";
      if (const auto* hint = std::get_if<HintEvent>(&event.payload)) hinted.push_back(hint->hint.word);
    });
    for (int chunk = 0; chunk < 41; ++chunk) (*listener)->Append(Level(1600, 0.1F));
    EXPECT_EQ(hinted, reference.empty() ? std::vector<std::size_t>{} : (std::vector<std::size_t>{0, 1, 2}));
  }
}

TEST(LiveListener, PublishesPartialTranscriptsOfSamplesAtAnyRate) {
  for (const int rate_hz : {8000, 16000, 48000}) {
    base::ManualClock clock(0);
    const auto events = MakeSessionEvents(clock, nullptr);
    CountingLive live;
    const auto listener = LiveListener::Start({&live, nullptr, nullptr, nullptr, AtOnce}, *events,
                                              {"a", "", {StreamFormat::kPcmF32, rate_hz}}, Unheard);
    ASSERT_TRUE(listener.ok());
    std::vector<TranscriptionEvent> seen;
    const auto watching = events->Subscribe(
        "a", 0, [&](const SessionEvent& event) { seen.push_back(std::get<TranscriptionEvent>(event.payload)); });
    for (int chunk = 0; chunk < 31; ++chunk) (*listener)->Append(Level(static_cast<std::size_t>(rate_hz / 10), 0.1F));
    ASSERT_FALSE(seen.empty());
    EXPECT_FALSE(seen.back().is_final);
    EXPECT_EQ(seen.back().transcript.words.size(), 3U) << rate_hz;
    EXPECT_EQ(seen.back().stable_words, 2U);

    int replayed = 0;
    const auto later = events->Subscribe("a", 0, [&](const SessionEvent&) { ++replayed; });
    EXPECT_EQ(replayed, 0) << "partial transcripts are of use only while they are new";
  }
}

TEST(LiveListener, TellsTheMelody) {
  base::ManualClock clock(0);
  const auto events = MakeSessionEvents(clock, nullptr);
  prosody::LiveProsody voice;
  const model::AudioClip clip = TestClip("good.wav");
  std::vector<VoicePoint> points;
  int calls = 0;
  const auto listener = LiveListener::Start({nullptr, &voice, nullptr, nullptr, AtOnce}, *events, {"a", "", kFloats},
                                            [&](const std::vector<VoicePoint>& told) {
                                              ++calls;
                                              points.insert(points.end(), told.begin(), told.end());
                                            });
  ASSERT_TRUE(listener.ok());
  int pieces = 0;
  for (std::size_t at = 0; at < clip.samples.size(); at += 1600, ++pieces) {
    ASSERT_TRUE(
        (*listener)->Append(Bytes(std::span(clip.samples).subspan(at, std::min<std::size_t>(1600, clip.samples.size() - at)))));
  }
  EXPECT_EQ(calls, pieces);
  EXPECT_GT(std::ranges::count_if(points, [](const VoicePoint& point) { return point.f0_hz > 0.0; }), 20);
  EXPECT_TRUE(std::ranges::is_sorted(points, {}, &VoicePoint::time_s));
}

TEST(LiveListener, LetsGoWhereItIsServedTooLate) {
  base::ManualClock clock(0);
  const auto events = MakeSessionEvents(clock, nullptr);
  prosody::LiveProsody voice(1);
  std::deque<std::function<void()>> tasks;
  int calls = 0;
  const LiveEars ears{nullptr,
                      &voice,
                      nullptr,
                      nullptr,
                      [&](std::function<void()> task) { tasks.push_back(std::move(task)); },
                      std::chrono::milliseconds(-1)};
  const auto listener = LiveListener::Start(ears, *events, {"a", "", kFloats}, [&](const std::vector<VoicePoint>& points) {
    ++calls;
    EXPECT_TRUE(points.empty());
  });
  ASSERT_TRUE(listener.ok());
  EXPECT_TRUE((*listener)->Append(Level(8000)));
  EXPECT_TRUE((*listener)->Append(Level(8000)));
  EXPECT_EQ(voice.Begin(), nullptr);
  for (; !tasks.empty(); tasks.pop_front()) tasks.front()();
  EXPECT_EQ(calls, 2) << "nobody waits for what does not come";
  EXPECT_FALSE((*listener)->Append(Level(1600)));
  EXPECT_NE(voice.Begin(), nullptr) << "another is listened to in its place";
}

// Its utterances end only once they may.
class SlowToEnd final : public stt::LiveTranscriber {
 public:
  std::unique_ptr<stt::LiveUtterance> Begin(OnPartial) override { return std::make_unique<Utterance>(*this); }

  std::latch is_ending{1};
  std::latch may_end{1};

 private:
  class Utterance final : public stt::LiveUtterance {
   public:
    explicit Utterance(SlowToEnd& owner) : owner_(owner) {}
    ~Utterance() override {
      owner_.is_ending.count_down();
      owner_.may_end.wait();
    }
    void Append(std::span<const float>) override {}

   private:
    SlowToEnd& owner_;
  };
};

TEST(LiveListener, NobodyWaitsForTheEndOfAnother) {
  base::ManualClock clock(0);
  const auto events = MakeSessionEvents(clock, nullptr);
  SlowToEnd live;
  std::deque<std::function<void()>> tasks;
  const LiveEars ears{&live, nullptr, nullptr, nullptr, [&](std::function<void()> task) { tasks.push_back(std::move(task)); }};
  auto listener = LiveListener::Start(ears, *events, {"a", "", kFloats}, Unheard).value();
  ASSERT_TRUE(listener->Append(Level(1600)));
  std::thread ending([&] { listener.reset(); });
  live.is_ending.wait();
  auto ran = std::async(std::launch::async, [&] { tasks.front()(); });
  EXPECT_EQ(ran.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  live.may_end.count_down();
  ending.join();
}

// Keeps what it is given.
class KeepingLive final : public stt::LiveTranscriber {
 public:
  std::unique_ptr<stt::LiveUtterance> Begin(OnPartial) override { return std::make_unique<Utterance>(*this); }

  std::vector<float> heard;

 private:
  class Utterance final : public stt::LiveUtterance {
   public:
    explicit Utterance(KeepingLive& owner) : owner_(owner) {}
    void Append(std::span<const float> samples) override {
      owner_.heard.insert(owner_.heard.end(), samples.begin(), samples.end());
    }

   private:
    KeepingLive& owner_;
  };
};

TEST(LiveListener, ALongRecordingKeepsNoOtherWaiting) {
  base::ManualClock clock(0);
  const auto events = MakeSessionEvents(clock, nullptr);
  KeepingLive live;
  std::deque<std::function<void()>> tasks;
  const auto run = [&](std::function<void()> task) { tasks.push_back(std::move(task)); };
  const auto run_next = [&] {
    const auto task = std::move(tasks.front());
    tasks.pop_front();
    task();
  };
  int pieces = 0;
  int others = 0;
  const auto resumed = LiveListener::Start({&live, nullptr, nullptr, nullptr, run, std::chrono::hours(1)}, *events,
                                           {"a", "", kFloats}, [&](const std::vector<VoicePoint>&) { ++pieces; });
  const auto other = LiveListener::Start({nullptr, nullptr, nullptr, nullptr, run, std::chrono::hours(1)}, *events,
                                         {"b", "", kFloats}, [&](const std::vector<VoicePoint>&) { ++others; });
  ASSERT_TRUE(resumed.ok() && other.ok());
  std::vector<float> sound(60 * model::kSampleRateHz + 100);
  for (std::size_t i = 0; i < sound.size(); ++i) sound[i] = static_cast<float>(i % 997) / 1000.0F;
  ASSERT_TRUE((*resumed)->Append(Bytes(std::span(sound).first(sound.size() - 1600))));
  ASSERT_TRUE((*resumed)->Append(Bytes(std::span(sound).last(1600))));
  ASSERT_TRUE((*other)->Append(Level(1600)));
  run_next();
  run_next();
  EXPECT_EQ(pieces, 1);
  EXPECT_EQ(others, 1);
  while (!tasks.empty()) run_next();
  EXPECT_EQ(pieces, 61) << "60 of the long one, the last not whole, and the short one";
  EXPECT_TRUE(live.heard == sound);
}

// Says of everything that it is two seconds of a buzz, or that it cannot be read.
class TwoSeconds final : public audio::AudioDecoder {
 public:
  base::Result<model::AudioClip> Decode(std::span<const std::uint8_t> bytes, std::string_view format) override {
    EXPECT_EQ(audio::SniffFormat(bytes), format);
    if (!can_read) return {base::ErrorCode::kTimeout, "scripted"};
    model::AudioClip clip;
    for (int i = 0; i < 2 * model::kSampleRateHz; ++i)
      clip.samples.push_back(static_cast<float>(i % kBuzzPeriod) / kBuzzPeriod - 0.5F);
    return clip;
  }

  bool can_read = true;

 private:
  static constexpr int kBuzzPeriod = 100;  // samples: 160 Hz
};

TEST(LiveListener, HearsContainersPieceByPiece) {
  base::ManualClock clock(0);
  const auto events = MakeSessionEvents(clock, nullptr);
  const double seconds = TestClip("good.wav").duration_s();
  for (const auto& [format, name] :
       {std::pair(StreamFormat::kWebmOpus, "good.webm"), std::pair(StreamFormat::kOggOpus, "good.ogg")}) {
    const std::vector<std::uint8_t> bytes = TestBytes(name);
    KeepingLive live;
    TwoSeconds decoder;
    const auto listener =
        LiveListener::Start({&live, nullptr, nullptr, &decoder, AtOnce}, *events, {"a", "", {format, 0}}, Unheard);
    ASSERT_TRUE(listener.ok());
    for (auto at = bytes.begin(); at != bytes.end();) {
      const auto end = at + std::min<std::ptrdiff_t>(700, bytes.end() - at);
      ASSERT_TRUE((*listener)->Append({at, end}));
      at = end;
    }
    // What is left at the end is less than a piece; what the decoder says beyond what is new is not heard again.
    EXPECT_NEAR(static_cast<double>(live.heard.size()) / model::kSampleRateHz, seconds, 0.5) << name;

    decoder.can_read = false;
    const auto other = LiveListener::Start({&live, nullptr, nullptr, &decoder, AtOnce}, *events, {"b", "", {format, 0}}, Unheard);
    EXPECT_TRUE((*other)->Append(bytes));
    EXPECT_FALSE((*other)->Append(bytes)) << "what cannot be decoded is listened to no more";
  }
  EXPECT_FALSE(
      LiveListener::Start({nullptr, nullptr, nullptr, nullptr, AtOnce}, *events, {"c", "", {StreamFormat::kWebmOpus, 0}}, Unheard)
          .ok());
}

TEST(LiveListener, TellsWordsAndMelodyOfContainersWhileTheyComeIn) {
  base::ManualClock clock(0);
  const auto events = MakeSessionEvents(clock, nullptr);
  for (const auto& [format, name] :
       {std::pair(StreamFormat::kWebmOpus, "good.webm"), std::pair(StreamFormat::kOggOpus, "good.ogg")}) {
    const std::vector<std::uint8_t> bytes = TestBytes(name);
    CountingLive words;
    prosody::LiveProsody voice;
    TwoSeconds decoder;
    std::vector<VoicePoint> points;
    const auto listener =
        LiveListener::Start({&words, &voice, nullptr, &decoder, AtOnce}, *events, {name, "", {format, 0}},
                            [&](const std::vector<VoicePoint>& told) { points.insert(points.end(), told.begin(), told.end()); });
    ASSERT_TRUE(listener.ok());
    std::size_t heard_words = 0;
    const auto watching = events->Subscribe(name, 0, [&](const SessionEvent& event) {
      const auto& told = std::get<TranscriptionEvent>(event.payload);
      EXPECT_FALSE(told.is_final);
      heard_words = told.transcript.words.size();
    });
    // Three quarters of it: the rest is still to be spoken.
    ASSERT_TRUE((*listener)->Append({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() * 3 / 4)}));
    EXPECT_GE(heard_words, 1U) << name;
    EXPECT_GT(std::ranges::count_if(points, [](const VoicePoint& point) { return std::abs(point.f0_hz - 160.0) < 8.0; }), 20)
        << name;
  }
}

TEST(LiveListener, TellsNothingOnceItHasGone) {
  base::ManualClock clock(0);
  const auto events = MakeSessionEvents(clock, nullptr);
  prosody::LiveProsody voice;
  std::deque<std::function<void()>> tasks;
  int calls = 0;
  {
    const LiveEars ears{nullptr, &voice, nullptr, nullptr, [&](std::function<void()> task) { tasks.push_back(std::move(task)); }};
    const auto listener =
        LiveListener::Start(ears, *events, {"a", "", kFloats}, [&](const std::vector<VoicePoint>&) { ++calls; });
    ASSERT_TRUE(listener.ok());
    (*listener)->Append(Level(1600));
  }
  tasks.front()();
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace speechcoach::pipeline
