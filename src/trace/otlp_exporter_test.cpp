#include "trace/otlp_exporter.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace speechcoach::trace {
namespace {

using std::chrono::milliseconds;

// Answers one request a connection with the status that is next, the last one from then on.
class Collector {
 public:
  explicit Collector(std::vector<int> statuses) : statuses_(std::move(statuses)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 64), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { Serve(); });
  }
  ~Collector() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  const std::string& url() const { return url_; }

  // Waits until so many spans have come with a request that was taken.
  std::vector<std::string> Names(std::size_t wanted) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(60), [&] { return names_.size() >= wanted; });
    return names_;
  }
  std::string LastRequest() {
    const std::lock_guard lock(mutex_);
    return last_request_;
  }
  int requests() const { return requests_; }

 private:
  void Serve() {
    for (int peer = 0; (peer = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(peer)) {
      std::string request;
      std::size_t wanted = std::string::npos;
      while (request.size() < wanted) {
        std::array<char, 65536> bytes{};
        const ssize_t count = ::recv(peer, bytes.data(), bytes.size(), 0);
        if (count <= 0) break;
        request.append(bytes.data(), static_cast<std::size_t>(count));
        const std::size_t head = request.find("\r\n\r\n");
        const std::size_t length = request.find("Content-Length: ");
        if (wanted == std::string::npos && head != std::string::npos && length < head)
          wanted = head + 4 + std::stoul(request.substr(length + 16));
      }
      if (wanted == std::string::npos) continue;
      const auto number = static_cast<std::size_t>(requests_++);
      const int status = statuses_[std::min(number, statuses_.size() - 1)];
      const std::string answer = "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
      static_cast<void>(::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL));
      if (status == 200) Keep(request);
    }
  }

  void Keep(const std::string& request) {
    const auto json = boost::json::parse(request.substr(request.find("\r\n\r\n") + 4));
    const std::lock_guard lock(mutex_);
    for (const auto& span : json.at("resourceSpans").at(0).at("scopeSpans").at(0).at("spans").as_array())
      names_.emplace_back(span.at("name").as_string());
    last_request_ = request;
    changed_.notify_all();
  }

  const std::vector<int> statuses_;
  int listener_ = -1;
  std::string url_;
  std::atomic<int> requests_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> names_;
  std::string last_request_;
  std::thread thread_;
};

SpanRecord Named(std::string name) {
  SpanRecord span;
  span.context = {"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true};
  span.name = std::move(name);
  return span;
}

constexpr ExporterLimits kQuick{.pause = milliseconds(5), .longest_pause = milliseconds(20), .farewell = milliseconds(60'000)};

TEST(OtlpExporter, PostsWhatEnds) {
  Collector collector({200});
  OtlpExporter exporter({collector.url() + "/v1/traces", {"Authorization: Bearer secret"}}, {}, kQuick);
  exporter.Take(Named("one"));
  EXPECT_EQ(collector.Names(1), std::vector<std::string>{"one"});
  EXPECT_TRUE(collector.LastRequest().starts_with("POST /v1/traces HTTP/1.1\r\n"));
  EXPECT_NE(collector.LastRequest().find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_NE(collector.LastRequest().find("Authorization: Bearer secret\r\n"), std::string::npos);
}

TEST(OtlpExporter, SendsWhatWaitsAtTheEnd) {
  Collector collector({200});
  {
    ExporterLimits limits = kQuick;
    limits.pause = std::chrono::hours(1);
    limits.batch = 3;
    OtlpExporter exporter({collector.url(), {}}, {}, limits);
    for (const char* name : {"a", "b"}) exporter.Take(Named(name));
    EXPECT_EQ(collector.requests(), 0);
  }
  EXPECT_EQ(collector.Names(2), (std::vector<std::string>{"a", "b"}));
}

TEST(OtlpExporter, TriesAgainWhereTheCollectorIsBusy) {
  Collector collector({503, 429, 200});
  OtlpExporter exporter({collector.url(), {}}, {}, kQuick);
  exporter.Take(Named("one"));
  EXPECT_EQ(collector.Names(1), std::vector<std::string>{"one"});
  EXPECT_EQ(collector.requests(), 3);
  EXPECT_EQ(exporter.lost(), 0);
}

TEST(OtlpExporter, DropsWhatIsRefusedForGood) {
  Collector collector({400, 200});
  ExporterLimits limits = kQuick;
  limits.batch = 1;
  OtlpExporter exporter({collector.url(), {}}, {}, limits);
  exporter.Take(Named("bad"));
  exporter.Take(Named("good"));
  EXPECT_EQ(collector.Names(1), std::vector<std::string>{"good"});
  EXPECT_EQ(exporter.lost(), 1);
}

TEST(OtlpExporter, KeepsTheNewestWhereNobodyTakesThem) {
  ExporterLimits limits = kQuick;
  limits.most_waiting = 10;
  limits.farewell = milliseconds(0);
  // Nothing listens on port 1.
  OtlpExporter exporter({"http://127.0.0.1:1", {}}, {}, limits);
  for (int i = 0; i < 50; ++i) exporter.Take(Named(std::to_string(i)));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (exporter.lost() < 40 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(exporter.lost(), 40);
}

}  // namespace
}  // namespace speechcoach::trace
