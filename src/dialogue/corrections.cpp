#include "dialogue/corrections.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <regex>
#include <string>

#include <boost/json.hpp>

#include "dialogue/internal/embedded_dialogues.h"

namespace speechcoach::dialogue {
namespace {

constexpr std::size_t kMostCorrections = 2;
constexpr std::size_t kLongestTurn = 4000;  // bytes; the patterns' time grows with it

struct Rule {
  std::regex pattern;
  std::optional<std::regex> unless;  // where this occurs the pattern says nothing: "does she like"
  std::string better;                // $1 stands for a group
  Correction::Kind kind = Correction::Kind::kGrammar;
  std::string why_vi;
};

std::regex Pattern(const boost::json::value& text) { return std::regex(std::string(text.as_string()), std::regex::icase); }

std::vector<Rule> ReadRules() {
  std::vector<Rule> rules;
  try {
    const boost::json::value root = boost::json::parse(EmbeddedDialogue("corrections.json"));
    for (const boost::json::value& row : root.at("corrections").as_array()) {
      const bool grammar = row.at("kind").as_string() == "grammar";
      const boost::json::value* unless = row.as_object().if_contains("unless");
      rules.push_back({Pattern(row.at("pattern")), unless != nullptr ? std::optional(Pattern(*unless)) : std::nullopt,
                       std::string(row.at("better").as_string()),
                       grammar ? Correction::Kind::kGrammar : Correction::Kind::kVocabulary,
                       std::string(row.at("why_vi").as_string())});
    }
  } catch (const std::exception&) {
    return {};
  }
  std::ranges::stable_sort(rules, {}, &Rule::kind);
  return rules;
}

}  // namespace

std::vector<Correction> FindCorrections(std::string_view heard) {
  static const std::vector<Rule> rules = ReadRules();
  std::vector<Correction> corrections;
  const std::string text(heard.substr(0, kLongestTurn));
  for (const Rule& rule : rules) {
    std::smatch match;
    if (!std::regex_search(text, match, rule.pattern) || (rule.unless && std::regex_search(text, *rule.unless))) continue;
    const bool known = std::ranges::any_of(corrections, [&](const Correction& other) { return other.said == match.str(); });
    if (!known) corrections.push_back({rule.kind, match.str(), match.format(rule.better), rule.why_vi});
    if (corrections.size() == kMostCorrections) break;
  }
  return corrections;
}

}  // namespace speechcoach::dialogue
