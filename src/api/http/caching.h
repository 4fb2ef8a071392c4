// What a client holds already, and what it can unpack (RFC 9110, sections 8.8.3, 12.5.3 and 13.1.2).
#pragma once

#include <string>
#include <string_view>

namespace speechcoach::api {

// A name made from the content, in quotes. Nothing rests on its being hard to forge.
std::string EntityTagOf(std::string_view content);

// Whether a field If-None-Match names that content, by the weak comparison.
bool NamesTag(std::string_view if_none_match, std::string_view tag);

// Whether a field Accept-Encoding takes that coding: named, and not with q=0.
bool AcceptsCoding(std::string_view accept_encoding, std::string_view coding);

}  // namespace speechcoach::api
