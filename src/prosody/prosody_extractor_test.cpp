#include "prosody/prosody_extractor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <rapidcheck/gtest.h>

#include "prosody/sample_time.h"
#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

model::ProsodyReport Extract(const Samples& samples) {
  SoundProsodyExtractor extractor;
  const base::Result<model::ProsodyReport> report = extractor.Extract({samples, false});
  EXPECT_TRUE(report.ok());
  return report.ok() ? report.value() : model::ProsodyReport{};
}

bool IsFraction(double value) { return value >= 0.0 && value <= 1.0; }
bool IsAmount(double value) { return std::isfinite(value) && value >= 0.0; }

// Every promise of model::ProsodyReport that holds whatever was recorded.
bool KeepsItsPromises(const model::ProsodyReport& report, double duration_s) {
  const auto& [pitch, energy, rate, pauses, confidence, rhythm, melody, syllables, words, jitter, shimmer, hnr, start_s, end_s,
               minimal] = report;
  bool good = IsAmount(pitch.mean_hz) && pitch.mean_hz <= 810.0 && IsAmount(pitch.std_hz) && IsAmount(pitch.range_hz);
  double last_s = -1.0;
  for (const model::PitchPoint& point : pitch.contour) {
    good = good && point.time_s > last_s && point.time_s <= duration_s && IsAmount(point.f0_hz) && point.f0_hz <= 810.0;
    last_s = point.time_s;
  }
  good = good && IsFraction(energy.mean) && IsFraction(energy.dynamic_range);
  good = good && IsAmount(rate.syllables_per_second) && rate.syllables_per_second < 40.0;
  good = good && IsAmount(pauses.avg_duration_s);
  for (const model::Pause& pause : pauses.positions) {
    good = good && pause.start_s > start_s && pause.end_s > pause.start_s && pause.end_s < end_s;
  }
  good = good && IsFraction(confidence.pitch_stability) && IsFraction(confidence.energy_consistency) &&
         IsFraction(confidence.hesitation_score);
  good = good && IsAmount(jitter.value_or(0.0)) && IsAmount(shimmer.value_or(0.0)) && std::isfinite(hnr.value_or(0.0));
  good = good && IsAmount(rhythm.articulation_rate) && IsFraction(rhythm.phonation_ratio) &&
         IsAmount(rhythm.mean_run_syllables) && IsAmount(rhythm.mean_run_s);
  good = good && IsAmount(rhythm.npvi_v.value_or(0.0)) && rhythm.npvi_v.value_or(0.0) <= 200.0;
  good = good && IsAmount(rhythm.percent_v.value_or(0.0)) && rhythm.percent_v.value_or(0.0) <= 100.0;
  for (const model::FilledPause& pause : rhythm.filled_pauses) good = good && pause.end_s > pause.start_s;
  good = good && IsAmount(melody.spread_st.value_or(0.0)) && IsFraction(melody.monotony.value_or(0.0)) &&
         std::isfinite(melody.declination_st_per_s.value_or(0.0));
  for (const model::Phrase& phrase : melody.phrases) {
    good = good && phrase.start_s >= start_s && phrase.end_s >= phrase.start_s && phrase.end_s <= end_s &&
           std::isfinite(phrase.final_movement_st.value_or(0.0)) && std::isfinite(phrase.declination_st_per_s.value_or(0.0));
  }
  double free_from_s = 0.0;
  for (const model::Syllable& syllable : syllables) {
    good = good && syllable.start_s >= free_from_s && syllable.start_s <= syllable.time_s && syllable.time_s <= syllable.end_s &&
           IsAmount(syllable.f0_hz) && std::isfinite(syllable.level_dbfs) && IsAmount(syllable.f1_hz.value_or(0.0)) &&
           syllable.f2_hz.value_or(0.0) < 8000.0;
    free_from_s = syllable.end_s;
  }
  good = good && words.empty();
  return good && start_s >= 0.0 && end_s >= start_s && end_s <= duration_s + 1e-9;
}

bool IsAllZero(const model::ProsodyReport& report) {
  return report.pitch.mean_hz == 0.0 && report.pitch.std_hz == 0.0 && report.pitch.range_hz == 0.0 && report.energy.mean == 0.0 &&
         report.energy.dynamic_range == 0.0 && report.speaking_rate.syllables_per_second == 0.0 &&
         report.pauses.positions.empty() && report.confidence.pitch_stability == 0.0 &&
         report.confidence.energy_consistency == 0.0 && report.confidence.hesitation_score == 0.0 && !report.jitter_local &&
         !report.shimmer_local && !report.hnr_db && report.speech_start_s == 0.0 && report.speech_end_s == 0.0;
}

// Two phrases of five syllables with a pause between them, round 130 Hz.
Samples TwoPhrases() {
  return Silence(0.4) + SyllableTrain(5, 4.0, 130.0, 0.3) + Silence(0.6) + SyllableTrain(5, 4.0, 130.0, 0.3) + Silence(0.5);
}

TEST(Extract, DescribesASyntheticSentence) {
  const model::ProsodyReport report = Extract(TwoPhrases());
  EXPECT_NEAR(report.pitch.mean_hz, 130.0, 0.5);
  EXPECT_NEAR(report.pitch.std_hz, 13.0 / std::sqrt(12.0), 0.5);
  EXPECT_NEAR(report.speech_start_s, 0.4, 0.06);
  EXPECT_NEAR(report.speech_end_s, 3.5, 0.06);
  ASSERT_EQ(report.pauses.positions.size(), 1U);
  EXPECT_NEAR(report.pauses.avg_duration_s, 0.6, 0.12);
  EXPECT_NEAR(report.speaking_rate.syllables_per_second, 10.0 / 3.1, 0.2);
  EXPECT_GT(report.confidence.pitch_stability, 0.95);
  EXPECT_GT(report.confidence.energy_consistency, 0.9);
  EXPECT_GT(report.confidence.hesitation_score, 0.3);
  EXPECT_FALSE(report.speaking_rate.words_per_minute.has_value());
  EXPECT_FALSE(report.minimal);
  EXPECT_LT(report.jitter_local.value(), 0.01);
  EXPECT_GT(report.hnr_db.value(), 20.0);
  EXPECT_TRUE(KeepsItsPromises(report, DurationOf(TwoPhrases().size())));
}

TEST(Extract, MelodyIsMeasured) {
  const auto melody = [](double time_s) { return 200.0 + 50.0 * std::sin(6.283 * time_s); };
  const model::Pitch pitch = Extract(Vowel(melody, 3.0, 0.3)).pitch;
  EXPECT_NEAR(pitch.mean_hz, 200.0, 2.0);
  EXPECT_NEAR(pitch.std_hz, 50.0 / std::sqrt(2.0), 1.5);
  EXPECT_NEAR(pitch.range_hz, 98.8, 3.0);
  ASSERT_GT(pitch.contour.size(), 290U);
  EXPECT_NEAR(pitch.contour[1].time_s - pitch.contour[0].time_s, 0.01, 1e-9);
}

TEST(Extract, LevelFollowsTheRecordingAndNothingElseDoes) {
  const model::ProsodyReport loud = Extract(TwoPhrases());
  const model::ProsodyReport quiet = Extract(Scaled(TwoPhrases(), 0.1));
  EXPECT_NEAR(loud.energy.mean - quiet.energy.mean, 20.0 / 60.0, 0.005);
  EXPECT_NEAR(loud.energy.dynamic_range, quiet.energy.dynamic_range, 0.01);
  EXPECT_NEAR(loud.pitch.mean_hz, quiet.pitch.mean_hz, 0.1);
  EXPECT_EQ(loud.pauses.positions.size(), quiet.pauses.positions.size());
}

TEST(Extract, SilenceGivesZeros) {
  for (const Samples& quiet : {Silence(2.0), Silence(0.01), Noise(2.0, 0.0003), Samples(16000, 0.4F), Samples(1, 0.0F)}) {
    EXPECT_TRUE(IsAllZero(Extract(quiet)));
  }
}

TEST(Extract, RefusesWhatIsNoSound) {
  SoundProsodyExtractor extractor;
  Samples bad = Vowel(150.0, 0.5, 0.3);
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    bad[4000] = value;
    const auto report = extractor.Extract({bad, false});
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, base::ErrorCode::kProsodyFailed);
  }
  ASSERT_FALSE(extractor.Extract({}).ok());
  EXPECT_EQ(extractor.Extract({}).error().code, base::ErrorCode::kProsodyFailed);
}

TEST(Extract, IsDeterministic) {
  const Samples sound = Mix(TwoPhrases(), Noise(5.0, 0.01));
  const model::ProsodyReport a = Extract(sound);
  const model::ProsodyReport b = Extract(sound);
  ASSERT_EQ(a.pitch.contour.size(), b.pitch.contour.size());
  for (std::size_t i = 0; i < a.pitch.contour.size(); ++i) EXPECT_EQ(a.pitch.contour[i].f0_hz, b.pitch.contour[i].f0_hz);
  EXPECT_EQ(a.jitter_local, b.jitter_local);
  EXPECT_EQ(a.shimmer_local, b.shimmer_local);
  EXPECT_EQ(a.hnr_db, b.hnr_db);
  EXPECT_EQ(a.energy.mean, b.energy.mean);
}

TEST(Extract, BadMicrophonesDoNotChangeTheVoice) {
  const Samples speech = TwoPhrases();
  const double duration_s = DurationOf(speech.size());
  const Samples hum = Sine(50.0, duration_s, 0.01);
  const Samples offset(speech.size(), 0.1F);
  for (const Samples& heard :
       {Mix(speech, hum), Mix(speech, offset), Clipped(Scaled(speech, 8.0), 1.0), Mix(speech, Noise(duration_s, 0.01))}) {
    const model::ProsodyReport report = Extract(heard);
    EXPECT_NEAR(report.pitch.mean_hz, 130.0, 2.0);
    EXPECT_EQ(report.pauses.positions.size(), 1U);
    EXPECT_NEAR(report.speaking_rate.syllables_per_second, 10.0 / 3.1, 0.7);
    EXPECT_TRUE(KeepsItsPromises(report, duration_s));
  }
}

TEST(Extract, ChildrenDeepVoicesClippingAndHumKeepTheirPitch) {
  const auto sentence = [](double f0_hz) {
    return Silence(0.4) + SyllableTrain(6, 4.0, f0_hz, 0.3) + Silence(0.5) + SyllableTrain(4, 4.0, f0_hz, 0.3);
  };
  for (const double f0_hz : {72.0, 110.0, 220.0, 330.0, 440.0}) {
    const Samples clean = sentence(f0_hz);
    const Samples hum = Mix(clean, Sine(50.0, 4.0, 0.01));
    for (const Samples& samples : {clean, Clipped(clean, 0.1), hum}) {
      const model::ProsodyReport report = Extract(samples);
      EXPECT_NEAR(report.pitch.mean_hz, f0_hz, 0.04 * f0_hz) << f0_hz;
      EXPECT_TRUE(KeepsItsPromises(report, DurationOf(samples.size())));
    }
  }
}

TEST(Extract, ACreakyVoiceIsLowOrHasNoPitchAtAll) {
  std::vector<double> pulses;
  const Samples scatter = Noise(0.01, 1.0);
  double at_s = 0.3;
  for (std::size_t i = 0; i < 60; ++i) {
    pulses.push_back(at_s);
    at_s += 0.024 + 0.006 * scatter[i];
  }
  const Samples creak = Pulses(pulses, std::vector<double>(pulses.size(), 0.5), at_s + 0.3);
  const model::ProsodyReport report = Extract(creak);
  EXPECT_TRUE(KeepsItsPromises(report, DurationOf(creak.size())));
  EXPECT_LT(report.pitch.mean_hz, 150.0);
  EXPECT_GT(report.speech_end_s - report.speech_start_s, 1.0);
}

TEST(Extract, AWhisperHasRhythmAndNoMelody) {
  const model::ProsodyReport report = Extract(Silence(0.3) + Noise(0.8, 0.1) + Silence(0.5) + Noise(0.8, 0.1, 2) + Silence(0.3));
  EXPECT_EQ(report.pauses.positions.size(), 1U);
  EXPECT_GT(report.energy.mean, 0.3);
  const auto voiced = std::count_if(report.pitch.contour.begin(), report.pitch.contour.end(),
                                    [](const model::PitchPoint& point) { return point.f0_hz > 0.0; });
  EXPECT_LT(voiced, 5);
}

TEST(Extract, TheShortestAndTheLongestRecording) {
  EXPECT_NEAR(Extract(Vowel(200.0, 0.05, 0.3)).speech_end_s, 0.0, 0.06);
  Samples minute;
  while (DurationOf(minute.size()) < 57.0) minute = minute + TwoPhrases();
  const model::ProsodyReport report = Extract(minute);
  EXPECT_EQ(report.pauses.positions.size(), 2 * minute.size() / TwoPhrases().size() - 1);
  EXPECT_NEAR(report.pitch.mean_hz, 130.0, 0.5);
  EXPECT_TRUE(KeepsItsPromises(report, DurationOf(minute.size())));
}

TEST(Extract, ReadsRealRecordings) {
  for (const char* name : {"good.wav", "poor.wav", "long.wav"}) {
    const std::optional<Samples> samples = Recording(name);
    ASSERT_TRUE(samples.has_value()) << name;
    const model::ProsodyReport report = Extract(*samples);
    const double duration_s = DurationOf(samples->size());
    EXPECT_TRUE(KeepsItsPromises(report, duration_s)) << name;
    EXPECT_GT(report.pitch.mean_hz, 80.0) << name;
    EXPECT_LT(report.pitch.mean_hz, 300.0) << name;
    EXPECT_GT(report.speaking_rate.syllables_per_second, 1.5) << name;
    EXPECT_LT(report.speaking_rate.syllables_per_second, 6.0) << name;
    EXPECT_GT(report.speech_end_s - report.speech_start_s, 0.4 * duration_s) << name;
    EXPECT_GT(report.hnr_db.value(), 5.0) << name;
    EXPECT_TRUE(report.jitter_local && report.shimmer_local) << name;
  }
}

TEST(Extract, TheFluentReaderSpeaksFaster) {
  const std::optional<Samples> good = Recording("good.wav");
  const std::optional<Samples> poor = Recording("poor.wav");
  ASSERT_TRUE(good && poor);
  EXPECT_GT(Extract(*good).speaking_rate.syllables_per_second, Extract(*poor).speaking_rate.syllables_per_second);
}

RC_GTEST_PROP(Extract, AnyFiniteSamplesGiveAFiniteReport, ()) {
  auto samples = *rc::gen::container<Samples>(rc::gen::map(
      rc::gen::pair(rc::gen::inRange(-1000, 1001), rc::gen::inRange(-40, 39)),
      [](const std::pair<int, int>& value) { return static_cast<float>(value.first * 0.001 * std::pow(10.0, value.second)); }));
  if (samples.empty()) samples.push_back(0.0F);
  Samples repeated;
  while (repeated.size() < 4000) repeated = repeated + samples;
  SoundProsodyExtractor extractor;
  for (const Samples& sound : {samples, repeated}) {
    const auto report = extractor.Extract({sound, false});
    RC_ASSERT(report.ok());
    RC_ASSERT(KeepsItsPromises(report.value(), DurationOf(sound.size())));
    RC_ASSERT(KeepsItsPromises(ExtractMinimal({sound, false}), DurationOf(sound.size())));
  }
}

RC_GTEST_PROP(Extract, AnySuccessionOfSoundsGivesASensibleReport, ()) {
  const int pieces = *rc::gen::inRange(1, 8);
  Samples sound;
  for (int i = 0; i < pieces; ++i) {
    const double seconds = *rc::gen::inRange(1, 60) * 0.01;
    const double amplitude = std::pow(10.0, -*rc::gen::inRange(0, 60) / 20.0);
    const double f0_hz = *rc::gen::inRange(30, 1200);
    switch (*rc::gen::inRange(0, 5)) {
      case 0:
        sound = sound + Silence(seconds);
        break;
      case 1:
        sound = sound + Noise(seconds, amplitude);
        break;
      case 2:
        sound = sound + Sine(f0_hz, seconds, amplitude);
        break;
      case 3:
        sound = sound + Clipped(Vowel(f0_hz, seconds, 4.0 * amplitude), amplitude);
        break;
      default:
        sound = sound + Samples(Silence(seconds).size(), static_cast<float>(amplitude));
        break;
    }
  }
  RC_ASSERT(KeepsItsPromises(Extract(sound), DurationOf(sound.size())));
}

TEST(ExtractMinimal, HasLoudnessAndPausesAlone) {
  const model::ProsodyReport report = ExtractMinimal({TwoPhrases(), false});
  EXPECT_TRUE(report.minimal);
  EXPECT_EQ(report.pauses.positions.size(), 1U);
  EXPECT_GT(report.energy.mean, 0.3);
  EXPECT_NEAR(report.speech_start_s, 0.4, 0.06);
  EXPECT_EQ(report.pitch.mean_hz, 0.0);
  EXPECT_TRUE(report.pitch.contour.empty());
  EXPECT_FALSE(report.jitter_local || report.shimmer_local || report.hnr_db);
}

TEST(ExtractMinimal, NeverFails) {
  Samples bad = TwoPhrases();
  bad[10000] = std::numeric_limits<float>::quiet_NaN();
  bad[20000] = -std::numeric_limits<float>::infinity();
  EXPECT_TRUE(KeepsItsPromises(ExtractMinimal({bad, false}), DurationOf(bad.size())));
  EXPECT_EQ(ExtractMinimal({bad, false}).pauses.positions.size(), 1U);
  EXPECT_TRUE(IsAllZero(ExtractMinimal({})));
}

TEST(AddTranscript, CountsWordsOverTheTimeFromTheFirstToTheLast) {
  model::ProsodyReport report;
  model::Transcript transcript;
  for (int i = 0; i < 6; ++i) transcript.words.push_back({"word", 1.0 + 0.5 * i, 1.4 + 0.5 * i, 0.9});
  AddTranscript(report, transcript);
  EXPECT_NEAR(report.speaking_rate.words_per_minute.value(), 60.0 * 6 / 2.9, 1e-9);
}

TEST(AddTranscript, LeavesItOpenWhereNothingCanBeCounted) {
  model::ProsodyReport report;
  AddTranscript(report, {});
  EXPECT_FALSE(report.speaking_rate.words_per_minute.has_value());
  model::Transcript transcript;
  transcript.words.push_back({"word", 1.0, 1.0, 0.9});
  AddTranscript(report, transcript);
  EXPECT_FALSE(report.speaking_rate.words_per_minute.has_value());
  transcript.words[0].end_s = std::numeric_limits<double>::quiet_NaN();
  AddTranscript(report, transcript);
  EXPECT_FALSE(report.speaking_rate.words_per_minute.has_value());
}

}  // namespace
}  // namespace speechcoach::prosody
