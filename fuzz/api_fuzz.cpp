// Any bytes as a client's message, a form, a request's target or field: an answer or a refusal, and what is taken is within its limits.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <variant>

#include "api/base64.h"
#include "api/http/byte_range.h"
#include "api/http/multipart.h"
#include "api/http/text.h"
#include "api/ws/client_message.h"

namespace {

using namespace speechcoach::api;

void Require(bool holds) {
  if (!holds) std::abort();
}

void RequireLimits(const StartSession& start) {
  if (start.source.is_pcm()) Require(start.source.sample_rate_hz >= kMinSampleRateHz && start.source.sample_rate_hz <= kMaxSampleRateHz);
}

void LiesIn(std::span<const std::uint8_t> part, std::span<const std::uint8_t> whole) {
  Require(part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes{data, size};
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const std::string_view first_line = text.substr(0, text.find('\n'));
  const std::span<const std::uint8_t> rest = bytes.subspan(std::min(size, first_line.size() + 1));

  const auto parsed = ParseClientMessage(text);
  if (const auto* message = std::get_if<ClientMessage>(&parsed)) {
    if (const auto* start = std::get_if<StartSession>(message)) RequireLimits(*start);
  }
  if (const auto chunk = ParseBinaryChunk(bytes)) LiesIn(chunk->bytes, bytes);
  if (const auto parts = ParseMultipart(first_line, rest); parts.ok()) {
    Require(parts->size() <= kMaxFormParts);
    for (const FormPart& part : *parts) LiesIn(part.bytes, rest);
  }
  const RangeAnswer range = ParseRange(first_line, rest.size());
  if (const auto* found = std::get_if<ByteRange>(&range)) Require(found->first <= found->last && found->last < rest.size());
  ParseTarget(first_line);
  FieldParameter(first_line, "boundary");
  MediaType(first_line);
  DecodeBase64(text);
  DecodeBase64Url(text);
  return 0;
}
