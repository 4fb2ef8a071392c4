#include "api/rest/sentence_routes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "api/http/text.h"
#include "api/rest/rest_context.h"
#include "json/model_json.h"

namespace speechcoach::api {
namespace {

constexpr std::array<std::string_view, 5> kLevels{"A1", "A2", "B1", "B2", "C1"};

void List(storage::SentenceRepository& sentences, const Call& call) {
  storage::SentenceFilter filter;
  for (const auto& [name, value] : call.request->query) {
    if (name == "level") {
      if (std::ranges::find(kLevels, value) == kLevels.end()) return call.FailField("level");
      filter.level = value;
    }
    if (name == "topic") filter.topic = value;
    if (name == "focus_sound") filter.focus_sound = value;
  }
  const auto found = sentences.List(filter);
  if (!found.ok()) return call.Fail(found.error());
  boost::json::array list;
  for (const model::Sentence& sentence : *found) list.emplace_back(json::ToJson(sentence));
  call.Send(200, {{"sentences", std::move(list)}});
}

void Get(storage::SentenceRepository& sentences, const Call& call) {
  const auto id = ParseNumber(call.request->params.at("sentence_id"));
  if (!id) return call.Fail({base::ErrorCode::kNotFound, "not a sentence id"});
  const auto sentence = sentences.Get(*id);
  if (!sentence.ok()) return call.Fail(sentence.error());
  call.Send(200, json::ToJson(*sentence));
}

}  // namespace

void AddSentenceRoutes(Router& router, const Guard& guard, storage::SentenceRepository& sentences) {
  router.Add({.method = Method::kGet,
              .pattern = "/api/v1/sentences",
              .handler = guard.SignedIn([&sentences](const Call& call) { List(sentences, call); })});
  router.Add({.method = Method::kGet,
              .pattern = "/api/v1/sentences/{sentence_id}",
              .handler = guard.SignedIn([&sentences](const Call& call) { Get(sentences, call); })});
}

}  // namespace speechcoach::api
