// Where speech models lie on disk, and whether one can be loaded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/config.h"
#include "base/result.h"

namespace speechcoach::stt {

// A readable ggml file, its header and its length checked.
struct ModelFile {
  std::string name;  // "base", "tiny.en": what Transcript::model shows
  std::filesystem::path path;
  std::uintmax_t size_bytes = 0;
};

// The folders searched for ggml-NAME.bin, first to last: stt.model_dir alone where it is set, else ../models beside
// `program_dir`, models/ in data_dir, /usr/share/speechcoach/models.
std::vector<std::filesystem::path> ModelFolders(const base::Config& config, const std::filesystem::path& program_dir);

// `model` is a name, or a path where it holds a '/' or ends in ".bin". Thread-safe.
// Errors: kModelUnavailable (not found: the message says where was looked and what to do; or damaged, as CheckModelFile).
base::Result<ModelFile> FindModel(const std::string& model, const std::vector<std::filesystem::path>& folders);

// Walks the whole file's structure (header, filters, vocabulary, every tensor's shape and length) without reading the weights,
// so that a damaged or truncated file is an error here and never reaches the engine.
// Errors: kModelUnavailable.
base::Status CheckModelFile(const std::filesystem::path& path);

}  // namespace speechcoach::stt
