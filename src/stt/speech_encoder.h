// The evidence for pronunciation scores: always from Whisper base's encoder at 16-bit weights, whatever model writes the
// transcript, so that scores do not depend on the machine's load or on that choice.
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "base/config.h"
#include "base/result.h"
#include "model/audio_clip.h"
#include "model/encoder_features.h"

namespace speechcoach::stt {

// The model whose encoder pass is the evidence.
inline constexpr const char* kEvidenceModel = "base";

// Thread-safe; calls beyond what the engine runs at once wait their turn.
class SpeechEncoder {
 public:
  virtual ~SpeechEncoder() = default;

  // A function of the samples and the text alone: bit for bit what a Transcriber on the same weights hands to on_evidence.
  // `text` may be empty. Features without frames where the recording is silent. Blocks.
  // Errors: kSttFailed, kModelUnavailable, kTimeout, kCancelled, kBusy.
  virtual base::Result<model::SpeechEvidence> Encode(const model::AudioClip& clip, const std::string& text,
                                                     std::stop_token stop) = 0;
};

// Looks for the weights in ModelFolders() and loads them when first asked to encode; a failure to load is answered and tried
// again with the next recording. `program_dir` is the folder of the running program.
std::unique_ptr<SpeechEncoder> MakeSpeechEncoder(const base::Config& config, const std::filesystem::path& program_dir);

}  // namespace speechcoach::stt
