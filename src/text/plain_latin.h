// Any text -> the plain signs and letters that English rules know.
#pragma once

#include <string>
#include <string_view>

namespace speechcoach::text {

// Typographic quotes, dashes, spaces and fractions become their ASCII forms; Latin letters lose their marks ("Hà Nội" -> "Ha Noi", also where the
// marks are combining characters); what has no such form becomes a space. Pure.
std::string ToPlainLatin(std::string_view utf8);

}  // namespace speechcoach::text
