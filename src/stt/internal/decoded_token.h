// One piece of text from the decoder.
#pragma once

#include <cstdint>
#include <string>

namespace speechcoach::stt {

struct DecodedToken {
  std::int32_t id = 0;           // in the model's vocabulary
  std::string text;              // starts with a space where a word begins
  double log_probability = 0.0;  // natural, <= 0, among the tokens allowed at that place
  double start_s = 0.0;          // from the window's start; never falls from token to token
  double end_s = 0.0;
};

}  // namespace speechcoach::stt
