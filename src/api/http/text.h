// Small text helpers for header fields and targets.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::api {

bool EqualIgnoringCase(std::string_view a, std::string_view b);                        // ASCII
std::string_view Trim(std::string_view text);                                          // spaces and tabs
std::vector<std::string_view> SplitList(std::string_view text, char separator = ',');  // trimmed, without empty items

// A whole decimal number without sign; nullopt where it is none or overflows.
std::optional<std::int64_t> ParseNumber(std::string_view text);

// `%41` -> `A`; '+' -> ' ' where `plus_is_space`. nullopt for a broken escape.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space);

struct Target {
  std::string path;
  std::map<std::string, std::string> query;
};

// An origin-form request target ("/a/b?x=1"). The path is decoded once; a target whose path has a NUL, a backslash or a
// ".." segment after decoding, or an encoded slash, is refused: no handler has to think of them.
std::optional<Target> ParseTarget(std::string_view target);

// "audio/ogg" of "Audio/Ogg; codecs=opus".
std::string MediaType(std::string_view content_type);

// A parameter of a field value such as `multipart/form-data; boundary="x"`; quotes and backslashes resolved.
std::optional<std::string> FieldParameter(std::string_view field, std::string_view name);

}  // namespace speechcoach::api
