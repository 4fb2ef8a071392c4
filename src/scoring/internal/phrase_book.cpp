#include "scoring/internal/phrase_book.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <stdexcept>

#include <boost/json.hpp>

#include "scoring/internal/embedded_phrases.h"

namespace speechcoach::scoring {
namespace {

namespace bj = boost::json;

std::optional<Topic> TopicNamed(std::string_view name) {
  for (int i = 0; i < kTopicCount; ++i) {
    if (Name(static_cast<Topic>(i)) == name) return static_cast<Topic>(i);
  }
  return std::nullopt;
}

Role RoleNamed(std::string_view name) {
  for (const Role role : {Role::kSaid, Role::kListed}) {
    if (Name(role) == name) return role;
  }
  throw std::invalid_argument("no role is called " + std::string(name));
}

Audience AudienceNamed(std::string_view name) {
  if (name == "basic") return Audience::kBasic;
  if (name == "advanced") return Audience::kAdvanced;
  throw std::invalid_argument("no audience is called " + std::string(name));
}

Phrase PhraseFrom(const bj::value& value, std::string id) {
  if (value.is_string()) return {std::move(id), std::string(value.as_string()), Audience::kEverybody};
  const bj::object& object = value.as_object();
  return {std::move(id), std::string(object.at("text").as_string()), AudienceNamed(object.at("level").as_string())};
}

}  // namespace

Audience AudienceOf(std::string_view level) {
  if (level == "A1" || level == "A2") return Audience::kBasic;
  return level == "B2" || level == "C1" ? Audience::kAdvanced : Audience::kEverybody;
}

base::Result<PhraseBook> PhraseBook::Parse(std::string_view json) {
  std::string where;
  try {
    PhraseBook book;
    const bj::value root = bj::parse(json);
    for (const auto& [score, name] : root.at("areas").as_object()) book.areas_.emplace_back(score, name.as_string());
    for (const auto& [topic_name, roles] : root.at("topics").as_object()) {
      where = topic_name;
      const auto topic = TopicNamed(topic_name);
      if (!topic) throw std::invalid_argument("no such topic");
      for (const auto& [role_name, texts] : roles.as_object()) {
        const Role role = RoleNamed(role_name);
        std::vector<Phrase>& phrases = book.phrases_[static_cast<std::size_t>(*topic)][static_cast<std::size_t>(role)];
        for (const bj::value& text : texts.as_array()) {
          phrases.push_back(PhraseFrom(text, where + "/" + std::string(role_name) + "/" + std::to_string(phrases.size())));
        }
        if (phrases.empty()) throw std::invalid_argument("nothing to say");
      }
    }
    return book;
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kBadConfig, "phrases, " + where + ": " + fault.what()};
  }
}

std::span<const Phrase> PhraseBook::Of(Topic topic, Role role) const {
  return phrases_[static_cast<std::size_t>(topic)][static_cast<std::size_t>(role)];
}

std::string_view PhraseBook::Area(std::string_view score) const {
  const auto found = std::ranges::find(areas_, score, &std::pair<std::string, std::string>::first);
  return found == areas_.end() ? score : std::string_view(found->second);
}

const PhraseBook& PhrasesIn(model::Locale locale) {
  // A book that does not parse is empty; the tests hold the files in the program to it.
  static const auto read = [](std::string_view name) {
    const auto file = std::ranges::find(EmbeddedPhrases(), name, &EmbeddedFile::name);
    auto book = file == EmbeddedPhrases().end() ? PhraseBook() : PhraseBook::Parse(file->content);
    return book.ok() ? *std::move(book) : PhraseBook();
  };
  static const PhraseBook vi = read("phrases.vi.json");
  static const PhraseBook en = read("phrases.en.json");
  return locale == model::Locale::kVi ? vi : en;
}

}  // namespace speechcoach::scoring
