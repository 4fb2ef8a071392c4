// When each token was spoken, from where the decoder looked while it wrote the token: dynamic time warping over the smoothed
// cross-attention of Whisper's alignment heads, as in OpenAI's timing.py (openai/whisper, 2023).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace speechcoach::stt {

// A matrix of [head][frame][token] weights, >= 0.
struct AttentionView {
  std::span<const float> weights;
  std::size_t heads = 0;
  std::size_t frames = 0;
  std::size_t tokens = 0;
};

// For each token from `first_token` on, the frame where it begins: a list that starts at 0 and never falls. Only the first
// `used_frames` frames are speech, the others padding. Empty where there is nothing to align.
std::vector<std::size_t> AlignTokens(const AttentionView& attention, std::size_t used_frames, std::size_t first_token);

}  // namespace speechcoach::stt
