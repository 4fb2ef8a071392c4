// `speechcoach analyze`: the whole pipeline on one file.
#pragma once

#include "audio/audio_decoder.h"
#include "base/config.h"
#include "cli/command_line.h"
#include "pipeline/analyse_recording.h"

namespace speechcoach::cli {

// Reads the file, analyses it and prints to stdout; errors and the progress bar go to stderr.
ExitCode RunAnalyze(const AnalyzeCommand& command, const base::Config& config, audio::AudioDecoder& decoder,
                    const pipeline::Stages& stages);

}  // namespace speechcoach::cli
