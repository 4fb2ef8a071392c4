// What the speech model's encoder makes of a recording, and how well a known text fits it. The pronunciation scores stand on these.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace speechcoach::model {

inline constexpr double kEncoderFrameS = 0.02;

// A row of `dim` numbers every 20 ms, row-major. Frame i covers the 20 ms from offset_s + i * kEncoderFrameS; the silence at the
// recording's ends has no frames. In a recording of more than 30 s, stretches of silence in between may have rows of zeros.
struct EncoderFeatures {
  double offset_s = 0.0;  // from the start of the recording, a multiple of kEncoderFrameS
  std::size_t frames = 0;
  std::size_t dim = 0;
  std::vector<float> values;  // [frames][dim]

  std::span<const float> frame(std::size_t i) const { return std::span(values).subspan(i * dim, dim); }
};

// How the decoder, made to read one token of a given text, judged it; natural logarithms.
struct TokenScore {
  double log_probability = 0.0;       // <= 0, of the token given
  double best_log_probability = 0.0;  // <= 0, of the token that the decoder would have written here; >= log_probability
  double entropy = 0.0;               // >= 0, of the distribution at this place
};

struct WordScore {
  std::string text;                // as given
  std::vector<TokenScore> tokens;  // one at least
};

struct TextScore {
  std::vector<WordScore> words;
  TokenScore end;  // that nothing follows the text
};

struct SpeechEvidence {
  EncoderFeatures features;
  // Of the text asked about. Without words where none was asked about, or where the recording is longer than 30 s or the text
  // than about 400 tokens.
  TextScore text;
  int text_ms = 0;  // what asking about the text took
};

}  // namespace speechcoach::model
