#include "audio/decode_worker.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audio/samples.h"

namespace speechcoach::audio {
namespace {

using base::ErrorCode;
namespace protocol = decode_protocol;

template <typename Message>
std::span<std::uint8_t> BytesOf(Message& message) {
  return {reinterpret_cast<std::uint8_t*>(&message), sizeof message};
}

// Waits for `events`; false at the deadline.
bool WaitFor(int socket, short events, Deadline deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd entry{socket, events, 0};
    const int ready = poll(&entry, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

class SpawnSettings {
 public:
  explicit SpawnSettings(int socket) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, socket, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, socket, STDOUT_FILENO);
    // Signals that the server ignores or blocks would stay so in the new process.
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

base::Error ErrorOf(protocol::AnswerStatus status) {
  switch (status) {
    case protocol::AnswerStatus::kNoAudio:
      return {ErrorCode::kAudioUnreadable, "there is no audio in the recording"};
    case protocol::AnswerStatus::kUnsupportedCodec:
      return {ErrorCode::kUnsupportedFormat, "the recording's codec is not supported"};
    case protocol::AnswerStatus::kTooLong:
      return {ErrorCode::kAudioTooLong, "the recording is too long"};
    default:
      return {ErrorCode::kAudioUnreadable, "the recording is damaged beyond use"};
  }
}

}  // namespace

base::Result<std::unique_ptr<DecodeWorker>> DecodeWorker::Start(const base::AudioConfig& config,
                                                                const std::filesystem::path& program) {
  std::array<int, 2> sockets{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    return {ErrorCode::kInternal, fmt::format("decoder: no socket: {}", std::strerror(errno))};
  }
  const auto [ours, theirs] = sockets;
  const int timeout_s = (config.decode_timeout_ms + 999) / 1000;
  std::string name = program.string();
  std::string memory_mb = std::to_string(config.decode_memory_mb);
  std::string cpu_seconds = std::to_string(timeout_s * kMaxRequests);
  std::string timeout_ms = std::to_string(config.decode_timeout_ms);
  const std::array<char*, 5> arguments{name.data(), memory_mb.data(), cpu_seconds.data(), timeout_ms.data(), nullptr};
  const std::array<char*, 1> environment{nullptr};

  const SpawnSettings settings(theirs);
  pid_t process_id = 0;
  const int fault =
      posix_spawn(&process_id, name.c_str(), settings.actions(), settings.attributes(), arguments.data(), environment.data());
  close(theirs);
  if (fault != 0) {
    close(ours);
    return {ErrorCode::kInternal, fmt::format("decoder: {} cannot be started: {}", name, std::strerror(fault))};
  }
  return std::unique_ptr<DecodeWorker>(new DecodeWorker(process_id, ours));
}

DecodeWorker::~DecodeWorker() {
  close(socket_);
  kill(process_id_, SIGKILL);
  while (waitpid(process_id_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

base::Status DecodeWorker::WaitUntilReady(Deadline deadline) {
  if (is_ready_) return {};
  protocol::Hello hello{0};
  const Transfer transfer = Receive(BytesOf(hello), deadline);
  if (transfer == Transfer::kTimedOut) {
    is_broken_ = true;
    return {ErrorCode::kTimeout, "decoder: the process did not become ready in time"};
  }
  if (transfer == Transfer::kEnded || hello.magic != protocol::kMagic) {
    is_broken_ = true;
    return {ErrorCode::kInternal, "decoder: the program ended at once or is not the one that belongs to this version"};
  }
  if (hello.status != protocol::HelloStatus::kReady) {
    is_broken_ = true;
    return {ErrorCode::kInternal,
            fmt::format("decoder: it cannot be confined on this system (seccomp and resource limits are needed): {}",
                        std::strerror(hello.system_error))};
  }
  is_ready_ = true;
  return {};
}

base::Result<model::AudioClip> DecodeWorker::Decode(std::span<const std::uint8_t> bytes, protocol::Container container,
                                                    std::size_t max_samples, Deadline deadline) {
  ++requests_;
  protocol::Request request{protocol::kMagic, container, static_cast<std::uint32_t>(max_samples),
                            static_cast<std::uint32_t>(bytes.size())};
  protocol::Answer answer{0};
  Transfer transfer = Send(BytesOf(request), deadline);
  if (transfer == Transfer::kDone) transfer = Send(bytes, deadline);
  if (transfer == Transfer::kDone) transfer = Receive(BytesOf(answer), deadline);
  if (transfer != Transfer::kDone) return Broken(transfer);

  const bool is_sound = answer.magic == protocol::kMagic && answer.sample_count <= max_samples;
  if (!is_sound) {
    is_broken_ = true;
    return {ErrorCode::kInternal, "decoder: its answer is not one"};
  }
  if (answer.status != protocol::AnswerStatus::kDecoded) return ErrorOf(answer.status);

  model::AudioClip clip;
  clip.truncated = answer.truncated != 0;
  clip.samples.resize(answer.sample_count);
  transfer = Receive({reinterpret_cast<std::uint8_t*>(clip.samples.data()), clip.samples.size() * sizeof(float)}, deadline);
  if (transfer != Transfer::kDone) return Broken(transfer);
  CleanSamples(clip.samples);
  return clip;
}

bool DecodeWorker::IsUsable() const {
  if (is_broken_ || requests_ >= kMaxRequests) return false;
  pollfd entry{socket_, 0, 0};
  return poll(&entry, 1, 0) == 0;  // a dead process hangs up
}

DecodeWorker::Transfer DecodeWorker::Send(std::span<const std::uint8_t> bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      if (!WaitFor(socket_, POLLOUT, deadline)) return Transfer::kTimedOut;
    } else if (errno != EINTR) {
      return Transfer::kEnded;
    }
  }
  return Transfer::kDone;
}

DecodeWorker::Transfer DecodeWorker::Receive(std::span<std::uint8_t> bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t count = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (count == 0) {
      return Transfer::kEnded;
    } else if (errno == EAGAIN) {
      if (!WaitFor(socket_, POLLIN, deadline)) return Transfer::kTimedOut;
    } else if (errno != EINTR) {
      return Transfer::kEnded;
    }
  }
  return Transfer::kDone;
}

base::Error DecodeWorker::Broken(Transfer transfer) {
  is_broken_ = true;
  if (transfer == Transfer::kTimedOut) return {ErrorCode::kTimeout, "decoder: the recording took too long to decode"};
  return {ErrorCode::kAudioUnreadable, "decoder: the process died of the recording"};
}

}  // namespace speechcoach::audio
