// The server's side of one confined decoder process.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include <sys/types.h>

#include "audio/decode_protocol.h"
#include "base/config.h"
#include "base/result.h"
#include "model/audio_clip.h"

namespace speechcoach::audio {

using Deadline = std::chrono::steady_clock::time_point;

// Used by one thread at a time. Its end ends the process and waits for it, so none is left over.
class DecodeWorker {
 public:
  // A process serves so many requests, then another takes over: what a decoder leaks or a hostile recording leaves behind
  // does not last.
  static constexpr int kMaxRequests = 100;

  // Returns at once; whether the process can work is known by WaitUntilReady(). Thread-safe.
  // Errors: kInternal (the program cannot be started).
  static base::Result<std::unique_ptr<DecodeWorker>> Start(const base::AudioConfig& config, const std::filesystem::path& program);
  ~DecodeWorker();
  DecodeWorker(const DecodeWorker&) = delete;
  DecodeWorker& operator=(const DecodeWorker&) = delete;

  // Once ready, at no cost. Errors: kInternal (it ended, is no decoder, or cannot confine itself: it is never used then),
  // kTimeout.
  base::Status WaitUntilReady(Deadline deadline);

  // Errors: kAudioUnreadable (also where the process died of it), kUnsupportedFormat, kAudioTooLong, kTimeout, kInternal.
  base::Result<model::AudioClip> Decode(std::span<const std::uint8_t> bytes, decode_protocol::Container container,
                                        std::size_t max_samples, Deadline deadline);

  // False once it has failed, has served enough, or has died meanwhile.
  bool IsUsable() const;

  // True once it has died, hung or said what it cannot.
  bool is_broken() const { return is_broken_; }

  pid_t process_id() const { return process_id_; }

 private:
  DecodeWorker(pid_t process_id, int socket) : process_id_(process_id), socket_(socket) {}

  enum class Transfer { kDone, kEnded, kTimedOut };
  Transfer Send(std::span<const std::uint8_t> bytes, Deadline deadline);
  Transfer Receive(std::span<std::uint8_t> bytes, Deadline deadline);
  base::Error Broken(Transfer transfer);

  pid_t process_id_;
  int socket_;
  bool is_ready_ = false;
  bool is_broken_ = false;
  int requests_ = 0;
};

}  // namespace speechcoach::audio
