#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "audio/audio_decoder.h"
#include "audio/test_support.h"

namespace speechcoach::audio {
namespace {

std::string Sniff(const std::string& text) {
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  return std::string(SniffFormat(bytes));
}

TEST(SniffFormat, KnowsEveryRecording) {
  EXPECT_EQ(SniffFormat(Recording("good.wav")), "wav");
  EXPECT_EQ(SniffFormat(Recording("good.webm")), "webm_opus");
  EXPECT_EQ(SniffFormat(Recording("good.ogg")), "ogg_opus");
  EXPECT_EQ(SniffFormat(Recording("good.mp3")), "mp3");
  EXPECT_EQ(SniffFormat(Recording("good.m4a")), "m4a");
  EXPECT_EQ(SniffFormat(Recording("good.flac")), "flac");
  EXPECT_EQ(SniffFormat(Recording("truncated.webm")), "webm_opus");
}

TEST(SniffFormat, KnowsAnMp3WithoutTag) {
  const auto bytes = Recording("good.mp3");
  const std::string text(bytes.begin(), bytes.end());
  ASSERT_EQ(text.substr(0, 3), "ID3");
  const std::size_t frames = text.find("\xFF\xFB");
  ASSERT_NE(frames, std::string::npos);
  EXPECT_EQ(Sniff(text.substr(frames)), "mp3");
  std::string broken = text.substr(frames, 4) + std::string(5000, 'x');
  EXPECT_EQ(Sniff(broken), "") << "one sync word by chance is no MP3";
}

TEST(SniffFormat, LooksBehindAnId3Tag) {
  const std::string tag("ID3\x04\x00\x00\x00\x00\x00\x02xx", 12);
  EXPECT_EQ(Sniff(tag + "fLaC"), "flac");
  EXPECT_EQ(Sniff(tag), "mp3");
  EXPECT_EQ(Sniff("ID3"), "mp3");
}

TEST(SniffFormat, KnowsNothingElse) {
  EXPECT_EQ(Sniff(""), "");
  EXPECT_EQ(Sniff("RIFF"), "");
  EXPECT_EQ(Sniff("RIFF\x10\x10\x10\x10"
                  "AVI "),
            "");
  EXPECT_EQ(Sniff("Dear teacher, this is my homework."), "");
  EXPECT_EQ(Sniff("\xFF\xF1\x50\x80"), "") << "AAC without a container";
}

RC_GTEST_PROP(SniffFormatProperty, ReadsNoFurtherThanTheBytes, (std::vector<std::uint8_t> bytes)) {
  const auto prefix = *rc::gen::element<std::string>("", "ID3", "RIFF", "\xFF\xFB", "OggS");
  bytes.insert(bytes.begin(), prefix.begin(), prefix.end());
  SniffFormat(bytes);
}

}  // namespace
}  // namespace speechcoach::audio
