#include "stt/internal/loadable.h"

#include <cstdint>

#include <fmt/format.h>

#include "stt/internal/machine.h"
#include "stt/speech_encoder.h"

namespace speechcoach::stt {
namespace {

constexpr std::uint64_t kBytesPerMb = 1024 * 1024;

// Whisper base, multilingual, at 16 bits.
constexpr std::int32_t kStates = 512;
constexpr std::int32_t kLayers = 6;
constexpr std::int32_t kVocabulary = 51'865;
constexpr std::int32_t kFloat16 = 1;

}  // namespace

base::Status CheckMemory(const base::SttConfig& config, const ModelFile& file, const ModelHeader& header) {
  const std::uint64_t need = MemoryNeedBytes(header, file.size_bytes, config.parallel);
  const bool is_limited = config.memory_limit_mb > 0;
  const std::uint64_t room =
      is_limited ? static_cast<std::uint64_t>(config.memory_limit_mb) * kBytesPerMb : AvailableMemoryBytes();
  if (need <= room) return {};
  return {base::ErrorCode::kModelUnavailable,
          fmt::format("the speech model '{}' needs {} MB for {} at once, {} {} MB", file.name, need / kBytesPerMb,
                      config.parallel, is_limited ? "stt.memory_limit_mb is" : "the machine has free", room / kBytesPerMb)};
}

bool IsEvidenceModel(const ModelFile& file, const ModelHeader& header) {
  return file.name == kEvidenceModel && header.n_audio_state == kStates && header.n_audio_layer == kLayers &&
         header.n_vocab == kVocabulary && header.ftype == kFloat16;
}

}  // namespace speechcoach::stt
