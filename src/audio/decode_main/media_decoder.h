// Containers and codecs of FFmpeg -> 16 kHz mono float, from memory to memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "audio/decode_protocol.h"

namespace speechcoach::audio {

struct DecodedMedia {
  decode_protocol::AnswerStatus status = decode_protocol::AnswerStatus::kUnreadable;
  bool truncated = false;
  std::vector<float> samples;  // empty unless decoded
};

// Reads the best audio stream of `bytes` with the demuxer of `container` and no other; stops as soon as more than
// `max_samples` have come out. Opens no file and no address, whatever the container refers to. Not thread-safe: it listens
// to FFmpeg's process-wide log to learn of damage. Throws std::bad_alloc.
DecodedMedia DecodeMedia(std::span<const std::uint8_t> bytes, decode_protocol::Container container, std::size_t max_samples);

}  // namespace speechcoach::audio
