// HTTP to the providers: one libcurl multi handle with its own thread for the whole program, HTTP/2 where the server has it,
// connections kept and shared.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace speechcoach::llm {

struct HttpPost {
  std::string url;
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  std::chrono::milliseconds connect_timeout{2000};
  std::size_t max_answer_bytes = 262'144;
};

// One answer as it comes in. Used by one thread; destroying it ends the transfer where it stands.
class HttpAnswer {
 public:
  enum class Event { kData, kEnd, kFailed, kTooLarge, kDeadline, kCancelled };
  using Clock = std::chrono::steady_clock;

  virtual ~HttpAnswer() = default;

  // Waits for more of the body, which replaces `data`. kEnd: it is whole. kFailed: failure() says why.
  virtual Event Next(Clock::time_point deadline, const std::stop_token& stop, std::string& data) = 0;

  // Known from the first kData or kEnd on.
  virtual int status() const = 0;
  virtual std::string header(std::string_view lower_case_name) const = 0;  // empty where missing
  virtual std::string failure() const = 0;
};

// Thread-safe. Outlives its answers.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual std::unique_ptr<HttpAnswer> Post(HttpPost post) = 0;
};

struct HttpClientOptions {
  // Only addresses of this machine: no proxy is used, and anything but http(s)://localhost, 127.x.x.x or [::1] fails.
  bool local_only = false;
  std::string ca_file;  // PEM of the authorities that are trusted; empty: the system's
};

// Starts its thread. kInternal where libcurl cannot be set up.
base::Result<std::unique_ptr<HttpClient>> MakeHttpClient(const HttpClientOptions& options);

// True for http(s) URLs whose host is localhost or a literal loopback address: no name is looked up.
bool IsOnThisMachine(std::string_view url);

// True for https, and for http as far as nobody else can listen: this machine, a literal address of a private network, a name that
// only a private network can know ("gpu-box", "gpu.local").
bool KeepsSecrets(std::string_view url);

}  // namespace speechcoach::llm
