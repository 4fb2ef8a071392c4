// What the decoder makes of one window of sound.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace speechcoach::stt {

// Texts that a beam follows at once, at most.
inline constexpr int kMostBeams = 3;

struct DecodedToken {
  std::int32_t id = 0;           // in the model's vocabulary
  std::string text;              // starts with a space where a word begins
  double log_probability = 0.0;  // natural, <= 0, among the tokens allowed at that place
  double start_s = 0.0;          // once examined: from the window's start; never falls from token to token
  double end_s = 0.0;
};

struct DecodedWindow {
  std::vector<DecodedToken> tokens;
  bool ran_on = false;  // the decoder was stopped in a loop, or wrote more than anyone can say in that time
  // Once examined:
  double no_speech_probability = 0.0;  // that nobody speaks, says the model
  double english_probability = 1.0;    // among the languages that the model knows
  std::string other_language;          // the likeliest but for English, ISO 639-1; empty where the model knows no other
};

}  // namespace speechcoach::stt
