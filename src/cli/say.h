// `speechcoach say`: a sentence by the model voice.
#pragma once

#include "cli/command_line.h"
#include "voice/model_voice.h"

namespace speechcoach::cli {

// Writes the WAV file, and the times of words and phones to stdout: a line each, or JSON.
ExitCode RunSay(const SayCommand& command, voice::ModelVoice& voice);

}  // namespace speechcoach::cli
