#include "advice/answer.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <boost/json.hpp>

#include "llm/text/code_fence.h"

namespace speechcoach::advice {
namespace {

namespace bj = boost::json;

constexpr std::size_t kMembers = 2;
constexpr std::size_t kLongestAnswer = 4'096;  // bytes; the longest allowed texts have half of it

}  // namespace

base::Result<Answer> ParseAnswer(std::string_view text) {
  if (text.size() > kLongestAnswer) return {base::ErrorCode::kBadJson, "The answer is far too long."};
  try {
    const bj::value root = bj::parse(llm::WithoutFence(text));
    const bj::object& object = root.as_object();
    if (object.size() != kMembers) throw std::invalid_argument("members that the form does not have");
    return Answer{std::string(object.at("say").as_string()), std::string(object.at("item").as_string())};
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
    const auto figure =
        std::ranges::find(facts.figures, std::string(text.substr(1, length)), &std::pair<std::string, std::string>::first);
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
