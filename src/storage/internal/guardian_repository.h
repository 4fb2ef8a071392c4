// GuardianRepository over the pool.
#pragma once

#include <string>

#include "storage/guardian_repository.h"
#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"

namespace speechcoach::storage {

class SqlGuardianRepository final : public GuardianRepository {
 public:
  SqlGuardianRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Status DeclareChild(std::int64_t user_id, std::int64_t now_ms) override;
  base::Result<std::optional<model::GuardianConsent>> Of(std::int64_t user_id) override;
  base::Result<bool> MayPractise(std::int64_t user_id) override;
  base::Status PutCode(std::int64_t user_id, std::string_view code_hash) override;
  base::Result<model::GuardianConsent> FindByCode(std::string_view code_hash) override;
  base::Status Give(std::int64_t user_id, std::string_view guardian, std::int64_t now_ms) override;
  base::Status Refuse(std::int64_t user_id, std::int64_t now_ms) override;
  base::Status Record(std::int64_t user_id, std::int64_t teacher_id, bool is_held, std::int64_t now_ms) override;
  base::Status UndoRecord(std::int64_t user_id, std::int64_t teacher_id) override;
  base::Result<std::vector<model::GuardianConsent>> ChildrenIn(std::int64_t class_id) override;

 private:
  std::string SelectText(std::string_view rest) const;

  ConnectionPool& pool_;
  const Dialect& dialect_;
};

// What a learner says of themselves: the row that makes them a child, whose readings nobody rates.
void InsertChild(std::int64_t user_id, std::int64_t now_ms, const Dialect& dialect, Connection& sql);
// As by GuardianRepository::Record.
base::Status RecordChild(std::int64_t user_id, std::int64_t teacher_id, bool is_held, std::int64_t now_ms, const Dialect& dialect,
                         Connection& sql);
// What the roster of that class said of who was invited under `email`, where they are a learner. Consent that was given stays.
void RecordInvitedChild(std::int64_t class_id, std::int64_t user_id, const std::string& email, std::int64_t now_ms,
                        const Dialect& dialect, Connection& sql);

}  // namespace speechcoach::storage
