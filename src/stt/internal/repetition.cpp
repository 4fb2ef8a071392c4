#include "stt/internal/repetition.h"

#include <algorithm>

namespace speechcoach::stt {
namespace {

constexpr std::size_t kLongestPhrase = 24;  // tokens
constexpr std::size_t kRemarkable = 5;      // tokens

std::size_t RepeatsOfALoop(std::size_t phrase) {
  if (phrase == 1) return 8;
  if (phrase == 2) return 6;
  return phrase <= 4 ? 4 : 3;
}

}  // namespace

std::size_t LoopTail(std::span<const int> tokens) {
  for (std::size_t phrase = 1; phrase <= std::min(kLongestPhrase, tokens.size() / 2); ++phrase) {
    std::size_t same = 0;  // tokens, from the end, that equal the one a phrase before them
    while (same + phrase < tokens.size() && tokens[tokens.size() - 1 - same] == tokens[tokens.size() - 1 - same - phrase]) ++same;
    if ((same + phrase) / phrase >= RepeatsOfALoop(phrase)) return same;
  }
  return 0;
}

bool SaysTwice(std::span<const int> tokens) {
  for (std::size_t first = 0; first + 2 * kRemarkable <= tokens.size(); ++first) {
    const auto phrase = tokens.subspan(first, kRemarkable);
    if (!std::ranges::search(tokens.subspan(first + kRemarkable), phrase).empty()) return true;
  }
  return false;
}

}  // namespace speechcoach::stt
