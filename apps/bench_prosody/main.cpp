// speechcoach-bench-prosody [--live] FILE.wav...: what the prosody room costs, in processor time of one thread; with --live, how what
// it tells while the sound comes in fits what it finds in the end.
//
// Prints a line of JSON a file: {file, duration_s, figures_ms, extract_ms, append_ms, finish_ms}, each the best of several runs.
// `figures` is what Praat's users compute (prosody/voice_figures.h with its default settings), `extract` the product's report, `append`
// and `finish` the same from one pass while the sound comes in, 20 ms at a time.
// With --live, of what a live session is told (prosody/live_prosody.h): {file, duration_s, voiced, near, unvoiced, told_voiced, late_s}.
// `voiced` counts the moments told before the end that are voiced in the end, `near` those of them that were told as voiced and within a
// semitone; `unvoiced` the others, `told_voiced` those of them that were told as voiced; `late_s` is the longest wait for a moment.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "audio/wav.h"
#include "prosody/live_prosody.h"
#include "prosody/prosody_extractor.h"
#include "prosody/streaming_prosody.h"
#include "prosody/voice_figures.h"

namespace speechcoach {
namespace {

constexpr int kRuns = 5;
constexpr std::size_t kPiece = 320;

double ThreadMs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

template <typename Work>
double BestMs(Work&& work) {
  double best_ms = HUGE_VAL;
  for (int run = 0; run < kRuns; ++run) {
    const double start_ms = ThreadMs();
    work();
    best_ms = std::min(best_ms, ThreadMs() - start_ms);
  }
  return best_ms;
}

// `take` gets each piece and where it ends.
template <typename Take>
void InPieces(const std::vector<float>& samples, Take&& take) {
  for (std::size_t at = 0; at < samples.size();) {
    const std::size_t size = std::min(kPiece, samples.size() - at);
    at += size;
    take(std::span(samples).subspan(at - size, size), static_cast<double>(at) / model::kSampleRateHz);
  }
}

struct StreamingCost {
  double append_ms = HUGE_VAL;
  double finish_ms = HUGE_VAL;
};

StreamingCost BestStreamingCost(const std::vector<float>& samples) {
  StreamingCost best;
  for (int run = 0; run < kRuns; ++run) {
    prosody::StreamingProsody stream;
    const double start_ms = ThreadMs();
    InPieces(samples, [&](std::span<const float> piece, double) { stream.Append(piece); });
    const double appended_ms = ThreadMs();
    (void)stream.Finish();
    best.append_ms = std::min(best.append_ms, appended_ms - start_ms);
    best.finish_ms = std::min(best.finish_ms, ThreadMs() - appended_ms);
  }
  return best;
}

double FinalF0(const model::ProsodyReport& report, double time_s) {
  const auto& contour = report.pitch.contour;
  const auto nearest =
      std::ranges::min_element(contour, {}, [=](const model::PitchPoint& point) { return std::abs(point.time_s - time_s); });
  return nearest == contour.end() ? 0.0 : nearest->f0_hz;
}

struct Recording {
  std::string path;
  model::AudioClip clip;
};

boost::json::object Begin(const Recording& recording) {
  return {{"file", recording.path}, {"duration_s", recording.clip.duration_s()}};
}

boost::json::object MeasureCost(const Recording& recording) {
  const std::vector<float>& samples = recording.clip.samples;
  boost::json::object line = Begin(recording);
  line["figures_ms"] = BestMs([&] { prosody::MeasureVoice(samples, {}); });
  line["extract_ms"] = BestMs([&] { (void)prosody::SoundProsodyExtractor().Extract(recording.clip); });
  const StreamingCost streaming = BestStreamingCost(samples);
  line["append_ms"] = streaming.append_ms;
  line["finish_ms"] = streaming.finish_ms;
  return line;
}

boost::json::object MeasureLive(const Recording& recording) {
  prosody::LiveProsody live;
  const auto voice = live.Begin();
  std::vector<prosody::ProvisionalPoint> points;
  double late_s = 0.0;
  InPieces(recording.clip.samples, [&](std::span<const float> piece, double end_s) {
    for (const prosody::ProvisionalPoint& point : voice->Append(piece)) {
      points.push_back(point);
      late_s = std::max(late_s, end_s - point.time_s);
    }
  });
  const auto report = prosody::SoundProsodyExtractor().Extract(recording.clip);
  int voiced = 0;
  int near = 0;
  int told_voiced = 0;
  for (const prosody::ProvisionalPoint& point : points) {
    const double final_hz = report.ok() ? FinalF0(*report, point.time_s) : 0.0;
    if (final_hz > 0.0) {
      ++voiced;
      near += point.f0_hz > 0.0 && std::abs(12.0 * std::log2(point.f0_hz / final_hz)) <= 1.0;
    } else {
      told_voiced += point.f0_hz > 0.0;
    }
  }
  boost::json::object line = Begin(recording);
  line["voiced"] = voiced;
  line["near"] = near;
  line["unvoiced"] = static_cast<int>(points.size()) - voiced;
  line["told_voiced"] = told_voiced;
  line["late_s"] = late_s;
  return line;
}

std::optional<Recording> Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  auto clip = audio::DecodeWav(bytes);
  if (!clip.ok()) return std::nullopt;
  return Recording{path, std::move(*clip)};
}

}  // namespace
}  // namespace speechcoach

int main(int argc, char** argv) {
  const bool live = argc > 1 && std::string_view(argv[1]) == "--live";
  for (int i = live ? 2 : 1; i < argc; ++i) {
    const auto recording = speechcoach::Read(argv[i]);
    if (!recording) {
      std::fprintf(stderr, "%s: no WAV file that can be read\n", argv[i]);
      return 1;
    }
    const auto line = live ? speechcoach::MeasureLive(*recording) : speechcoach::MeasureCost(*recording);
    std::puts(boost::json::serialize(line).c_str());
  }
  return 0;
}
