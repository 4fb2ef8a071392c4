#include "api/rest/export_routes.h"

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/json.hpp>

#include "api/rest/class_json.h"
#include "api/rest/dispute_routes.h"
#include "api/rest/guardian_routes.h"
#include "api/rest/json_response.h"
#include "api/rest/rest_context.h"
#include "api/rest/session_answers.h"
#include "api/rest/user_json.h"
#include "json/model_json.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr int kSessionsAPage = 50;
constexpr int kAccessesAtOnce = 500;

template <typename Item>
bj::array ArrayOf(const std::vector<Item>& items, bj::object (*to_json)(const Item&)) {
  bj::array array;
  for (const Item& item : items) array.emplace_back(to_json(item));
  return array;
}

// What they wrote about whichever recording.
bj::object WrittenJson(const model::SessionComment& comment) {
  bj::object document = ToJson(comment);
  document["session_id"] = comment.session_id;
  return document;
}

bj::object WithReview(const model::ScoreDispute& dispute) {
  bj::object document = ToJson(dispute);
  document["reviewed_at"] = dispute.reviewed_at_ms ? bj::value(base::FormatRfc3339(*dispute.reviewed_at_ms)) : bj::value(nullptr);
  return document;
}

// What somebody thought of it; not who.
bj::object RatingJson(const model::HumanRating& human) {
  bj::object document{{"rated_at", base::FormatRfc3339(human.rated_at_ms)}};
  for (const auto& [name, kind] : model::kRatingNames) document[name] = static_cast<std::int64_t>(human.ratings.*kind);
  return document;
}

bj::object IdentityJson(const storage::ExternalIdentity& identity) {
  return {{"issuer", identity.issuer}, {"subject", identity.subject}};
}

class ExportRoutes {
 public:
  explicit ExportRoutes(const ExportParts& parts) : parts_(parts) {}

  // The first page holds what there is besides sessions, too.
  void Export(const Call& call) const {
    storage::SessionFilter filter;
    filter.limit = kSessionsAPage;
    if (const auto cursor = call.request->query.find("cursor"); cursor != call.request->query.end())
      filter.cursor = cursor->second;
    const auto page = parts_.service->ListStored(call.user_id, filter);
    if (!page.ok()) return page.error().code == base::ErrorCode::kBadField ? call.FailField("cursor") : call.Fail(page.error());
    bj::object rest{{"exported_at", base::FormatRfc3339(parts_.clock->NowMs())},
                    {"next_cursor", page->next_cursor.empty() ? bj::value(nullptr) : bj::value(page->next_cursor)}};
    if (filter.cursor.empty()) {
      auto person = Person(call.user_id);
      if (!person.ok()) return call.Fail(person.error());
      rest["person"] = std::move(*person);
    }
    std::string text = bj::serialize(rest);
    text.pop_back();
    text += ",\"sessions\":[";
    for (const storage::StoredSession& stored : page->sessions) {
      const auto session = WithComments(stored);
      if (!session.ok()) return call.Fail(session.error());
      if (&stored != &page->sessions.front()) text += ',';
      text += *session;
    }
    Response response = JsonResponse(200, text + "]}");
    response.headers.Set("Content-Disposition", "attachment; filename=\"speechcoach.json\"");
    call.reply(std::move(response));
  }

 private:
  base::Result<bj::object> Person(std::int64_t user_id) const {
    const auto user = parts_.users->Get(user_id);
    if (!user.ok()) return user.error();
    const auto settings = parts_.accounts->Settings(user_id);
    if (!settings.ok()) return settings.error();
    const auto taught = parts_.classes->TaughtBy(user_id);
    if (!taught.ok()) return taught.error();
    const auto joined = parts_.classes->JoinedBy(user_id);
    if (!joined.ok()) return joined.error();
    const auto invitations =
        user->email.empty() ? base::Result(std::vector<model::SchoolClass>()) : parts_.classes->Inviting(user->email);
    if (!invitations.ok()) return invitations.error();
    const auto identities = parts_.accounts->IdentitiesOf(user_id);
    if (!identities.ok()) return identities.error();
    const auto disputes = parts_.disputes->By(user_id);
    if (!disputes.ok()) return disputes.error();
    storage::SentenceFilter own;
    own.viewer_id = user_id;
    own.only_own = true;
    const auto sentences = parts_.sentences->List(own);
    if (!sentences.ok()) return sentences.error();
    const auto comments = parts_.classes->CommentsBy(user_id);
    if (!comments.ok()) return comments.error();
    const auto leaderboards = parts_.challenges->LeaderboardsOf(user_id);
    if (!leaderboards.ok()) return leaderboards.error();
    auto accesses = Accesses(user_id);
    if (!accesses.ok()) return accesses.error();
    const auto consent = parts_.ratings->HasConsented(user_id);
    if (!consent.ok()) return consent.error();
    const auto guardian = parts_.guardians->Of(user_id);
    if (!guardian.ok()) return guardian.error();
    return bj::object{{"user", MeJson(*user, *settings)},
                      {"registered_at", base::FormatRfc3339(user->created_at_ms)},
                      {"teaching", ArrayOf(*taught, TaughtClassJson)},
                      {"learning", ArrayOf<model::SchoolClass>(*joined, ToJson)},
                      {"leaderboards", bj::value_from(*leaderboards)},
                      {"invitations", ArrayOf<model::SchoolClass>(*invitations, ToJson)},
                      {"external_identities", ArrayOf(*identities, IdentityJson)},
                      {"disputes", ArrayOf(*disputes, WithReview)},
                      {"own_sentences", ArrayOf<model::Sentence>(*sentences, json::ToJson)},
                      {"comments_written", ArrayOf(*comments, WrittenJson)},
                      {"accesses", std::move(*accesses)},
                      {"rating_consent", *consent},
                      {"guardian_consent", GuardianConsentJson(*guardian)}};
  }

  base::Result<bj::array> Accesses(std::int64_t user_id) const {
    bj::array all;
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    while (true) {
      const auto records = parts_.classes->AccessesTo(user_id, before, kAccessesAtOnce);
      if (!records.ok()) return records.error();
      for (const model::AccessRecord& record : *records) all.emplace_back(ToJson(record));
      if (static_cast<int>(records->size()) < kAccessesAtOnce) return all;
      before = records->back().id;
    }
  }

  base::Result<std::string> WithComments(const storage::StoredSession& stored) const {
    auto text = WholeText(stored, parts_.service->Turns(stored.session));
    if (!text.ok()) return text;
    const auto comments = parts_.classes->Comments(stored.session.id);
    if (!comments.ok()) return comments.error();
    const auto stars = parts_.product->StarsOf(stored.session.id);
    if (!stars.ok()) return stars.error();
    const auto ratings = parts_.ratings->RatingsOf(stored.session.id);
    if (!ratings.ok()) return ratings.error();
    text->pop_back();
    *text += ",\"human_ratings\":" + bj::serialize(ArrayOf(*ratings, RatingJson));
    *text += ",\"stars\":" + (*stars ? std::to_string(**stars) : "null");
    *text += ",\"comments\":" + bj::serialize(ArrayOf<model::SessionComment>(*comments, ToJson)) + "}";
    return text;
  }

  const ExportParts parts_;
};

}  // namespace

void AddExportRoutes(Router& router, const Guard& guard, const ExportParts& parts) {
  const auto routes = std::make_shared<const ExportRoutes>(parts);
  router.Add({.method = Method::kGet, .pattern = "/api/v1/auth/me/export", .handler = guard.SignedIn([routes](const Call& call) {
                routes->Export(call);
              })});
}

}  // namespace speechcoach::api
