#include "stt/live_transcriber.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.h"
#include "model/audio_clip.h"
#include "stt/internal/local_agreement.h"
#include "stt/internal/loudness.h"
#include "stt/internal/speech_windows.h"
#include "stt/internal/words.h"

namespace speechcoach::stt {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kSamplesASecond = model::kSampleRateHz;
constexpr std::size_t kFirstSamples = kSamplesASecond / 2;
constexpr std::size_t kUsualStepSamples = kSamplesASecond / 2;
// Until there are stable words, for a few hearings: the first ones are waited for, and often wrong.
constexpr std::size_t kStepToFirstWordsSamples = kSamplesASecond / 4;
constexpr int kHurriedHearings = 8;
constexpr std::size_t kPauseSamples = kSamplesASecond * 32 / 100;  // a little more than the silence that a window keeps
constexpr std::size_t kLeadSamples = kSamplesASecond * 3 / 10;     // kept before the first speech
constexpr std::size_t kMostSamples = 60 * kSamplesASecond;
// What is heard over and over; beyond it, stable words and their audio are let go.
constexpr double kLongBufferS = 12.0;
constexpr double kKeptTailS = 3.0;
// Of speakers who are hardly ever heard, because so many speak, the oldest sound is let go.
constexpr std::size_t kMostKeptSamples = 24 * kSamplesASecond;
// Beyond so many nobody would be heard often enough to be of use.
constexpr std::size_t kMostUtterances = 64;
// Hearing takes at most this share of the time, all utterances together.
constexpr double kDuty = 0.8;
constexpr std::chrono::milliseconds kGaveWayPause{50};
constexpr std::chrono::milliseconds kLongestPause{6'400};  // between two tries of an engine that fails
// Of sound in which nothing was heard, so much is kept: a room may be noisy for long before somebody speaks.
constexpr std::size_t kWordlessSamples = 4 * kSamplesASecond;

// Up to where there is sound that may be speech; 0 where there is none.
std::size_t VoicedSamples(std::span<const float> samples) {
  if (samples.empty()) return 0;
  const std::vector<float> loudness = LoudnessDb(samples);
  const float threshold = SpeechThresholdDb(loudness);
  const auto last = std::find_if(loudness.rbegin(), loudness.rend(), [&](float db) { return db > threshold; });
  return std::min(samples.size(), static_cast<std::size_t>(loudness.rend() - last) * kLoudnessStep);
}

// Shared by the caller's handle and the worker.
class Utterance {
 public:
  explicit Utterance(LiveTranscriber::OnPartial on_partial) : on_partial_(std::move(on_partial)) {}

  void Append(std::span<const float> samples) {
    const std::lock_guard lock(mutex_);
    const std::size_t room = kMostSamples - std::min(kMostSamples, received_);
    samples = samples.first(std::min(samples.size(), room));
    received_ += samples.size();
    samples_.insert(samples_.end(), samples.begin(), samples.end());
    if (is_speech_) {
      voiced_ = std::max(voiced_, dropped_ + VoicedSamples(samples_));
      if (samples_.size() > kMostKeptSamples) {
        Drop(samples_.size() - kMostKeptSamples);
        agreement_.Settle(dropped_s());
        agreement_.Forget(dropped_s());
      }
      return;
    }
    // Until somebody speaks only the newest moment is kept.
    if (!IsSilent(LoudnessDb(samples))) {
      is_speech_ = true;
      voiced_ = received_;
    } else if (samples_.size() > kLeadSamples) {
      Drop(OnGrid(samples_.size() - kLeadSamples));
    }
  }

  bool IsDue(std::size_t step_samples) {
    const std::lock_guard lock(mutex_);
    if (!is_speech_ || samples_.size() < kFirstSamples || SteadyClock::now() < not_before_) return false;
    // A pause is heard at once, and once.
    if (received_ >= voiced_ + kPauseSamples) return heard_ < voiced_ + kPauseSamples;
    return received_ - heard_ >= (hurried_ > 0 ? std::min(step_samples, kStepToFirstWordsSamples) : step_samples);
  }

  // Hears what is there. Answers how long that took; 0 where it gave way.
  double Hear(Transcriber& transcriber) {
    model::AudioClip clip;
    std::size_t dropped = 0;
    std::size_t received = 0;
    {
      const std::lock_guard lock(mutex_);
      clip.samples = samples_;
      dropped = dropped_;
      received = received_;
    }
    const double offset_s = static_cast<double>(dropped) / kSamplesASecond;
    TranscribeOptions options;
    options.stop = stop_.get_token();
    options.gives_way = true;
    std::shared_ptr<model::EncoderFeatures> features;
    options.on_evidence = [&](model::SpeechEvidence evidence) {
      features = std::make_shared<model::EncoderFeatures>(std::move(evidence.features));
      features->offset_s += offset_s;
    };
    const auto start = SteadyClock::now();
    auto transcript = transcriber.Transcribe(clip, options);
    const double took_s = std::chrono::duration<double>(SteadyClock::now() - start).count();
    if (!transcript.ok()) {
      const bool gave_way =
          transcript.error().code == base::ErrorCode::kBusy || transcript.error().code == base::ErrorCode::kCancelled;
      if (gave_way) Wait(kGaveWayPause);
      if (!gave_way) Fail(transcript.error().message);
      return 0.0;
    }
    for (model::Word& word : transcript->words) {
      word.start_s += offset_s;
      word.end_s += offset_s;
    }
    failure_pause_ = kGaveWayPause;
    Take(std::move(*transcript), std::move(features), dropped, received);
    return took_s;
  }

  // After ever longer pauses it is tried again.
  void Fail(const std::string& why) {
    base::Log(base::LogLevel::kWarning, "live transcription failed", {{"error", why}});
    Wait(failure_pause_);
    failure_pause_ = std::min(2 * failure_pause_, kLongestPause);
  }

  // No partial is reported once this has returned.
  void Close() {
    stop_.request_stop();
    const std::lock_guard lock(reporting_);
    is_closed_ = true;
  }

  // Waits for no report: whoever begins another utterance asks it of all.
  bool IsClosed() const { return is_closed_; }

 private:
  void Wait(std::chrono::milliseconds pause) {
    const std::lock_guard lock(mutex_);
    not_before_ = SteadyClock::now() + pause;
  }

  void Take(model::Transcript transcript, std::shared_ptr<const model::EncoderFeatures> features, std::size_t dropped,
            std::size_t received) {
    PartialTranscript partial;
    partial.features = std::move(features);
    {
      const std::lock_guard lock(mutex_);
      // Meanwhile more may have been let go, and its words forgotten.
      if (dropped_ != dropped)
        std::erase_if(transcript.words, [&](const model::Word& word) { return word.end_s <= dropped_s(); });
      heard_ = received;
      agreement_.Hear(std::move(transcript.words));
      hurried_ = agreement_.stable() == 0 ? std::max(0, hurried_ - 1) : 0;
      partial.transcript.words = agreement_.words();
      partial.stable_words = agreement_.stable();
      const double end_s = dropped_s() + static_cast<double>(samples_.size()) / kSamplesASecond;
      if (static_cast<double>(samples_.size()) > kLongBufferS * kSamplesASecond) {
        const auto last = static_cast<std::size_t>(agreement_.Forget(end_s - kKeptTailS) * kSamplesASecond);
        if (last > dropped_) Drop(last - dropped_);
      } else if (partial.transcript.words.empty() && received > dropped_ + kWordlessSamples) {
        Drop(OnGrid(received - dropped_ - kWordlessSamples));
      }
    }
    partial.transcript.model = transcript.model;
    partial.transcript.used_fallback = transcript.used_fallback;
    partial.transcript.text = JoinedText(partial.transcript.words);
    double confidence = 0.0;
    for (const model::Word& word : partial.transcript.words) confidence += word.confidence;
    if (!partial.transcript.words.empty())
      partial.transcript.confidence = confidence / static_cast<double>(partial.transcript.words.size());

    const std::lock_guard lock(reporting_);
    if (is_closed_ || (partial.transcript.text == reported_text_ && partial.stable_words == reported_stable_)) return;
    reported_text_ = partial.transcript.text;
    reported_stable_ = partial.stable_words;
    on_partial_(partial);
  }

  // So that the windows of what is left begin where those of the whole recording do, and the last hearing can be reused.
  std::size_t OnGrid(std::size_t samples) const { return samples - std::min(samples, (dropped_ + samples) % kWindowGridSamples); }

  double dropped_s() const { return static_cast<double>(dropped_) / kSamplesASecond; }

  void Drop(std::size_t count) {
    samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(count));
    dropped_ += count;
  }

  std::mutex mutex_;  // guards what follows
  std::vector<float> samples_;
  std::size_t dropped_ = 0;  // samples before samples_
  std::size_t received_ = 0;
  std::size_t heard_ = 0;   // of those received, in the last hearing
  std::size_t voiced_ = 0;  // of those received, up to where there was sound that may be speech
  bool is_speech_ = false;
  int hurried_ = kHurriedHearings;  // hearings still to come
  SteadyClock::time_point not_before_{};
  LocalAgreement agreement_;

  std::chrono::milliseconds failure_pause_ = kGaveWayPause;  // the worker's
  std::stop_source stop_;
  std::mutex reporting_;  // held while on_partial_ runs; guards what follows
  std::atomic<bool> is_closed_ = false;
  std::string reported_text_;
  std::size_t reported_stable_ = 0;
  const LiveTranscriber::OnPartial on_partial_;
};

class WhisperLiveTranscriber final : public LiveTranscriber {
 public:
  explicit WhisperLiveTranscriber(Transcriber& transcriber)
      : transcriber_(transcriber), worker_([this](const std::stop_token& stop) { Work(stop); }) {}

  std::unique_ptr<LiveUtterance> Begin(OnPartial on_partial) override {
    auto utterance = std::make_shared<Utterance>(std::move(on_partial));
    {
      const std::lock_guard lock(mutex_);
      std::erase_if(utterances_, [](const std::shared_ptr<Utterance>& known) { return known->IsClosed(); });
      if (utterances_.size() >= kMostUtterances) return std::make_unique<Unheard>();
      utterances_.push_back(utterance);
    }
    return std::make_unique<Handle>(*this, std::move(utterance));
  }

 private:
  class Handle final : public LiveUtterance {
   public:
    Handle(WhisperLiveTranscriber& owner, std::shared_ptr<Utterance> utterance)
        : owner_(owner), utterance_(std::move(utterance)) {}
    ~Handle() override { utterance_->Close(); }
    void Append(std::span<const float> samples) override {
      utterance_->Append(samples);
      owner_.Wake();
    }

   private:
    WhisperLiveTranscriber& owner_;
    std::shared_ptr<Utterance> utterance_;
  };

  class Unheard final : public LiveUtterance {
   public:
    void Append(std::span<const float>) override {}
  };

  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      is_woken_ = true;
    }
    changed_.notify_one();
  }

  void Work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto next = NextDue();
      if (!next) {
        std::unique_lock lock(mutex_);
        // Woken by new samples; the time is for utterances that gave way.
        changed_.wait_for(lock, stop, kGaveWayPause, [this] { return is_woken_; });
        if (!is_woken_ && utterances_.empty()) changed_.wait(lock, stop, [this] { return is_woken_; });
        is_woken_ = false;
        continue;
      }
      try {
        const double took_s = next->Hear(transcriber_);
        if (took_s > 0.0) pass_s_ = 0.7 * pass_s_ + 0.3 * took_s;
      } catch (const std::exception& fault) {
        // Where memory is short, say; the others are still heard.
        next->Fail(fault.what());
      }
    }
  }

  // The one that has waited longest: those heard go to the back of the line.
  std::shared_ptr<Utterance> NextDue() {
    const std::lock_guard lock(mutex_);
    std::erase_if(utterances_, [](const std::shared_ptr<Utterance>& utterance) { return utterance->IsClosed(); });
    const double step_s = pass_s_ * static_cast<double>(utterances_.size()) / kDuty;
    const std::size_t step = std::max(kUsualStepSamples, static_cast<std::size_t>(step_s * kSamplesASecond));
    const auto due =
        std::ranges::find_if(utterances_, [&](const std::shared_ptr<Utterance>& utterance) { return utterance->IsDue(step); });
    if (due == utterances_.end()) return nullptr;
    std::rotate(due, due + 1, utterances_.end());
    return utterances_.back();
  }

  Transcriber& transcriber_;
  double pass_s_ = 0.0;  // what a hearing takes, smoothed; the worker's
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_woken_ = false;
  std::vector<std::shared_ptr<Utterance>> utterances_;  // next in line first
  std::jthread worker_;
};

}  // namespace

std::unique_ptr<LiveTranscriber> MakeLiveTranscriber(Transcriber& transcriber) {
  return std::make_unique<WhisperLiveTranscriber>(transcriber);
}

}  // namespace speechcoach::stt
