#include "advice/llm_feedback_writer.h"

#include <algorithm>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "advice/answer.h"
#include "advice/answer_validator.h"
#include "advice/internal/talk_stage.h"
#include "advice/prompt.h"
#include "base/trace_context.h"
#include "llm/text/json_text_stream.h"

namespace speechcoach::advice {
namespace {

constexpr std::string_view kSayPath = "say";
constexpr int kMostTokens = 300;

// Lets whole, checked sentences through. After one that fails the checks nothing more is shown of that answer: it will be
// refused as a whole when it is complete.
class SentenceGate {
 public:
  SentenceGate(const AnswerValidator& validator, TalkStage& stage, std::size_t part)
      : validator_(validator), stage_(stage), part_(part) {}

  void Take(std::string_view raw) {
    text_ += json_.Feed(raw);
    for (std::size_t end; !closed_ && (end = EndOfSentence()) != std::string::npos;) {
      const std::string sentence = text_.substr(0, end);
      text_.erase(0, end);
      closed_ = !validator_.FaultOfText(sentence).empty();
      if (!closed_) stage_.Say(part_, FillFigures(sentence, validator_.facts()));
    }
  }

  void StartOver() {
    json_ = llm::JsonTextStream(kSayPath);
    text_.clear();
    closed_ = false;
    stage_.TakeBack(part_);
  }

 private:
  // Behind the space after the sign that ends a sentence.
  std::size_t EndOfSentence() const {
    for (std::size_t at = text_.find_first_of(".!?"); at != std::string::npos; at = text_.find_first_of(".!?", at + 1)) {
      if (at + 1 < text_.size() && text_[at + 1] == ' ') return at + 2;
    }
    return std::string::npos;
  }

  const AnswerValidator& validator_;
  TalkStage& stage_;
  const std::size_t part_;
  llm::JsonTextStream json_{kSayPath};
  std::string text_;
  bool closed_ = false;
};

// One point, worded and with its figures in place.
struct WordedPoint {
  Answer words;
  std::string provider;
};

// All points of one recording.
class Wording {
 public:
  Wording(llm::ChatProvider& provider, const scoring::Evidence& evidence, const scoring::ScoreReport& report,
          const scoring::FeedbackWish& wish)
      : provider_(provider),
        evidence_(evidence),
        wish_(wish),
        validator_(evidence, report, scoring::Facts(evidence, report), SystemPrompt(evidence.locale)),
        stage_(wish, Before(validator_.facts())) {}

  base::Result<model::Feedback> operator()() {
    const std::vector<scoring::FactPoint>& points = validator_.facts().points;
    std::vector<std::future<base::Result<WordedPoint>>> asked;
    for (std::size_t i = 1; i < points.size(); ++i)
      asked.push_back(std::async(std::launch::async, base::InThisTrace([this, i] { return Ask(i); })));
    std::vector<base::Result<WordedPoint>> worded;
    worded.push_back(Ask(0));
    for (auto& one : asked) worded.push_back(one.get());
    return Compose(worded);
  }

 private:
  // The opening stands before the first praise, what could not be measured before the first advice.
  static std::vector<std::string> Before(const scoring::FactSheet& facts) {
    std::vector<std::string> before(facts.points.size());
    before.front() = facts.opening + " ";
    for (std::size_t i = 1; i < before.size() && !facts.unknowns.empty(); ++i) {
      if (facts.points[i].is_praise || !facts.points[i - 1].is_praise) continue;
      before[i] = facts.unknowns + " ";
    }
    return before;
  }

  base::Result<WordedPoint> Ask(std::size_t part) {
    const scoring::FactSheet& facts = validator_.facts();
    const Prompt prompt = BuildPrompt(facts, facts.points[part], evidence_.locale);
    llm::ChatRequest request = RequestFor(prompt, "point", kMostTokens);
    request.session_id = evidence_.session_id;
    request.user_id = wish_.user_id;
    request.fault_of = [this](const std::string& text) { return validator_.FaultOf(text); };

    SentenceGate gate(validator_, stage_, part);
    llm::ChatObserver observer;
    observer.on_text = [&](std::string_view text) { gate.Take(text); };
    observer.on_start_over = [&] { gate.StartOver(); };
    auto reply = provider_.Complete(request, observer, wish_.stop);
    // A provider that does not keep to fault_of is not trusted either.
    const std::string fault = reply.ok() ? validator_.FaultOf(reply->text) : std::string();
    if (!reply.ok() || !fault.empty()) {
      stage_.Finish(part, {});
      if (!reply.ok()) return reply.error();
      return base::Error{base::ErrorCode::kFeedbackDegraded, "answer refused: " + fault};
    }
    Answer answer = *ParseAnswer(reply->text);
    answer.say = FillFigures(answer.say, facts);
    answer.item = FillFigures(answer.item, facts);
    stage_.Finish(part, answer.say);
    return WordedPoint{std::move(answer), reply->provider};
  }

  base::Result<model::Feedback> Compose(const std::vector<base::Result<WordedPoint>>& worded) const {
    const scoring::FactSheet& facts = validator_.facts();
    model::Feedback feedback;
    std::vector<std::string> praises;
    std::vector<std::string> advice;
    std::optional<base::Error> error;
    for (std::size_t i = 0; i < worded.size(); ++i) {
      if (!worded[i].ok()) {
        if (worded[i].error().code == base::ErrorCode::kCancelled) return worded[i].error();
        error = worded[i].error();
        continue;
      }
      const WordedPoint& point = *worded[i];
      if (feedback.source.provider.empty()) feedback.source.provider = point.provider;
      const bool is_praise = facts.points[i].is_praise;
      (is_praise ? praises : advice).push_back(point.words.say);
      (is_praise ? feedback.detailed.strengths : feedback.detailed.improvements).push_back(point.words.item);
    }
    if (praises.empty() || advice.empty()) return *error;
    std::vector<std::string> talk{facts.opening};
    talk.insert(talk.end(), praises.begin(), praises.end());
    if (!facts.unknowns.empty()) talk.push_back(facts.unknowns);
    talk.insert(talk.end(), advice.begin(), advice.end());
    talk.push_back(facts.closing);
    for (const std::string& part : talk) feedback.conversational += (feedback.conversational.empty() ? "" : " ") + part;
    feedback.source.phrases = facts.phrases;
    return feedback;
  }

  llm::ChatProvider& provider_;
  const scoring::Evidence& evidence_;
  const scoring::FeedbackWish& wish_;
  const AnswerValidator validator_;
  TalkStage stage_;
};

}  // namespace

base::Result<model::Feedback> LlmFeedbackWriter::Write(const scoring::Evidence& evidence, const scoring::ScoreReport& report,
                                                       const scoring::FeedbackWish& wish) {
  auto feedback = Wording(provider_, evidence, report, wish)();
  if (!feedback.ok()) return feedback;
  // Labels and notes say what was measured and nothing else: no model words them.
  const auto measured = rules_.Write(evidence, report);
  if (!measured.ok()) return measured.error();
  feedback->detailed.emotion_detected = measured->detailed.emotion_detected;
  feedback->detailed.confidence_level = measured->detailed.confidence_level;
  feedback->detailed.prosody_notes = measured->detailed.prosody_notes;
  return feedback;
}

}  // namespace speechcoach::advice
