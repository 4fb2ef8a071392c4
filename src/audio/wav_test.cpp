#include "audio/wav.h"

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "audio/test_support.h"

namespace speechcoach::audio {
namespace {

using base::ErrorCode;

constexpr int kPcm = 1;
constexpr int kFloat = 3;

std::string LittleEndian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text.push_back(static_cast<char>(value >> (8 * i)));
  return text;
}

std::string Chunk(const std::string& id, const std::string& body) {
  return id + LittleEndian(body.size(), 4) + body + (body.size() % 2 == 1 ? std::string(1, '\0') : "");
}

std::string FormatBody(int tag, int channels, int rate_hz, int bits) {
  return LittleEndian(static_cast<unsigned>(tag), 2) + LittleEndian(static_cast<unsigned>(channels), 2) +
         LittleEndian(static_cast<unsigned>(rate_hz), 4) + LittleEndian(static_cast<unsigned>(rate_hz * channels * bits / 8), 4) +
         LittleEndian(static_cast<unsigned>(channels * bits / 8), 2) + LittleEndian(static_cast<unsigned>(bits), 2);
}

std::string ExtensibleBody(int tag, int channels, int rate_hz, int bits) {
  const std::string guid_tail("\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71", 14);
  return FormatBody(0xFFFE, channels, rate_hz, bits) + LittleEndian(22, 2) + LittleEndian(static_cast<unsigned>(bits), 2) +
         LittleEndian(0, 4) + LittleEndian(static_cast<unsigned>(tag), 2) + guid_tail;
}

std::vector<std::uint8_t> Riff(const std::string& chunks) {
  const std::string text = "RIFF" + LittleEndian(4 + chunks.size(), 4) + "WAVE" + chunks;
  return {text.begin(), text.end()};
}

std::vector<std::uint8_t> Wav(const std::string& format_body, const std::string& data) {
  return Riff(Chunk("fmt ", format_body) + Chunk("data", data));
}

std::string Samples16(const std::vector<int>& values) {
  std::string data;
  for (const int value : values) data += LittleEndian(static_cast<std::uint16_t>(value), 2);
  return data;
}

std::string Floats(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

std::vector<float> SamplesOf(const base::Result<model::AudioClip>& clip) {
  EXPECT_TRUE(clip.ok()) << (clip.ok() ? "" : clip.error().message);
  return clip.ok() ? clip->samples : std::vector<float>{};
}

ErrorCode ErrorOf(const base::Result<model::AudioClip>& clip) {
  EXPECT_FALSE(clip.ok());
  return clip.ok() ? ErrorCode::kInternal : clip.error().code;
}

TEST(DecodeWav, ReadsEveryEncoding) {
  const std::vector<float> expected = {0.5f, -0.5f, -1.0f, 0.0f};
  const auto pcm = [](const std::vector<std::int64_t>& values, int bytes) {
    std::string data;
    for (const std::int64_t value : values) data += LittleEndian(static_cast<std::uint64_t>(value), bytes);
    return data;
  };
  EXPECT_EQ(SamplesOf(DecodeWav(Wav(FormatBody(kPcm, 1, 16000, 8), pcm({192, 64, 0, 128}, 1)))), expected);
  EXPECT_EQ(SamplesOf(DecodeWav(Wav(FormatBody(kPcm, 1, 16000, 16), pcm({1 << 14, -(1 << 14), -(1 << 15), 0}, 2)))), expected);
  EXPECT_EQ(SamplesOf(DecodeWav(Wav(FormatBody(kPcm, 1, 16000, 24), pcm({1 << 22, -(1 << 22), -(1 << 23), 0}, 3)))), expected);
  EXPECT_EQ(SamplesOf(DecodeWav(Wav(FormatBody(kPcm, 1, 16000, 32), pcm({1 << 30, -(1 << 30), -(1LL << 31), 0}, 4)))), expected);
  EXPECT_EQ(SamplesOf(DecodeWav(Wav(FormatBody(kFloat, 1, 16000, 32), Floats(expected)))), expected);
  const std::vector<double> doubles(expected.begin(), expected.end());
  const std::string data(reinterpret_cast<const char*>(doubles.data()), doubles.size() * sizeof(double));
  EXPECT_EQ(SamplesOf(DecodeWav(Wav(FormatBody(kFloat, 1, 16000, 64), data))), expected);
}

TEST(DecodeWav, ReadsTheExtensibleHeader) {
  EXPECT_EQ(SamplesOf(DecodeWav(Wav(ExtensibleBody(kPcm, 1, 16000, 16), Samples16({16384, -16384})))),
            (std::vector{0.5f, -0.5f}));
  EXPECT_EQ(SamplesOf(DecodeWav(Wav(ExtensibleBody(kFloat, 1, 16000, 32), Floats({0.25f})))), (std::vector{0.25f}));
}

TEST(DecodeWav, MixesChannelsDownWithoutClipping) {
  const auto clip = DecodeWav(Wav(FormatBody(kPcm, 2, 16000, 16), Samples16({32767, 32767, 16384, 0, 16384, -16384})));
  EXPECT_EQ(SamplesOf(clip), (std::vector{32767.0f / 32768.0f, 0.25f, 0.0f}));
}

TEST(DecodeWav, SkipsOtherChunksAlsoOddOnes) {
  const auto clip = DecodeWav(Riff(Chunk("LIST", "abc") + Chunk("fmt ", FormatBody(kPcm, 1, 16000, 16)) + Chunk("bext", "x") +
                                   Chunk("data", Samples16({16384})) + Chunk("LIST", "after")));
  EXPECT_EQ(SamplesOf(clip), (std::vector{0.5f}));
  EXPECT_FALSE(clip->truncated);
}

TEST(DecodeWav, ReadsToTheEndWhatAStreamingWriterLeftWithoutSize) {
  for (const std::uint32_t size : {0u, 0xFFFFFFFFu, 0x7FFFF000u}) {
    const auto clip = DecodeWav(
        Riff(Chunk("fmt ", FormatBody(kPcm, 1, 16000, 16)) + "data" + LittleEndian(size, 4) + Samples16({16384, -16384})));
    EXPECT_EQ(SamplesOf(clip), (std::vector{0.5f, -0.5f})) << size;
    EXPECT_FALSE(clip->truncated) << size;
  }
}

TEST(DecodeWav, ReadsAsFarAsATruncatedRecordingGoes) {
  auto bytes = Wav(FormatBody(kPcm, 1, 16000, 16), Samples16({16384, -16384, 8192}));
  bytes.resize(bytes.size() - 3);
  const auto clip = DecodeWav(bytes);
  EXPECT_EQ(SamplesOf(clip), (std::vector{0.5f}));
  EXPECT_TRUE(clip->truncated);
}

TEST(DecodeWav, MakesEverySampleFiniteAndInRange) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto clip = DecodeWav(Wav(FormatBody(kFloat, 1, 16000, 32), Floats({nan, infinity, -infinity, 1e30f, -2.0f, 0.5f})));
  EXPECT_EQ(SamplesOf(clip), (std::vector{0.0f, 0.0f, 0.0f, 1.0f, -1.0f, 0.5f}));
}

TEST(DecodeWav, ResamplesEveryRateToTheSameLength) {
  for (const int rate_hz : {8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000}) {
    const auto clip = DecodeWav(EncodeWav(Tone(440.0, 1.0, rate_hz), rate_hz));
    ASSERT_TRUE(clip.ok());
    EXPECT_NEAR(clip->duration_s(), 1.0, 1e-4) << rate_hz;
    EXPECT_NEAR(RmsDb(Middle(clip->samples)), RmsDb(Tone(440.0, 1.0, 16000)), 0.1) << rate_hz;
  }
}

TEST(DecodeWav, LetsNothingAboveHalfTheRateFoldBack) {
  for (const double f_hz : {8500.0, 10000.0, 15000.0, 20000.0}) {
    const auto clip = DecodeWav(EncodeWav(Tone(f_hz, 1.0, 48000), 48000));
    ASSERT_TRUE(clip.ok());
    EXPECT_LT(RmsDb(Middle(clip->samples)), -85.0) << f_hz;
  }
}

TEST(DecodeWav, RefusesWhatItCannotRead) {
  const std::string data = Samples16({1, 2, 3, 4});
  EXPECT_EQ(ErrorOf(DecodeWav({})), ErrorCode::kAudioUnreadable);
  EXPECT_EQ(ErrorOf(DecodeWav(Riff(""))), ErrorCode::kAudioUnreadable);
  EXPECT_EQ(ErrorOf(DecodeWav(Riff(Chunk("data", data)))), ErrorCode::kAudioUnreadable);
  EXPECT_EQ(ErrorOf(DecodeWav(Riff(Chunk("fmt ", FormatBody(kPcm, 1, 16000, 16))))), ErrorCode::kAudioUnreadable);
  EXPECT_EQ(ErrorOf(DecodeWav(Wav(FormatBody(kPcm, 1, 16000, 16), ""))), ErrorCode::kAudioUnreadable);
  EXPECT_EQ(ErrorOf(DecodeWav(Wav("short", data))), ErrorCode::kAudioUnreadable);
  EXPECT_EQ(ErrorOf(DecodeWav(Wav(FormatBody(0xFFFE, 1, 16000, 16), data))), ErrorCode::kAudioUnreadable);
  EXPECT_EQ(ErrorOf(DecodeWav(Wav(FormatBody(kPcm, 0, 16000, 16), data))), ErrorCode::kUnsupportedFormat);
  EXPECT_EQ(ErrorOf(DecodeWav(Wav(FormatBody(kPcm, 9, 16000, 16), data))), ErrorCode::kUnsupportedFormat);
  EXPECT_EQ(ErrorOf(DecodeWav(Wav(FormatBody(kPcm, 1, 0, 16), data))), ErrorCode::kUnsupportedFormat);
  EXPECT_EQ(ErrorOf(DecodeWav(Wav(FormatBody(kPcm, 1, 192000, 16), data))), ErrorCode::kUnsupportedFormat);
  EXPECT_EQ(ErrorOf(DecodeWav(Wav(FormatBody(kPcm, 1, 16000, 12), data))), ErrorCode::kUnsupportedFormat);
  EXPECT_EQ(ErrorOf(DecodeWav(Wav(FormatBody(7, 1, 16000, 8), data))), ErrorCode::kUnsupportedFormat);  // mu-law
  auto contradiction = FormatBody(kPcm, 2, 16000, 16);
  contradiction[12] = 3;
  EXPECT_EQ(ErrorOf(DecodeWav(Wav(contradiction, data))), ErrorCode::kAudioUnreadable);
}

TEST(DecodeWav, RefusesWhatIsLongerThanAllowed) {
  const auto bytes = EncodeWav(std::vector<float>(16000), 16000);
  EXPECT_TRUE(DecodeWav(bytes, 1.0).ok());
  EXPECT_EQ(ErrorOf(DecodeWav(bytes, 0.99)), ErrorCode::kAudioTooLong);
}

RC_GTEST_PROP(DecodeWavProperty, GivesBackWhatWasEncoded, ()) {
  const auto values = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::int16_t>>(rc::gen::arbitrary<std::int16_t>()));
  std::vector<float> samples;
  for (const std::int16_t value : values) samples.push_back(static_cast<float>(value) / 32768.0f);
  const auto clip = DecodeWav(EncodeWav(samples, 16000));
  RC_ASSERT(clip.ok());
  RC_ASSERT(clip->samples == samples);
  RC_ASSERT(!clip->truncated);
}

// Whatever the headers claim: an error or samples that every stage can work with.
void CheckSound(const std::vector<std::uint8_t>& bytes) {
  const auto clip = DecodeWav(bytes);
  if (!clip.ok()) return;
  RC_ASSERT(!clip->samples.empty());
  for (const float sample : clip->samples) RC_ASSERT(std::abs(sample) <= 1.0f);
}

RC_GTEST_PROP(DecodeWavProperty, SurvivesArbitraryChunks, ()) {
  std::string chunks;
  const int count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) {
    const auto id = *rc::gen::element<std::string>("fmt ", "data", "LIST", "fact");
    const auto size = *rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 64), rc::gen::arbitrary<std::uint32_t>());
    chunks += id + LittleEndian(size, 4) + *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  }
  CheckSound(Riff(chunks));
}

RC_GTEST_PROP(DecodeWavProperty, SurvivesAlteredBytes, ()) {
  const int tag = *rc::gen::element(kPcm, kFloat);
  auto bytes = Wav(ExtensibleBody(tag, *rc::gen::inRange(1, 9), 48000, 32),
                   *rc::gen::container<std::string>(200, rc::gen::arbitrary<char>()));
  const int changes = *rc::gen::inRange(0, 8);
  for (int i = 0; i < changes; ++i) bytes[*rc::gen::inRange<std::size_t>(0, 68)] = *rc::gen::arbitrary<std::uint8_t>();
  bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
  CheckSound(bytes);
}

TEST(EncodeWav, ClipsWhatIsTooLoudOrNoNumber) {
  const auto clip = DecodeWav(EncodeWav(std::vector{2.0f, -2.0f, std::nanf("")}, 16000));
  EXPECT_EQ(SamplesOf(clip), (std::vector{32767.0f / 32768.0f, -1.0f, 0.0f}));
}

}  // namespace
}  // namespace speechcoach::audio
