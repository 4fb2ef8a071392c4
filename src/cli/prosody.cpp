#include "cli/prosody.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "cli/audio_file.h"
#include "prosody/statistics.h"
#include "prosody/voice_figures.h"

namespace speechcoach::cli {
namespace {

namespace bj = boost::json;

bj::value OrNull(const std::optional<double>& value) { return value ? bj::value(*value) : bj::value(nullptr); }

bj::object GridOf(const prosody::FrameGrid& grid) { return {{"first_s", grid.first_s}, {"step_s", grid.step_s}}; }

template <typename Items, typename Value>
bj::array ArrayOf(const Items& items, Value&& value) {
  bj::array array;
  array.reserve(items.size());
  for (const auto& item : items) array.emplace_back(value(item));
  return array;
}

bj::object ToJson(const std::string& file, double duration_s, const prosody::VoiceFigures& figures) {
  bj::object pitch = GridOf(figures.pitch.grid);
  pitch["f0_hz"] = ArrayOf(figures.pitch.frames, [](const prosody::PitchFrame& frame) { return frame.f0_hz; });
  pitch["strength"] = ArrayOf(figures.pitch.frames, [](const prosody::PitchFrame& frame) { return frame.strength; });
  bj::object intensity = GridOf(figures.intensity.grid);
  intensity["db"] =
      ArrayOf(figures.intensity.level_dbfs, [](double level_dbfs) { return level_dbfs + prosody::kFullScaleDbSpl; });
  bj::object harmonicity = GridOf(figures.harmonicity.grid);
  harmonicity["hnr_db"] = ArrayOf(figures.harmonicity.hnr_db, [](double hnr_db) { return hnr_db; });
  harmonicity["mean_db"] = figures.harmonicity.Mean();
  return {{"file", file},
          {"duration_s", duration_s},
          {"pitch", std::move(pitch)},
          {"intensity", std::move(intensity)},
          {"harmonicity", std::move(harmonicity)},
          {"pulses_s", ArrayOf(figures.pulses_s, [](double pulse_s) { return pulse_s; })},
          {"jitter",
           {{"local", OrNull(figures.jitter.local)}, {"rap", OrNull(figures.jitter.rap)}, {"ppq5", OrNull(figures.jitter.ppq5)}}},
          {"shimmer",
           {{"local", OrNull(figures.shimmer.local)},
            {"apq3", OrNull(figures.shimmer.apq3)},
            {"apq5", OrNull(figures.shimmer.apq5)}}}};
}

std::string Percent(const std::optional<double>& value) { return value ? fmt::format("{:.3f} %", 100.0 * *value) : "-"; }

void Print(const std::string& file, double duration_s, const prosody::VoiceFigures& figures) {
  const std::vector<double> f0_hz = figures.pitch.VoicedF0();
  fmt::print("{} ({:.2f} s)\n", file, duration_s);
  if (f0_hz.empty()) {
    fmt::print("  pitch        nothing is voiced\n");
  } else {
    const auto [low, high] = std::ranges::minmax(f0_hz);
    fmt::print("  pitch        median {:.1f} Hz, mean {:.1f} Hz, {:.1f} to {:.1f} Hz, {} of {} frames voiced\n",
               prosody::Quantile(f0_hz, 0.5), prosody::Mean(f0_hz), low, high, f0_hz.size(), figures.pitch.frames.size());
  }
  fmt::print("  intensity    mean {:.2f} dB\n", prosody::Mean(figures.intensity.level_dbfs) + prosody::kFullScaleDbSpl);
  const double hnr_db = figures.harmonicity.Mean();
  fmt::print("  harmonicity  {}\n", hnr_db > prosody::kNoHarmonicityDb ? fmt::format("mean {:.2f} dB", hnr_db) : "-");
  fmt::print("  pulses       {}\n", figures.pulses_s.size());
  fmt::print("  jitter       local {}, rap {}, ppq5 {}\n", Percent(figures.jitter.local), Percent(figures.jitter.rap),
             Percent(figures.jitter.ppq5));
  fmt::print("  shimmer      local {}, apq3 {}, apq5 {}\n", Percent(figures.shimmer.local), Percent(figures.shimmer.apq3),
             Percent(figures.shimmer.apq5));
}

}  // namespace

ExitCode RunProsody(const ProsodyCommand& command, const base::Config& config, audio::AudioDecoder& decoder) {
  const model::Locale locale = model::LocaleFromName(config.locale).value_or(model::Locale::kVi);
  for (const std::string& file : command.files) {
    const auto clip = ReadAudioFile(file, config, decoder);
    if (!clip.ok()) return ComplainOfAudio(clip.error(), locale);
    std::vector<float> samples = clip->samples;
    for (float& sample : samples) sample = std::clamp(sample, -4.0F, 4.0F);
    const prosody::VoiceFigures figures = prosody::MeasureVoice(samples, command.settings);
    if (command.as_json) {
      fmt::print("{}\n", bj::serialize(ToJson(file, clip->duration_s(), figures)));
    } else {
      Print(file, clip->duration_s(), figures);
    }
  }
  return ExitCode::kOk;
}

}  // namespace speechcoach::cli
