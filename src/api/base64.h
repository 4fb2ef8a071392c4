// Base64 (RFC 4648), strict: no line breaks, no stray characters.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace speechcoach::api {

// The standard alphabet; `=` padding may be left out. nullopt where the text is no base64.
std::optional<std::vector<std::uint8_t>> DecodeBase64(std::string_view text);

// The alphabet for URLs and file names, without padding, as JWTs use it.
std::optional<std::vector<std::uint8_t>> DecodeBase64Url(std::string_view text);

}  // namespace speechcoach::api
