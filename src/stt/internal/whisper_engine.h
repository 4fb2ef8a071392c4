// Whisper behind an interface of our own: the weights, loaded once, and sessions, each of which decodes one window at a time.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/encoder_features.h"
#include "stt/internal/decoded_window.h"
#include "stt/internal/whisper_internals.h"

namespace speechcoach::stt {

inline constexpr double kLongestWindowS = 30.0;
inline constexpr double kShortestWindowS = 0.1;

struct DecodeRequest {
  std::span<const float> samples;  // 16 kHz, kShortestWindowS to kLongestWindowS
  double silence_s = 0.0;          // at least so much of it follows the window in the encoder's context, which ends there
  int threads = 1;
  int beam = 1;                             // texts followed at once; 1: greedy
  std::string language = "en";              // to write in, ISO 639-1
  bool is_guarded = true;                   // loops are stopped; English is written in its letters alone
  std::function<bool()> should_stop;        // asked many times a second, on the calling thread
  std::function<void(double)> on_progress;  // share done of this decoding, 0-1; of a greedy one
};

class WhisperEngine;

// One thread at a time. The engine outlives its sessions.
class WhisperSession {
 public:
  WhisperSession(WhisperEngine& engine, whisper_state* state);
  ~WhisperSession();
  WhisperSession(const WhisperSession&) = delete;
  WhisperSession& operator=(const WhisperSession&) = delete;

  // The text alone: English in letters rather than digits and ASCII only.
  // Errors: kCancelled (should_stop answered true), kSttFailed.
  base::Result<DecodedWindow> Decode(const DecodeRequest& request);

  // Adds to what the last Decode(request) gave when its tokens were spoken, whether anybody speaks, and in which language. Errors: as Decode.
  base::Status Examine(const DecodeRequest& request, DecodedWindow& window);

  // The encoder's pass alone. Errors: as Decode.
  base::Status Encode(const DecodeRequest& request);

  // What the encoder made of the window last given to Decode or Encode: its first rows of EncoderWidth() numbers, 20 ms each.
  std::size_t EncoderWidth() const;
  void ReadEncoderOutput(std::span<float> into) const;

  // How well `text` fits the window last given to Decode or Encode. Without words where it has no words or is too long for the decoder.
  // Errors: as Decode.
  base::Result<model::TextScore> ScoreText(const DecodeRequest& request, const std::string& text);

 private:
  base::Status JudgeSpeech(const DecodeRequest& request, DecodedWindow& window);
  base::Status Align(const DecodeRequest& request, DecodedWindow& window);

  WhisperEngine& engine_;
  whisper_state* state_;
};

class WhisperEngine {
 public:
  // `path` must have passed ReadModelFile(). Errors: kModelUnavailable.
  static base::Result<std::unique_ptr<WhisperEngine>> Load(const std::filesystem::path& path);
  ~WhisperEngine();
  WhisperEngine(const WhisperEngine&) = delete;
  WhisperEngine& operator=(const WhisperEngine&) = delete;

  // Errors: kModelUnavailable (no memory).
  base::Result<std::unique_ptr<WhisperSession>> NewSession();

 private:
  friend class WhisperSession;
  explicit WhisperEngine(whisper_context* context);

  whisper_context* context_;
  ContextView alignment_view_;
  std::vector<whisper_token> never_written_;
};

}  // namespace speechcoach::stt
