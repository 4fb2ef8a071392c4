// multipart/form-data (RFC 7578) of a request that is already in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace speechcoach::api {

struct FormPart {
  std::string name;
  std::string content_type;             // as sent; empty where none was
  bool is_file = false;                 // it has a file name
  std::span<const std::uint8_t> bytes;  // lies in the body

  std::string_view text() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

inline constexpr std::size_t kMaxFormParts = 16;
inline constexpr std::size_t kMaxPartHeaderBytes = 4096;

// `body` outlives the answer. kBadField where the body is no such form, ends early, or passes a limit above.
base::Result<std::vector<FormPart>> ParseMultipart(std::string_view content_type, std::span<const std::uint8_t> body);

}  // namespace speechcoach::api
