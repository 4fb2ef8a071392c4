// A maximum between samples.
#pragma once

#include <algorithm>

namespace speechcoach::prosody {

struct Vertex {
  double offset = 0.0;  // in steps from the middle value, [-1, 1]
  double height = 0.0;
};

// The top of the parabola through three equally spaced values, the middle one not lower than the others; the middle one
// itself where they have no top.
inline Vertex ParabolaTop(double left, double middle, double right) {
  const double curvature = 2.0 * middle - left - right;
  if (!(curvature > 0.0)) return {0.0, middle};
  const double slope = 0.5 * (right - left);
  const double offset = std::clamp(slope / curvature, -1.0, 1.0);
  return {offset, middle + offset * (slope - 0.5 * offset * curvature)};
}

}  // namespace speechcoach::prosody
