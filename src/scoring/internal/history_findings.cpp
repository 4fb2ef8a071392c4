#include "scoring/internal/history_findings.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "scoring/internal/spoken_words.h"

namespace speechcoach::scoring {
namespace {

constexpr double kGainFrom = 0.5;    // a smaller one may be chance
constexpr double kBestFrom = 6.0;    // a personal best below it is no reason to celebrate
constexpr int kSessionsForBest = 3;  // the second of two is no record
constexpr double kImprovedWeight = 82.0;
constexpr double kBestWeight = 88.0;
constexpr double kMasteredWeight = 80.0;

struct Area {
  std::string_view name;
  double before;
  double now;
};

std::string Plain(std::string_view word) {
  const SpokenText text = ToSpoken(word);
  std::string plain;
  for (const SpokenToken& token : text.tokens) plain += token.text;
  return plain;
}

bool IsIn(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::any_of(words, [&](const std::string& other) { return Plain(other) == Plain(word); });
}

void PraiseGain(const Evidence& evidence, const model::Scores& now, Findings& findings) {
  const model::Scores& before = *evidence.history->last;
  std::vector<Area> areas{{"fluency", before.fluency, now.fluency}, {"confidence", before.confidence, now.confidence}};
  if (evidence.transcript) areas.push_back({"pronunciation", before.pronunciation, now.pronunciation});
  if (!evidence.prosody.minimal) areas.push_back({"prosody", before.prosody, now.prosody});
  const Area best = *std::ranges::max_element(areas, {}, [](const Area& area) { return area.now - area.before; });
  // Scores that were zero for want of speech are nothing to compare with.
  if (before.overall <= 0.0 || best.now - best.before < kGainFrom) return;
  findings.praises.push_back({Topic::kImproved,
                              kImprovedWeight,
                              {{"area", std::string(PhrasesIn(evidence.locale).Area(best.name))},
                               {"old", OneDecimal(best.before, evidence.locale)},
                               {"new", OneDecimal(best.now, evidence.locale)}}});
}

// In sentence practice alone: a conversation need not come back to a word.
void FindOldTroubles(const Evidence& evidence, const ScoreReport& report, Findings& findings) {
  const std::vector<std::string>& troubled = evidence.history->last_troubled;
  std::vector<std::string> wrong_now;
  for (const model::Miscue& miscue : report.miscues) wrong_now.push_back(miscue.expected);
  for (const SoundFinding& sound : evidence.sounds) wrong_now.push_back(sound.word);
  std::vector<std::string> heard;
  for (const model::Word& word : evidence.transcript->words) heard.push_back(word.text);
  for (const std::string& word : ToSpoken(evidence.reference_text).words) {
    if (Plain(word).empty() || !IsIn(troubled, word) || IsIn(wrong_now, word) || !IsIn(heard, word)) continue;
    findings.praises.push_back({Topic::kWordMastered, kMasteredWeight, {{"w", word}}});
    break;
  }
  for (Remark& advice : findings.advice) {
    const bool on_word = advice.topic == Topic::kMissedWord || advice.topic == Topic::kReplacedWord;
    const auto word = std::ranges::find(advice.values, "w", &std::pair<std::string_view, std::string>::first);
    if (on_word && IsIn(troubled, word->second)) advice.tip = Topic::kWordAgain;
  }
}

}  // namespace

void FindProgress(const Evidence& evidence, const ScoreReport& report, Findings& findings) {
  if (!evidence.history) return;
  const LearnerHistory& history = *evidence.history;
  if (history.last) PraiseGain(evidence, report.scores, findings);
  const double overall = report.scores.overall;
  if (history.sessions >= kSessionsForBest && overall >= kBestFrom && overall > history.best_overall) {
    findings.praises.push_back({Topic::kBestYet, kBestWeight, {{"score", OneDecimal(overall, evidence.locale)}}});
  }
  if (IsReading(evidence)) FindOldTroubles(evidence, report, findings);
}

}  // namespace speechcoach::scoring
