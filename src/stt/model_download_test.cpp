#include "stt/model_download.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stt/internal/test_folder.h"

namespace speechcoach::stt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using namespace std::chrono_literals;

// Answers each connection with the next of `answers`, as it stands, and closes it; the last one again and again.
class Server {
 public:
  explicit Server(std::vector<std::string> answers, std::uint16_t port = 0) : answers_(answers.begin(), answers.end()) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    const int yes = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 8) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("no server");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~Server() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const { return port_; }
  std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void Serve() {
    for (int peer = accept(listener_, nullptr, nullptr); peer >= 0; peer = accept(listener_, nullptr, nullptr)) {
      std::string request;
      char byte = 0;
      while (!request.ends_with("\r\n\r\n") && recv(peer, &byte, 1, 0) == 1) request += byte;
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      send(peer, answers_.front().data(), answers_.front().size(), MSG_NOSIGNAL);
      if (answers_.size() > 1) answers_.pop_front();
      close(peer);
    }
  }

  const int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  std::uint16_t port_ = 0;
  std::deque<std::string> answers_;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

const std::string kBusy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
const std::string kGone = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
const std::string kCut = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc";  // after 3 bytes

class ModelDownloadTest : public testing::Test {
 protected:
  base::Status Download(std::uint16_t port) {
    ModelDownload download;
    download.url = "http://127.0.0.1:" + std::to_string(port) + "/ggml-mine.bin";
    download.target = folder_.path() / "ggml-mine.bin";
    download.wait = [this](std::chrono::seconds pause) {
      pauses_.push_back(pause);
      if (on_wait_) on_wait_();
    };
    return DownloadModel(download);
  }

  const TestFolder folder_;
  std::vector<std::chrono::seconds> pauses_;
  std::function<void()> on_wait_;
};

TEST_F(ModelDownloadTest, WaitsLongerAndLongerForAServerThatIsBusy) {
  Server server({kBusy});
  const base::Status done = Download(server.port());
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, base::ErrorCode::kModelUnavailable);
  EXPECT_THAT(done.error().message, HasSubstr("503"));
  EXPECT_THAT(pauses_, ElementsAre(1s, 2s, 4s, 8s, 16s));
  EXPECT_EQ(server.requests().size(), 6U);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(ModelDownloadTest, WaitsAsLongAsTheServerAsksFor) {
  const std::string asks = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n";
  Server server({asks, asks, asks, asks, kGone});
  const base::Status done = Download(server.port());
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, base::ErrorCode::kNotFound);
  EXPECT_THAT(pauses_, ElementsAre(7s, 7s, 7s, 8s));
}

TEST_F(ModelDownloadTest, GivesUpWhereTheServerAsksForTooLong) {
  Server server({"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n"});
  const base::Status done = Download(server.port());
  ASSERT_FALSE(done.ok());
  EXPECT_THAT(done.error().message, HasSubstr("3600 s"));
  EXPECT_THAT(pauses_, IsEmpty());
}

TEST_F(ModelDownloadTest, ComesBackToAServerThatIsGoneForAWhile) {
  std::optional<Server> server(std::in_place, std::vector{kCut});
  const std::uint16_t port = server->port();
  on_wait_ = [&] {
    if (pauses_.size() == 1) server.reset();
    if (pauses_.size() == 3) server.emplace(std::vector{kGone}, port);
  };
  const base::Status done = Download(port);
  ASSERT_FALSE(done.ok());
  EXPECT_THAT(done.error().message, HasSubstr("404"));
  EXPECT_THAT(done.error().message, HasSubstr("goes on from the 3 bytes"));
  EXPECT_THAT(pauses_, ElementsAre(1s, 2s, 4s));
  ASSERT_EQ(server->requests().size(), 1U);
  EXPECT_THAT(server->requests().front(), HasSubstr("Range: bytes=3-"));
}

TEST_F(ModelDownloadTest, DoesNotWaitForAServerThatNeverWasThere) {
  std::optional<Server> server(std::in_place, std::vector{kGone});
  const std::uint16_t port = server->port();
  server.reset();
  EXPECT_FALSE(Download(port).ok());
  EXPECT_THAT(pauses_, IsEmpty());
}

TEST_F(ModelDownloadTest, NamesTheFileItHasBegun) {
  Server server({"HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: 100\r\n\r\nabc", kGone});
  EXPECT_FALSE(Download(server.port()).ok());
  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_THAT(server.requests().back(), HasSubstr("Range: bytes=3-"));
  EXPECT_THAT(server.requests().back(), HasSubstr("If-Range: \"one\""));
}

// As from the place that whisper.cpp publishes at.
TEST_F(ModelDownloadTest, NamesTheFileThatItWasSentOnTo) {
  const std::string sends_on =
      "HTTP/1.1 302 Found\r\nLocation: /there\r\nETag: \"of the way\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  Server server({sends_on, "HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: 100\r\n\r\nabc", sends_on, kGone});
  EXPECT_FALSE(Download(server.port()).ok());
  ASSERT_EQ(server.requests().size(), 4U);
  EXPECT_THAT(server.requests().back(), HasSubstr("GET /there "));
  EXPECT_THAT(server.requests().back(), HasSubstr("If-Range: \"one\""));
}

// RFC 9110, 13.1.5.
TEST_F(ModelDownloadTest, SetsNoConditionOnAWeakETag) {
  Server server({"HTTP/1.1 200 OK\r\nETag: W/\"one\"\r\nContent-Length: 100\r\n\r\nabc", kGone});
  EXPECT_FALSE(Download(server.port()).ok());
  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_THAT(server.requests().back(), HasSubstr("Range: bytes=3-"));
  EXPECT_THAT(server.requests().back(), Not(HasSubstr("If-Range")));
}

TEST_F(ModelDownloadTest, KeepsNoPasswordBesideWhatHasCome) {
  Server server({kCut, kGone});
  ModelDownload download;
  download.url = "http://coach:secret@127.0.0.1:" + std::to_string(server.port()) + "/ggml-mine.bin?key=hidden";
  download.target = folder_.path() / "ggml-mine.bin";
  download.wait = [](std::chrono::seconds) {};
  const base::Status done = DownloadModel(download);
  ASSERT_FALSE(done.ok());
  std::string all = done.error().message;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    std::ifstream file(entry.path());
    all += std::string(std::istreambuf_iterator<char>(file), {});
  }
  EXPECT_THAT(all, HasSubstr("abc"));
  EXPECT_THAT(all, Not(HasSubstr("secret")));
  EXPECT_THAT(all, Not(HasSubstr("hidden")));
}

}  // namespace
}  // namespace speechcoach::stt
