// What whisper.cpp's public header does not offer. Everything here is defined in whisper_unit.cpp, the unit that compiles the library.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <whisper.h>

namespace speechcoach::stt {

struct DeleteContextView {
  void operator()(whisper_context* view) const;
};

// A second view of a loaded context's weights, under which the decoder also hands out the cross-attention of its alignment heads.
// The library's own alignment ends the process where it is interrupted, and stays off.
// States for either are made from the view. The context, loaded without flash attention, outlives its view.
using ContextView = std::unique_ptr<whisper_context, DeleteContextView>;
ContextView MakeAlignmentView(const whisper_context& context, whisper_alignment_heads_preset heads);

// Asks `should_abort` between the operations of every computation on `state`, not only between whole encoder and decoder runs.
// A null callback removes it.
void SetAbortCallback(whisper_state* state, ggml_abort_callback should_abort, void* user_data);

struct CrossAttention {
  std::vector<float> weights;  // [head][frame][token], each token's over all frames sums to 1; a frame is 20 ms
  std::size_t heads = 0;
  std::size_t frames = 0;
  std::size_t tokens = 0;
};

// How the decoder looks at the audio last encoded on `state` while it reads `tokens`. Empty where it was interrupted or failed.
CrossAttention ComputeCrossAttention(whisper_context& view, whisper_state* state, std::span<const whisper_token> tokens,
                                     int threads);

// Encodes up to 30 s of samples, the context cut to `context_frames` of 20 ms. False where it was interrupted or failed.
bool EncodeSamples(whisper_context& context, whisper_state* state, std::span<const float> samples, int context_frames,
                   int threads);

// A beam draws its next tokens at random. With this before each decoding the same sound is written in the same words, whatever was decoded before;
// the library starts all but the first text's numbers anew by itself.
void StartSampling(whisper_state* state);

// The encoder's width, and the first rows of what it last made on `state`: into.size() is a multiple of the width.
std::size_t EncoderWidth(const whisper_context& context);
void ReadEncoderOutput(const whisper_state* state, std::span<float> into);

// The decoder's logits after each of `tokens`, read from the start on the audio last encoded on `state`: a row of the vocabulary's size
// each. Valid until the next decoding on `state`; empty where it was interrupted or failed.
std::span<const float> ReadTokens(whisper_context& context, whisper_state* state, std::span<const whisper_token> tokens,
                                  int threads);

}  // namespace speechcoach::stt
