#include "scoring/fact_sheet.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <boost/json.hpp>

#include "scoring/internal/findings.h"
#include "scoring/internal/phrase_book.h"
#include "scoring/internal/talk_frame.h"
#include "scoring/internal/wording.h"

namespace speechcoach::scoring {
namespace {

namespace bj = boost::json;

// As much as a learner takes away from one recording.
constexpr std::size_t kMostPraises = 2;

std::string_view NameOf(Audience audience) {
  switch (audience) {
    case Audience::kBasic:
      return "beginner";
    case Audience::kAdvanced:
      return "advanced";
    case Audience::kEverybody:
      break;
  }
  return "intermediate";
}

class Sheet {
 public:
  explicit Sheet(FactSheet& sheet) : sheet_(sheet) {}

  // All of them have figures and are evidence; the first `most` are points.
  void Add(const std::vector<Remark>& remarks, bool is_praise, std::size_t most) {
    std::size_t told = 0;
    for (const Remark& remark : remarks) {
      const std::size_t before = sheet_.figures.size();
      const std::string fact = bj::serialize(Fact(remark));
      sheet_.evidence += fact + "\n";
      if (told++ < most) sheet_.points.push_back({is_praise, fact});
      if (!is_praise) continue;
      for (std::size_t i = before; i < sheet_.figures.size(); ++i) sheet_.praised.push_back(sheet_.figures[i].first);
    }
  }

 private:
  bj::object Fact(const Remark& remark) {
    static const std::set<std::string_view> kFigures{"n", "m", "s", "x", "score", "old", "new"};
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kNames{{{"w", "word"},
                                                                                          {"v", "other_word"},
                                                                                          {"h", "heard"},
                                                                                          {"p", "sound"},
                                                                                          {"list", "words"},
                                                                                          {"tip", "how"},
                                                                                          {"area", "area"}}};
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

// Words around the points that the rules keep to themselves.
void Frame(const Evidence& evidence, const ScoreReport& report, const SpeechMeasures& speech, const Findings& findings,
           FactSheet& sheet) {
  static const std::vector<std::string> kNone;
  Wording wording(PhrasesIn(evidence.locale), AudienceOf(evidence.level), SeedOf(evidence, report.scores),
                  evidence.history ? evidence.history->last_phrases : kNone);
  sheet.opening = wording.Of(Role::kSaid, OpeningFor(report.scores.overall));
  for (const Remark& unknown : findings.unknowns) {
    sheet.unknowns += (sheet.unknowns.empty() ? "" : " ") + wording.Of(Role::kSaid, unknown.topic, unknown.values);
  }
  sheet.closing = wording.Of(Role::kSaid, ClosingFor(evidence, report.scores, speech, findings));
  sheet.phrases = wording.used();
}

}  // namespace

FactSheet Facts(const Evidence& evidence, const ScoreReport& report) {
  const SpeechMeasures speech = Measure(evidence);
  const Findings findings = FindRemarks(evidence, report, speech);
  const model::Scores& scores = report.scores;
  FactSheet sheet;
  sheet.audience = NameOf(AudienceOf(evidence.level));
  const std::array<std::pair<std::string_view, double>, 6> areas{{{"overall", scores.overall},
                                                                  {"pronunciation", scores.pronunciation},
                                                                  {"fluency", scores.fluency},
                                                                  {"prosody", scores.prosody},
                                                                  {"emotion", scores.emotion},
                                                                  {"confidence", scores.confidence}}};
  for (const auto& [area, score] : areas)
    sheet.figures.emplace_back("scores." + std::string(area), OneDecimal(score, evidence.locale));
  Sheet facts(sheet);
  facts.Add(findings.praises, true, kMostPraises);
  facts.Add(findings.advice, false, RoomForAdvice(findings));
  facts.Add(findings.unknowns, false, 0);
  facts.Add(findings.notes, false, 0);
  Frame(evidence, report, speech, findings, sheet);
  return sheet;
}

}  // namespace speechcoach::scoring
