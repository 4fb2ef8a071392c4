// whisper.cpp, compiled as part of this unit, so that its private structures can be reached without changing the library.
#include "stt/internal/whisper_internals.h"

#include <whisper.cpp>

#include <ggml-cpu.h>

#include "stt/internal/inference_clock.h"

namespace speechcoach::stt {

void DeleteContextView::operator()(whisper_context* view) const { delete view; }

ContextView MakeAlignmentView(const whisper_context& context, whisper_alignment_heads_preset heads) {
  // Copies the library's tables of pointers to the weights, not the weights; the original frees them.
  ContextView view(new whisper_context(context));
  view->vocab.token_to_id.clear();
  view->vocab.id_to_token.clear();
  view->params.dtw_token_timestamps = true;
  view->params.dtw_aheads_preset = heads;
  // Where no heads are known: those of the upper half of the decoder.
  view->params.dtw_n_top = std::max(1, context.model.hparams.n_text_layer / 2);
  return view;
}

void SetAbortCallback(whisper_state* state, ggml_abort_callback should_abort, void* user_data) {
  for (ggml_backend_t backend : state->backends) {
    if (ggml_backend_is_cpu(backend)) ggml_backend_cpu_set_abort_callback(backend, should_abort, user_data);
  }
}

CrossAttention ComputeCrossAttention(whisper_context& view, whisper_state* state, std::span<const whisper_token> tokens,
                                     int threads) {
  const InferenceClock clock;
  whisper_kv_cache_clear(state->kv_self);
  whisper_batch_prep_legacy(state->batch, tokens.data(), static_cast<int>(tokens.size()), 0, 0);
  state->aheads_cross_QKs = nullptr;
  if (!whisper_decode_internal(view, *state, state->batch, threads, true, nullptr, nullptr) || state->aheads_cross_QKs == nullptr)
    return {};
  const ggml_tensor* attention = state->aheads_cross_QKs;
  CrossAttention result;
  result.tokens = static_cast<std::size_t>(attention->ne[0]);
  result.frames = static_cast<std::size_t>(attention->ne[1]);
  result.heads = static_cast<std::size_t>(attention->ne[2]);
  result.weights.resize(result.heads * result.frames * result.tokens);
  ggml_backend_tensor_get(attention, result.weights.data(), 0, result.weights.size() * sizeof(float));
  return result;
}

bool EncodeSamples(whisper_context& context, whisper_state* state, std::span<const float> samples, int context_frames,
                   int threads) {
  const InferenceClock clock;
  if (whisper_pcm_to_mel_with_state(&context, state, samples.data(), static_cast<int>(samples.size()), threads) != 0)
    return false;
  state->exp_n_audio_ctx = context_frames;
  return whisper_encode_internal(context, *state, 0, threads, nullptr, nullptr);
}

void StartSampling(whisper_state* state) { state->decoders[0].rng = std::mt19937(0); }

std::size_t EncoderWidth(const whisper_context& context) { return static_cast<std::size_t>(context.model.hparams.n_audio_state); }

void ReadEncoderOutput(const whisper_state* state, std::span<float> into) {
  ggml_backend_tensor_get(state->embd_enc, into.data(), 0, into.size_bytes());
}

std::span<const float> ReadTokens(whisper_context& context, whisper_state* state, std::span<const whisper_token> tokens,
                                  int threads) {
  const InferenceClock clock;
  whisper_kv_cache_clear(state->kv_self);
  whisper_batch_prep_legacy(state->batch, tokens.data(), static_cast<int>(tokens.size()), 0, 0);
  std::fill_n(state->batch.logits, tokens.size(), std::int8_t{1});
  if (!whisper_decode_internal(context, *state, state->batch, threads, false, nullptr, nullptr)) return {};
  return state->logits;
}

}  // namespace speechcoach::stt
