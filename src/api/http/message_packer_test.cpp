#include "api/http/message_packer.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::api {
namespace {

std::span<const std::uint8_t> Bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string Unpacked(MessagePacker& packer, std::string_view packed) {
  const auto message = packer.Unpack(Bytes(packed), 1 << 20);
  if (!std::holds_alternative<std::vector<std::uint8_t>>(message)) return "refused";
  const auto& bytes = std::get<0>(message);
  return {bytes.begin(), bytes.end()};
}

RC_GTEST_PROP(MessagePackerTest, UnpacksWhatWasPacked, (const std::vector<std::string>& messages)) {
  MessagePacker packer;
  for (const std::string& message : messages) RC_ASSERT(Unpacked(packer, packer.Pack(message)) == message);
}

TEST(MessagePackerTest, UnpacksTheStandardsExamples) {
  MessagePacker packer;
  EXPECT_EQ(Unpacked(packer, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7)), "Hello");  // 7.2.3.1
  EXPECT_EQ(Unpacked(packer, std::string("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11)),
            "Hello");                                                                        // 7.2.3.3: not compressed
  EXPECT_EQ(Unpacked(packer, std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8)), "Hello");  // 7.2.3.4: a last block
  EXPECT_EQ(Unpacked(packer, std::string("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13)),
            "Hello");  // 7.2.3.5: two blocks
  EXPECT_EQ(Unpacked(packer, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7)), "Hello") << "nothing is left of the one before";
}

TEST(MessagePackerTest, RefusesWhatIsTooLongAndWhatIsNotPacked) {
  MessagePacker packer;
  const std::string bomb = packer.Pack(std::string(100'001, 'a'));
  EXPECT_EQ(std::get<CloseCode>(packer.Unpack(Bytes(bomb), 100'000)), CloseCode::kTooBig);
  EXPECT_EQ(std::get<0>(packer.Unpack(Bytes(bomb), 100'001)).size(), 100'001u);
  EXPECT_EQ(std::get<CloseCode>(packer.Unpack(Bytes("\xff\xff\xff"), 100'000)), CloseCode::kBadText);
}

TEST(MessagePackerTest, TakesOffersItCanKeep) {
  const std::string_view agreed =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=11";
  for (const char* offer :
       {"permessage-deflate", "permessage-deflate; client_max_window_bits", "x-webkit-deflate-frame, permessage-deflate",
        "permessage-deflate; server_max_window_bits=\"12\"; client_max_window_bits=10",
        "permessage-deflate; server_max_window_bits=8, permessage-deflate"}) {
    EXPECT_EQ(AgreeOnPacking(offer), agreed) << offer;
  }
  for (const char* offer : {"", "x-webkit-deflate-frame", "permessage-deflate; server_max_window_bits=8",
                            "permessage-deflate; server_max_window_bits", "permessage-deflate; client_max_window_bits=16",
                            "permessage-deflate; unknown", "permessage-deflate; client_max_window_bits; client_max_window_bits",
                            "permessage-deflate; server_no_context_takeover=1"}) {
    EXPECT_EQ(AgreeOnPacking(offer), "") << offer;
  }
}

}  // namespace
}  // namespace speechcoach::api
