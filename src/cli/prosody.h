// `speechcoach prosody`: the voice in recordings, in Praat's figures.
#pragma once

#include "audio/audio_decoder.h"
#include "base/config.h"
#include "cli/command_line.h"

namespace speechcoach::cli {

// Prints to stdout a table a file, or with as_json one line of JSON: {file, duration_s, pitch: {first_s, step_s, f0_hz,
// strength}, intensity: {first_s, step_s, db}, harmonicity: {first_s, step_s, hnr_db, mean_db}, pulses_s, jitter: {local, rap,
// ppq5}, shimmer: {local, apq3, apq5}}; `db` is above 20 micropascal, as in Praat. Stops at the first file that cannot be used.
ExitCode RunProsody(const ProsodyCommand& command, const base::Config& config, audio::AudioDecoder& decoder);

}  // namespace speechcoach::cli
