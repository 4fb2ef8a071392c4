#include "scoring/fact_sheet.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <boost/json.hpp>

#include "scoring/internal/findings.h"
#include "scoring/internal/spoken_words.h"
#include "scoring/internal/wording.h"

namespace speechcoach::scoring {
namespace {

namespace bj = boost::json;

// Two of each are as much as a learner takes away from one recording; what is not told makes no difference to the answer, and
// recordings that differ in it alone share one (docs/llm.md has the hit rates that were measured).
constexpr std::size_t kMostPraises = 2;
constexpr std::size_t kMostAdvice = 2;
constexpr std::size_t kLongestText = 1500;  // bytes of the transcript; a minute of speech has fewer

std::string_view BandOf(double score) {
  if (score >= 8.0) return "very good";
  if (score >= 6.5) return "good";
  return score >= 4.5 ? "fair" : "weak";
}

// At a space, so that no word and no character is cut.
std::string Shortened(const std::string& text) {
  if (text.size() <= kLongestText) return text;
  const std::size_t space = text.rfind(' ', kLongestText);
  return text.substr(0, space == std::string::npos ? 0 : space) + " …";
}

class Sheet {
 public:
  explicit Sheet(FactSheet& sheet) : sheet_(sheet) {}

  // All of them have figures; the first `most` are told.
  bj::array List(const std::vector<Remark>& remarks, std::size_t most) {
    bj::array list;
    for (const Remark& remark : remarks) {
      bj::object fact = Fact(remark);
      sheet_.evidence += bj::serialize(fact) + "\n";
      if (list.size() < most) list.emplace_back(std::move(fact));
    }
    return list;
  }

  bj::array Praises(const std::vector<Remark>& remarks, std::size_t most) {
    const std::size_t before = sheet_.figures.size();
    bj::array list = List(remarks, most);
    for (std::size_t i = before; i < sheet_.figures.size(); ++i) sheet_.praised.push_back(sheet_.figures[i].first);
    return list;
  }

 private:
  bj::object Fact(const Remark& remark) {
    static const std::set<std::string_view> kFigures{"n", "m", "s", "x", "score", "old", "new"};
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kNames{
        {{"w", "word"}, {"v", "other_word"}, {"h", "heard"}, {"p", "sound"}, {"list", "words"}, {"tip", "how"}, {"area", "area"}}};
    bj::object fact{{"about", Name(remark.topic)}};
    bj::array figures;
    for (const auto& [name, value] : remark.values) {
      if (value.empty()) continue;
      if (kFigures.contains(name)) {
        figures.emplace_back(Figure(std::string(Name(remark.topic)) + "." + std::string(name), value));
        continue;
      }
      const auto known = std::ranges::find(kNames, name, &std::pair<std::string_view, std::string_view>::first);
      fact[known == kNames.end() ? name : known->second] = value;
    }
    if (!figures.empty()) fact["figures"] = std::move(figures);
    return fact;
  }

  // Of two facts of one kind the first keeps the name; the second is told without its figures' own names.
  std::string Figure(std::string name, const std::string& value) {
    const auto same = std::ranges::count_if(sheet_.figures, [&](const auto& figure) { return figure.first.starts_with(name); });
    if (same > 0) name += std::to_string(same + 1);
    sheet_.figures.emplace_back(name, value);
    return "{" + name + "}";
  }

  FactSheet& sheet_;
};

}  // namespace

FactSheet Facts(const Evidence& evidence, const ScoreReport& report) {
  const SpeechMeasures speech = Measure(evidence);
  const Findings findings = FindRemarks(evidence, report, speech);
  const model::Scores& scores = report.scores;
  FactSheet sheet;
  const std::array<std::pair<std::string_view, double>, 6> areas{{{"overall", scores.overall},
                                                                  {"pronunciation", scores.pronunciation},
                                                                  {"fluency", scores.fluency},
                                                                  {"prosody", scores.prosody},
                                                                  {"emotion", scores.emotion},
                                                                  {"confidence", scores.confidence}}};
  for (const auto& [area, score] : areas) sheet.figures.emplace_back("scores." + std::string(area), OneDecimal(score, evidence.locale));
  Sheet facts(sheet);
  bj::object root{{"mode", model::Name(evidence.mode)},
                  {"level", evidence.level},
                  {"overall", bj::object{{"band", BandOf(scores.overall)}, {"figure", "{scores.overall}/10"}}},
                  {"went_well", facts.Praises(findings.praises, kMostPraises)},
                  {"to_work_on", facts.List(findings.advice, kMostAdvice)},
                  {"not_measured", facts.List(findings.unknowns, kMostAdvice)}};
  facts.List(findings.notes, 0);
  // What was read otherwise than it stands is among the facts word by word; only a talk has to be told whole.
  if (IsReading(evidence)) {
    root["reference"] = Shortened(evidence.reference_text);
    sheet.key = sheet.json = bj::serialize(root);
    return sheet;
  }
  const std::string said = evidence.transcript ? Shortened(evidence.transcript->text) : std::string();
  root["reference"] = Shortened(evidence.reference_text);
  root["transcript"] = said;
  sheet.json = bj::serialize(root);
  std::string plain;
  for (const std::string& word : ToSpoken({said}).words) plain += word + " ";
  root["transcript"] = plain;
  sheet.key = bj::serialize(root);
  return sheet;
}

}  // namespace speechcoach::scoring
