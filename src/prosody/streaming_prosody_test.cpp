#include "prosody/streaming_prosody.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <rapidcheck/gtest.h>

#include "prosody/prosody_extractor.h"
#include "prosody/sample_time.h"
#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

template <typename Item, typename... Fields>
bool SameItems(const std::vector<Item>& a, const std::vector<Item>& b, Fields... fields) {
  return std::ranges::equal(a, b, [=](const Item& x, const Item& y) { return ((x.*fields == y.*fields) && ...); });
}

// Every field, to the last bit.
bool Same(const model::ProsodyReport& a, const model::ProsodyReport& b) {
  using namespace model;
  return a.pitch.mean_hz == b.pitch.mean_hz && a.pitch.std_hz == b.pitch.std_hz && a.pitch.range_hz == b.pitch.range_hz &&
         SameItems(a.pitch.contour, b.pitch.contour, &PitchPoint::time_s, &PitchPoint::f0_hz) && a.energy.mean == b.energy.mean &&
         a.energy.dynamic_range == b.energy.dynamic_range &&
         SameItems(a.energy.contour, b.energy.contour, &LevelPoint::time_s, &LevelPoint::level_dbfs) &&
         a.speaking_rate.syllables_per_second == b.speaking_rate.syllables_per_second &&
         a.pauses.avg_duration_s == b.pauses.avg_duration_s &&
         SameItems(a.pauses.positions, b.pauses.positions, &Pause::start_s, &Pause::end_s, &Pause::place) &&
         a.confidence.pitch_stability == b.confidence.pitch_stability &&
         a.confidence.energy_consistency == b.confidence.energy_consistency &&
         a.confidence.hesitation_score == b.confidence.hesitation_score &&
         a.rhythm.articulation_rate == b.rhythm.articulation_rate && a.rhythm.phonation_ratio == b.rhythm.phonation_ratio &&
         a.rhythm.mean_run_syllables == b.rhythm.mean_run_syllables && a.rhythm.mean_run_s == b.rhythm.mean_run_s &&
         a.rhythm.npvi_v == b.rhythm.npvi_v && a.rhythm.percent_v == b.rhythm.percent_v &&
         SameItems(a.rhythm.filled_pauses, b.rhythm.filled_pauses, &FilledPause::start_s, &FilledPause::end_s) &&
         a.melody.spread_st == b.melody.spread_st && a.melody.monotony == b.melody.monotony &&
         a.melody.declination_st_per_s == b.melody.declination_st_per_s &&
         SameItems(a.melody.phrases, b.melody.phrases, &Phrase::start_s, &Phrase::end_s, &Phrase::final_tone,
                   &Phrase::final_movement_st, &Phrase::declination_st_per_s) &&
         SameItems(a.syllables, b.syllables, &Syllable::time_s, &Syllable::start_s, &Syllable::end_s, &Syllable::f0_hz,
                   &Syllable::level_dbfs, &Syllable::f1_hz, &Syllable::f2_hz) &&
         a.words.size() == b.words.size() && a.jitter_local == b.jitter_local && a.shimmer_local == b.shimmer_local &&
         a.hnr_db == b.hnr_db && a.speech_start_s == b.speech_start_s && a.speech_end_s == b.speech_end_s &&
         a.minimal == b.minimal;
}

model::ProsodyReport OneShot(const Samples& samples) { return SoundProsodyExtractor().Extract({samples, false}).value(); }

// Cut into pieces of 1 ms to 1 s, drawn by `seed`; evenly where `piece` is given.
struct Streamed {
  model::ProsodyReport report;
  std::vector<ProvisionalPoint> points;
  double latest_s = 0.0;  // the longest time between a point's moment and the samples that told it, less the piece
};

Streamed Stream(const Samples& samples, std::uint32_t seed, std::size_t piece = 0) {
  std::mt19937 random(seed);
  StreamingProsody stream;
  Streamed streamed;
  for (std::size_t at = 0; at < samples.size();) {
    const double length_ms = std::pow(1000.0, static_cast<double>(random()) / static_cast<double>(random.max()));
    const std::size_t wanted = piece > 0 ? piece : static_cast<std::size_t>(16.0 * length_ms);
    const std::size_t size = std::min(std::max<std::size_t>(wanted, 1), samples.size() - at);
    for (const ProvisionalPoint& point : stream.Append({samples.data() + at, size})) {
      streamed.points.push_back(point);
      streamed.latest_s = std::max(streamed.latest_s, DurationOf(at) - point.time_s);
    }
    at += size;
  }
  streamed.report = stream.Finish().value();
  return streamed;
}

RC_GTEST_PROP(StreamingProsody, FinishEqualsOneShotWhateverThePieces, ()) {
  const double f0_hz = *rc::gen::inRange(70, 400);
  const auto seed = *rc::gen::inRange<std::uint32_t>(1, 1000000);
  const double amplitude = *rc::gen::inRange(1, 99) / 100.0;
  const Samples phrase = Mix(SyllableTrain(*rc::gen::inRange(1, 8), 4.0, f0_hz, amplitude), Noise(2.0, 0.003, seed));
  const Samples gap = Scaled(Noise(*rc::gen::inRange(0, 12) / 10.0, 1.0, seed), *rc::gen::inRange(0, 10) / 1000.0);
  Samples sound = gap + phrase + gap + Scaled(phrase, 0.4);
  sound.resize(sound.size() - std::min<std::size_t>(sound.size() - 1, *rc::gen::inRange<std::size_t>(0, 200)));
  RC_ASSERT(Same(Stream(sound, seed).report, OneShot(sound)));
}

TEST(StreamingProsody, FinishEqualsOneShotOnSpeech) {
  const std::optional<Samples> good = Recording("good.wav");
  const std::optional<Samples> poor = Recording("poor.wav");
  ASSERT_TRUE(good && poor);
  for (const Samples& recording : {*good, *poor, *good + Scaled(*poor, 2.0)}) {
    const model::ProsodyReport one_shot = OneShot(recording);
    for (const std::size_t piece : {16U, 160U, 1600U, 16000U}) {
      EXPECT_TRUE(Same(Stream(recording, 1, piece).report, one_shot)) << piece;
    }
  }
}

TEST(StreamingProsody, ShortOrEmptyRecordingsAreAsInOneShot) {
  for (const double seconds : {0.001, 0.01, 0.03, 0.06, 0.2}) {
    const Samples voice = Vowel(150.0, seconds, 0.3);
    EXPECT_TRUE(Same(Stream(voice, 1, 16).report, OneShot(voice))) << seconds;
  }
  StreamingProsody nothing;
  EXPECT_FALSE(nothing.Finish().ok());
  StreamingProsody broken;
  broken.Append(Samples{0.0F, std::numeric_limits<float>::quiet_NaN()});
  EXPECT_FALSE(broken.Finish().ok());
}

// Of the moments that are voiced in the end, the share that was told as voiced and within a semitone.
double ShareNear(const Streamed& streamed) {
  std::size_t voiced = 0;
  std::size_t near = 0;
  for (const ProvisionalPoint& point : streamed.points) {
    const auto& contour = streamed.report.pitch.contour;
    const auto in_the_end =
        std::ranges::min_element(contour, {}, [&](const auto& p) { return std::abs(p.time_s - point.time_s); });
    if (!(in_the_end->f0_hz > 0.0)) continue;
    ++voiced;
    if (point.f0_hz > 0.0 && std::abs(12.0 * std::log2(point.f0_hz / in_the_end->f0_hz)) <= 1.0) ++near;
  }
  EXPECT_GT(voiced, 30U);
  return static_cast<double>(near) / static_cast<double>(voiced);
}

TEST(StreamingProsody, ProvisionalPitchComesSoonAndIsNearTheFinalOne) {
  for (const auto* name : {"good.wav", "poor.wav"}) {
    const std::optional<Samples> recording = Recording(name);
    ASSERT_TRUE(recording);
    for (const std::size_t piece : {16U, 320U, 1600U}) {
      const Streamed streamed = Stream(*recording, 1, piece);
      EXPECT_LE(streamed.latest_s + DurationOf(piece), 0.2) << name << ", " << piece;
      EXPECT_GE(ShareNear(streamed), 0.95) << name << ", " << piece;
    }
  }
}

TEST(StreamingProsody, ProvisionalPitchKnowsDeepAndHighVoices) {
  for (const double f0_hz : {70.0, 110.0, 220.0, 380.0}) {
    const Samples voice =
        SyllableTrain(8, 4.0, f0_hz, 0.3) + Silence(0.4) + SyllableTrain(4, 4.0, 0.9 * f0_hz, 0.1) + Silence(0.3);
    EXPECT_GE(ShareNear(Stream(voice, 1, 320)), 0.95) << f0_hz;
  }
}

// However the sound is cut, and also where nothing or all of it is known at once.
RC_GTEST_PROP(StreamingProsody, TellsEveryMomentOnceInOrder, ()) {
  const auto seed = *rc::gen::inRange<std::uint32_t>(1, 1000000);
  const Samples sound = Mix(SyllableTrain(*rc::gen::inRange(1, 6), 4.0, *rc::gen::inRange(70, 400), 0.3), Noise(3.0, 0.01, seed));
  const std::vector<ProvisionalPoint> points = Stream(sound, seed).points;
  RC_ASSERT(!points.empty());
  for (std::size_t i = 0; i < points.size(); ++i) {
    RC_ASSERT(std::abs(points[i].time_s - (points.front().time_s + 0.02 * static_cast<double>(i))) < 1e-9);
    RC_ASSERT(points[i].f0_hz >= 0.0 && points[i].f0_hz <= 800.0);
    RC_ASSERT(std::isfinite(points[i].level_dbfs));
  }
  RC_ASSERT(DurationOf(sound.size()) - points.back().time_s < 0.1201);
}

TEST(StreamingProsody, TellsTheLevelToo) {
  const Streamed streamed = Stream(Silence(0.5) + Sine(200.0, 1.0, 0.1), 1, 320);
  ASSERT_GT(streamed.points.size(), 50U);
  EXPECT_LT(streamed.points.front().level_dbfs, -100.0);
  EXPECT_NEAR(streamed.points.back().level_dbfs, -23.0, 0.5);
}

}  // namespace
}  // namespace speechcoach::prosody
