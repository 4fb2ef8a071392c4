#include "dialogue/speaking_band.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "dialogue/corrections.h"

namespace speechcoach::dialogue {
namespace {

constexpr std::size_t kFewestWords = 20;
constexpr std::size_t kEnoughWords = 150;  // about a minute and a half, as a long turn of the examinations has
constexpr double kTop[] = {9.0, 10.0};

double Ramp(double value, double zero_at, double one_at) { return std::clamp((value - zero_at) / (one_at - zero_at), 0.0, 1.0); }

struct Said {
  std::size_t words = 0;
  std::size_t different = 0;
  std::size_t faulty_turns = 0;
};

Said Count(std::span<const std::string> turns) {
  Said said;
  std::set<std::string> vocabulary;
  for (const std::string& turn : turns) {
    std::istringstream stream(turn);
    for (std::string word; stream >> word; ++said.words) {
      std::erase_if(word, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\''); });
      std::ranges::transform(word, word.begin(),
                             [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
      if (!word.empty()) vocabulary.insert(word);
    }
    const auto corrections = FindCorrections(turn);
    said.faulty_turns +=
        std::ranges::any_of(corrections, [](const Correction& c) { return c.kind == Correction::Kind::kGrammar; }) ? 1 : 0;
  }
  said.different = vocabulary.size();
  return said;
}

double HalfStep(double value) { return std::round(value * 2.0) / 2.0; }

}  // namespace

std::optional<SpeakingBand> EstimateBand(Scale scale, std::span<const std::string> turns,
                                         const std::optional<model::Scores>& scores) {
  const Said said = Count(turns);
  if (said.words < kFewestWords) return std::nullopt;
  const auto words = static_cast<double>(said.words);
  // Guiraud's index (1954): different words over the root of all, which grows less with length than their ratio does.
  const double range = Ramp(static_cast<double>(said.different) / std::sqrt(words), 3.0, 9.0);
  const double accuracy = 1.0 - static_cast<double>(said.faulty_turns) / static_cast<double>(turns.size());
  const double length = Ramp(words / static_cast<double>(turns.size()), 3.0, 40.0);
  const double language = 0.4 * range + 0.3 * accuracy + 0.3 * length;
  const double voice = scores ? (scores->pronunciation + scores->fluency) / 20.0 : language;

  const double top = kTop[static_cast<int>(scale)];
  const double middle = top * (0.2 + 0.75 * (0.5 * language + 0.5 * voice));
  const bool moderate = said.words >= kEnoughWords && scores.has_value();
  const double spread = moderate ? 0.5 : 1.0;
  SpeakingBand band;
  band.low = std::clamp(HalfStep(middle - spread), 0.0, top);
  band.high = std::clamp(HalfStep(middle + spread), 0.0, top);
  band.sure = moderate ? SpeakingBand::Sure::kModerate : SpeakingBand::Sure::kLow;
  band.note_vi =
      moderate ? "Ước lượng từ độ trôi chảy, phát âm, vốn từ và ngữ pháp, mức chắc chắn vừa phải; điểm thi thật có thể khác."
               : "Bạn nói còn ít hoặc chưa đủ số đo nên ước lượng này chưa chắc chắn; hãy xem như gợi ý thôi nhé.";
  return band;
}

}  // namespace speechcoach::dialogue
