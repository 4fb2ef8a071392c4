// Server-sent events (WHATWG HTML, 9.2), as they come over the wire in pieces of any size.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace speechcoach::llm {

// Keeps the data of each event; event names, ids and comments say nothing here. Not thread-safe. What it holds is bounded
// by what it is fed since the last event.
class SseParser {
 public:
  using OnData = std::function<void(std::string_view data)>;

  void Feed(std::string_view bytes, const OnData& on_data);
  // The stream is over: an event without its blank line counts too, since not every server sends one.
  void Finish(const OnData& on_data);

 private:
  void TakeLine(const OnData& on_data);
  void Dispatch(const OnData& on_data);

  std::string line_;
  std::string data_;
  bool has_data_ = false;
  bool after_cr_ = false;
};

}  // namespace speechcoach::llm
