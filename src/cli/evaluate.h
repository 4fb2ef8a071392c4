// `speechcoach eval speechocean762`: how well the scores agree with human raters.
#pragma once

#include "audio/audio_decoder.h"
#include "base/config.h"
#include "cli/command_line.h"
#include "prosody/prosody_extractor.h"
#include "stt/speech_encoder.h"
#include "stt/transcriber.h"

namespace speechcoach::cli {

// Not owned; all thread-safe.
struct EvaluationParts {
  audio::AudioDecoder* decoder = nullptr;
  stt::Transcriber* transcriber = nullptr;
  stt::SpeechEncoder* encoder = nullptr;
  prosody::ProsodyExtractor* prosody = nullptr;
};

// Scores every recording of the folder with parameters that have not learnt from its speaker, on all cores, and prints the agreement; what
// is wrong with single recordings goes to stderr. kUsage where the folder cannot be read or every set of parameters has learnt from a
// speaker.
ExitCode RunEvaluate(const EvaluateCommand& command, const base::Config& config, const EvaluationParts& parts);

}  // namespace speechcoach::cli
