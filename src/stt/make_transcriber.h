// The transcriber that a configuration describes.
#pragma once

#include <filesystem>
#include <memory>

#include "base/config.h"
#include "base/result.h"
#include "stt/transcriber.h"

namespace speechcoach::stt {

// stt.model with stt.fallback_model behind it, found on disk and loaded. `program_dir` is the folder of the running program.
// Errors: kModelUnavailable (neither can be loaded; the message says why and what to do).
base::Result<std::unique_ptr<Transcriber>> MakeTranscriber(const base::Config& config, const std::filesystem::path& program_dir);

}  // namespace speechcoach::stt
