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
  std::string role{};
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

// Marks the file that the setting `model`, a name or a path, stands for; adds it where it lies in none of the folders.
void Mark(std::vector<Found>& all, const std::string& model, const std::vector<fs::path>& folders, const char* role) {
  const auto used = stt::FindModel(model, folders);
  if (!used.ok()) return;
  std::error_code none;
  auto found = std::ranges::find_if(all, [&](const Found& one) { return fs::equivalent(one.path, used->path, none); });
  if (found == all.end()) found = all.insert(all.end(), Found{used->name, used->path});
  found->role += fmt::format("  ({})", role);
}

ExitCode List(const base::Config& config, const std::vector<fs::path>& folders) {
  std::vector<Found> all = FindAll(folders);
  Mark(all, config.stt.model, folders, "stt.model");
  Mark(all, config.stt.fallback_model, folders, "stt.fallback_model");
  for (const Found& model : all) {
    const auto file = stt::FindModel(model.path.string(), {});
    if (file.ok()) {
      fmt::print("{:<24} {:>7.1f} MB  {}{}\n", model.name, static_cast<double>(file->size_bytes) / kBytesPerMb,
                 model.path.string(), model.role);
    } else {
      fmt::print("{:<24}    damaged  {}\n", model.name, file.error().message);
    }
  }
  if (!all.empty()) return ExitCode::kOk;
  fmt::print(stderr, "speechcoach: no speech models; `speechcoach model pull base` fetches one\n");
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
  const std::string& name = command.names.front();
  const std::string file = fmt::format("ggml-{}.bin", name);
  const std::string& source = config.stt.model_source;
  if (command.url.empty() && source.empty()) {
    fmt::print(stderr, "speechcoach: stt.model_source is empty; give --url ADDRESS\n");
    return ExitCode::kFailed;
  }
  stt::ModelDownload download;
  download.url = command.url.empty() ? source + (source.ends_with('/') ? "" : "/") : command.url;
  if (download.url.ends_with('/')) download.url += file;
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
    const bool is_missing = command.url.empty() && done.error().code == base::ErrorCode::kNotFound;
    fmt::print(
        stderr, "speechcoach: {}{}\n", done.error().message,
        is_missing ? fmt::format("; stt.model_source does not have {}: give --url with an address that has it", name) : "");
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
