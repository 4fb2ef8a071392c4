// What the server and its confined decoder `speechcoach-decode` say to each other over one stream socket (the decoder's
// standard input and output). Both are built together and run on one machine, so integers and floats are in its own byte order.
//
//   decoder -> server   Hello                          once, after the decoder has confined itself
//   server  -> decoder  Request, then `byte_count` bytes of the recording
//   decoder -> server   Answer, then `sample_count` floats (mono, 16 kHz)
//
// One request at a time. The decoder ends when its input does. The server trusts nothing that it reads here: sizes are
// checked against what it asked for, samples are cleaned.
#pragma once

#include <cstdint>
#include <type_traits>

namespace speechcoach::audio::decode_protocol {

inline constexpr std::uint32_t kMagic = 0x53434431;  // "SCD1": changes with every change of these structures

enum class HelloStatus : std::uint32_t { kReady = 0, kNotConfined = 1 };

struct Hello {
  std::uint32_t magic = kMagic;
  HelloStatus status = HelloStatus::kReady;
  std::int32_t system_error = 0;  // errno, where not confined
};

enum class Container : std::uint32_t { kWebm = 1, kOgg = 2, kMp3 = 3, kM4a = 4, kFlac = 5 };

struct Request {
  std::uint32_t magic = kMagic;
  Container container = Container::kWebm;
  std::uint32_t max_samples = 0;  // more than these are refused as too long
  std::uint32_t byte_count = 0;
};

enum class AnswerStatus : std::uint32_t {
  kDecoded = 0,
  kUnreadable = 1,        // damaged beyond use
  kNoAudio = 2,           // a sound container without sound in it
  kUnsupportedCodec = 3,  // a codec that no browser or phone records with
  kTooLong = 4,
};

struct Answer {
  std::uint32_t magic = kMagic;
  AnswerStatus status = AnswerStatus::kDecoded;
  std::uint32_t truncated = 0;  // 1: the container ended early or held damaged packets
  std::uint32_t sample_count = 0;
};

static_assert(std::is_trivially_copyable_v<Hello> && std::is_trivially_copyable_v<Request> &&
              std::is_trivially_copyable_v<Answer>);

}  // namespace speechcoach::audio::decode_protocol
