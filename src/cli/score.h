// `speechcoach score --batch`: the whole analysis of many recordings.
#pragma once

#include "audio/audio_decoder.h"
#include "base/config.h"
#include "cli/command_line.h"
#include "pipeline/analyse_recording.h"

namespace speechcoach::cli {

// One line a recording, in the order of the list: JSON, or the file and its six scores. A recording that cannot be analysed has an error in its
// line; then the answer is kDegraded.
ExitCode RunScore(const ScoreCommand& command, const base::Config& config, audio::AudioDecoder& decoder,
                  const pipeline::Stages& stages);

}  // namespace speechcoach::cli
