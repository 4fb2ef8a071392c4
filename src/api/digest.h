#pragma once

#include <string>
#include <string_view>

namespace speechcoach::api {

std::string Sha256Hex(std::string_view text);  // 64 lower-case digits

}  // namespace speechcoach::api
