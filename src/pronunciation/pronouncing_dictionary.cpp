#include "pronunciation/pronouncing_dictionary.h"

#include "pronunciation/internal/embedded_data.h"

namespace speechcoach::pronunciation {
namespace {

Pronunciation Decode(std::string_view codes) {
  Pronunciation pronunciation;
  pronunciation.reserve(codes.size());
  for (const char code : codes) pronunciation.push_back(SoundAt(code - '0'));
  return pronunciation;
}

// The line that holds position `at`, without its end.
std::string_view LineAround(std::string_view text, std::size_t at) {
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

std::vector<Pronunciation> LookUp(std::string_view word) {
  const std::string_view text = DictionaryText();
  std::size_t low = 0;
  std::size_t high = text.size();
  while (low < high) {
    const std::string_view line = LineAround(text, low + (high - low) / 2);
    const std::size_t begin = static_cast<std::size_t>(line.data() - text.data());
    const std::size_t tab = line.find('\t');
    const int order = line.substr(0, tab).compare(word);
    if (order < 0) {
      low = begin + line.size() + 1;
    } else if (order > 0) {
      high = begin;
    } else {
      std::vector<Pronunciation> pronunciations;
      for (std::string_view rest = line.substr(tab + 1); !rest.empty();) {
        const std::size_t space = rest.find(' ');
        pronunciations.push_back(Decode(rest.substr(0, space)));
        rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
      }
      return pronunciations;
    }
  }
  return {};
}

}  // namespace speechcoach::pronunciation
