#include "advice/answer.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <boost/json.hpp>

namespace speechcoach::advice {
namespace {

namespace bj = boost::json;

constexpr std::size_t kScores = 6;
constexpr std::size_t kLongestAnswer = 16'384;  // bytes; the longest allowed texts have half of it

std::string_view WithoutFence(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto trim = [&] {
    text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
    text = text.substr(0, text.find_last_not_of(kSpace) + 1);
  };
  trim();
  if (text.starts_with("```") && text.ends_with("```") && text.size() > 6) {
    text.remove_suffix(3);
    text.remove_prefix(std::min(text.find('\n'), text.size()));
    trim();
  }
  return text;
}

// The member of an object that has just `count` members.
const bj::object& ObjectOf(const bj::value& value, std::size_t count) {
  const bj::object& object = value.as_object();
  if (object.size() != count) throw std::invalid_argument("an object has members that the form does not have, or lacks some");
  return object;
}

std::vector<std::string> TextsOf(const bj::value& value) {
  std::vector<std::string> texts;
  for (const bj::value& item : value.as_array()) texts.emplace_back(item.as_string());
  return texts;
}

double ScoreOf(const bj::object& scores, std::string_view name) {
  const double score = scores.at(name).to_number<double>();
  if (!(score >= 0.0 && score <= 10.0)) throw std::invalid_argument("a score is not between 0 and 10");
  return score;
}

std::optional<model::Scores> ScoresFrom(const bj::value* value) {
  if (value == nullptr || value->as_object().size() < kScores) return std::nullopt;
  const bj::object& scores = ObjectOf(*value, kScores);
  return model::Scores{ScoreOf(scores, "overall"), ScoreOf(scores, "pronunciation"), ScoreOf(scores, "prosody"),
                       ScoreOf(scores, "emotion"), ScoreOf(scores, "confidence"),    ScoreOf(scores, "fluency")};
}

Answer AnswerFrom(const bj::value& root) {
  const bj::value* scores = root.as_object().if_contains("scores");
  const bj::object& document = ObjectOf(root, scores != nullptr ? 2 : 1);
  const bj::object& feedback = ObjectOf(document.at("feedback"), 2);
  const bj::object& detailed = ObjectOf(feedback.at("detailed"), 2);
  Answer answer;
  answer.feedback.conversational = feedback.at("conversational").as_string();
  answer.feedback.detailed.strengths = TextsOf(detailed.at("strengths"));
  answer.feedback.detailed.improvements = TextsOf(detailed.at("improvements"));
  answer.scores = ScoresFrom(scores);
  return answer;
}

}  // namespace

base::Result<Answer> ParseAnswer(std::string_view text) {
  if (text.size() > kLongestAnswer) return {base::ErrorCode::kBadJson, "The answer is far too long."};
  try {
    return AnswerFrom(bj::parse(WithoutFence(text)));
  } catch (const std::exception&) {
    return {base::ErrorCode::kBadJson, "The answer is not one JSON document of exactly the form that was asked for."};
  }
}

std::string FillFigures(std::string_view text, const scoring::FactSheet& facts) {
  std::string filled;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    const std::size_t close = text.find('}', open);
    filled += text.substr(0, open);
    text.remove_prefix(open);
    if (text.empty()) break;
    const std::size_t length = close == std::string_view::npos ? 0 : close - open - 1;
    const auto figure = std::ranges::find(facts.figures, std::string(text.substr(1, length)), &std::pair<std::string, std::string>::first);
    if (length == 0 || figure == facts.figures.end()) {
      filled += text.front();
      text.remove_prefix(1);
    } else {
      filled += figure->second;
      text.remove_prefix(length + 2);
    }
  }
  return filled;
}

}  // namespace speechcoach::advice
