#include "scoring/feedback_writer.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scoring/internal/findings.h"
#include "scoring/internal/talk_frame.h"
#include "scoring/internal/voice_labels.h"

namespace speechcoach::scoring {
namespace {

constexpr std::size_t kMostStrengths = 3;
constexpr std::size_t kMostImprovements = 4;
constexpr std::size_t kMostForBeginners = 3;
constexpr std::size_t kMostTips = 2;

class Talk {
 public:
  explicit Talk(Wording& wording) : wording_(wording) {}

  void Say(Topic topic, const PhraseValues& values = {}) {
    if (!text_.empty()) text_ += ' ';
    text_ += wording_.Of(Role::kSaid, topic, values);
  }
  void Say(const Remark& remark) { Say(remark.topic, remark.values); }
  std::string Take() { return std::move(text_); }

 private:
  Wording& wording_;
  std::string text_;
};

std::vector<std::string> Strengths(const Findings& findings, Wording& wording) {
  std::vector<std::string> items;
  for (std::size_t i = 0; i < std::min(findings.praises.size(), kMostStrengths); ++i) {
    items.push_back(wording.Of(Role::kListed, findings.praises[i].topic, findings.praises[i].values));
  }
  return items;
}

std::vector<std::string> Improvements(const Findings& findings, std::size_t most, Wording& wording) {
  std::vector<std::string> items;
  const auto add = [&](Topic topic, const PhraseValues& values) {
    std::string item = wording.Of(Role::kListed, topic, values);
    if (std::ranges::find(items, item) == items.end()) items.push_back(std::move(item));
  };
  std::size_t tips = 0;
  for (std::size_t i = 0; i < std::min(findings.advice.size(), most); ++i) {
    const Remark& advice = findings.advice[i];
    add(advice.topic, advice.values);
    if (advice.tip && tips++ < kMostTips) add(*advice.tip, advice.values);
  }
  return items;
}

}  // namespace

base::Result<model::Feedback> RuleFeedbackWriter::Write(const Evidence& evidence, const ScoreReport& report,
                                                        const FeedbackWish&) {
  const SpeechMeasures speech = Measure(evidence);
  const Findings findings = FindRemarks(evidence, report, speech);
  const Audience audience = AudienceOf(evidence.level);
  static const std::vector<std::string> kNone;
  Wording wording(PhrasesIn(evidence.locale), audience, SeedOf(evidence, report.scores),
                  evidence.history ? evidence.history->last_phrases : kNone);

  Talk talk(wording);
  talk.Say(OpeningFor(report.scores.overall));
  talk.Say(findings.praises.front());
  for (const Remark& unknown : findings.unknowns) talk.Say(unknown);
  for (std::size_t i = 0; i < std::min(findings.advice.size(), RoomForAdvice(findings)); ++i) talk.Say(findings.advice[i]);
  talk.Say(ClosingFor(evidence, report.scores, speech, findings));

  Talk notes(wording);
  for (const Remark& note : findings.notes) notes.Say(note);

  model::Feedback feedback;
  feedback.conversational = talk.Take();
  feedback.detailed.strengths = Strengths(findings, wording);
  feedback.detailed.improvements =
      Improvements(findings, audience == Audience::kBasic ? kMostForBeginners : kMostImprovements, wording);
  feedback.detailed.prosody_notes = notes.Take();
  feedback.detailed.emotion_detected = report.emotion.label;
  feedback.detailed.emotion = report.emotion;
  feedback.detailed.confidence_level = ConfidenceLevel(report.scores.confidence);
  feedback.source.phrases = wording.used();
  return feedback;
}

model::Feedback AsDegraded(model::Feedback feedback, const Evidence& evidence, const ScoreReport& report) {
  Wording wording(PhrasesIn(evidence.locale), Audience::kEverybody, 0);
  const std::string opening =
      wording.Of(Role::kSaid, Topic::kDegraded, {{"score", OneDecimal(report.scores.confidence, evidence.locale)}});
  feedback.conversational = opening + " " + feedback.conversational;
  return feedback;
}

}  // namespace speechcoach::scoring
