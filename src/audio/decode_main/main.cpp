// speechcoach-decode: untrusted recordings are decoded here, where nothing can be reached. See audio/decode_protocol.h.
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <sys/time.h>
#include <unistd.h>

#include "audio/decode_main/confinement.h"
#include "audio/decode_main/flush_denormals.h"
#include "audio/decode_main/media_decoder.h"
#include "audio/decode_protocol.h"

namespace {

namespace protocol = speechcoach::audio::decode_protocol;

constexpr int kEnded = 0;
constexpr int kBadUse = 2;
constexpr int kNotConfined = 3;
constexpr int kBadRequest = 4;
constexpr int kOutOfMemory = 5;

bool ReadAll(void* to, std::size_t size) {
  auto* at = static_cast<std::uint8_t*>(to);
  while (size > 0) {
    const ssize_t count = read(STDIN_FILENO, at, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

bool WriteAll(const void* from, std::size_t size) {
  const auto* at = static_cast<const std::uint8_t*>(from);
  while (size > 0) {
    const ssize_t count = write(STDOUT_FILENO, at, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

// Ends this process with SIGALRM where a request takes longer, also when nobody is left to kill it.
void SetAlarm(std::uint64_t milliseconds) {
  const itimerval timer{{0, 0}, {static_cast<time_t>(milliseconds / 1000), static_cast<suseconds_t>(milliseconds % 1000 * 1000)}};
  setitimer(ITIMER_REAL, &timer, nullptr);
}

int Serve(std::uint64_t timeout_ms) {
  std::vector<std::uint8_t> bytes;
  protocol::Request request;
  while (ReadAll(&request, sizeof request)) {
    if (request.magic != protocol::kMagic) return kBadRequest;
    SetAlarm(timeout_ms);
    bytes.resize(request.byte_count);
    if (!ReadAll(bytes.data(), bytes.size())) return kEnded;
    const auto decoded = speechcoach::audio::DecodeMedia(bytes, request.container, request.max_samples);
    const protocol::Answer answer{protocol::kMagic, decoded.status, decoded.truncated ? 1u : 0u,
                                  static_cast<std::uint32_t>(decoded.samples.size())};
    if (!WriteAll(&answer, sizeof answer) || !WriteAll(decoded.samples.data(), decoded.samples.size() * sizeof(float)))
      return kEnded;
    SetAlarm(0);
  }
  return kEnded;
}

std::optional<std::uint64_t> ParseNumber(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

// Arguments: MEMORY_MB CPU_SECONDS TIMEOUT_MS
int main(int argc, char** argv) {
  const std::span arguments(argv, static_cast<std::size_t>(argc));
  const auto number = [&](std::size_t index) { return argc == 4 ? ParseNumber(arguments[index]) : std::nullopt; };
  const auto memory_mb = number(1);
  const auto cpu_seconds = number(2);
  const auto timeout_ms = number(3);
  if (!memory_mb || !cpu_seconds || !timeout_ms) {
    std::fputs("speechcoach-decode is started by speechcoach, which speaks to it through its standard input and output.\n",
               stderr);
    return kBadUse;
  }
  // The end of the input ends this process; a signal to the whole group must not end it before its server has drained.
  for (const int ignored : {SIGINT, SIGTERM, SIGHUP}) std::signal(ignored, SIG_IGN);
  closefrom(STDERR_FILENO);
  speechcoach::audio::FlushDenormals();

  const int fault = speechcoach::audio::ConfineThisProcess({*memory_mb * 1024 * 1024, *cpu_seconds});
  const protocol::Hello hello{protocol::kMagic, fault == 0 ? protocol::HelloStatus::kReady : protocol::HelloStatus::kNotConfined,
                              fault};
  if (!WriteAll(&hello, sizeof hello)) return kEnded;
  if (fault != 0) return kNotConfined;
  try {
    return Serve(*timeout_ms);
  } catch (const std::bad_alloc&) {
    return kOutOfMemory;
  }
}
