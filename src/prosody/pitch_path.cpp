#include "prosody/pitch_path.h"

#include <cmath>

namespace speechcoach::prosody {
namespace {

// A candidate as the path sees it.
struct Node {
  bool voiced = false;
  double octaves = 0.0;  // log2 of the frequency
  double total = 0.0;    // of the best path that ends here
  std::size_t previous = 0;
};

std::vector<Node> MakeNodes(const PitchCandidates& candidates, const PathCosts& costs) {
  std::vector<Node> nodes;
  nodes.reserve(candidates.all().size());
  const double ceiling_octaves = std::log2(costs.pitch_ceiling_hz);
  for (const PitchCandidate& candidate : candidates.all()) {
    Node node;
    node.voiced = candidate.f0_hz > 0.0;
    node.octaves = node.voiced ? std::log2(candidate.f0_hz) : 0.0;
    node.total = candidate.strength - (node.voiced ? costs.octave_cost * (ceiling_octaves - node.octaves) : 0.0);
    nodes.push_back(node);
  }
  return nodes;
}

std::size_t BestOf(const std::vector<Node>& nodes, std::size_t begin, std::size_t end) {
  std::size_t best = begin;
  for (std::size_t i = begin + 1; i < end; ++i) {
    if (nodes[i].total > nodes[best].total) best = i;
  }
  return best;
}

}  // namespace

std::vector<PitchCandidate> FindBestPath(const PitchCandidates& candidates, const PathCosts& costs, double time_step_s) {
  if (candidates.frames() == 0) return {};
  const double scale = 0.01 / time_step_s;
  const double jump_cost = costs.octave_jump_cost * scale;
  const double voicing_cost = costs.voiced_unvoiced_cost * scale;

  std::vector<Node> nodes = MakeNodes(candidates, costs);
  for (std::size_t frame = 1; frame < candidates.frames(); ++frame) {
    for (std::size_t here = candidates.begin(frame); here < candidates.end(frame); ++here) {
      Node& node = nodes[here];
      double best = -HUGE_VAL;
      for (std::size_t before = candidates.begin(frame - 1); before < candidates.end(frame - 1); ++before) {
        const Node& from = nodes[before];
        double cost = 0.0;
        if (from.voiced != node.voiced) {
          cost = voicing_cost;
        } else if (node.voiced) {
          cost = jump_cost * std::abs(from.octaves - node.octaves);
        }
        if (from.total - cost > best) {
          best = from.total - cost;
          node.previous = before;
        }
      }
      node.total += best;
    }
  }

  std::vector<PitchCandidate> path(candidates.frames());
  std::size_t frame = candidates.frames() - 1;
  std::size_t at = BestOf(nodes, candidates.begin(frame), candidates.end(frame));
  for (;; at = nodes[at].previous, --frame) {
    path[frame] = candidates.all()[at];
    if (frame == 0) return path;
  }
}

}  // namespace speechcoach::prosody
