// What a client may say: the ClientMessage of contract/ws.schema.json.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "model/session.h"
#include "pipeline/audio_source.h"

namespace speechcoach::api {

inline constexpr int kMinSampleRateHz = 8000;
inline constexpr int kMaxSampleRateHz = 48000;

using pipeline::AudioSource;
using pipeline::StreamFormat;

struct StartSession {
  model::Mode mode = model::Mode::kConversation;
  std::optional<std::int64_t> sentence_id;
  std::string reference_text;
  std::string topic;  // empty: none
  std::string level;  // empty: the usual one
  AudioSource source;
  std::optional<model::Locale> locale;
  std::string client_ref;
};
struct AudioChunk {
  std::string session_id;
  std::uint32_t seq = 0;
  std::vector<std::uint8_t> bytes;
};
struct EndRecording {
  std::string session_id;
  std::int64_t last_seq = -1;  // inclusive; -1: nothing was sent
};
struct CancelRecording {
  std::string session_id;
};
struct Ping {
  std::optional<std::string> nonce;
};
struct RetryAnalysis {
  std::string session_id;
  bool full = false;
  std::optional<std::int64_t> last_event;
};
struct ResumeSession {
  std::string session_id;
  std::int64_t last_event = 0;
};
struct StartTurn {
  std::string session_id;
  AudioSource source;
  std::optional<std::int64_t> last_event;
};
using ClientMessage =
    std::variant<StartSession, AudioChunk, EndRecording, CancelRecording, Ping, RetryAnalysis, ResumeSession, StartTurn>;

// kBadJson, kUnknownType, kBadField or kUnsupportedFormat.
struct BadMessage {
  base::ErrorCode code = base::ErrorCode::kBadJson;
  std::string field{};
  std::string client_ref{};  // of a start_session
};

std::variant<ClientMessage, BadMessage> ParseClientMessage(std::string_view text);

// A binary frame: u32 stream id, u32 seq, both little-endian, then the audio.
struct BinaryChunk {
  std::uint32_t stream_id = 0;
  std::uint32_t seq = 0;
  std::span<const std::uint8_t> bytes;  // lies in the frame
};
std::optional<BinaryChunk> ParseBinaryChunk(std::span<const std::uint8_t> frame);

}  // namespace speechcoach::api
