#include "api/rest/topic_routes.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "dialogue/scripted_partner.h"
#include "dialogue/topics.h"
#include "json/model_json.h"

namespace speechcoach::api {
namespace {

constexpr std::array<std::string_view, 5> kLevels{"A1", "A2", "B1", "B2", "C1"};
constexpr std::array<std::string_view, 3> kKinds{"talk", "role_play", "task"};  // as dialogue::TopicKind has them

void List(const Call& call) {
  const auto level = call.request->query.find("level");
  if (level != call.request->query.end() && std::ranges::find(kLevels, level->second) == kLevels.end())
    return call.FailField("level");
  boost::json::array topics;
  for (const dialogue::DialogueTopic& topic : dialogue::Topics()) {
    dialogue::DialogueState state{.topic = topic.id, .level = level != call.request->query.end() ? level->second : "A2"};
    const auto opening = dialogue::ScriptedPartner().Begin(state);
    if (!opening.ok()) return call.Fail(opening.error());
    topics.emplace_back(boost::json::object{{"id", topic.id},
                                            {"kind", kKinds.at(static_cast<std::size_t>(topic.kind))},
                                            {"title_vi", topic.title_vi},
                                            {"role", topic.role},
                                            {"opening", json::ToJson(*opening)}});
  }
  call.Send(200, {{"topics", std::move(topics)}});
}

}  // namespace

void AddTopicRoutes(Router& router, const Guard& guard) {
  router.Add({.method = Method::kGet, .pattern = "/api/v1/conversation/topics", .handler = guard.SignedIn(List)});
}

}  // namespace speechcoach::api
