#include "stt/make_transcriber.h"

#include <string>

#include "stt/fallback_transcriber.h"
#include "stt/model_store.h"
#include "stt/whisper_transcriber.h"

namespace speechcoach::stt {

base::Result<std::unique_ptr<Transcriber>> MakeTranscriber(const base::Config& config, const std::filesystem::path& program_dir) {
  const auto loader = [stt = config.stt,
                       folders = ModelFolders(config, program_dir)](const std::string& model) -> TranscriberLoader {
    return [=]() -> base::Result<std::unique_ptr<Transcriber>> {
      const auto file = FindModel(model, folders);
      if (!file.ok()) return file.error();
      return MakeWhisperTranscriber(stt, *file);
    };
  };
  const bool has_fallback = !config.stt.fallback_model.empty() && config.stt.fallback_model != config.stt.model;
  if (!has_fallback) return loader(config.stt.model)();
  return MakeFallbackTranscriber(loader(config.stt.model), loader(config.stt.fallback_model));
}

}  // namespace speechcoach::stt
