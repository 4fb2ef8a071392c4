#include "api/ws/client_message.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <boost/json.hpp>

#include "api/base64.h"
#include "api/fields.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;
using Parsed = std::variant<ClientMessage, BadMessage>;

constexpr std::size_t kMaxTextBytes = 8000;  // the service counts characters
constexpr std::size_t kMaxNameBytes = 400;
constexpr std::array<std::string_view, 5> kLevels{"A1", "A2", "B1", "B2", "C1"};

BadMessage BadField(std::string_view field) { return {base::ErrorCode::kBadField, std::string(field)}; }

std::optional<std::int64_t> IntegerWithin(const bj::object& object, std::string_view name, std::int64_t low, std::int64_t high) {
  const auto field = IntegerField(object, name);
  return field.value && *field.value >= low && *field.value <= high ? field.value : std::nullopt;
}

std::optional<std::uint32_t> Seq(const bj::object& object) {
  const auto seq = IntegerWithin(object, "seq", 0, std::numeric_limits<std::uint32_t>::max());
  return seq ? std::optional(static_cast<std::uint32_t>(*seq)) : std::nullopt;
}

std::variant<AudioSource, BadMessage> ParseSource(const bj::object& object) {
  const bj::value* audio = object.if_contains("audio");
  if (audio == nullptr || !audio->is_object()) return BadField("audio");
  const auto name = TextField(audio->get_object(), "format", kMaxNameBytes);
  if (!name.value) return BadField("audio.format");
  const auto format = pipeline::StreamFormatFromName(*name.value);
  if (!format) return BadMessage{base::ErrorCode::kUnsupportedFormat, "audio.format"};
  AudioSource source{*format, 0};
  if (source.is_pcm()) {
    const auto rate = IntegerWithin(audio->get_object(), "sample_rate", kMinSampleRateHz, kMaxSampleRateHz);
    if (!rate) return BadField("audio.sample_rate");
    source.sample_rate_hz = static_cast<int>(*rate);
  }
  return source;
}

Parsed ParseStart(const bj::object& object) {
  StartSession start;
  const auto client_ref = TextField(object, "client_ref", kMaxNameBytes);
  start.client_ref = client_ref.value.value_or("");
  const auto refuse = [&](BadMessage bad) {
    bad.client_ref = start.client_ref;
    return bad;
  };
  if (client_ref.is_wrong) return refuse(BadField("client_ref"));
  const auto mode = TextField(object, "mode", kMaxNameBytes);
  const auto known_mode = mode.value ? model::ModeFromName(*mode.value) : std::nullopt;
  if (!known_mode) return refuse(BadField("mode"));
  start.mode = *known_mode;
  const auto locale = TextField(object, "locale", kMaxNameBytes);
  if (locale.value) start.locale = model::LocaleFromName(*locale.value);
  if (locale.is_wrong || (locale.value && !start.locale)) return refuse(BadField("locale"));
  const auto sentence_id = IntegerField(object, "sentence_id");
  if (sentence_id.is_wrong || (sentence_id.value && *sentence_id.value < 1)) return refuse(BadField("sentence_id"));
  start.sentence_id = sentence_id.value;
  const auto reference_text = TextField(object, "reference_text", kMaxTextBytes);
  if (reference_text.is_wrong) return refuse(BadField("reference_text"));
  start.reference_text = reference_text.value.value_or("");
  const auto topic = TextField(object, "topic", kMaxNameBytes);
  if (topic.is_wrong) return refuse(BadField("topic"));
  start.topic = topic.value.value_or("");
  const auto level = TextField(object, "level", kMaxNameBytes);
  if (level.is_wrong || (level.value && std::ranges::find(kLevels, *level.value) == kLevels.end()))
    return refuse(BadField("level"));
  start.level = level.value.value_or("");
  auto source = ParseSource(object);
  if (auto* bad = std::get_if<BadMessage>(&source)) return refuse(std::move(*bad));
  start.source = std::get<AudioSource>(source);
  return start;
}

Parsed ParseChunk(const bj::object& object, std::string session_id) {
  const auto seq = Seq(object);
  if (!seq) return BadField("seq");
  const bj::value* data = object.if_contains("data");
  if (data == nullptr || !data->is_string()) return BadField("data");
  auto bytes = DecodeBase64({data->get_string().data(), data->get_string().size()});
  if (!bytes) return BadField("data");
  return AudioChunk{std::move(session_id), *seq, std::move(*bytes)};
}

Parsed ParseForSession(std::string_view type, const bj::object& object) {
  const auto id = TextField(object, "session_id", kMaxNameBytes);
  if (!id.value) return BadField("session_id");
  if (type == "audio_chunk") return ParseChunk(object, *id.value);
  if (type == "cancel") return CancelRecording{*id.value};
  if (type == "end_recording") {
    const auto last_seq = IntegerWithin(object, "last_seq", -1, std::numeric_limits<std::uint32_t>::max());
    if (!last_seq) return BadField("last_seq");
    return EndRecording{*id.value, *last_seq};
  }
  const auto last_event = IntegerField(object, "last_event");
  if (last_event.is_wrong || last_event.value.value_or(0) < 0) return BadField("last_event");
  if (type == "start_turn") {
    auto source = ParseSource(object);
    if (auto* bad = std::get_if<BadMessage>(&source)) return std::move(*bad);
    return StartTurn{*id.value, std::get<AudioSource>(source), last_event.value};
  }
  if (type == "resume") return ResumeSession{*id.value, last_event.value.value_or(0)};
  const auto full = BoolField(object, "full");
  if (full.is_wrong) return BadField("full");
  return RetryAnalysis{*id.value, full.value.value_or(false), last_event.value};
}

constexpr std::array<std::string_view, 6> kSessionTypes{"audio_chunk", "end_recording", "cancel",
                                                        "retry",       "resume",        "start_turn"};

std::uint32_t ReadU32(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8 |
         static_cast<std::uint32_t>(bytes[2]) << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
}

}  // namespace

Parsed ParseClientMessage(std::string_view text) {
  boost::system::error_code fault;
  const bj::value value = bj::parse({text.data(), text.size()}, fault);
  if (fault || !value.is_object()) return BadMessage{base::ErrorCode::kBadJson};
  const bj::object& object = value.get_object();
  const auto type = TextField(object, "type", kMaxNameBytes);
  if (!type.value) return BadField("type");
  if (*type.value == "start_session") return ParseStart(object);
  if (*type.value == "ping") {
    const auto nonce = TextField(object, "nonce", kMaxNameBytes);
    if (nonce.is_wrong) return BadField("nonce");
    return Ping{nonce.value};
  }
  if (std::ranges::find(kSessionTypes, *type.value) == kSessionTypes.end())
    return BadMessage{base::ErrorCode::kUnknownType, "type"};
  return ParseForSession(*type.value, object);
}

std::optional<BinaryChunk> ParseBinaryChunk(std::span<const std::uint8_t> frame) {
  if (frame.size() < 8) return std::nullopt;
  return BinaryChunk{ReadU32(frame), ReadU32(frame.subspan(4)), frame.subspan(8)};
}

}  // namespace speechcoach::api
