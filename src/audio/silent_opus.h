// An Ogg Opus recording of silence, as long as a test wants and small: two bytes for 120 ms.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace speechcoach::audio {

// The stream structure of RFC 3533 (Ogg) and RFC 7845 (Opus in Ogg).
class SilentOpus {
 public:
  explicit SilentOpus(double duration_s) {
    AddPage({std::string("OpusHead\x01\x01\x00\x00\x80\xBB\x00\x00\x00\x00\x00", 19)}, 0, kFirst);
    AddPage({std::string("OpusTags\x00\x00\x00\x00\x00\x00\x00\x00", 16)}, 0, 0);
    constexpr double kPacketS = 0.12;
    constexpr std::size_t kPacketsPerPage = 200;
    // RFC 6716, 3.2.5: configuration 31 (CELT, full band, 20 ms), mono, six frames of equal length: none.
    const std::string packet("\xFB\x06", 2);
    const auto packets = static_cast<std::size_t>(duration_s / kPacketS + 0.5);
    for (std::size_t done = 0; done < packets;) {
      const std::size_t count = std::min(kPacketsPerPage, packets - done);
      done += count;
      AddPage(std::vector<std::string>(count, packet), done * 5760, done == packets ? kLast : 0);
    }
  }

  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  static constexpr std::uint8_t kFirst = 2;
  static constexpr std::uint8_t kLast = 4;

  static void Append(std::string& page, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) page.push_back(static_cast<char>(value >> (8 * i)));
  }

  static std::uint32_t Checksum(const std::string& page) {
    std::uint32_t sum = 0;
    for (const char letter : page) {
      sum ^= static_cast<std::uint32_t>(static_cast<std::uint8_t>(letter)) << 24;
      for (int bit = 0; bit < 8; ++bit) sum = (sum << 1) ^ ((sum & 0x80000000u) != 0 ? 0x04C11DB7u : 0u);
    }
    return sum;
  }

  // Packets of less than 255 bytes, at most 255 of them.
  void AddPage(const std::vector<std::string>& packets, std::uint64_t granule, std::uint8_t flags) {
    std::string page("OggS\x00", 5);
    page.push_back(static_cast<char>(flags));
    Append(page, granule, 8);
    Append(page, 1, 4);
    Append(page, page_number_++, 4);
    const std::size_t checksum_at = page.size();
    Append(page, 0, 4);
    Append(page, packets.size(), 1);
    for (const std::string& packet : packets) Append(page, packet.size(), 1);
    for (const std::string& packet : packets) page += packet;
    const std::uint32_t sum = Checksum(page);
    for (std::size_t i = 0; i < 4; ++i) page[checksum_at + i] = static_cast<char>(sum >> (8 * i));
    bytes_.insert(bytes_.end(), page.begin(), page.end());
  }

  std::uint32_t page_number_ = 0;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace speechcoach::audio
