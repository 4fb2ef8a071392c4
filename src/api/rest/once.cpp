#include "api/rest/once.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "api/digest.h"
#include "api/http/text.h"
#include "base/log.h"

namespace speechcoach::api {
namespace {

constexpr std::string_view kField = "Idempotency-Key";
constexpr std::size_t kMaxKeyBytes = 200;
constexpr std::int64_t kLongestMs =
    10 * 60 * 1000;  // no call takes longer: one that is under way since then died with its process
constexpr std::string_view kAuthPath = "/api/v1/auth/";  // its answers hold tokens, which are kept nowhere

bool IsKey(std::string_view key) {
  return !key.empty() && key.size() <= kMaxKeyBytes && std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7f; });
}

// A client that sends a form again draws a new boundary: it does not count.
void AddWithoutBoundary(Sha256& hash, std::string_view body, std::string_view content_type) {
  const std::string boundary = FieldParameter(content_type, "boundary").value_or("");
  while (!boundary.empty()) {
    const std::size_t next = body.find(boundary);
    if (next == std::string_view::npos) break;
    hash.Add(body.substr(0, next));
    body.remove_prefix(next + boundary.size());
  }
  hash.Add(body);
}

std::string HashOf(const Request& request) {
  Sha256 hash;
  hash.Add(request.path);
  for (const auto& [name, value] : request.query) hash.Add("&").Add(name).Add("=").Add(value);
  const std::string_view content_type = request.headers.Get("Content-Type");
  hash.Add("\n").Add(MediaType(content_type)).Add("\n");
  AddWithoutBoundary(hash, request.body_text(), content_type);
  return hash.Hex();
}

Response Again(const storage::KeptAnswer& kept) {
  Response response{.status = kept.status, .headers = {}, .body = kept.body.empty() ? Body() : Body(kept.body)};
  if (!kept.media_type.empty()) response.headers.Set("Content-Type", kept.media_type);
  if (!kept.location.empty()) response.headers.Set("Location", kept.location);
  response.headers.Set("Cache-Control", "no-store");
  response.headers.Set("Idempotency-Replayed", "true");
  return response;
}

// One that this process does. Its reply may come from another thread than the one that says it is done.
class KeyedWrite {
 public:
  KeyedWrite(storage::IdempotencyRepository& kept, std::int64_t user_id, std::string key, std::string hash)
      : kept_(kept), user_id_(user_id), key_(std::move(key)), hash_(std::move(hash)) {}

  void Keep(const Response& answer) {
    is_done_ = true;
    Report(kept_.Finish(user_id_, key_,
                        {hash_, answer.status, std::string(answer.headers.Get("Content-Type")),
                         std::string(answer.headers.Get("Location")), std::string(answer.body.view())}));
  }

  void GiveUp() const {
    if (!is_done_) Report(kept_.Abort(user_id_, key_));
  }

 private:
  static void Report(const base::Status& kept) {
    if (!kept.ok()) base::Log(base::LogLevel::kWarning, "the answer to a write is not kept", {{"reason", kept.error().message}});
  }

  storage::IdempotencyRepository& kept_;
  const std::int64_t user_id_;
  const std::string key_;
  const std::string hash_;
  std::atomic<bool> is_done_ = false;
};

}  // namespace

void Once::Do(Call call, const CallHandler& handler) const {
  const std::string key(call.request->headers.Get(kField));
  const bool may_be_kept = call.request->method == Method::kPost && !call.request->path.starts_with(kAuthPath);
  if (!may_be_kept || !call.request->headers.Has(kField)) return handler(call);
  if (!IsKey(key)) return call.FailField(kField);
  std::string hash = HashOf(*call.request);
  const std::int64_t now_ms = clock_.NowMs();
  const auto earlier = kept_.Begin(call.user_id, key, hash, now_ms, now_ms - kLongestMs);
  if (!earlier.ok()) return call.Fail(earlier.error());
  if (*earlier) {
    if ((*earlier)->request_hash != hash) return call.Fail({base::ErrorCode::kConflict, "the key of another request"});
    if ((*earlier)->status == 0) return call.Fail({base::ErrorCode::kBusy, "the same request is under way"});
    return call.reply(Again(**earlier));
  }
  const auto write = std::make_shared<KeyedWrite>(kept_, call.user_id, key, std::move(hash));
  call.keep = [write](const Response& answer) { write->Keep(answer); };
  call.reply = Reply([write, reply = call.reply](Response response) {
    const bool is_refusal = response.status < 500 || response.error;  // the 500 of a reply that was dropped says nothing
    if (response.status >= 200 && response.status < 300) {
      write->Keep(response);
    } else if (is_refusal) {
      write->GiveUp();
    }
    reply(std::move(response));
  });
  handler(call);
}

}  // namespace speechcoach::api
