#include "api/http/web_socket_frames.h"

#include <algorithm>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::api {
namespace {

constexpr std::size_t kMaxBytes = 100'000;

// As a client writes it, masked with `mask`.
std::string Frame(int first_byte, std::string payload, std::string mask = "\x12\x34\x56\x78") {
  const std::size_t size = payload.size();
  std::string frame{static_cast<char>(first_byte)};
  const int length_bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  frame += static_cast<char>(0x80 | (length_bytes == 0 ? size : length_bytes == 2 ? 126 : 127));
  for (int i = length_bytes - 1; i >= 0; --i) frame += static_cast<char>(static_cast<std::uint64_t>(size) >> 8 * i & 0xff);
  for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
  return frame + mask + payload;
}

struct Got {
  Opcode opcode = Opcode::kText;
  bool is_packed = false;
  std::string payload;
  bool operator==(const Got&) const = default;
};

// All that is read from `bytes`, which come in pieces of `piece`; ends at a fault.
std::pair<std::vector<Got>, std::optional<CloseCode>> ReadAll(const std::string& bytes, std::size_t piece,
                                                              bool may_be_packed = true) {
  FrameReader reader(kMaxBytes, may_be_packed);
  std::vector<Got> got;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    std::vector<std::uint8_t> part(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                   bytes.begin() + static_cast<std::ptrdiff_t>(std::min(at + piece, bytes.size())));
    std::span<std::uint8_t> left = part;
    while (const auto frame = reader.Next(left)) {
      if (frame->fault) return {got, frame->fault};
      got.push_back({frame->opcode, frame->is_packed, std::string(frame->payload.begin(), frame->payload.end())});
    }
    EXPECT_TRUE(left.empty());
  }
  return {got, std::nullopt};
}

RC_GTEST_PROP(FrameReaderTest, ReadsMessagesHoweverTheyAreCut, ()) {
  const auto messages = *rc::gen::nonEmpty<std::vector<std::string>>();
  const auto piece = *rc::gen::inRange<std::size_t>(1, 300);
  std::string bytes;
  std::vector<Got> sent;
  for (const std::string& short_message : messages) {
    const std::string message =
        *rc::gen::element(short_message, short_message + std::string(200, 'x'), short_message + std::string(70'000, 'y'));
    const auto fragments = *rc::gen::inRange<std::size_t>(1, 4);
    const bool is_packed = *rc::gen::arbitrary<bool>();
    for (std::size_t i = 0; i < fragments; ++i) {
      const std::size_t begin = message.size() * i / fragments;
      const std::size_t end = message.size() * (i + 1) / fragments;
      const int opcode = i == 0 ? 2 : 0;
      bytes +=
          Frame((i + 1 == fragments ? 0x80 : 0) | (is_packed && i == 0 ? 0x40 : 0) | opcode, message.substr(begin, end - begin));
      // Control frames may come between fragments.
      if (i + 1 < fragments && *rc::gen::arbitrary<bool>()) {
        bytes += Frame(0x89, "are you there");
        sent.push_back({Opcode::kPing, false, "are you there"});
      }
    }
    sent.push_back({Opcode::kBinary, is_packed, message});
  }
  const auto [got, fault] = ReadAll(bytes, piece);
  RC_ASSERT(!fault);
  RC_ASSERT(got == sent);
}

TEST(FrameReaderTest, ClosesForWhatItCannotReadPast) {
  const auto fault_of = [](const std::string& bytes, bool may_be_packed = false) {
    const auto fault = ReadAll(bytes, bytes.size(), may_be_packed).second;
    EXPECT_EQ(ReadAll(bytes, 1, may_be_packed).second, fault);
    return fault ? static_cast<int>(*fault) : 0;
  };
  EXPECT_EQ(fault_of(Frame(0x83, "x")), 1002) << "an unknown opcode";
  EXPECT_EQ(fault_of(Frame(0xa1, "x")), 1002) << "a reserved bit";
  EXPECT_EQ(fault_of(Frame(0xc1, "x")), 1002) << "packed without an agreement";
  EXPECT_EQ(fault_of(Frame(0xc1, "x"), true), 0);
  EXPECT_EQ(fault_of(std::string("\x81\x01x", 3)), 1002) << "not masked";
  EXPECT_EQ(fault_of(Frame(0x80, "x")), 1002) << "continues nothing";
  EXPECT_EQ(fault_of(Frame(0x01, "x") + Frame(0x81, "y")), 1002) << "a message within a message";
  EXPECT_EQ(fault_of(Frame(0x01, "x") + Frame(0xc0, "y"), true), 1002) << "packed from the middle on";
  EXPECT_EQ(fault_of(Frame(0x09, "x")), 1002) << "a control frame in fragments";
  EXPECT_EQ(fault_of(Frame(0x89, std::string(126, 'x'))), 1002) << "a long control frame";
  EXPECT_EQ(fault_of(std::string("\x82\xfe\x00\x05", 4) + "mask" + "12345"), 1002) << "a length in more bytes than it needs";
  EXPECT_EQ(fault_of(Frame(0x82, std::string(kMaxBytes, 'x'))), 0);
  EXPECT_EQ(fault_of(Frame(0x82, std::string(kMaxBytes + 1, 'x'))), 1009);
  EXPECT_EQ(fault_of(Frame(0x02, std::string(kMaxBytes, 'x')) + Frame(0x80, "x")), 1009) << "in fragments";
  EXPECT_EQ(fault_of("\x82\xff" + std::string(8, '\xff') + "mask"), 1009);
}

TEST(FrameHeadTest, LengthsStandInAsFewBytesAsTheyCan) {
  EXPECT_EQ(FrameHead(Opcode::kText, 125).view(), "\x81\x7d");
  EXPECT_EQ(FrameHead(Opcode::kText, 126).view(), std::string_view("\x81\x7e\x00\x7e", 4));
  EXPECT_EQ(FrameHead(Opcode::kText, 65536, true).view(), std::string_view("\xc1\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

TEST(CloseTest, AnswersWithTheClientsCodeWhereItMayBeSent) {
  const auto answer = [](CloseCode code, std::string_view reason) {
    const std::string payload = ClosePayload(code, reason);
    return AnswerToClose({reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()});
  };
  EXPECT_EQ(AnswerToClose({}), CloseCode::kDone);
  EXPECT_EQ(answer(CloseCode::kGoingAway, "bye"), CloseCode::kGoingAway);
  EXPECT_EQ(answer(static_cast<CloseCode>(3000), ""), static_cast<CloseCode>(3000));
  EXPECT_EQ(answer(static_cast<CloseCode>(1005), ""), CloseCode::kProtocolError);
  EXPECT_EQ(answer(static_cast<CloseCode>(999), ""), CloseCode::kProtocolError);
  EXPECT_EQ(answer(CloseCode::kDone, "\xff"), CloseCode::kBadText);
  const std::uint8_t half = 3;
  EXPECT_EQ(AnswerToClose({&half, 1}), CloseCode::kProtocolError);
  EXPECT_EQ(ClosePayload(CloseCode::kDone, std::string(200, 'x')).size(), 125u);
}

}  // namespace
}  // namespace speechcoach::api
