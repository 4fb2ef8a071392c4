#include "api/rest/sentence_routes.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "api/http/text.h"
#include "api/rest/rest_context.h"
#include "api/rest/sentence_input.h"
#include "json/model_json.h"

namespace speechcoach::api {
namespace {

constexpr std::array<std::string_view, 5> kLevels{"A1", "A2", "B1", "B2", "C1"};
constexpr std::size_t kMaxImportBytes = 1024 * 1024;

boost::json::object ToJson(const std::vector<model::Sentence>& sentences) {
  boost::json::array list;
  for (const model::Sentence& sentence : sentences) list.emplace_back(json::ToJson(sentence));
  return {{"sentences", std::move(list)}};
}

class SentenceRoutes {
 public:
  SentenceRoutes(storage::SentenceRepository& sentences, const base::Clock& clock) : sentences_(sentences), clock_(clock) {}

  void List(const Call& call) const {
    storage::SentenceFilter filter;
    filter.viewer_id = call.user_id;
    for (const auto& [name, value] : call.request->query) {
      if (name == "level") {
        if (std::ranges::find(kLevels, value) == kLevels.end()) return call.FailField("level");
        filter.level = value;
      }
      if (name == "topic") filter.topic = value;
      if (name == "focus_sound") filter.focus_sound = value;
      if (name == "own") {
        if (value != "true" && value != "false") return call.FailField("own");
        filter.only_own = value == "true";
      }
    }
    const auto found = sentences_.List(filter);
    if (!found.ok()) return call.Fail(found.error());
    call.Send(200, ToJson(*found));
  }

  void Get(const Call& call) const {
    const auto id = ParseNumber(call.request->params.at("sentence_id"));
    if (!id) return call.Fail({base::ErrorCode::kNotFound, "not a sentence id"});
    const auto sentence = sentences_.Get(*id, call.user_id);
    if (!sentence.ok()) return call.Fail(sentence.error());
    call.Send(200, json::ToJson(*sentence));
  }

  void Write(const Call& call) const {
    const auto body = call.ReadJson();
    if (!body) return;
    auto sentence = SentenceFrom(*body);
    if (const auto* wrong = std::get_if<std::string>(&sentence)) return call.FailField(*wrong);
    const auto added = sentences_.AddOwn(call.user_id, {std::get<model::Sentence>(std::move(sentence))}, clock_.NowMs());
    if (!added.ok()) return call.Fail(added.error());
    call.Send(201, json::ToJson(added->front()));
  }

  void Import(const Call& call) const {
    if (MediaType(call.request->headers.Get("Content-Type")) != "text/csv") return call.FailHttp(415);
    auto read = SentencesFromCsv(call.request->body_text());
    if (const auto* errors = std::get_if<LineErrors>(&read))
      return call.reply(MakeLineProblem(*errors, {call.request->id, call.locale}));
    const auto added = sentences_.AddOwn(call.user_id, std::get<std::vector<model::Sentence>>(std::move(read)), clock_.NowMs());
    if (!added.ok()) return call.Fail(added.error());
    call.Send(201, ToJson(*added));
  }

  void Withdraw(const Call& call) const {
    const auto id = ParseNumber(call.request->params.at("sentence_id"));
    if (!id) return call.Fail({base::ErrorCode::kNotFound, "not a sentence id"});
    if (const base::Status done = sentences_.WithdrawOwn(call.user_id, *id, clock_.NowMs()); !done.ok())
      return call.Fail(done.error());
    call.reply(Response{.status = 204, .headers = {}, .body = {}});
  }

 private:
  storage::SentenceRepository& sentences_;
  const base::Clock& clock_;
};

}  // namespace

void AddSentenceRoutes(Router& router, const Guard& guard, storage::SentenceRepository& sentences, const base::Clock& clock) {
  const auto routes = std::make_shared<const SentenceRoutes>(sentences, clock);
  const auto handler = [&](void (SentenceRoutes::*handle)(const Call&) const) -> CallHandler {
    return [routes, handle](const Call& call) { ((*routes).*handle)(call); };
  };
  const std::string all = "/api/v1/sentences";
  const std::string one = all + "/{sentence_id}";
  router.Add({.method = Method::kGet, .pattern = all, .handler = guard.SignedIn(handler(&SentenceRoutes::List))});
  router.Add({.method = Method::kPost, .pattern = all, .handler = guard.TeacherOnly(handler(&SentenceRoutes::Write))});
  router.Add({.method = Method::kPost,
              .pattern = all + "/import",
              .handler = guard.TeacherOnly(handler(&SentenceRoutes::Import)),
              .max_body_bytes = kMaxImportBytes});
  router.Add({.method = Method::kGet, .pattern = one, .handler = guard.SignedIn(handler(&SentenceRoutes::Get))});
  router.Add({.method = Method::kDelete, .pattern = one, .handler = guard.TeacherOnly(handler(&SentenceRoutes::Withdraw))});
}

}  // namespace speechcoach::api
