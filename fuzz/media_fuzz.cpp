// Any bytes in any container that FFmpeg opens for us: what the confined decoder does with them, without the confinement, so that
// the sanitizers see our part of it.
#include <cstdint>
#include <cstdlib>

#include "audio/decode_main/media_decoder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace speechcoach::audio;
  if (size == 0) return 0;
  constexpr std::size_t kMaxSamples = 32'000;
  const auto container = static_cast<decode_protocol::Container>(1 + data[size - 1] % 5);
  const DecodedMedia media = DecodeMedia({data, size - 1}, container, kMaxSamples);
  const bool has_sound = media.status == decode_protocol::AnswerStatus::kDecoded;
  if (has_sound != !media.samples.empty() || media.samples.size() > kMaxSamples) std::abort();
  return 0;
}
