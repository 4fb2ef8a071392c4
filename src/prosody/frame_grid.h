// Where the frames of an analysis lie: equally spaced; centred in the recording, as in Praat, or counted from its start.
#pragma once

#include <cmath>
#include <cstddef>

namespace speechcoach::prosody {

struct FrameGrid {
  double first_s = 0.0;  // the middle of the first frame
  double step_s = 0.01;
  std::size_t count = 0;

  // As many frames as fit with the whole window inside [0, duration_s], the rest shared equally between both ends.
  static FrameGrid Centred(double duration_s, double window_s, double step_s) {
    if (duration_s < window_s) return {duration_s / 2, step_s, 0};
    const double steps = std::floor((duration_s - window_s) / step_s);
    return {0.5 * duration_s - 0.5 * steps * step_s, step_s, static_cast<std::size_t>(steps) + 1};
  }

  // The same frames however long the recording becomes: the first window begins with it.
  static FrameGrid FromStart(double duration_s, double window_s, double step_s) {
    if (duration_s < window_s) return {window_s / 2, step_s, 0};
    return {window_s / 2, step_s, static_cast<std::size_t>((duration_s - window_s) / step_s) + 1};
  }

  double TimeOf(std::size_t frame) const { return first_s + static_cast<double>(frame) * step_s; }
  // Fractional frame number; below 0 or above count - 1 outside the frames.
  double FrameAt(double time_s) const { return (time_s - first_s) / step_s; }
  // The frame whose middle is nearest; the grid must not be empty.
  std::size_t NearestTo(double time_s) const {
    const double frame = std::round(FrameAt(time_s));
    if (frame <= 0.0) return 0;
    return frame >= static_cast<double>(count - 1) ? count - 1 : static_cast<std::size_t>(frame);
  }
};

}  // namespace speechcoach::prosody
