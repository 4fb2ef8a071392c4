// Gemini's generateContent (v1beta), streamed.
#pragma once

#include "llm/wire/wire_format.h"

namespace speechcoach::llm {

class GeminiFormat final : public WireFormat {
 public:
  WireRequest Build(const WireTarget& target, const ChatRequest& request) const override;
  Piece Read(std::string_view json) const override;
  CallFault ReadError(int status, const HeaderLookup& header, std::string_view body, std::int64_t now_ms) const override;
};

}  // namespace speechcoach::llm
