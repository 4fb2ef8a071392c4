#include "stt/internal/whisper_engine.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <limits>
#include <mutex>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "model/audio_clip.h"
#include "stt/internal/inference_clock.h"
#include "stt/internal/loudness.h"
#include "stt/internal/repetition.h"
#include "stt/internal/token_alignment.h"
#include "stt/internal/written_text.h"

namespace speechcoach::stt {
namespace {

constexpr double kFrameS = model::kEncoderFrameS;
constexpr int kSamplesPerFrame = static_cast<int>(kFrameS * model::kSampleRateHz);
constexpr std::size_t kLongestScript = 440;  // the decoder has places for 448 tokens
constexpr int kContextStepFrames = 64;
constexpr int kTokensASecond = 8;  // fast speakers reach six
constexpr int kTokensAtLeast = 16;
constexpr int kTokensAtMost = 200;  // the decoder's own window is 224

#ifdef SPEECHCOACH_GPU
constexpr bool kUsesGpu = true;  // where there is none, the library computes on the processor
#else
constexpr bool kUsesGpu = false;
#endif

// OpenMP's threads otherwise spin for milliseconds wherever they wait for each other; on cores that also serve and decode that
// costs several times the processor time (docs/stt.md). Its runtime reads the variable once, before main().
[[gnu::constructor(101)]] void LetOpenMpThreadsSleep() { setenv("GOMP_SPINCOUNT", "1000", 0); }

void LogFromWhisper(ggml_log_level level, const char* text, void*) {
  // Also its errors: what fails is reported as a value, and stands in our log once, where it is handled.
  std::string_view line = text;
  while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  if (level != GGML_LOG_LEVEL_DEBUG && level != GGML_LOG_LEVEL_CONT && !line.empty()) {
    base::Log(base::LogLevel::kDebug, "whisper", {{"message", line}});
  }
}

// The heads whose attention follows the speech, as whisper.cpp lists them for each published model.
whisper_alignment_heads_preset AlignmentHeads(whisper_context* c) {
  const bool multilingual = whisper_is_multilingual(c) != 0;
  const int audio_layers = whisper_model_n_audio_layer(c);
  if (audio_layers == 32 && whisper_model_n_text_layer(c) == 4) return WHISPER_AHEADS_LARGE_V3_TURBO;
  if (audio_layers != whisper_model_n_text_layer(c)) return WHISPER_AHEADS_N_TOP_MOST;
  switch (audio_layers) {
    case 4:
      return multilingual ? WHISPER_AHEADS_TINY : WHISPER_AHEADS_TINY_EN;
    case 6:
      return multilingual ? WHISPER_AHEADS_BASE : WHISPER_AHEADS_BASE_EN;
    case 12:
      return multilingual ? WHISPER_AHEADS_SMALL : WHISPER_AHEADS_SMALL_EN;
    case 24:
      return multilingual ? WHISPER_AHEADS_MEDIUM : WHISPER_AHEADS_MEDIUM_EN;
    default:
      return whisper_model_n_mels(c) == 128 ? WHISPER_AHEADS_LARGE_V3 : WHISPER_AHEADS_LARGE_V2;
  }
}

// Digits would hide which words were said, and other scripts cannot be English.
bool IsNeverWritten(std::string_view token) {
  // Alone it only stands before what is not written here, and would come again and again in its place.
  if (!token.empty() && token.find_first_not_of(' ') == std::string_view::npos) return true;
  return std::ranges::any_of(
      token, [](char c) { return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || c == '$' || c == '%'; });
}

// What the library's callbacks see of one decoding; with several beams, from several threads at once.
struct Steering {
  const DecodeRequest& request;
  const std::vector<whisper_token>& never_written;
  whisper_token end_of_text;
  std::size_t token_limit;

  bool RanOn(std::span<const int> text_tokens) const {
    return text_tokens.size() >= token_limit || (request.is_guarded && LoopTail(text_tokens) > 0);
  }
};

void SteerDecoder(whisper_context* context, whisper_state*, const whisper_token_data* tokens, int n_tokens, float* logits,
                  void* user_data) {
  const auto& steering = *static_cast<const Steering*>(user_data);
  constexpr float kNever = -std::numeric_limits<float>::infinity();
  if (steering.request.is_guarded && steering.request.language == "en") {
    for (const whisper_token token : steering.never_written) logits[token] = kNever;
  }

  std::vector<int> text_tokens;
  for (int i = 0; i < n_tokens; ++i) {
    if (tokens[i].id < steering.end_of_text) text_tokens.push_back(tokens[i].id);
  }
  if (steering.RanOn(text_tokens)) {
    std::fill_n(logits, whisper_n_vocab(context), kNever);
    logits[steering.end_of_text] = 0.0F;
  }
  if (steering.request.on_progress && steering.request.beam == 1) {
    // Half for the encoder; then towards the end at the usual three tokens a second.
    const double expected = 1.0 + 3.0 * static_cast<double>(steering.request.samples.size()) / model::kSampleRateHz;
    steering.request.on_progress(0.5 + 0.5 * std::min(1.0, static_cast<double>(text_tokens.size()) / expected));
  }
}

// Of UTF-8: the first byte of any letter beyond ASCII counts, the others do not.
bool IsLetter(unsigned char c) { return std::isalpha(c) != 0 || c >= 0xC0; }

bool IsLetterOrDigit(unsigned char c) { return std::isalnum(c) != 0; }

model::TokenScore ScoreToken(std::span<const float> logits, whisper_token token) {
  const double largest = *std::ranges::max_element(logits);
  double sum = 0.0;
  double weighted = 0.0;
  for (const float logit : logits) {
    const double weight = std::exp(logit - largest);
    sum += weight;
    if (weight > 0.0) weighted += weight * (logit - largest);
  }
  const double log_sum = std::log(sum);
  return {std::min(0.0, logits[static_cast<std::size_t>(token)] - largest - log_sum), -log_sum, log_sum - weighted / sum};
}

// The probability of the one with `logit` among all of `logits`.
double ShareOf(std::span<const float> logits, float logit) {
  const double largest = *std::ranges::max_element(logits);
  double sum = 0.0;
  for (const float other : logits) sum += std::exp(other - largest);
  return std::exp(logit - largest) / sum;
}

base::Error Stopped() { return {base::ErrorCode::kCancelled, "transcription was stopped"}; }

bool ShouldStop(void* user_data) {
  const auto& request = *static_cast<const DecodeRequest*>(user_data);
  return request.should_stop && request.should_stop();
}

// Lets a decoding be stopped for as long as this lives.
class AbortScope {
 public:
  AbortScope(whisper_state* state, const DecodeRequest& request) : state_(state) {
    SetAbortCallback(state_, ShouldStop, const_cast<DecodeRequest*>(&request));
  }
  ~AbortScope() { SetAbortCallback(state_, nullptr, nullptr); }
  AbortScope(const AbortScope&) = delete;
  AbortScope& operator=(const AbortScope&) = delete;

 private:
  whisper_state* state_;
};

int SpeechFrames(std::span<const float> samples) { return static_cast<int>(samples.size()) / kSamplesPerFrame + 1; }

// Up to the end of the last sound that may be speech.
std::size_t VoicedFrames(std::span<const float> samples) {
  constexpr std::size_t kStepsPerFrame = kSamplesPerFrame / kLoudnessStep;
  const std::vector<float> loudness = LoudnessDb(samples);
  const std::vector<Steps> stretches = VoicedStretches(loudness, VoiceThresholdDb(loudness));
  const auto frames = static_cast<std::size_t>(SpeechFrames(samples));
  return stretches.empty() ? frames : std::min(frames, stretches.back().end / kStepsPerFrame + 1);
}

int ContextFrames(whisper_context* context, const DecodeRequest& request) {
  const int needed = SpeechFrames(request.samples) + static_cast<int>(request.silence_s / kFrameS);
  return std::min(whisper_n_audio_ctx(context), (needed + kContextStepFrames - 1) / kContextStepFrames * kContextStepFrames);
}

}  // namespace

base::Result<std::unique_ptr<WhisperEngine>> WhisperEngine::Load(const std::filesystem::path& path) {
  static std::once_flag logging;
  std::call_once(logging, [] { whisper_log_set(LogFromWhisper, nullptr); });
  whisper_context_params parameters = whisper_context_default_params();
  parameters.use_gpu = kUsesGpu;
  parameters.flash_attn = false;  // it never holds the attention weights that tell when a word was spoken
  try {
    whisper_context* context = whisper_init_from_file_with_params_no_state(path.c_str(), parameters);
    if (context == nullptr) return {base::ErrorCode::kModelUnavailable, path.string() + ": the model cannot be loaded"};
    return std::unique_ptr<WhisperEngine>(new WhisperEngine(context));
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kModelUnavailable, path.string() + ": " + fault.what()};
  }
}

WhisperEngine::WhisperEngine(whisper_context* context)
    : context_(context), alignment_view_(MakeAlignmentView(*context, AlignmentHeads(context))) {
  for (whisper_token token = 0; token < whisper_token_eot(context_); ++token) {
    if (IsNeverWritten(whisper_token_to_str(context_, token))) never_written_.push_back(token);
  }
}

WhisperEngine::~WhisperEngine() {
  alignment_view_.reset();
  whisper_free(context_);
}

base::Result<std::unique_ptr<WhisperSession>> WhisperEngine::NewSession() {
  try {
    whisper_state* state = whisper_init_state(alignment_view_.get());
    if (state == nullptr) return {base::ErrorCode::kModelUnavailable, "the speech model's working memory cannot be allocated"};
    return std::make_unique<WhisperSession>(*this, state);
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kModelUnavailable, fault.what()};
  }
}

WhisperSession::WhisperSession(WhisperEngine& engine, whisper_state* state) : engine_(engine), state_(state) {}

WhisperSession::~WhisperSession() { whisper_free_state(state_); }

base::Result<DecodedWindow> WhisperSession::Decode(const DecodeRequest& request) {
  whisper_context* context = engine_.context_;
  const double seconds = static_cast<double>(request.samples.size()) / model::kSampleRateHz;
  if (seconds < kShortestWindowS || seconds > kLongestWindowS)
    return {base::ErrorCode::kSttFailed, "a window of that length cannot be decoded"};

  const int token_limit =
      request.is_guarded ? std::min(kTokensAtMost, kTokensAtLeast + static_cast<int>(kTokensASecond * seconds)) : kTokensAtMost;
  Steering steering{request, engine_.never_written_, whisper_token_eot(context), static_cast<std::size_t>(token_limit)};
  whisper_full_params parameters =
      whisper_full_default_params(request.beam == 1 ? WHISPER_SAMPLING_GREEDY : WHISPER_SAMPLING_BEAM_SEARCH);
  parameters.greedy.best_of = 1;
  parameters.beam_search.beam_size = request.beam;
  parameters.n_threads = request.threads;
  parameters.language = request.language.c_str();
  parameters.audio_ctx = ContextFrames(context, request);
  parameters.single_segment = true;
  parameters.no_context = true;
  parameters.suppress_nst = true;
  parameters.temperature_inc = 0.0F;
  // Whether anybody speaks is decided by the caller, who also knows the words' probabilities.
  parameters.no_speech_thold = 2.0F;
  parameters.print_progress = false;
  parameters.print_timestamps = false;
  parameters.logits_filter_callback = SteerDecoder;
  parameters.logits_filter_callback_user_data = &steering;
  parameters.abort_callback = ShouldStop;
  parameters.abort_callback_user_data = const_cast<DecodeRequest*>(&request);

  try {
    const AbortScope abort_scope(state_, request);
    const int status = [&] {
      const InferenceClock clock;
      StartSampling(state_);
      return whisper_full_with_state(context, state_, parameters, request.samples.data(),
                                     static_cast<int>(request.samples.size()));
    }();
    if (request.should_stop && request.should_stop()) return Stopped();
    if (status != 0) return {base::ErrorCode::kSttFailed, "whisper.cpp failed with status " + std::to_string(status)};

    DecodedWindow window;
    for (int segment = 0; segment < whisper_full_n_segments_from_state(state_); ++segment) {
      for (int i = 0; i < whisper_full_n_tokens_from_state(state_, segment); ++i) {
        const whisper_token_data token = whisper_full_get_token_data_from_state(state_, segment, i);
        if (token.id >= whisper_token_eot(context)) continue;
        window.tokens.push_back(
            {token.id, whisper_token_to_str(context, token.id), std::min(0.0, static_cast<double>(token.plog))});
      }
    }
    std::vector<int> written;
    for (const DecodedToken& token : window.tokens) written.push_back(token.id);
    window.ran_on = steering.RanOn(written);
    return window;
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kSttFailed, fault.what()};
  }
}

base::Status WhisperSession::Examine(const DecodeRequest& request, DecodedWindow& window) {
  try {
    const AbortScope abort_scope(state_, request);
    if (const base::Status judged = JudgeSpeech(request, window); !judged.ok()) return judged;
    return Align(request, window);
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kSttFailed, fault.what()};
  }
}

base::Status WhisperSession::Encode(const DecodeRequest& request) {
  try {
    const AbortScope abort_scope(state_, request);
    const bool done =
        EncodeSamples(*engine_.context_, state_, request.samples, ContextFrames(engine_.context_, request), request.threads);
    if (request.should_stop && request.should_stop()) return Stopped();
    if (!done) return {base::ErrorCode::kSttFailed, "whisper.cpp failed to encode"};
    return {};
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kSttFailed, fault.what()};
  }
}

std::size_t WhisperSession::EncoderWidth() const { return stt::EncoderWidth(*engine_.context_); }

void WhisperSession::ReadEncoderOutput(std::span<float> into) const { stt::ReadEncoderOutput(state_, into); }

base::Result<model::TextScore> WhisperSession::ScoreText(const DecodeRequest& request, const std::string& text) {
  whisper_context* context = engine_.context_;
  std::vector<whisper_token> script{whisper_token_sot(context)};
  if (whisper_is_multilingual(context) != 0) {
    script.push_back(whisper_token_lang(context, whisper_lang_id("en")));
    script.push_back(whisper_token_transcribe(context));
  }
  script.push_back(whisper_token_not(context));

  model::TextScore score;
  std::vector<model::WordScore>& words = score.words;
  std::vector<std::pair<std::size_t, std::size_t>> places;  // in the script: of each token with a letter, and its word
  for (const std::string& word : WrittenWords(text)) {
    std::vector<whisper_token> tokens(word.size() + 1);
    const int count = whisper_tokenize(context, (" " + word).c_str(), tokens.data(), static_cast<int>(tokens.size()));
    words.push_back({word, {}});
    for (int i = 0; i < count; ++i) {
      const std::string_view piece = whisper_token_to_str(context, tokens[static_cast<std::size_t>(i)]);
      if (std::ranges::any_of(piece, IsLetterOrDigit)) places.emplace_back(script.size(), words.size() - 1);
      script.push_back(tokens[static_cast<std::size_t>(i)]);
    }
  }
  if (places.empty() || script.size() > kLongestScript) return model::TextScore{};

  try {
    const AbortScope abort_scope(state_, request);
    const std::span<const float> logits = ReadTokens(*context, state_, script, request.threads);
    if (request.should_stop && request.should_stop()) return Stopped();
    const auto row = static_cast<std::size_t>(whisper_n_vocab(context));
    if (logits.size() != script.size() * row) return {base::ErrorCode::kSttFailed, "whisper.cpp failed to decode"};
    // What follows a token is foretold in the token's own row.
    score.end = ScoreToken(logits.last(row), whisper_token_eot(context));
    for (const auto& [place, word] : places)
      words[word].tokens.push_back(ScoreToken(logits.subspan((place - 1) * row, row), script[place]));
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kSttFailed, fault.what()};
  }
  return score;
}

// Whisper tells whether anybody speaks, and in which language, in place of the first token after the start token. The library reads it elsewhere where
// the prompt is longer, as it is for multilingual models; so the start token is read once more, alone.
base::Status WhisperSession::JudgeSpeech(const DecodeRequest& request, DecodedWindow& window) {
  whisper_context* context = engine_.context_;
  const whisper_token start = whisper_token_sot(context);
  const int status = [&] {
    const InferenceClock clock;
    return whisper_decode_with_state(context, state_, &start, 1, 0, request.threads);
  }();
  if (request.should_stop && request.should_stop()) return Stopped();
  if (status != 0) return {base::ErrorCode::kSttFailed, "whisper.cpp failed to decode"};
  const std::span<const float> logits(whisper_get_logits_from_state(state_), static_cast<std::size_t>(whisper_n_vocab(context)));
  const auto no_speech = static_cast<std::size_t>(whisper_token_nosp(context));
  window.no_speech_probability = ShareOf(logits, logits[no_speech]);
  if (whisper_is_multilingual(context) != 0) {
    const auto first = static_cast<std::size_t>(whisper_token_lang(context, 0));
    const std::span<const float> languages =
        logits.subspan(first, static_cast<std::size_t>(whisper_token_translate(context)) - first);
    const auto english = static_cast<std::size_t>(whisper_lang_id("en"));
    std::size_t other = english == 0 ? 1 : 0;
    for (std::size_t i = 0; i < languages.size(); ++i) {
      if (i != english && languages[i] > languages[other]) other = i;
    }
    window.english_probability = ShareOf(languages, languages[english]);
    window.other_language = whisper_lang_str(static_cast<int>(other));
  }
  return {};
}

// Asks the decoder to read the text it wrote once more, and takes each token's time from where it looked.
base::Status WhisperSession::Align(const DecodeRequest& request, DecodedWindow& window) {
  if (window.tokens.empty()) return {};
  whisper_context* context = engine_.context_;
  // Without the task token, with which the heads look about 80 ms too early (docs/stt.md).
  std::vector<whisper_token> script{whisper_token_sot(context)};
  if (whisper_is_multilingual(context) != 0) {
    script.push_back(whisper_token_lang(context, whisper_lang_id(request.language.c_str())));
  }
  // From this one on, each place in the script looks for the token after it.
  const std::size_t first = script.size();
  script.push_back(whisper_token_not(context));
  std::vector<int> letters;
  for (const DecodedToken& token : window.tokens) {
    script.push_back(token.id);
    letters.push_back(static_cast<int>(std::ranges::count_if(token.text, IsLetter)));
  }

  const CrossAttention attention = ComputeCrossAttention(*engine_.alignment_view_, state_, script, request.threads);
  if (request.should_stop && request.should_stop()) return Stopped();
  const std::size_t frames = VoicedFrames(request.samples);
  const std::vector<std::size_t> starts =
      AlignTokens({attention.weights, attention.heads, attention.frames, attention.tokens}, frames, first, letters);
  if (starts.size() != window.tokens.size() + 1) return {base::ErrorCode::kSttFailed, "the words could not be placed in time"};
  for (std::size_t i = 0; i < window.tokens.size(); ++i) {
    window.tokens[i].start_s = static_cast<double>(starts[i]) * kFrameS;
    window.tokens[i].end_s = static_cast<double>(starts[i + 1]) * kFrameS;
  }
  return {};
}

}  // namespace speechcoach::stt
