// Collects what the encoder said of a recording's windows.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/encoder_features.h"
#include "stt/internal/speech_windows.h"
#include "stt/internal/whisper_engine.h"

namespace speechcoach::stt {

class EvidenceCollector {
 public:
  // `windows` and `text` outlive it.
  EvidenceCollector(std::span<const SpeechWindow> windows, const std::string& text) : windows_(windows), text_(text) {}

  // Called for each window right after `session` encoded it for `request`, the usual silence after it.
  base::Status Collect(WhisperSession& session, const DecodeRequest& request, const SpeechWindow& window);

  model::SpeechEvidence Take() { return std::move(evidence_); }

 private:
  std::span<const SpeechWindow> windows_;
  const std::string& text_;
  model::SpeechEvidence evidence_;
};

}  // namespace speechcoach::stt
