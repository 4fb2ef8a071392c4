#include "storage/internal/account_repository.h"

#include <fmt/format.h>

#include "storage/internal/statement.h"
#include "storage/internal/user_repository.h"

namespace speechcoach::storage {

void SqlAccountRepository::Insert(const RefreshToken& token, Connection& sql) const {
  Statement(sql, fmt::format("INSERT INTO refresh_tokens (token_hash, user_id, family, created_at, expires_at) "
                             "VALUES (:hash, :user_id, :family, {}, {})",
                             dialect_.ToTime(":created_at"), dialect_.ToTime(":expires_at")))
      .Use("hash", token.hash)
      .Use("user_id", token.user_id)
      .Use("family", token.family)
      .Use("created_at", token.created_at_ms)
      .Use("expires_at", token.expires_at_ms)
      .Execute();
}

base::Status SqlAccountRepository::AddRefreshToken(const RefreshToken& token) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Insert(token, sql);
    return {};
  });
}

base::Result<std::int64_t> SqlAccountRepository::RotateRefreshToken(std::string_view old_hash, const RefreshToken& next) {
  const std::string hash(old_hash);
  const std::string now = dialect_.ToTime(":now");
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<std::int64_t> {
    soci::transaction transaction(sql);
    RefreshToken token = next;
    const bool was_good =
        Statement(sql, fmt::format("UPDATE refresh_tokens SET used_at = {0} WHERE token_hash = :hash AND used_at IS NULL "
                                   "AND revoked_at IS NULL AND expires_at > {0} RETURNING user_id, family",
                                   now))
            .Into(token.user_id)
            .Into(token.family)
            .Use("now", next.created_at_ms)
            .Use("hash", hash)
            .ExecuteForOne();
    if (was_good) {
      Insert(token, sql);
      transaction.commit();
      return token.user_id;
    }
    Statement(sql, fmt::format("UPDATE refresh_tokens SET revoked_at = {} WHERE revoked_at IS NULL AND family IN "
                               "(SELECT family FROM refresh_tokens WHERE token_hash = :hash AND used_at IS NOT NULL)",
                               now))
        .Use("now", next.created_at_ms)
        .Use("hash", hash)
        .Execute();
    transaction.commit();
    return {base::ErrorCode::kUnauthenticated, "the refresh token is not valid (any more)"};
  });
}

base::Status SqlAccountRepository::RevokeFamilyOf(std::string_view hash, std::int64_t now_ms) {
  const std::string wanted(hash);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, fmt::format("UPDATE refresh_tokens SET revoked_at = {} WHERE revoked_at IS NULL AND family IN "
                               "(SELECT family FROM refresh_tokens WHERE token_hash = :hash)",
                               dialect_.ToTime(":now")))
        .Use("now", now_ms)
        .Use("hash", wanted)
        .Execute();
    return {};
  });
}

base::Status SqlAccountRepository::RevokeAllOf(std::int64_t user_id, std::int64_t now_ms) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, fmt::format("UPDATE refresh_tokens SET revoked_at = {} WHERE user_id = :user_id AND revoked_at IS NULL",
                               dialect_.ToTime(":now")))
        .Use("now", now_ms)
        .Use("user_id", user_id)
        .Execute();
    return {};
  });
}

base::Status SqlAccountRepository::DropExpiredTokens(std::int64_t now_ms) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, fmt::format("DELETE FROM refresh_tokens WHERE expires_at <= {}", dialect_.ToTime(":now")))
        .Use("now", now_ms)
        .Execute();
    return {};
  });
}

base::Result<model::User> SqlAccountRepository::UserOfIdentity(std::string_view issuer, std::string_view subject,
                                                               const model::User& if_new) {
  const std::string from(issuer);
  const std::string who(subject);
  const auto known = [&](Connection& sql) {
    Statement statement(sql, UserSelectText(dialect_) +
                                 "id = (SELECT user_id FROM external_identities WHERE issuer = :issuer AND subject = :subject)");
    return ReadUser(statement.Use("issuer", from).Use("subject", who));
  };
  auto user = pool_.Run(Access::kRead, known);
  if (user.ok() || user.error().code != base::ErrorCode::kNotFound) return user;
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<model::User> {
    soci::transaction transaction(sql);
    const model::User made = InsertUser(if_new, dialect_, sql);
    const bool is_ours =
        Statement(sql,
                  "INSERT INTO external_identities (issuer, subject, user_id) VALUES (:issuer, :subject, :user_id) "
                  "ON CONFLICT (issuer, subject) DO NOTHING")
            .Use("issuer", from)
            .Use("subject", who)
            .Use("user_id", made.id)
            .ExecuteForCount() == 1;
    if (!is_ours) {
      // Two first requests at once: the other one was quicker.
      transaction.rollback();
      return known(sql);
    }
    transaction.commit();
    return made;
  });
}

base::Result<std::vector<ExternalIdentity>> SqlAccountRepository::IdentitiesOf(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<ExternalIdentity>> {
    std::vector<ExternalIdentity> identities;
    ExternalIdentity row;
    Statement statement(sql, "SELECT issuer, subject FROM external_identities WHERE user_id = :user_id ORDER BY issuer, subject");
    statement.Into(row.issuer).Into(row.subject).Use("user_id", user_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) identities.push_back(row);
    return identities;
  });
}

base::Result<model::LearnerSettings> SqlAccountRepository::Settings(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<model::LearnerSettings> {
    model::LearnerSettings settings;
    std::string locale;
    Nullable<std::string> level;
    const bool found =
        Statement(sql, "SELECT time_zone, locale, level, daily_goal_minutes FROM learner_settings WHERE user_id = :user_id")
            .Into(settings.time_zone)
            .Into(locale)
            .Into(level)
            .Into(settings.daily_goal_minutes)
            .Use("user_id", user_id)
            .ExecuteForOne();
    if (!found) return model::LearnerSettings();
    settings.locale = model::LocaleFromName(locale).value_or(model::Locale::kVi);
    if (level.has_value()) settings.level = level.value;
    return settings;
  });
}

base::Status SqlAccountRepository::PutSettings(std::int64_t user_id, const model::LearnerSettings& settings) {
  const std::string locale(model::Name(settings.locale));
  const Nullable<std::string> level = NullIfEmpty(settings.level);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql,
              "INSERT INTO learner_settings (user_id, time_zone, locale, level, daily_goal_minutes) "
              "VALUES (:user_id, :time_zone, :locale, :level, :goal) ON CONFLICT (user_id) DO UPDATE SET "
              "time_zone = excluded.time_zone, locale = excluded.locale, level = excluded.level, "
              "daily_goal_minutes = excluded.daily_goal_minutes")
        .Use("user_id", user_id)
        .Use("time_zone", settings.time_zone)
        .Use("locale", locale)
        .Use("level", level)
        .Use("goal", settings.daily_goal_minutes)
        .Execute();
    return {};
  });
}

}  // namespace speechcoach::storage
