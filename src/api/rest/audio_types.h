// Media types of recordings and the names audio::AudioDecoder has for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace speechcoach::api {

// "audio/webm;codecs=opus" -> "webm_opus"; empty where the type says nothing ("", application/octet-stream): the content
// decides. nullopt: a type that no recording we take has.
std::optional<std::string> FormatOfMediaType(std::string_view content_type);

std::string_view MediaTypeOfFormat(std::string_view format);

// The names a client may give in `audio_format`.
bool IsAudioFormat(std::string_view format);

}  // namespace speechcoach::api
