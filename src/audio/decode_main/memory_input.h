// A recording in memory as FFmpeg's input.
#pragma once

#include <cstdint>
#include <span>

struct AVIOContext;

namespace speechcoach::audio {

// `bytes` must outlive it, and it the format context that reads from it.
class MemoryInput {
 public:
  explicit MemoryInput(std::span<const std::uint8_t> bytes);  // throws std::bad_alloc
  ~MemoryInput();
  MemoryInput(const MemoryInput&) = delete;
  MemoryInput& operator=(const MemoryInput&) = delete;

  AVIOContext* context() const { return context_; }

 private:
  static int Read(void* self, std::uint8_t* buffer, int size);
  static std::int64_t Seek(void* self, std::int64_t offset, int whence);

  std::span<const std::uint8_t> bytes_;
  std::size_t position_ = 0;
  AVIOContext* context_ = nullptr;
};

}  // namespace speechcoach::audio
