// What goes over the wire to a provider and comes back; no sockets here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "llm/chat_provider.h"
#include "llm/wire/call_fault.h"

namespace speechcoach::llm {

struct WireRequest {
  std::string url;
  std::vector<std::string> headers;  // "Name: value"
  std::string body;                  // JSON
};

struct WireTarget {
  std::string base_url;
  std::string model;
  std::string request_extra;  // a JSON object, merged into the body: objects member by member, everything else replaces
  std::string api_key;        // empty: none is sent
};

enum class Finish { kStop, kLength };

// What one event of a stream, or a whole answer, says.
struct Piece {
  std::string text = {};
  std::optional<Finish> finish = {};
  std::optional<ChatUsage> usage = {};
  std::optional<CallFault> fault = {};  // an error or a refusal that comes inside the answer
  bool is_last = false;                 // nothing comes after it
};

// Header names are lower case.
using HeaderLookup = std::function<std::string(std::string_view name)>;

// Stateless, thread-safe.
class WireFormat {
 public:
  virtual ~WireFormat() = default;

  // Asks for a stream.
  virtual WireRequest Build(const WireTarget& target, const ChatRequest& request) const = 0;

  // The data of one server-sent event, or the body of an answer that came whole. kUnusable where it is something else.
  virtual Piece Read(std::string_view json) const = 0;

  // An answer with another status than 2xx. `body` may be anything.
  virtual CallFault ReadError(int status, const HeaderLookup& header, std::string_view body, std::int64_t now_ms) const = 0;
};

// By the kind of a provider's row: openai, gemini, deepseek, openai_compatible; null for another.
std::unique_ptr<WireFormat> MakeWireFormat(std::string_view kind);

}  // namespace speechcoach::llm
