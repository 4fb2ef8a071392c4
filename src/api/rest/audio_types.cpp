#include "api/rest/audio_types.h"

#include <algorithm>
#include <array>

#include "api/http/text.h"

namespace speechcoach::api {
namespace {

struct TypeRow {
  std::string_view media_type;
  std::string_view format;
};

// The first row of a format is how it is sent back.
constexpr std::array kTypes{
    TypeRow{"audio/wav", "wav"},        TypeRow{"audio/x-wav", "wav"},
    TypeRow{"audio/wave", "wav"},       TypeRow{"audio/vnd.wave", "wav"},
    TypeRow{"audio/webm", "webm_opus"}, TypeRow{"video/webm", "webm_opus"},
    TypeRow{"audio/ogg", "ogg_opus"},   TypeRow{"application/ogg", "ogg_opus"},
    TypeRow{"audio/opus", "ogg_opus"},  TypeRow{"audio/mpeg", "mp3"},
    TypeRow{"audio/mp3", "mp3"},        TypeRow{"audio/mp4", "m4a"},
    TypeRow{"audio/m4a", "m4a"},        TypeRow{"audio/x-m4a", "m4a"},
    TypeRow{"video/mp4", "m4a"},        TypeRow{"audio/flac", "flac"},
    TypeRow{"audio/x-flac", "flac"},
};

}  // namespace

std::optional<std::string> FormatOfMediaType(std::string_view content_type) {
  const std::string type = MediaType(content_type);
  if (type.empty() || type == "application/octet-stream") return "";
  const auto row = std::ranges::find(kTypes, type, &TypeRow::media_type);
  return row != kTypes.end() ? std::optional(std::string(row->format)) : std::nullopt;
}

std::string_view MediaTypeOfFormat(std::string_view format) {
  const auto row = std::ranges::find(kTypes, format, &TypeRow::format);
  return row != kTypes.end() ? row->media_type : "application/octet-stream";
}

bool IsAudioFormat(std::string_view format) { return std::ranges::find(kTypes, format, &TypeRow::format) != kTypes.end(); }

}  // namespace speechcoach::api
