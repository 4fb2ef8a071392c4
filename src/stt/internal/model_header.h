// The ggml file format of Whisper models: magic, sizes, mel filters, vocabulary, then the tensors one after another.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"

namespace speechcoach::stt {

// Names and order as in the file, all little-endian int32.
struct ModelHeader {
  std::int32_t n_vocab = 0;
  std::int32_t n_audio_ctx = 0;  // encoder frames in 30 s
  std::int32_t n_audio_state = 0;
  std::int32_t n_audio_head = 0;
  std::int32_t n_audio_layer = 0;
  std::int32_t n_text_ctx = 0;  // tokens
  std::int32_t n_text_state = 0;
  std::int32_t n_text_head = 0;
  std::int32_t n_text_layer = 0;
  std::int32_t n_mels = 0;
  std::int32_t ftype = 0;
};

// Reads the header and walks every tensor's name, shape and length to the end of the file. The engine itself trusts its file:
// what passes here cannot make it read past the end, multiply odd shapes or miss a tensor. Weights are not read.
// Errors: kModelUnavailable.
base::Result<ModelHeader> ReadModelFile(const std::filesystem::path& path);

// What the weights (as long as their file) and `states` recordings at once take, with a tenth to spare.
std::uint64_t MemoryNeedBytes(const ModelHeader& header, std::uint64_t file_bytes, int states);

}  // namespace speechcoach::stt
