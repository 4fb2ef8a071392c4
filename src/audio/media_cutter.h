// Recordings of Opus in WebM or Ogg that still come in, cut into pieces that can be decoded one by one: FFmpeg's demuxers want a
// recording that has an end, and decoding all of it again and again would take ever longer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace speechcoach::audio {

// A recording by itself: the container's head, a little of what came before (the codec needs 80 ms to find its feet), what is
// new.
struct MediaPiece {
  std::vector<std::uint8_t> bytes;
  double new_s = 0.0;  // so much at its end is new
};

// Reads the container's framing alone (RFC 3533, RFC 7845; Matroska, RFC 9559), and of a packet what tells its length. One thread
// at a time.
class MediaCutter {
 public:
  virtual ~MediaCutter() = default;

  // In order, however the recording is cut. False where it is none that can be cut; nothing more comes of it then.
  virtual bool Append(std::span<const std::uint8_t> bytes) = 0;

  // What has come since the last piece, a second of it, or to the end of the page or block in which that ends; nothing where it is less
  // than a quarter of a second.
  virtual std::optional<MediaPiece> Take() = 0;
};

// `format`: "webm_opus" or "ogg_opus"; null for others. What says that it is longer than `max_seconds` is not cut.
std::unique_ptr<MediaCutter> MakeMediaCutter(std::string_view format, double max_seconds);

}  // namespace speechcoach::audio
