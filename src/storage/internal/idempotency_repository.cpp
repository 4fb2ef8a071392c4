#include "storage/internal/idempotency_repository.h"

#include <fmt/format.h>

#include "storage/internal/statement.h"

namespace speechcoach::storage {

base::Result<std::optional<KeptAnswer>> SqlIdempotencyRepository::Begin(std::int64_t user_id, std::string_view key,
                                                                        std::string_view hash, std::int64_t now_ms,
                                                                        std::int64_t stale_ms) {
  const std::string wanted(key);
  const std::string request_hash(hash);
  const std::string begin = fmt::format(
      "INSERT INTO idempotent_requests (user_id, request_key, request_hash, created_at) VALUES (:user_id, :key, :hash, {}) "
      "ON CONFLICT (user_id, request_key) DO UPDATE SET request_hash = excluded.request_hash, created_at = excluded.created_at "
      "WHERE idempotent_requests.status IS NULL AND idempotent_requests.created_at < {} RETURNING user_id",
      dialect_.ToTime(":now"), dialect_.ToTime(":stale"));
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<std::optional<KeptAnswer>> {
    soci::transaction transaction(sql);
    std::int64_t begun_by = 0;
    Statement statement(sql, begin);
    statement.Into(begun_by)
        .Use("user_id", user_id)
        .Use("key", wanted)
        .Use("hash", request_hash)
        .Use("now", now_ms)
        .Use("stale", stale_ms);
    if (statement.ExecuteForOne()) {
      transaction.commit();
      return std::optional<KeptAnswer>();
    }
    KeptAnswer kept;
    const bool is_there =
        Statement(
            sql,
            "SELECT request_hash, COALESCE(status, 0), COALESCE(media_type, ''), COALESCE(location, ''), COALESCE(body, '') "
            "FROM idempotent_requests WHERE user_id = :user_id AND request_key = :key")
            .Into(kept.request_hash)
            .Into(kept.status)
            .Into(kept.media_type)
            .Into(kept.location)
            .Into(kept.body)
            .Use("user_id", user_id)
            .Use("key", wanted)
            .ExecuteForOne();
    // Given up at this very moment: as if it were still under way.
    if (!is_there) kept.request_hash = request_hash;
    return std::optional(std::move(kept));
  });
}

base::Status SqlIdempotencyRepository::Finish(std::int64_t user_id, std::string_view key, const KeptAnswer& answer) {
  const std::string wanted(key);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql,
              "UPDATE idempotent_requests SET status = :status, media_type = :media_type, location = :location, body = :body "
              "WHERE user_id = :user_id AND request_key = :key")
        .Use("status", answer.status)
        .Use("media_type", answer.media_type)
        .Use("location", answer.location)
        .Use("body", answer.body)
        .Use("user_id", user_id)
        .Use("key", wanted)
        .Execute();
    return {};
  });
}

base::Status SqlIdempotencyRepository::Abort(std::int64_t user_id, std::string_view key) {
  const std::string wanted(key);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, "DELETE FROM idempotent_requests WHERE user_id = :user_id AND request_key = :key AND status IS NULL")
        .Use("user_id", user_id)
        .Use("key", wanted)
        .Execute();
    return {};
  });
}

}  // namespace speechcoach::storage
