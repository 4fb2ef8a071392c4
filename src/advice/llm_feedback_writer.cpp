#include "advice/llm_feedback_writer.h"

#include <string>
#include <utility>

#include "advice/answer.h"
#include "advice/answer_validator.h"
#include "advice/prompt.h"
#include "llm/text/json_text_stream.h"

namespace speechcoach::advice {
namespace {

constexpr std::string_view kTalkPath = "feedback.conversational";

// Lets whole, checked sentences through. After one that fails the checks nothing more is shown of that answer: it will be
// refused as a whole when it is complete.
class SentenceGate {
 public:
  SentenceGate(const AnswerValidator& validator, const scoring::FeedbackWish& wish) : validator_(validator), wish_(wish) {}

  void Take(std::string_view raw) {
    text_ += json_.Feed(raw);
    for (std::size_t end; !closed_ && (end = EndOfSentence()) != std::string::npos;) {
      const std::string sentence = text_.substr(0, end);
      text_.erase(0, end);
      closed_ = !validator_.FaultOfText(sentence).empty();
      if (!closed_) wish_.on_sentence(FillFigures(sentence, validator_.facts()));
    }
  }

  void StartOver() {
    json_ = llm::JsonTextStream(kTalkPath);
    text_.clear();
    closed_ = false;
    wish_.on_start_over();
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
  const scoring::FeedbackWish& wish_;
  llm::JsonTextStream json_{kTalkPath};
  std::string text_;
  bool closed_ = false;
};

void FillAll(model::Feedback& feedback, const scoring::FactSheet& facts) {
  feedback.conversational = FillFigures(feedback.conversational, facts);
  for (auto* list : {&feedback.detailed.strengths, &feedback.detailed.improvements}) {
    for (std::string& item : *list) item = FillFigures(item, facts);
  }
}

}  // namespace

base::Result<model::Feedback> LlmFeedbackWriter::Write(const scoring::Evidence& evidence, const scoring::ScoreReport& report,
                                                       const scoring::FeedbackWish& wish) {
  scoring::FactSheet facts = scoring::Facts(evidence, report);
  const Prompt prompt = BuildPrompt(facts, evidence.locale);
  const AnswerValidator validator(evidence, report, std::move(facts), prompt);

  llm::ChatRequest request;
  request.messages = {{llm::ChatRole::kSystem, prompt.system}, {llm::ChatRole::kUser, prompt.user}};
  request.json_schema = prompt.schema;
  request.schema_name = "feedback";
  request.cache_key = prompt.cache_key;
  request.session_id = evidence.session_id;
  request.user_id = wish.user_id;
  request.fault_of = [&](const std::string& text) { return validator.FaultOf(text); };

  SentenceGate gate(validator, wish);
  llm::ChatObserver observer;
  observer.on_text = [&](std::string_view text) { gate.Take(text); };
  observer.on_start_over = [&] { gate.StartOver(); };

  auto reply = provider_.Complete(request, observer, wish.stop);
  if (!reply.ok()) return reply.error();
  // A provider that does not keep to fault_of is not trusted either.
  if (const std::string fault = validator.FaultOf(reply->text); !fault.empty()) return {base::ErrorCode::kFeedbackDegraded, "answer refused: " + fault};
  Answer answer = *ParseAnswer(reply->text);
  FillAll(answer.feedback, validator.facts());
  // Labels and notes say what was measured and nothing else: no model words them, and answers can be shared that differ in them.
  const auto measured = rules_.Write(evidence, report);
  if (!measured.ok()) return measured.error();
  answer.feedback.detailed.emotion_detected = measured->detailed.emotion_detected;
  answer.feedback.detailed.confidence_level = measured->detailed.confidence_level;
  answer.feedback.detailed.prosody_notes = measured->detailed.prosody_notes;
  answer.feedback.source = {reply->provider, answer.scores, {}};
  return std::move(answer.feedback);
}

}  // namespace speechcoach::advice
