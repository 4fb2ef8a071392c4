#include "cli/model.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cli/terminal.h"
#include "stt/model_download.h"
#include "stt/model_store.h"

namespace speechcoach::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kBytesPerMb = 1024.0 * 1024.0;

struct Found {
  std::string name;
  fs::path path;
};

// All of the folders, in the order in which they are searched.
std::vector<Found> FindAll(const std::vector<fs::path>& folders) {
  constexpr std::string_view kPrefix = "ggml-";
  constexpr std::string_view kSuffix = ".bin";
  std::vector<Found> all;
  for (const fs::path& folder : folders) {
    std::vector<Found> here;
    std::error_code none;
    for (fs::directory_iterator entry(folder, none), end; !none && entry != end; entry.increment(none)) {
      const std::string file = entry->path().filename().string();
      if (!file.starts_with(kPrefix) || !file.ends_with(kSuffix)) continue;
      here.push_back({file.substr(kPrefix.size(), file.size() - kPrefix.size() - kSuffix.size()), entry->path()});
    }
    std::ranges::sort(here, {}, &Found::name);
    all.insert(all.end(), here.begin(), here.end());
  }
  return all;
}

std::string Role(const std::string& name, const base::SttConfig& config) {
  if (name == config.model) return "  (stt.model)";
  return name == config.fallback_model ? "  (stt.fallback_model)" : "";
}

ExitCode List(const base::Config& config, const std::vector<fs::path>& folders) {
  const std::vector<Found> all = FindAll(folders);
  for (const Found& model : all) {
    const auto file = stt::FindModel(model.path.string(), {});
    if (file.ok()) {
      fmt::print("{:<24} {:>7.1f} MB  {}{}\n", model.name, static_cast<double>(file->size_bytes) / kBytesPerMb,
                 model.path.string(), Role(model.name, config.stt));
    } else {
      fmt::print("{:<24}    damaged  {}\n", model.name, file.error().message);
    }
  }
  if (!all.empty()) return ExitCode::kOk;
  fmt::print(
      stderr,
      "speechcoach: no speech models; `speechcoach model pull NAME --url ADDRESS` fetches one, `make models` converts two\n");
  return ExitCode::kFailed;
}

// The whole structure, and the checksum where one was kept.
ExitCode Verify(const std::vector<std::string>& names, const std::vector<fs::path>& folders) {
  std::vector<std::string> wanted = names;
  if (wanted.empty()) {
    for (const Found& model : FindAll(folders)) wanted.push_back(model.path.string());
  }
  ExitCode exit = wanted.empty() ? ExitCode::kFailed : ExitCode::kOk;
  if (wanted.empty()) fmt::print(stderr, "speechcoach: no speech models\n");
  for (const std::string& name : wanted) {
    const auto file = stt::FindModel(name, folders);
    const auto digest = file.ok() ? stt::Sha256Of(file->path) : base::Result<std::string>(file.error());
    if (!digest.ok()) {
      fmt::print("FAIL  {}\n", digest.error().message);
      exit = ExitCode::kFailed;
      continue;
    }
    const std::string kept = stt::KeptSha256(file->path);
    const bool is_right = kept.empty() || kept == *digest;
    fmt::print(
        "{}  {}  {}{}\n", is_right ? "ok  " : "FAIL", *digest, file->path.string(),
        kept.empty() ? "  (structure only: no checksum is kept)" : (is_right ? "" : fmt::format(", which should be {}", kept)));
    if (!is_right) exit = ExitCode::kFailed;
  }
  return exit;
}

ExitCode Pull(const ModelCommand& command, const base::Config& config) {
  const std::string file = fmt::format("ggml-{}.bin", command.names.front());
  stt::ModelDownload download;
  download.url = command.url.ends_with('/') ? command.url + file : command.url;
  download.target = (config.stt.model_dir.empty() ? fs::path(config.data_dir) / "models" : fs::path(config.stt.model_dir)) / file;
  download.sha256 = command.sha256;
  base::Status done;
  {
    ProgressBar bar;
    download.on_progress = [&](std::uint64_t bytes, std::uint64_t all) {
      const int percent = all > 0 ? static_cast<int>(100 * bytes / all) : 0;
      bar.Show(percent, fmt::format("{} {:.1f} MB", file, static_cast<double>(bytes) / kBytesPerMb));
    };
    done = stt::DownloadModel(download);
  }
  if (!done.ok()) {
    fmt::print(stderr, "speechcoach: {}\n", done.error().message);
    return ExitCode::kFailed;
  }
  fmt::print("{}\n", download.target.string());
  return ExitCode::kOk;
}

}  // namespace

ExitCode RunModel(const ModelCommand& command, const base::Config& config, const fs::path& program_dir) {
  const std::vector<fs::path> folders = stt::ModelFolders(config, program_dir);
  switch (command.action) {
    case ModelCommand::Action::kList:
      return List(config, folders);
    case ModelCommand::Action::kVerify:
      return Verify(command.names, folders);
    case ModelCommand::Action::kPull:
      return Pull(command, config);
  }
  return ExitCode::kUsage;
}

}  // namespace speechcoach::cli
