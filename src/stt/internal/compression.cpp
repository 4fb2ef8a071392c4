#include "stt/internal/compression.h"

#include <vector>

#include <zlib.h>

namespace speechcoach::stt {

double CompressionRatio(std::string_view text) {
  if (text.empty()) return 0.0;
  uLongf size = compressBound(text.size());
  std::vector<Bytef> compressed(size);
  if (compress(compressed.data(), &size, reinterpret_cast<const Bytef*>(text.data()), text.size()) != Z_OK) return 0.0;
  return static_cast<double>(text.size()) / static_cast<double>(size);
}

}  // namespace speechcoach::stt
