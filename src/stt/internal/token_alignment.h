// When each token was spoken, from where the decoder looked while it wrote the token: the smoothed cross-attention of Whisper's alignment heads, as in
// OpenAI's timing.py (openai/whisper, 2023), cut into one stretch a token where the attention and the tokens' usual lengths together fit best: the
// Viterbi recursion of a hidden semi-Markov model (Rabiner, "A Tutorial on Hidden Markov Models", 1989, IV.D). Attention alone often leaves a
// word next to nothing of its time.
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
// `used_frames` frames are speech, the others padding. `letters` counts those of each of these tokens but the last one, which stands for what comes
// after the text. Empty where there is nothing to align.
std::vector<std::size_t> AlignTokens(const AttentionView& attention, std::size_t used_frames, std::size_t first_token,
                                     std::span<const int> letters);

}  // namespace speechcoach::stt
