#include "api/http/delivery.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <zlib.h>

#include "api/http/caching.h"
#include "api/http/text.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kLeastPackedBytes = 1024;
constexpr int kFastest = 1;
constexpr int kGzipWindow = 15 + 16;
constexpr int kMemoryLevel = 8;
constexpr std::array<std::string_view, 3> kTexts{"application/json", "application/problem+json", "text/csv"};

// Nothing where zlib has no memory.
std::optional<std::string> Packed(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, kFastest, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) return std::nullopt;
  std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return result == Z_STREAM_END ? std::optional(std::move(packed)) : std::nullopt;
}

bool IsRead(const Request& request, const Response& response) {
  return (request.method == Method::kGet || request.method == Method::kHead) && response.status == 200;
}

}  // namespace

void Deliver(const Request& request, Response& response) {
  const std::string media_type = MediaType(response.headers.Get("Content-Type"));
  const bool may_be_packed =
      std::ranges::find(kTexts, media_type) != kTexts.end() && response.body.view().size() >= kLeastPackedBytes;
  // Of 304 too: it has the fields that 200 would have had.
  if (may_be_packed) response.headers.Add("Vary", "Accept-Encoding");
  if (IsRead(request, response) && media_type == "application/json") {
    const std::string tag = "W/" + EntityTagOf(response.body.view());
    response.headers.Set("ETag", tag);
    if (NamesTag(request.headers.Get("If-None-Match"), tag)) {
      response.status = 304;
      response.body = Body();
      return;
    }
  }
  if (!may_be_packed || !AcceptsCoding(request.headers.Get("Accept-Encoding"), "gzip")) return;
  if (auto packed = Packed(response.body.view())) {
    response.body = Body(std::move(*packed));
    response.headers.Set("Content-Encoding", "gzip");
  }
}

}  // namespace speechcoach::api
