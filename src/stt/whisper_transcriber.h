// Transcriber on OpenAI's Whisper (Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022), run by
// whisper.cpp on this machine's cores.
#pragma once

#include <memory>

#include "base/config.h"
#include "base/result.h"
#include "stt/model_store.h"
#include "stt/transcriber.h"

namespace speechcoach::stt {

// Against texts that nobody said: loops, other scripts, words heard in noise (docs/stt.md). Off only to measure what they do.
enum class Guards { kOff, kOn };

// Loads the weights once; `config.parallel` recordings are transcribed at once, the others wait in the order they came.
// Waiting for a turn may take `config.time_limit_ms`, and so may the work. Takes seconds for large models.
// Errors: kModelUnavailable (the file is damaged, or needs more memory than config.memory_limit_mb or the machine has free).
base::Result<std::unique_ptr<Transcriber>> MakeWhisperTranscriber(const base::SttConfig& config, const ModelFile& file,
                                                                  Guards guards = Guards::kOn);

}  // namespace speechcoach::stt
