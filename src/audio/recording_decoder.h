// Recordings of unknown origin, checked and decoded: WAV in this process, everything else in confined ones.
#pragma once

#include <filesystem>
#include <memory>

#include "audio/audio_decoder.h"
#include "base/config.h"
#include "base/result.h"

namespace speechcoach::audio {

// `decode_program` is `speechcoach-decode`, normally beside the running program. Never fails: where the program cannot be
// started or confined, WAV is decoded all the same and other formats answer kInternal. A request waits at most
// decode_timeout_ms for a free process (kBusy) and as long again for its decoding (kTimeout). Recordings may be 0.5 s longer
// than max_seconds, because codecs pad.
std::unique_ptr<AudioDecoder> MakeRecordingDecoder(const base::AudioConfig& config, std::filesystem::path decode_program);

// Starts one decoder process and ends it again. Errors: kInternal (the message says what is missing), kTimeout.
base::Status CheckDecodeProgram(const base::AudioConfig& config, const std::filesystem::path& decode_program);

}  // namespace speechcoach::audio
