#include "cli/bench_ws.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/json.hpp>

namespace speechcoach::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kChunkBytes = 3200;  // 100 ms of 16 kHz 16-bit PCM
constexpr std::chrono::milliseconds kChunkTime{100};
constexpr int kMaxOpening = 64;  // handshakes under way: more would only wait in the server
constexpr std::chrono::seconds kLastAcks{10};

void AllowAllDescriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

// A number behind `"name":` in a message; the server writes no spaces.
std::optional<std::uint32_t> NumberIn(std::string_view message, std::string_view name) {
  const std::size_t at = message.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  const char* begin = message.data() + at + name.size();
  std::uint32_t value = 0;
  return std::from_chars(begin, message.data() + message.size(), value).ec == std::errc{} ? std::optional(value) : std::nullopt;
}

bool IsOfType(std::string_view message, std::string_view type) {
  constexpr std::string_view kBegin = R"({"type":")";
  return message.starts_with(kBegin) && message.substr(kBegin.size()).starts_with(type) &&
         message[kBegin.size() + type.size()] == '"';
}

struct Learner {
  enum class State { kNew, kConnecting, kUpgrading, kGreeted, kStarting, kReady, kLost } state = State::kNew;
  int socket = -1;
  std::string in;
  std::string out;  // what the socket did not take yet
  std::string session_id;
  std::uint32_t stream_id = 0;
  std::uint32_t sent = 0;
  std::uint32_t acknowledged = 0;
  std::vector<Clock::time_point> sent_at;
};

class Bench {
 public:
  explicit Bench(const BenchWsCommand& command) : command_(command), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    // Samples of a quiet room: nobody speaks, so that transcription is not what is measured.
    std::mt19937 random(1);
    for (std::size_t i = 0; i < noise_.size(); i += 2) noise_[i] = static_cast<char>(random() % 16);
  }
  ~Bench() {
    for (const auto& learner : learners_) {
      if (learner->socket >= 0) close(learner->socket);
    }
    close(epoll_);
  }

  ExitCode Run() {
    if (!Resolve()) return ExitCode::kFailed;
    for (int i = 0; i < command_.connections; ++i) learners_.push_back(std::make_unique<Learner>());
    const auto begun = Clock::now();
    Open();
    opened_s_ = std::chrono::duration<double>(Clock::now() - begun).count();
    if (command_.is_idle) {
      const auto end = Clock::now() + std::chrono::seconds(command_.seconds);
      while (Clock::now() < end) Poll(100);
    } else {
      Stream();
    }
    return Report();
  }

 private:
  bool Resolve() {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(command_.host.c_str(), std::to_string(command_.port).c_str(), &hints, &found) != 0) {
      fmt::print(stderr, "speechcoach: {}: no such host\n", command_.host);
      return false;
    }
    std::memcpy(&address_, found->ai_addr, found->ai_addrlen);
    address_length_ = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
  }

  void Open() {
    std::size_t next = 0;
    const auto end = Clock::now() + std::chrono::seconds(120);
    while (ready_ + lost_ < learners_.size() && Clock::now() < end) {
      while (next < learners_.size() && opening_ < kMaxOpening) Connect(next++);
      Poll(10);
    }
  }

  void Connect(std::size_t index) {
    Learner& learner = *learners_[index];
    ++opening_;
    learner.state = Learner::State::kConnecting;
    learner.socket = socket(address_.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(learner.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (learner.socket < 0 ||
        (connect(learner.socket, reinterpret_cast<sockaddr*>(&address_), address_length_) != 0 && errno != EINPROGRESS)) {
      return Lose(learner);
    }
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.u64 = index;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, learner.socket, &event);
  }

  void Lose(Learner& learner) {
    if (learner.state == Learner::State::kLost) return;
    if (learner.state != Learner::State::kReady) {
      --opening_;
    } else {
      --ready_;
    }
    ++lost_;
    learner.state = Learner::State::kLost;
    if (learner.socket >= 0) close(learner.socket);
    learner.socket = -1;
  }

  void BecomeReady(Learner& learner) {
    learner.state = Learner::State::kReady;
    --opening_;
    ++ready_;
  }

  void Poll(int timeout_ms) {
    std::array<epoll_event, 512> events;
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
    for (int i = 0; i < count; ++i) {
      Learner& learner = *learners_[events[i].data.u64];
      if (learner.state == Learner::State::kLost) continue;
      if ((events[i].events & EPOLLOUT) != 0) Writable(learner);
      if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && learner.state != Learner::State::kLost) Readable(learner);
    }
  }

  void Writable(Learner& learner) {
    if (learner.state == Learner::State::kConnecting) {
      learner.state = Learner::State::kUpgrading;
      Write(learner,
            fmt::format(
                "GET /api/v1/ws/speech-practice HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer {}\r\n\r\n",
                command_.host, command_.token));
      return;
    }
    if (!learner.out.empty()) Write(learner, std::exchange(learner.out, {}));
  }

  void Write(Learner& learner, const std::string& bytes) {
    const iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    WriteParts(learner, {&part, 1});
  }

  void WriteParts(Learner& learner, std::span<const iovec> parts) {
    std::size_t total = 0;
    for (const iovec& part : parts) total += part.iov_len;
    ssize_t written = 0;
    if (learner.out.empty()) {
      written = writev(learner.socket, parts.data(), static_cast<int>(parts.size()));
      if (written < 0 && errno != EAGAIN) return Lose(learner);
      written = std::max<ssize_t>(written, 0);
    }
    auto skip = static_cast<std::size_t>(written);
    if (skip == total) return;
    for (const iovec& part : parts) {
      const std::size_t begin = std::min(skip, part.iov_len);
      learner.out.append(static_cast<const char*>(part.iov_base) + begin, part.iov_len - begin);
      skip -= begin;
    }
  }

  // Masked with zeros, which leaves the content as it is: masking is for proxies, and there is none.
  static std::string FrameHead(unsigned char opcode, std::size_t size) {
    std::string head{static_cast<char>(0x80 | opcode)};
    if (size < 126) {
      head += static_cast<char>(0x80 | size);
    } else {
      head += static_cast<char>(0x80 | 126);
      head += static_cast<char>(size >> 8);
      head += static_cast<char>(size & 0xff);
    }
    return head.append(4, '\0');
  }

  void Readable(Learner& learner) {
    std::array<char, 16384> buffer;
    while (true) {
      const ssize_t got = read(learner.socket, buffer.data(), buffer.size());
      if (got < 0 && errno == EAGAIN) break;
      if (got <= 0) return Lose(learner);
      learner.in.append(buffer.data(), static_cast<std::size_t>(got));
      if (static_cast<std::size_t>(got) < buffer.size()) break;
    }
    if (learner.state == Learner::State::kUpgrading) {
      const std::size_t end = learner.in.find("\r\n\r\n");
      if (end == std::string::npos) return;
      if (!learner.in.starts_with("HTTP/1.1 101")) return Lose(learner);
      learner.in.erase(0, end + 4);
      learner.state = Learner::State::kGreeted;
    }
    std::size_t at = 0;
    while (const auto size = TakeFrame(learner, at)) at += *size;
    learner.in.erase(0, at);
  }

  // The size of the frame at `at`, once it is complete and served.
  std::optional<std::size_t> TakeFrame(Learner& learner, std::size_t at) {
    if (learner.state == Learner::State::kLost || learner.in.size() < at + 2) return std::nullopt;
    const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(learner.in[at + i])); };
    std::size_t size = byte(1) & 0x7f;
    std::size_t head = 2;
    if (size == 126) {
      if (learner.in.size() < at + 4) return std::nullopt;
      size = byte(2) << 8 | byte(3);
      head = 4;
    } else if (size == 127) {
      if (learner.in.size() < at + 10) return std::nullopt;
      size = 0;
      for (std::size_t i = 2; i < 10; ++i) size = size << 8 | byte(i);
      head = 10;
    }
    if (learner.in.size() < at + head + size) return std::nullopt;
    const std::size_t opcode = byte(0) & 0x0f;
    if (opcode == 8) {
      Lose(learner);
      return std::nullopt;
    }
    const std::string payload = learner.in.substr(at + head, size);
    if (opcode == 9) Write(learner, FrameHead(10, size) + payload);
    if (opcode == 1) Hear(learner, payload);
    return head + size;
  }

  void Hear(Learner& learner, std::string_view message) {
    if (IsOfType(message, "ack")) {
      const auto next_seq = NumberIn(message, R"("next_seq":)");
      const auto now = Clock::now();
      for (; next_seq && learner.acknowledged < std::min(*next_seq, learner.sent); ++learner.acknowledged) {
        latencies_us_.push_back(static_cast<std::uint32_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(now - learner.sent_at[learner.acknowledged]).count()));
      }
      return;
    }
    ++others_;
    if (IsOfType(message, "hello")) {
      if (command_.is_idle) return BecomeReady(learner);
      learner.state = Learner::State::kStarting;
      const std::string start =
          R"({"type":"start_session","mode":"conversation","audio":{"format":"pcm_s16le","sample_rate":16000}})";
      return Write(learner, FrameHead(1, start.size()) + start);
    }
    if (IsOfType(message, "session_started")) {
      constexpr std::string_view kId = R"("session_id":")";
      learner.session_id = message.substr(message.find(kId) + kId.size(), 36);
      learner.stream_id = NumberIn(message, R"("stream_id":)").value_or(0);
      return BecomeReady(learner);
    }
    if (IsOfType(message, "error")) {
      if (errors_++ == 0) fmt::print(stderr, "speechcoach: the server answers: {}\n", message);
      if (learner.state == Learner::State::kStarting) Lose(learner);
    }
  }

  // What the chunk begins with makes it one of its kind; the rest is noise.
  void SendChunk(std::size_t index) {
    Learner& learner = *learners_[index];
    static const std::string head = FrameHead(2, 8 + kChunkBytes);
    const std::array<std::uint32_t, 4> begin{learner.stream_id, learner.sent, static_cast<std::uint32_t>(index), learner.sent};
    const std::array<iovec, 3> parts{{{const_cast<char*>(head.data()), head.size()},
                                      {const_cast<std::uint32_t*>(begin.data()), sizeof begin},
                                      {noise_.data() + 8, kChunkBytes - 8}}};
    learner.sent_at.push_back(Clock::now());
    ++learner.sent;
    WriteParts(learner, parts);
  }

  void Stream() {
    const auto begin = Clock::now();
    const auto chunks = static_cast<std::int64_t>(std::chrono::seconds(command_.seconds) / kChunkTime);
    const auto count = static_cast<std::int64_t>(learners_.size());
    // Learners begin at moments spread over one chunk's time: slot k is chunk k / count of learner k % count.
    for (std::int64_t slot = 0; slot < chunks * count;) {
      const auto passed = Clock::now() - begin;
      const auto due = std::min<std::int64_t>(chunks * count, count * passed / kChunkTime + 1);
      for (; slot < due; ++slot) {
        const auto index = static_cast<std::size_t>(slot % count);
        if (learners_[index]->state == Learner::State::kReady) SendChunk(index);
      }
      Poll(1);
    }
    streamed_s_ = std::chrono::duration<double>(Clock::now() - begin).count();
    const auto end = Clock::now() + kLastAcks;
    while (Missing() > 0 && Clock::now() < end) Poll(10);
  }

  std::int64_t Missing() const {
    std::int64_t missing = 0;
    for (const auto& learner : learners_) missing += learner->sent - learner->acknowledged;
    return missing;
  }

  double LatencyMs(double share) {
    if (latencies_us_.empty()) return 0.0;
    const auto at = static_cast<std::size_t>(share * static_cast<double>(latencies_us_.size() - 1));
    std::ranges::nth_element(latencies_us_, latencies_us_.begin() + static_cast<std::ptrdiff_t>(at));
    return latencies_us_[at] / 1000.0;
  }

  ExitCode Report() {
    std::int64_t sent = 0;
    for (const auto& learner : learners_) sent += learner->sent;
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    const double cpu_s = seconds(used.ru_utime) + seconds(used.ru_stime);
    const boost::json::object report{{"connections", command_.connections},
                                     {"open", ready_},
                                     {"lost", lost_},
                                     {"opened_in_s", opened_s_},
                                     {"streamed_s", streamed_s_},
                                     {"chunks_sent", sent},
                                     {"chunks_acknowledged", sent - Missing()},
                                     {"chunk_bytes", kChunkBytes},
                                     {"errors", errors_},
                                     {"other_messages", others_},
                                     {"ack_p50_ms", LatencyMs(0.5)},
                                     {"ack_p99_ms", LatencyMs(0.99)},
                                     {"ack_max_ms", LatencyMs(1.0)},
                                     {"client_cpu_s", cpu_s}};
    if (!command_.streams_file.empty()) WriteStreams();
    fmt::print("{}\n", boost::json::serialize(report));
    std::fflush(stdout);
    return lost_ == 0 && ready_ == learners_.size() && Missing() == 0 ? ExitCode::kOk : ExitCode::kFailed;
  }

  // For whoever compares what the server keeps with what was sent.
  void WriteStreams() const {
    boost::json::array streams;
    for (std::size_t i = 0; i < learners_.size(); ++i) {
      streams.push_back(
          boost::json::object{{"session_id", learners_[i]->session_id}, {"index", i}, {"chunks", learners_[i]->sent}});
    }
    std::string noise;
    for (const char byte : noise_) noise += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    std::ofstream(command_.streams_file) << boost::json::serialize(boost::json::object{{"noise", noise}, {"streams", streams}});
  }

  const BenchWsCommand command_;
  const int epoll_;
  sockaddr_storage address_{};
  socklen_t address_length_ = 0;
  std::vector<std::unique_ptr<Learner>> learners_;
  std::array<char, kChunkBytes> noise_{};
  std::vector<std::uint32_t> latencies_us_;
  std::size_t ready_ = 0;
  std::size_t lost_ = 0;
  int opening_ = 0;
  std::int64_t errors_ = 0;
  std::int64_t others_ = 0;
  double opened_s_ = 0.0;
  double streamed_s_ = 0.0;
};

}  // namespace

ExitCode RunBenchWs(const BenchWsCommand& command) {
  AllowAllDescriptors();
  return Bench(command).Run();
}

}  // namespace speechcoach::cli
