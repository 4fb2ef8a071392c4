// Fundamental frequency over time.
#pragma once

#include <cstddef>
#include <vector>

#include "prosody/frame_grid.h"

namespace speechcoach::prosody {

struct PitchFrame {
  double f0_hz = 0.0;     // 0: unvoiced
  double strength = 0.0;  // voiced: normalised autocorrelation at the period, [0, 1]
  bool voiced() const { return f0_hz > 0.0; }
};

struct PitchTrack {
  FrameGrid grid;
  std::vector<PitchFrame> frames;  // grid.count

  // Linear between the middles of two voiced frames; within half a step of a voiced frame beside an unvoiced one, that
  // frame's value; else 0.
  double F0At(double time_s) const {
    if (frames.empty()) return 0.0;
    const double place = grid.FrameAt(time_s);
    if (place <= -0.5 || place >= static_cast<double>(frames.size()) - 0.5) return 0.0;
    const std::size_t nearest = grid.NearestTo(time_s);
    if (!frames[nearest].voiced()) return 0.0;
    const double offset = place - static_cast<double>(nearest);
    const bool has_neighbour = offset < 0.0 ? nearest > 0 : nearest + 1 < frames.size();
    if (offset == 0.0 || !has_neighbour) return frames[nearest].f0_hz;
    const PitchFrame& neighbour = frames[offset < 0.0 ? nearest - 1 : nearest + 1];
    if (!neighbour.voiced()) return frames[nearest].f0_hz;
    return frames[nearest].f0_hz + std::abs(offset) * (neighbour.f0_hz - frames[nearest].f0_hz);
  }

  std::vector<double> VoicedF0() const {
    std::vector<double> values;
    for (const PitchFrame& frame : frames) {
      if (frame.voiced()) values.push_back(frame.f0_hz);
    }
    return values;
  }
};

}  // namespace speechcoach::prosody
