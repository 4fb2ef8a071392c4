// Any samples and any words, in any pieces: the report holds numbers only, and streaming ends as one call does.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "prosody/live_prosody.h"
#include "prosody/prosody_extractor.h"
#include "prosody/streaming_prosody.h"

namespace {

using namespace speechcoach;

void Require(bool holds) {
  if (!holds) std::abort();
}

void RequireNumbers(const model::ProsodyReport& report) {
  const auto number = [](double value) { Require(std::isfinite(value)); };
  const auto maybe = [&](const std::optional<double>& value) { number(value.value_or(0.0)); };
  for (const double value : {report.pitch.mean_hz, report.pitch.std_hz, report.pitch.range_hz, report.energy.mean, report.energy.dynamic_range,
                             report.speaking_rate.syllables_per_second, report.pauses.avg_duration_s, report.confidence.pitch_stability,
                             report.confidence.energy_consistency, report.confidence.hesitation_score, report.rhythm.articulation_rate,
                             report.rhythm.phonation_ratio, report.rhythm.mean_run_syllables, report.rhythm.mean_run_s,
                             report.speech_start_s, report.speech_end_s}) {
    number(value);
  }
  for (const auto& value : {report.speaking_rate.words_per_minute, report.rhythm.npvi_v, report.rhythm.percent_v, report.melody.spread_st,
                            report.melody.monotony, report.melody.declination_st_per_s, report.jitter_local, report.shimmer_local,
                            report.hnr_db}) {
    maybe(value);
  }
  for (const model::PitchPoint& point : report.pitch.contour) number(point.time_s + point.f0_hz);
  for (const model::Syllable& syllable : report.syllables) {
    number(syllable.start_s + syllable.time_s + syllable.end_s + syllable.f0_hz + syllable.level_dbfs);
    maybe(syllable.f1_hz);
    maybe(syllable.f2_hz);
  }
  for (const model::Phrase& phrase : report.melody.phrases) {
    number(phrase.start_s + phrase.end_s);
    maybe(phrase.final_movement_st);
    maybe(phrase.declination_st_per_s);
  }
  for (const model::WordProsody& word : report.words) number(word.prominence);
}

// The bytes as 16-bit sound, or as they lie, as floats; repeated to about two seconds, so that there is something to analyse.
std::vector<float> SamplesOf(const std::uint8_t* data, std::size_t size, bool as_floats) {
  std::vector<float> samples;
  const std::size_t width = as_floats ? sizeof(float) : sizeof(std::int16_t);
  for (std::size_t i = 0; i + width <= size; i += width) {
    float value = 0.0F;
    if (as_floats) {
      std::memcpy(&value, data + i, sizeof value);
    } else {
      std::int16_t sample = 0;
      std::memcpy(&sample, data + i, sizeof sample);
      value = static_cast<float>(sample) / 32768.0F;
    }
    samples.push_back(value);
  }
  const std::size_t once = samples.size();
  while (once > 0 && samples.size() < 32000) samples.insert(samples.end(), samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(once));
  return samples;
}

model::Transcript WordsOf(const std::uint8_t* data, std::size_t size) {
  static constexpr const char* kTexts[] = {"the", "Market,", "um", "today?", "", "…", "to"};
  model::Transcript transcript;
  for (std::size_t i = 0; i + 3 <= size && i < 60; i += 3) {
    const double start_s = data[i] / 64.0;
    transcript.words.push_back({kTexts[data[i + 1] % 7], start_s, start_s + data[i + 2] / 128.0, 0.5});
  }
  return transcript;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const std::vector<float> samples = SamplesOf(data + 2, size - 2, data[0] & 1U);
  auto whole = prosody::SoundProsodyExtractor().Extract({samples, false});
  prosody::StreamingProsody stream;
  prosody::LiveProsody live;
  const auto voice = live.Begin();
  const auto require_points = [](const std::vector<prosody::ProvisionalPoint>& points) {
    for (const auto& point : points) Require(std::isfinite(point.time_s + point.f0_hz + point.level_dbfs));
  };
  const std::size_t piece = 16 + 64 * static_cast<std::size_t>(data[1]);
  for (std::size_t at = 0; at < samples.size(); at += piece) {
    const std::span<const float> sound{samples.data() + at, std::min(piece, samples.size() - at)};
    require_points(stream.Append(sound));
    require_points(voice->Append(sound));
  }
  const auto streamed = stream.Finish();
  Require(whole.ok() == streamed.ok());
  RequireNumbers(prosody::ExtractMinimal({samples, false}));
  if (!whole.ok()) return 0;
  Require(whole->pitch.mean_hz == streamed->pitch.mean_hz && whole->jitter_local == streamed->jitter_local && whole->hnr_db == streamed->hnr_db);
  prosody::AddTranscript(*whole, WordsOf(data, size));
  RequireNumbers(*whole);
  return 0;
}
