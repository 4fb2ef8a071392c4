#include "stt/speech_encoder.h"

#include <chrono>
#include <mutex>
#include <utility>
#include <vector>

#include "stt/internal/evidence.h"
#include "stt/internal/fair_pool.h"
#include "stt/internal/loadable.h"
#include "stt/internal/loudness.h"
#include "stt/internal/machine.h"
#include "stt/internal/model_header.h"
#include "stt/internal/speech_windows.h"
#include "stt/internal/whisper_engine.h"
#include "stt/model_store.h"

namespace speechcoach::stt {
namespace {

using SteadyClock = std::chrono::steady_clock;

// The weights and the sessions on them; the engine outlives its sessions.
struct LoadedEncoder {
  LoadedEncoder(std::unique_ptr<WhisperEngine> loaded, std::vector<std::unique_ptr<WhisperSession>> made)
      : engine(std::move(loaded)), sessions(std::move(made)) {}

  std::unique_ptr<WhisperEngine> engine;
  FairPool<WhisperSession> sessions;
};

class WhisperSpeechEncoder final : public SpeechEncoder {
 public:
  WhisperSpeechEncoder(const base::SttConfig& config, std::vector<std::filesystem::path> folders)
      : config_(config), folders_(std::move(folders)) {}

  base::Result<model::SpeechEvidence> Encode(const model::AudioClip& clip, const std::string& text,
                                             std::stop_token stop) override {
    const std::vector<float> loudness = LoudnessDb(clip.samples);
    const std::vector<SpeechWindow> windows = FindSpeechWindows(loudness, clip.samples.size());
    if (windows.empty()) return model::SpeechEvidence{};

    const auto loaded = Loaded();
    if (!loaded.ok()) return loaded.error();
    const std::chrono::milliseconds time_limit(config_.time_limit_ms);
    auto session = (*loaded)->sessions.Take(stop, SteadyClock::now() + time_limit);
    if (!session.ok()) return session.error();

    const SteadyClock::time_point deadline = SteadyClock::now() + time_limit;
    EvidenceCollector evidence(windows, text);
    for (const SpeechWindow& window : windows) {
      DecodeRequest request;
      request.samples = std::span(clip.samples).subspan(window.begin, window.end - window.begin);
      request.silence_s = kUsualSilenceS;
      request.threads = ThreadsWithACore(ThreadsForEach(config_.threads, config_.parallel));
      request.should_stop = [&] { return stop.stop_requested() || SteadyClock::now() >= deadline; };
      base::Status done = (*session)->Encode(request);
      if (done.ok()) done = evidence.Collect(**session, request, window);
      if (!done.ok() && done.error().code == base::ErrorCode::kCancelled && !stop.stop_requested()) {
        return {base::ErrorCode::kTimeout, "the recording took longer to encode than stt.time_limit_ms"};
      }
      if (!done.ok()) return done.error();
    }
    return evidence.Take();
  }

 private:
  base::Result<LoadedEncoder*> Loaded() {
    const std::lock_guard lock(loading_);
    if (loaded_) return loaded_.get();
    const auto file = FindModel(kEvidenceModel, folders_);
    if (!file.ok()) return file.error();
    const auto header = ReadModelFile(file->path);
    if (!header.ok()) return header.error();
    if (!IsEvidenceModel(*file, *header)) {
      return {base::ErrorCode::kModelUnavailable,
              file->path.string() + " does not hold Whisper base at 16 bits, which pronunciation is scored with"};
    }
    if (const base::Status status = CheckMemory(config_, *file, *header); !status.ok()) return status.error();
    auto engine = WhisperEngine::Load(file->path);
    if (!engine.ok()) return engine.error();
    std::vector<std::unique_ptr<WhisperSession>> sessions;
    for (int i = 0; i < config_.parallel; ++i) {
      auto session = (*engine)->NewSession();
      if (!session.ok()) return session.error();
      sessions.push_back(std::move(*session));
    }
    loaded_ = std::make_unique<LoadedEncoder>(std::move(*engine), std::move(sessions));
    return loaded_.get();
  }

  const base::SttConfig config_;
  const std::vector<std::filesystem::path> folders_;
  std::mutex loading_;
  std::unique_ptr<LoadedEncoder> loaded_;  // null until needed; guarded by loading_, never replaced
};

}  // namespace

std::unique_ptr<SpeechEncoder> MakeSpeechEncoder(const base::Config& config, const std::filesystem::path& program_dir) {
  return std::make_unique<WhisperSpeechEncoder>(config.stt, ModelFolders(config, program_dir));
}

}  // namespace speechcoach::stt
