// Any bytes as a provider's answer, in pieces of any size: text, a fault, or nothing; what is cut off closes to JSON again, and a text
// does not depend on how it was cut into pieces.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "llm/text/close_json.h"
#include "llm/text/code_fence.h"
#include "llm/text/json_text_stream.h"
#include "llm/text/sse_parser.h"
#include "llm/wire/reset_time.h"
#include "llm/wire/wire_format.h"

namespace {

using namespace speechcoach::llm;

constexpr std::int64_t kNowMs = 1'800'000'000'000;

void Require(bool holds) {
  if (!holds) std::abort();
}

struct Streamed {
  std::string events;
  std::string text;
  bool operator==(const Streamed&) const = default;
};

Streamed Stream(std::string_view bytes, std::size_t piece) {
  Streamed streamed;
  SseParser events;
  JsonTextStream text("feedback.text");
  const auto keep = [&](std::string_view data) { streamed.events.append(data).push_back('\n'); };
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    events.Feed(bytes.substr(at, piece), keep);
    streamed.text += text.Feed(bytes.substr(at, piece));
  }
  events.Finish(keep);
  return streamed;
}

bool BeginsJson(std::string_view text) {
  boost::json::stream_parser parser;
  boost::system::error_code failure;
  parser.write(text, failure);
  return !failure;
}

bool IsJson(std::string_view text) {
  boost::system::error_code failure;
  boost::json::parse(text, failure);
  return !failure;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data + 2), size - 2};
  Require(Stream(text, 1 + data[0]) == Stream(text, text.size() + 1));

  static constexpr std::string_view kKinds[] = {"openai", "gemini", "deepseek", "openai_compatible"};
  const auto format = MakeWireFormat(kKinds[data[1] % 4]);
  format->Read(text);
  format->ReadError(400 + data[1], [&](std::string_view) { return std::string(text.substr(0, 64)); }, text, kNowMs);
  ParseRetryAfter(text.substr(0, 64), kNowMs);
  ParseDuration(text.substr(0, 64));
  WithoutFence(text);
  if (const auto closed = CloseJson(text); closed && BeginsJson(text)) Require(IsJson(*closed));
  return 0;
}
