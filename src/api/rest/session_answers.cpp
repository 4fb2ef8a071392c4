#include "api/rest/session_answers.h"

#include <algorithm>
#include <utility>

#include "api/http/byte_range.h"
#include "api/http/date_time.h"
#include "api/http/text.h"
#include "api/rest/audio_types.h"
#include "api/rest/json_response.h"
#include "json/model_json.h"
#include "json/session_text.h"

namespace speechcoach::api {
namespace {

constexpr std::int64_t kMaxTurn = 1'000'000;

// Takes one parameter in; false where it cannot be.
bool Take(const std::string& name, const std::string& value, storage::SessionFilter& filter) {
  if (name == "limit") {
    const auto limit = ParseNumber(value);
    if (!limit || *limit < 1 || *limit > 100) return false;
    filter.limit = static_cast<int>(*limit);
  } else if (name == "cursor") {
    filter.cursor = value;
  } else if (name == "mode") {
    filter.mode = model::ModeFromName(value);
    return filter.mode.has_value();
  } else if (name == "status") {
    filter.status = model::SessionStatusFromName(value);
    return filter.status.has_value();
  } else if (name == "from" || name == "to") {
    const auto moment = ParseRfc3339(value);
    if (!moment) return false;
    if (name == "from") filter.created_from_ms = *moment;
    // Before all there is, not without an end.
    if (name == "to") filter.created_to_ms = std::max<std::int64_t>(1, *moment);
  }
  return true;
}

}  // namespace

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    if (is_dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

std::optional<std::string> SessionIdOf(const Call& call) {
  const std::string& id = call.request->params.at("session_id");
  if (IsUuid(id)) return id;
  call.Fail({base::ErrorCode::kSessionNotFound, "not a session id"});
  return std::nullopt;
}

std::optional<storage::SessionFilter> SessionFilterOf(const Call& call) {
  storage::SessionFilter filter;
  for (const auto& [name, value] : call.request->query) {
    if (Take(name, value, filter)) continue;
    call.FailField(name);
    return std::nullopt;
  }
  return filter;
}

bool ReadTurn(const Call& call, std::optional<int>& turn) {
  const auto named = call.request->query.find("turn");
  if (named == call.request->query.end()) return true;
  const auto number = ParseNumber(named->second);
  const bool is_valid = number && *number >= 1 && *number <= kMaxTurn;
  if (is_valid) turn = static_cast<int>(*number);
  if (!is_valid) call.FailField("turn");
  return is_valid;
}

base::Result<std::string> WholeText(const storage::StoredSession& stored, const base::Result<std::vector<model::Turn>>& turns) {
  if (!turns.ok()) return turns.error();
  auto text = json::SessionText(stored.session, stored.analysis);
  if (!text.ok() || turns->empty()) return text;
  boost::json::array array;
  for (const model::Turn& turn : *turns) array.emplace_back(json::ToJson(turn, stored.session.locale));
  text->pop_back();
  *text += ",\"turns\":" + boost::json::serialize(array) + "}";
  return text;
}

void SendWhole(const Call& call, const storage::StoredSession& stored, const base::Result<std::vector<model::Turn>>& turns) {
  auto text = WholeText(stored, turns);
  if (!text.ok()) return call.Fail(text.error());
  call.reply(JsonResponse(200, std::move(*text)));
}

void SendPage(const Call& call, const base::Result<storage::SummaryPage>& page) {
  if (!page.ok()) return page.error().code == base::ErrorCode::kBadField ? call.FailField("cursor") : call.Fail(page.error());
  boost::json::array sessions;
  for (const model::SessionSummary& session : page->sessions) sessions.emplace_back(json::ToJson(session));
  call.Send(200,
            {{"sessions", std::move(sessions)},
             {"next_cursor", page->next_cursor.empty() ? boost::json::value(nullptr) : boost::json::value(page->next_cursor)}});
}

void SendRecording(const Call& call, base::Result<pipeline::Recording> recording) {
  if (!recording.ok()) return call.Fail(recording.error());
  Response whole{.status = 200, .headers = {}, .body = Body(std::move(recording->bytes))};
  whole.headers.Set("Content-Type", std::string(MediaTypeOfFormat(recording->format)));
  whole.headers.Set("Cache-Control", "private, no-cache");
  Response answer = ApplyRange(std::move(whole), call.request->headers.Get("Range"));
  if (answer.status != 416) return call.reply(std::move(answer));
  Response problem = MakeHttpProblem(416, {call.request->id, call.locale});
  problem.headers.Set("Content-Range", std::string(answer.headers.Get("Content-Range")));
  call.reply(std::move(problem));
}

}  // namespace speechcoach::api
