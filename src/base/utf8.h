// UTF-8 (RFC 3629), for text that comes from outside.
#pragma once

#include <string_view>

namespace speechcoach::base {

// False for stray or missing continuation bytes, overlong forms, surrogates, and what lies beyond U+10FFFF.
bool IsValidUtf8(std::string_view text);

}  // namespace speechcoach::base
