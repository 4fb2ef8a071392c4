// What a model file is good for on this machine.
#pragma once

#include "base/config.h"
#include "base/result.h"
#include "stt/internal/model_header.h"
#include "stt/model_store.h"

namespace speechcoach::stt {

// Errors: kModelUnavailable (weights and `config.parallel` states need more memory than config.memory_limit_mb, or than the machine has free).
base::Status CheckMemory(const base::SttConfig& config, const ModelFile& file, const ModelHeader& header);

// kEvidenceModel itself (see speech_encoder.h): a file of its name may hold quantised weights, or another model's.
bool IsEvidenceModel(const ModelFile& file, const ModelHeader& header);

}  // namespace speechcoach::stt
