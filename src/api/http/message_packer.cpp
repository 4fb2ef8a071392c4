#include "api/http/message_packer.h"

#include <algorithm>
#include <array>
#include <new>
#include <set>

#include <zlib.h>

#include "api/http/text.h"

namespace speechcoach::api {
namespace {

// A small window: JSON of a few kilobytes gains little by more, and the client holds as much.
constexpr int kWindowBits = 11;
constexpr int kClientWindowBits = 15;  // the most it may use
constexpr int kLevel = 3;
constexpr int kMemoryLevel = 4;
constexpr std::array<std::uint8_t, 4> kTail{0x00, 0x00, 0xff, 0xff};  // ends every packed message; left out on the wire
constexpr std::size_t kFirstBytes = 4096;

std::string_view Unquoted(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') return value.substr(1, value.size() - 2);
  return value;
}

bool CanTake(std::string_view offer) {
  const std::vector<std::string_view> items = SplitList(offer, ';');
  if (items.empty() || !EqualIgnoringCase(items.front(), "permessage-deflate")) return false;
  std::set<std::string_view> seen;
  for (std::size_t i = 1; i < items.size(); ++i) {
    const std::size_t equals = items[i].find('=');
    const std::string_view name = Trim(items[i].substr(0, equals));
    if (!seen.insert(name).second) return false;
    if (equals == std::string_view::npos) {
      if (name != "server_no_context_takeover" && name != "client_no_context_takeover" && name != "client_max_window_bits")
        return false;
      continue;
    }
    const auto bits = ParseNumber(Unquoted(Trim(items[i].substr(equals + 1))));
    const int least = name == "server_max_window_bits" ? kWindowBits : 8;
    if ((name != "server_max_window_bits" && name != "client_max_window_bits") || !bits || *bits < least || *bits > 15)
      return false;
  }
  return true;
}

}  // namespace

std::string AgreeOnPacking(std::string_view offers) {
  const std::vector<std::string_view> list = SplitList(offers);
  if (std::ranges::none_of(list, CanTake)) return {};
  return "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=" +
         std::to_string(kWindowBits);
}

struct MessagePacker::Streams {
  z_stream pack{};
  z_stream unpack{};
};

MessagePacker::MessagePacker() : streams_(std::make_unique<Streams>()) {
  if (deflateInit2(&streams_->pack, kLevel, Z_DEFLATED, -kWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  if (inflateInit2(&streams_->unpack, -kClientWindowBits) == Z_OK) return;
  deflateEnd(&streams_->pack);
  throw std::bad_alloc();
}

MessagePacker::~MessagePacker() {
  deflateEnd(&streams_->pack);
  inflateEnd(&streams_->unpack);
}

std::string MessagePacker::Pack(std::string_view message) {
  z_stream& stream = streams_->pack;
  deflateReset(&stream);
  // The bound is that of a stream that ends; a flush adds an empty block.
  std::string packed(deflateBound(&stream, static_cast<uLong>(message.size())) + 16, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(message.data()));
  stream.avail_in = static_cast<uInt>(message.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_SYNC_FLUSH);
  packed.resize(packed.size() - stream.avail_out - kTail.size());
  return packed;
}

std::variant<std::vector<std::uint8_t>, CloseCode> MessagePacker::Unpack(std::span<const std::uint8_t> packed,
                                                                         std::size_t max_bytes) {
  z_stream& stream = streams_->unpack;
  inflateReset(&stream);
  std::vector<std::uint8_t> message(std::min(kFirstBytes, max_bytes));
  std::size_t size = 0;
  for (const std::span<const std::uint8_t> part : {packed, std::span<const std::uint8_t>(kTail)}) {
    stream.next_in = const_cast<Bytef*>(part.data());
    stream.avail_in = static_cast<uInt>(part.size());
    while (true) {
      stream.next_out = message.data() + size;
      stream.avail_out = static_cast<uInt>(message.size() - size);
      const int outcome = inflate(&stream, Z_SYNC_FLUSH);
      size = message.size() - stream.avail_out;
      if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR) return CloseCode::kBadText;
      // A client may end a stream within a message, and begin another.
      if (outcome == Z_STREAM_END) inflateReset(&stream);
      if (stream.avail_out == 0) {
        // The whole of what may come fits, and one byte more would have a place: that tells which is too much.
        if (message.size() > max_bytes) return CloseCode::kTooBig;
        message.resize(std::min(message.size() * 2, max_bytes + 1));
        continue;
      }
      if (stream.avail_in == 0 || outcome == Z_BUF_ERROR) break;
    }
  }
  if (size > max_bytes) return CloseCode::kTooBig;
  message.resize(size);
  return message;
}

}  // namespace speechcoach::api
