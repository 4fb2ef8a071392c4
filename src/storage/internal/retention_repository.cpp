#include "storage/internal/retention_repository.h"

#include <fmt/format.h>

#include "storage/internal/session_row.h"
#include "storage/internal/session_select.h"
#include "storage/internal/statement.h"

namespace speechcoach::storage {

base::Result<std::vector<model::Session>> SqlRetentionRepository::Before(std::string_view condition, std::int64_t before_ms,
                                                                         int limit) {
  const std::string text = SessionSelectText(
      dialect_,
      fmt::format(
          "{} AND (completed_at IS NOT NULL OR status = 'awaiting_audio') AND created_at < {} ORDER BY created_at LIMIT :rows",
          condition, dialect_.ToTime(":before")));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::Session>> {
    SessionRow row;
    Statement statement(sql, text);
    IntoStored(row, statement);
    statement.Use("before", before_ms).Use("rows", limit);
    std::vector<model::Session> sessions;
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      auto session = FromRow(row);
      if (!session.ok()) return session.error();
      sessions.push_back(std::move(*session));
    }
    return sessions;
  });
}

base::Result<std::vector<model::Session>> SqlRetentionRepository::WithAudioBefore(std::int64_t before_ms, int limit) {
  return Before("audio_url IS NOT NULL", before_ms, limit);
}

base::Result<std::vector<model::Session>> SqlRetentionRepository::WithTextBefore(std::int64_t before_ms, int limit) {
  return Before("transcript <> ''", before_ms, limit);
}

base::Status SqlRetentionRepository::DropAudio(const std::string& session_id, const std::string& audio_key) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql,
              "UPDATE speech_practice_sessions SET audio_url = NULL, audio_size_bytes = NULL WHERE id = :id AND audio_url = :key")
        .Use("id", session_id)
        .Use("key", audio_key)
        .Execute();
    return {};
  });
}

base::Result<int> SqlRetentionRepository::DropAccessesBefore(std::int64_t before_ms) {
  const std::string text = fmt::format("DELETE FROM access_log WHERE created_at < {}", dialect_.ToTime(":before"));
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<int> {
    return static_cast<int>(Statement(sql, text).Use("before", before_ms).ExecuteForCount());
  });
}

base::Status SqlRetentionRepository::DropAnswersBefore(std::int64_t before_ms) {
  const std::string text = fmt::format("DELETE FROM idempotent_requests WHERE created_at < {}", dialect_.ToTime(":before"));
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, text).Use("before", before_ms).Execute();
    return {};
  });
}

base::Result<std::vector<std::string>> SqlRetentionRepository::AudioKeysOf(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<std::string>> {
    std::vector<std::string> keys;
    std::string key;
    Statement statement(
        sql,
        "SELECT audio_url FROM speech_practice_sessions WHERE user_id = :user_id AND audio_url IS NOT NULL "
        "UNION SELECT t.audio_url FROM speech_practice_turns t JOIN speech_practice_sessions s ON s.id = t.session_id "
        "WHERE s.user_id = :same_user AND t.audio_url IS NOT NULL");
    statement.Into(key).Use("user_id", user_id).Use("same_user", user_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) keys.push_back(key);
    return keys;
  });
}

base::Status SqlRetentionRepository::EraseUser(std::int64_t user_id) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    Statement(sql, "DELETE FROM speech_practice_sessions WHERE user_id = :user_id").Use("user_id", user_id).Execute();
    // What others read of a teacher's sentences stays theirs; the text is in their sessions.
    const std::string own = "IN (SELECT sentence_id FROM own_sentences WHERE teacher_id = :user_id)";
    Statement(sql, "UPDATE speech_practice_sessions SET sentence_id = NULL WHERE sentence_id " + own)
        .Use("user_id", user_id)
        .Execute();
    Statement(sql, "DELETE FROM sentences WHERE id " + own).Use("user_id", user_id).Execute();
    if (Statement(sql, "DELETE FROM users WHERE id = :user_id").Use("user_id", user_id).ExecuteForCount() == 0) {
      return {base::ErrorCode::kNotFound, "no such user"};
    }
    transaction.commit();
    return {};
  });
}

}  // namespace speechcoach::storage
