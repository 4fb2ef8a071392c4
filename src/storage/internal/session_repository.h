// Sessions in speech_practice_sessions.
#pragma once

#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/repositories.h"

namespace speechcoach::storage {

class SqlSessionRepository final : public SessionRepository {
 public:
  SqlSessionRepository(ConnectionPool& pool, const Dialect& dialect);

  base::Status Create(const model::Session& session) override;
  base::Result<model::Session> Get(std::string_view id) override;
  base::Result<StoredSession> GetStored(std::string_view id) override;
  base::Result<SessionPage> List(std::int64_t user_id, const SessionFilter& filter) override;
  base::Result<SummaryPage> ListSummaries(std::int64_t user_id, const SessionFilter& filter) override;
  base::Result<StoredPage> ListStored(std::int64_t user_id, const SessionFilter& filter) override;
  base::Result<int> CountSince(std::int64_t user_id, std::int64_t since_ms) override;
  base::Status UpdateIfStatus(const model::Session& session, model::SessionStatus expected) override;
  base::Status Delete(std::string_view id) override;
  base::Result<std::vector<std::string>> IdsWithStatus(model::SessionStatus status) override;

 private:
  template <typename Page, typename Reader>
  base::Result<Page> ReadPage(std::int64_t user_id, const SessionFilter& filter);

  ConnectionPool& pool_;
  const Dialect& dialect_;
  const std::string insert_text_;
  const std::string update_text_;
  const std::string get_text_;
};

}  // namespace speechcoach::storage
