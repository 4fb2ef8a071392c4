#include "audio/decode_main/memory_input.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <new>

extern "C" {
#include <libavformat/avio.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
}

namespace speechcoach::audio {

MemoryInput::MemoryInput(std::span<const std::uint8_t> bytes) : bytes_(bytes) {
  constexpr int kBufferBytes = 32 * 1024;
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
  if (buffer == nullptr) throw std::bad_alloc();
  context_ = avio_alloc_context(buffer, kBufferBytes, 0, this, &MemoryInput::Read, nullptr, &MemoryInput::Seek);
  if (context_ == nullptr) {
    av_free(buffer);
    throw std::bad_alloc();
  }
}

MemoryInput::~MemoryInput() {
  av_freep(&context_->buffer);  // FFmpeg may have replaced the one it was given
  avio_context_free(&context_);
}

int MemoryInput::Read(void* self, std::uint8_t* buffer, int size) {
  auto& input = *static_cast<MemoryInput*>(self);
  const std::size_t count =
      std::min<std::size_t>(static_cast<std::size_t>(std::max(size, 0)), input.bytes_.size() - input.position_);
  if (count == 0) return AVERROR_EOF;
  std::memcpy(buffer, input.bytes_.data() + input.position_, count);
  input.position_ += count;
  return static_cast<int>(count);
}

std::int64_t MemoryInput::Seek(void* self, std::int64_t offset, int whence) {
  auto& input = *static_cast<MemoryInput*>(self);
  const auto size = static_cast<std::int64_t>(input.bytes_.size());
  std::int64_t target = 0;
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
      return size;
    case SEEK_SET:
      target = offset;
      break;
    case SEEK_CUR:
      if (__builtin_add_overflow(static_cast<std::int64_t>(input.position_), offset, &target)) return AVERROR(EINVAL);
      break;
    case SEEK_END:
      if (__builtin_add_overflow(size, offset, &target)) return AVERROR(EINVAL);
      break;
    default:
      return AVERROR(EINVAL);
  }
  if (target < 0) return AVERROR(EINVAL);
  input.position_ = static_cast<std::size_t>(std::min(target, size));
  return target;
}

}  // namespace speechcoach::audio
