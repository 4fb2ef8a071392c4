#include "checks.h"

#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "audio/recording_decoder.h"
#include "base/url.h"
#include "parts.h"
#include "stt/model_store.h"
#include "stt/whisper_transcriber.h"

namespace speechcoach::app {
namespace {

using Look = base::Result<std::string>;

Look LookAtMachine() { return fmt::format("{} cores", std::thread::hardware_concurrency()); }

Look LookAtDatabase(const base::Config& config) {
  const auto database = OpenDatabase(config);
  if (!database.ok()) return database.error();
  const auto migrations = (*database)->MigrationStatus();
  if (!migrations.ok()) return migrations.error();
  int missing = 0;
  for (const storage::MigrationState& migration : *migrations) missing += migration.applied ? 0 : 1;
  return fmt::format("{}, {}", base::WithoutCredentials(config.database.url),
                     missing == 0 ? "schema up to date" : fmt::format("{} migrations to come at the next start", missing));
}

Look LookAtAudioStore(const base::Config& config) {
  const auto blobs = storage::OpenBlobStore(config.audio);
  if (!blobs.ok()) return blobs.error();
  const std::uint8_t probe[] = {1, 2, 3};
  if (const auto put = (*blobs)->Put("doctor/probe", probe); !put.ok()) return put.error();
  const auto got = (*blobs)->Get("doctor/probe");
  if (!got.ok()) return got.error();
  if (const auto deleted = (*blobs)->Delete("doctor/probe"); !deleted.ok()) return deleted.error();
  return fmt::format("{}, writable", config.audio.url);
}

Look LookAtDecoder(const base::Config& config) {
  const std::filesystem::path program = ProgramDir() / "speechcoach-decode";
  if (const base::Status checked = audio::CheckDecodeProgram(config.audio, program); !checked.ok()) return checked.error();
  return fmt::format("{}, starts and confines itself", program.string());
}

Look LookAtModel(const base::Config& config, const std::string& name) {
  const auto file = stt::FindModel(name, stt::ModelFolders(config, ProgramDir()));
  if (!file.ok()) return file.error();
  const base::Stopwatch watch;
  const auto loaded = stt::MakeWhisperTranscriber(config.stt, *file);
  if (!loaded.ok()) return loaded.error();
  return fmt::format("{}, {} MB, loads in {} ms", file->path.string(), file->size_bytes / 1'000'000, watch.ElapsedMs());
}

Look LookAtWebPage(const base::Config& config) {
  const std::filesystem::path index = std::filesystem::path(config.server.web_root) / "index.html";
  std::error_code fault;
  if (!std::filesystem::exists(index, fault)) return {base::ErrorCode::kNotFound, fmt::format("{} is not there", index.string())};
  return index.string();
}

}  // namespace

std::vector<cli::Check> InstallationChecks(const base::Config& config) {
  std::vector<cli::Check> checks;
  checks.push_back({"machine", LookAtMachine, "", false});
  checks.push_back({"database", [&config] { return LookAtDatabase(config); },
                    "check database.url, the folder's owner and the free space; data_dir sets where it lies"});
  checks.push_back(
      {"audio store", [&config] { return LookAtAudioStore(config); }, "check audio.url, the folder's owner and the free space"});
  checks.push_back({"decoder", [&config] { return LookAtDecoder(config); },
                    "speechcoach-decode belongs beside speechcoach and needs a kernel with seccomp"});
  checks.push_back({"speech model", [&config] { return LookAtModel(config, config.stt.model); },
                    "run 'speechcoach model pull NAME' (where the source lies 'make models' makes base and tiny.en), or set "
                    "stt.model_dir to the folder "
                    "that holds ggml-NAME.bin"});
  if (!config.stt.fallback_model.empty()) {
    checks.push_back({"fallback model", [&config] { return LookAtModel(config, config.stt.fallback_model); },
                      "run 'speechcoach model pull NAME'; without it a failure of the main model leaves no transcript", false});
  }
  checks.push_back({"web page", [&config] { return LookAtWebPage(config); }, "run 'make web', or set server.web_root", false});
  return checks;
}

}  // namespace speechcoach::app
