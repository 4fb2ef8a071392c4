#include "llm/text/sse_parser.h"

namespace speechcoach::llm {

void SseParser::Feed(std::string_view bytes, const OnData& on_data) {
  for (const char c : bytes) {
    const bool ends_pair = after_cr_ && c == '\n';
    after_cr_ = c == '\r';
    if (ends_pair) continue;
    if (c == '\n' || c == '\r') {
      TakeLine(on_data);
    } else {
      line_ += c;
    }
  }
}

void SseParser::Finish(const OnData& on_data) {
  if (!line_.empty()) TakeLine(on_data);
  Dispatch(on_data);
}

void SseParser::TakeLine(const OnData& on_data) {
  constexpr std::string_view kField = "data:";
  if (line_.empty()) {
    Dispatch(on_data);
  } else if (line_.starts_with(kField)) {
    if (has_data_) data_ += '\n';
    has_data_ = true;
    const bool has_space = line_.size() > kField.size() && line_[kField.size()] == ' ';
    data_.append(line_, kField.size() + (has_space ? 1 : 0));
  }
  line_.clear();
}

void SseParser::Dispatch(const OnData& on_data) {
  if (!has_data_) return;
  has_data_ = false;
  const std::string data = std::move(data_);
  data_.clear();
  on_data(data);
}

}  // namespace speechcoach::llm
