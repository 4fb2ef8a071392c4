// A recording named on the command line.
#pragma once

#include <string>

#include "audio/audio_decoder.h"
#include "base/config.h"
#include "base/result.h"
#include "cli/command_line.h"
#include "model/audio_clip.h"
#include "model/session.h"

namespace speechcoach::cli {

// Reads and decodes it; the name's ending or the content tells the format. Errors: kNotFound where it cannot be opened, and the
// decoder's.
base::Result<model::AudioClip> ReadAudioFile(const std::string& path, const base::Config& config, audio::AudioDecoder& decoder);

// Says to stderr what went wrong, for a learner and for an operator, and answers the exit status that goes with it.
ExitCode ComplainOfAudio(const base::Error& error, model::Locale locale);

}  // namespace speechcoach::cli
