// A decoder program that does what a broken or taken-over one could; for tests. How it starts is told by the name it is
// called by, what it answers by the content of the recording.
#include <array>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

#include <unistd.h>

#include "audio/decode_protocol.h"

namespace protocol = speechcoach::audio::decode_protocol;

namespace {

template <typename Message>
void Say(const Message& message) {
  if (write(STDOUT_FILENO, &message, sizeof message) != sizeof message) _exit(1);
}

void Hear(void* to, std::size_t size) {
  for (auto* at = static_cast<char*>(to); size > 0;) {
    const ssize_t count = read(STDIN_FILENO, at, size);
    if (count <= 0) _exit(0);
    at += count;
    size -= static_cast<std::size_t>(count);
  }
}

void AnswerTo(const std::string& recording, const protocol::Request& request) {
  using enum protocol::AnswerStatus;
  constexpr std::array kWildSamples = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 5.0f,
                                       -0.5f};
  if (recording == "crash") std::abort();
  if (recording == "hang") {
    while (true) pause();
  }
  if (recording == "another protocol") Say(protocol::Answer{0x12345678});
  if (recording == "too many samples") Say(protocol::Answer{protocol::kMagic, kDecoded, 0, request.max_samples + 1});
  if (recording == "unknown status") Say(protocol::Answer{protocol::kMagic, static_cast<protocol::AnswerStatus>(99), 0, 0});
  if (recording == "half an answer") {
    Say(protocol::Answer{protocol::kMagic, kDecoded, 0, 1000});
    _exit(0);
  }
  if (recording == "wild samples") {
    Say(protocol::Answer{protocol::kMagic, kDecoded, 1, kWildSamples.size()});
    Say(kWildSamples);
  }
}

}  // namespace

int main(int, char** argv) {
  const std::string_view name = argv[0];
  if (name.ends_with("not-confined")) {
    Say(protocol::Hello{protocol::kMagic, protocol::HelloStatus::kNotConfined, ENOSYS});
  } else if (name.ends_with("another-version")) {
    Say(protocol::Hello{protocol::kMagic + 1});
  } else {
    Say(protocol::Hello{});
  }
  while (true) {
    protocol::Request request;
    Hear(&request, sizeof request);
    std::string recording(request.byte_count, '\0');
    Hear(recording.data(), recording.size());
    AnswerTo(recording, request);
  }
}
