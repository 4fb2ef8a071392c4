#include "stt/model_store.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "stt/internal/model_header.h"

namespace speechcoach::stt {
namespace {

constexpr std::string_view kPrefix = "ggml-";
constexpr std::string_view kSuffix = ".bin";

bool IsPath(const std::string& model) { return model.find('/') != std::string::npos || model.ends_with(kSuffix); }

// "ggml-base.bin" -> "base".
std::string NameOf(const std::filesystem::path& path) {
  std::string name = path.filename().string();
  if (name.ends_with(kSuffix)) name.resize(name.size() - kSuffix.size());
  if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
  return name;
}

bool IsFile(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

base::Result<ModelFile> Checked(std::string name, const std::filesystem::path& path) {
  if (const base::Status status = CheckModelFile(path); !status.ok()) return status.error();
  std::error_code fault;
  const std::uintmax_t size = std::filesystem::file_size(path, fault);
  if (fault) return {base::ErrorCode::kModelUnavailable, fmt::format("{}: {}", path.string(), fault.message())};
  return ModelFile{std::move(name), path, size};
}

}  // namespace

std::vector<std::filesystem::path> ModelFolders(const base::Config& config, const std::filesystem::path& program_dir) {
  if (!config.stt.model_dir.empty()) return {config.stt.model_dir};
  return {(program_dir / ".." / "models").lexically_normal(), std::filesystem::path(config.data_dir) / "models",
          "/usr/share/speechcoach/models"};
}

base::Result<ModelFile> FindModel(const std::string& model, const std::vector<std::filesystem::path>& folders) {
  if (IsPath(model)) {
    if (IsFile(model)) return Checked(NameOf(model), model);
    return {base::ErrorCode::kModelUnavailable, fmt::format("there is no speech model at {}", model)};
  }
  std::vector<std::string> tried;
  for (const std::filesystem::path& folder : folders) {
    const std::filesystem::path path = folder / fmt::format("{}{}{}", kPrefix, model, kSuffix);
    if (IsFile(path)) return Checked(model, path);
    tried.push_back(path.string());
  }
  return {base::ErrorCode::kModelUnavailable, fmt::format("the speech model '{}' was not found; looked for {}. `speechcoach "
                                                          "model pull {}` fetches it; or set stt.model_dir to its folder",
                                                          model, fmt::join(tried, ", "), model)};
}

base::Status CheckModelFile(const std::filesystem::path& path) {
  const auto header = ReadModelFile(path);
  if (!header.ok()) return header.error();
  return {};
}

}  // namespace speechcoach::stt
