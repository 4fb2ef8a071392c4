#include "stt/fallback_transcriber.h"

#include <mutex>
#include <utility>

#include "base/log.h"

namespace speechcoach::stt {
namespace {

bool IsEngineFailure(base::ErrorCode code) {
  return code == base::ErrorCode::kSttFailed || code == base::ErrorCode::kModelUnavailable;
}

base::Error BothFailed(const base::Error& primary, const base::Error& fallback) {
  return {primary.code, primary.message + "; the fallback failed too: " + fallback.message};
}

class FallbackTranscriber final : public Transcriber {
 public:
  FallbackTranscriber(std::unique_ptr<Transcriber> primary, TranscriberLoader load_fallback)
      : primary_(std::move(primary)), load_fallback_(std::move(load_fallback)) {}

  // Errors: the loader's.
  base::Result<Transcriber*> Fallback() {
    const std::lock_guard lock(loading_);
    if (!fallback_) {
      auto loaded = load_fallback_();
      if (!loaded.ok()) return loaded.error();
      fallback_ = std::move(*loaded);
    }
    return fallback_.get();
  }

  base::Result<model::Transcript> Transcribe(const model::AudioClip& clip, const TranscribeOptions& options) override {
    TranscribeOptions forward = options;
    if (options.on_progress) {
      // The fallback begins anew; what the caller has been told does not.
      forward.on_progress = [&options, told = 0.0](double share) mutable {
        if (share > told) options.on_progress(told = share);
      };
    }
    base::Error primary_error{base::ErrorCode::kModelUnavailable, "the configured speech model is not loaded"};
    if (primary_) {
      auto transcript = primary_->Transcribe(clip, forward);
      if (transcript.ok() || !IsEngineFailure(transcript.error().code)) return transcript;
      primary_error = transcript.error();
      base::Log(base::LogLevel::kWarning, "speech model failed, trying the fallback", {{"error", primary_error.message}});
    }
    const auto fallback = Fallback();
    if (!fallback.ok()) return BothFailed(primary_error, fallback.error());
    auto transcript = (*fallback)->Transcribe(clip, forward);
    if (transcript.ok()) {
      transcript->used_fallback = true;
    } else if (IsEngineFailure(transcript.error().code)) {
      return BothFailed(primary_error, transcript.error());
    }
    return transcript;
  }

 private:
  std::unique_ptr<Transcriber> primary_;  // null where it could not be loaded
  TranscriberLoader load_fallback_;
  std::mutex loading_;
  std::unique_ptr<Transcriber> fallback_;  // null until needed; guarded by loading_, never replaced
};

}  // namespace

base::Result<std::unique_ptr<Transcriber>> MakeFallbackTranscriber(const TranscriberLoader& load_primary,
                                                                   TranscriberLoader load_fallback) {
  auto primary = load_primary();
  if (primary.ok())
    return std::unique_ptr<Transcriber>(std::make_unique<FallbackTranscriber>(std::move(*primary), std::move(load_fallback)));

  auto pair = std::make_unique<FallbackTranscriber>(nullptr, std::move(load_fallback));
  if (const auto fallback = pair->Fallback(); !fallback.ok()) return BothFailed(primary.error(), fallback.error());
  base::Log(base::LogLevel::kWarning, "speech model unavailable, the fallback serves", {{"error", primary.error().message}});
  return std::unique_ptr<Transcriber>(std::move(pair));
}

}  // namespace speechcoach::stt
