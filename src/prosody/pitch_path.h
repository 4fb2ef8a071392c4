// The globally best way through the pitch candidates of all frames.
#pragma once

#include <cstddef>
#include <vector>

namespace speechcoach::prosody {

struct PitchCandidate {
  double f0_hz = 0.0;     // 0: unvoiced
  double strength = 0.0;  // [0, 1] where voiced; can exceed 1 for unvoiced, in silence
};

// Candidates of consecutive frames, one frame after the other; each frame has at least one.
class PitchCandidates {
 public:
  void StartFrame() { frame_begin_.push_back(candidates_.size()); }
  // To the frame started last.
  void Add(const PitchCandidate& candidate) { candidates_.push_back(candidate); }

  std::size_t frames() const { return frame_begin_.size(); }
  std::size_t begin(std::size_t frame) const { return frame_begin_[frame]; }
  std::size_t end(std::size_t frame) const { return frame + 1 < frames() ? frame_begin_[frame + 1] : candidates_.size(); }
  const std::vector<PitchCandidate>& all() const { return candidates_; }

 private:
  std::vector<PitchCandidate> candidates_;
  std::vector<std::size_t> frame_begin_;
};

struct PathCosts {
  double octave_cost = 0.01;           // an octave below the ceiling
  double octave_jump_cost = 0.35;      // an octave between neighbours
  double voiced_unvoiced_cost = 0.14;  // a change of voicing between neighbours
  double pitch_ceiling_hz = 600.0;
};

// One candidate a frame: the path with the largest sum of strengths minus costs (Boersma 1993, section 2.5; Viterbi).
// Jump costs hold for neighbours 10 ms apart and are scaled for another `time_step_s`.
std::vector<PitchCandidate> FindBestPath(const PitchCandidates& candidates, const PathCosts& costs, double time_step_s);

}  // namespace speechcoach::prosody
