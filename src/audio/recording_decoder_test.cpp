#include "audio/recording_decoder.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "audio/silent_opus.h"
#include "audio/test_support.h"
#include "audio/wav.h"

namespace speechcoach::audio {
namespace {

using base::ErrorCode;
using Bytes = std::vector<std::uint8_t>;

std::unique_ptr<AudioDecoder> MakeDecoder() { return MakeRecordingDecoder({}, SPEECHCOACH_DECODE_PROGRAM); }

AudioDecoder& SharedDecoder() {
  static const std::unique_ptr<AudioDecoder> decoder = MakeDecoder();
  return *decoder;
}

std::string CodeOf(const base::Result<model::AudioClip>& clip) {
  return clip.ok() ? "decoded" : std::string(base::ErrorCodeName(clip.error().code));
}

std::string Decode(const Bytes& bytes, std::string_view format = "") { return CodeOf(SharedDecoder().Decode(bytes, format)); }

Bytes BytesOf(const std::string& text) { return {text.begin(), text.end()}; }

// The highest normalised cross-correlation over shifts of up to 50 ms.
double Similarity(const std::vector<float>& a, const std::vector<float>& b) {
  double best = 0.0;
  for (int shift = -800; shift <= 800; ++shift) {
    double product = 0.0, energy_a = 1e-12, energy_b = 1e-12;
    for (std::size_t i = 1000; i + 1000 < std::min(a.size(), b.size()); ++i) {
      const double other = b[static_cast<std::size_t>(static_cast<int>(i) + shift)];
      product += a[i] * other;
      energy_a += static_cast<double>(a[i]) * a[i];
      energy_b += other * other;
    }
    best = std::max(best, product / std::sqrt(energy_a * energy_b));
  }
  return best;
}

TEST(RecordingDecoder, HearsTheSameInEveryContainer) {
  const auto original = SharedDecoder().Decode(Recording("good.wav"), "wav");
  ASSERT_TRUE(original.ok());
  const std::vector<std::pair<std::string, std::string>> files = {
      {"good.webm", "webm_opus"}, {"good.ogg", "ogg_opus"}, {"good.mp3", "mp3"}, {"good.m4a", "m4a"}, {"good.flac", "flac"}};
  for (const auto& [name, format] : files) {
    const auto clip = SharedDecoder().Decode(Recording(name), format);
    ASSERT_TRUE(clip.ok()) << name << ": " << clip.error().message;
    EXPECT_FALSE(clip->truncated) << name;
    // A frame of AAC is 23 ms; the other codecs' padding is cut off exactly.
    EXPECT_NEAR(clip->duration_s(), original->duration_s(), format == "m4a" ? 0.025 : 0.002) << name;
    EXPECT_GT(Similarity(original->samples, clip->samples), 0.95) << name;
    EXPECT_NEAR(RmsDb(clip->samples), RmsDb(original->samples), 0.7) << name;
    EXPECT_EQ(Decode(Recording(name)), "decoded") << name << " by its content alone";
  }
}

TEST(RecordingDecoder, FlacIsLossless) {
  const auto wav = SharedDecoder().Decode(Recording("good.wav"), "wav");
  const auto flac = SharedDecoder().Decode(Recording("good.flac"), "flac");
  ASSERT_TRUE(wav.ok() && flac.ok());
  EXPECT_EQ(wav->samples, flac->samples);
}

TEST(RecordingDecoder, ReadsATruncatedRecordingAsFarAsItGoes) {
  const auto clip = SharedDecoder().Decode(Recording("truncated.webm"), "webm_opus");
  const auto whole = SharedDecoder().Decode(Recording("good.webm"), "webm_opus");
  ASSERT_TRUE(clip.ok() && whole.ok());
  EXPECT_TRUE(clip->truncated);
  EXPECT_NEAR(clip->duration_s() / whole->duration_s(), 0.6, 0.1);
  // The resampler's last samples lack what would have followed.
  EXPECT_TRUE(std::equal(clip->samples.begin(), clip->samples.end() - 200, whole->samples.begin()));

  for (const char* name : {"good.wav", "good.webm", "good.ogg", "good.mp3", "good.flac"}) {
    Bytes bytes = Recording(name);
    bytes.resize(bytes.size() * 2 / 3);
    const auto part = SharedDecoder().Decode(bytes, "");
    ASSERT_TRUE(part.ok()) << name << ": " << part.error().message;
    EXPECT_TRUE(part->truncated) << name;
    EXPECT_NEAR(part->duration_s(), 3.03 * 2 / 3, 0.35) << name;
  }
}

TEST(RecordingDecoder, SaysWhenNothingCanBeRead) {
  EXPECT_EQ(Decode({}), "audio_unreadable");
  EXPECT_EQ(Decode({}, "wav"), "audio_unreadable");
  for (const char* name : {"good.webm", "good.ogg", "good.mp3", "good.m4a", "good.flac", "good.wav"}) {
    Bytes bytes = Recording(name);
    bytes.resize(40);
    EXPECT_EQ(Decode(bytes), "audio_unreadable") << name;
  }
}

TEST(RecordingDecoder, RefusesWhatIsNotWhatItIsSaidToBe) {
  const Bytes text = BytesOf("Dear teacher,\nthis is my homework, not a recording.\n");
  EXPECT_EQ(Decode(text), "unsupported_format");
  EXPECT_EQ(Decode(text, "wav"), "format_mismatch");
  EXPECT_EQ(Decode(Recording("good.mp3"), "wav"), "format_mismatch");
  EXPECT_EQ(Decode(Recording("good.wav"), "webm_opus"), "format_mismatch");
  EXPECT_EQ(Decode(Recording("good.wav"), "midi"), "unsupported_format");
}

TEST(RecordingDecoder, RefusesWhatIsTooLarge) {
  Bytes bytes = Recording("good.wav");
  bytes.resize(11 * 1024 * 1024);
  EXPECT_EQ(Decode(bytes), "audio_too_large");
}

TEST(RecordingDecoder, RefusesWhatIsTooLong) {
  const auto wav = [](double duration_s) {
    return EncodeWav(std::vector<float>(static_cast<std::size_t>(duration_s * 8000)), 8000);
  };
  EXPECT_EQ(Decode(wav(60.0)), "decoded");
  EXPECT_EQ(Decode(wav(61.0)), "audio_too_long");
  EXPECT_EQ(Decode(SilentOpus(60.0).bytes()), "decoded");
  EXPECT_EQ(Decode(SilentOpus(61.0).bytes()), "audio_too_long");
}

TEST(RecordingDecoder, RefusesAnHourInAFewBytes) {
  const SilentOpus hour(3600.0);
  EXPECT_LT(hour.bytes().size(), 200'000u);
  EXPECT_EQ(Decode(hour.bytes(), "ogg_opus"), "audio_too_long");
}

TEST(RecordingDecoder, DecodesSilenceToSilence) {
  const auto clip = SharedDecoder().Decode(SilentOpus(6.0).bytes(), "");
  ASSERT_TRUE(clip.ok());
  EXPECT_NEAR(clip->duration_s(), 6.0, 0.01);
  EXPECT_LT(RmsDb(clip->samples), -90.0);
  EXPECT_FALSE(clip->truncated);
}

TEST(RecordingDecoder, DecodesWavAlsoWithoutTheProgram) {
  const auto decoder = MakeRecordingDecoder({}, "/no/such/program");
  EXPECT_EQ(CodeOf(decoder->Decode(Recording("good.wav"), "wav")), "decoded");
  EXPECT_EQ(CodeOf(decoder->Decode(Recording("good.ogg"), "ogg_opus")), "internal");
}

TEST(RecordingDecoder, CheckTellsWhetherTheProgramWorks) {
  EXPECT_TRUE(CheckDecodeProgram({}, SPEECHCOACH_DECODE_PROGRAM).ok());
  EXPECT_FALSE(CheckDecodeProgram({}, "/no/such/program").ok());
}

TEST(RecordingDecoder, ServesManyThreadsAtOnce) {
  const auto decoder = MakeDecoder();
  const auto expected = decoder->Decode(Recording("good.webm"), "webm_opus");
  ASSERT_TRUE(expected.ok());
  constexpr int kRequests = 40;  // together more than a process serves
  const auto work = [&] {
    const Bytes webm = Recording("good.webm");
    const Bytes broken(webm.begin(), webm.begin() + 60);
    for (int i = 0; i < kRequests; ++i) {
      const auto clip = decoder->Decode(webm, "webm_opus");
      ASSERT_TRUE(clip.ok()) << clip.error().message;
      ASSERT_EQ(clip->samples, expected->samples);
      ASSERT_EQ(CodeOf(decoder->Decode(broken, "webm_opus")), "audio_unreadable");
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(work);
}

void CheckSound(const Bytes& bytes) {
  const auto clip = SharedDecoder().Decode(bytes, "");
  if (clip.ok()) {
    RC_ASSERT(!clip->samples.empty());
    for (const float sample : clip->samples) RC_ASSERT(std::abs(sample) <= 1.0f);
  } else {
    const auto code = clip.error().code;
    RC_ASSERT(code == ErrorCode::kAudioUnreadable || code == ErrorCode::kUnsupportedFormat || code == ErrorCode::kAudioTooLong);
  }
}

RC_GTEST_PROP(RecordingDecoderProperty, SurvivesRandomBytesAfterEveryMagic, ()) {
  const auto magic = *rc::gen::element<std::string>("RIFF\x24\x10\x10\x10WAVEfmt ", "\x1A\x45\xDF\xA3", "OggS", "fLaC", "ID3",
                                                    "\xFF\xFB\x90\x64", std::string("\x00\x00\x00\x18", 4) + "ftypM4A ");
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  Bytes bytes = BytesOf(magic);
  const auto size = *rc::gen::inRange<std::size_t>(0, 20'000);
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(random()));
  CheckSound(bytes);
}

RC_GTEST_PROP(RecordingDecoderProperty, SurvivesDamagedRecordings, ()) {
  Bytes bytes =
      Recording(*rc::gen::element<std::string>("good.wav", "good.webm", "good.ogg", "good.mp3", "good.m4a", "good.flac"));
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  const auto changes = *rc::gen::inRange(1, 50);
  // Half of the damage goes to the headers, where it hurts most.
  for (int i = 0; i < changes; ++i)
    bytes[12 + random() % (i % 2 == 0 ? 500 : bytes.size() - 12)] = static_cast<std::uint8_t>(random());
  CheckSound(bytes);
}

}  // namespace
}  // namespace speechcoach::audio
