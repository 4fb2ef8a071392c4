// ClassRepository over the pool.
#pragma once

#include "storage/class_repository.h"
#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"

namespace speechcoach::storage {

class SqlClassRepository final : public ClassRepository {
 public:
  SqlClassRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Result<model::SchoolClass> Create(const model::SchoolClass& made) override;
  base::Result<model::SchoolClass> Get(std::int64_t class_id) override;
  base::Result<model::SchoolClass> FindByCode(std::string_view code) override;
  base::Status Update(const model::SchoolClass& changed) override;
  base::Status Delete(std::int64_t class_id) override;
  base::Result<std::vector<model::SchoolClass>> TaughtBy(std::int64_t user_id) override;
  base::Result<std::vector<model::SchoolClass>> JoinedBy(std::int64_t user_id) override;
  base::Result<std::vector<model::SchoolClass>> Inviting(std::string_view email) override;

  base::Status Join(std::int64_t class_id, std::int64_t user_id, std::string_view email, std::int64_t now_ms) override;
  base::Status Leave(std::int64_t class_id, std::int64_t user_id) override;
  base::Result<std::vector<model::ClassMember>> Members(std::int64_t class_id) override;
  base::Result<std::int64_t> JoinedAt(std::int64_t class_id, std::int64_t user_id) override;
  base::Result<std::int64_t> TaughtSince(std::int64_t teacher_id, std::int64_t user_id) override;
  base::Result<int> Invite(std::int64_t class_id, std::span<const model::ClassInvitation> people, std::int64_t now_ms) override;
  base::Result<std::vector<model::ClassInvitation>> Invitations(std::int64_t class_id) override;

  base::Result<model::Assignment> Assign(const model::Assignment& assignment) override;
  base::Status Unassign(std::int64_t class_id, std::int64_t assignment_id) override;
  base::Result<std::vector<model::Assignment>> Assignments(std::int64_t class_id) override;
  base::Result<std::vector<model::AssignmentWork>> Work(std::int64_t class_id, std::optional<std::int64_t> user_id) override;

  base::Result<std::vector<model::Contribution>> Contributions(std::int64_t class_id, std::int64_t since_ms, int limit) override;

  base::Result<model::SessionComment> AddComment(const model::SessionComment& comment) override;
  base::Result<std::vector<model::SessionComment>> Comments(std::string_view session_id) override;
  base::Result<std::vector<model::SessionComment>> CommentsBy(std::int64_t author_id) override;

  base::Status LogAccess(const model::AccessRecord& record) override;
  base::Result<std::vector<model::AccessRecord>> AccessesTo(std::int64_t user_id, std::int64_t before_id, int limit) override;

 private:
  template <typename Wanted>
  base::Result<std::vector<model::SessionComment>> CommentsWhere(std::string_view condition, const Wanted& wanted);
  std::string ClassText(std::string_view conditions) const;

  ConnectionPool& pool_;
  const Dialect& dialect_;
};

}  // namespace speechcoach::storage
