// Classes, their members, assignments, comments on recordings, and the record of who saw what. Every call blocks and is
// thread-safe. Whether somebody may do a thing is the caller's to decide. Errors everywhere: kStorageUnavailable.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/classes.h"
#include "model/progress.h"

namespace speechcoach::storage {

class ClassRepository {
 public:
  virtual ~ClassRepository() = default;

  virtual base::Result<model::SchoolClass> Create(
      const model::SchoolClass& made) = 0;                                         // with its id; kConflict: the code is taken
  virtual base::Result<model::SchoolClass> Get(std::int64_t class_id) = 0;         // kNotFound
  virtual base::Result<model::SchoolClass> FindByCode(std::string_view code) = 0;  // kNotFound
  virtual base::Status Update(const model::SchoolClass& changed) = 0;              // name and code; kNotFound, kConflict
  virtual base::Status Delete(std::int64_t class_id) = 0;                          // kNotFound
  virtual base::Result<std::vector<model::SchoolClass>> TaughtBy(std::int64_t user_id) = 0;
  virtual base::Result<std::vector<model::SchoolClass>> JoinedBy(std::int64_t user_id) = 0;
  virtual base::Result<std::vector<model::SchoolClass>> Inviting(std::string_view email) = 0;

  // Joining takes the invitation of `email` (may be empty) away, and makes them the child that it says they are; joining again changes
  // nothing.
  virtual base::Status Join(std::int64_t class_id, std::int64_t user_id, std::string_view email, std::int64_t now_ms) = 0;
  virtual base::Status Leave(std::int64_t class_id, std::int64_t user_id) = 0;                   // kNotFound: was no member
  virtual base::Result<std::vector<model::ClassMember>> Members(std::int64_t class_id) = 0;      // by name
  virtual base::Result<std::int64_t> JoinedAt(std::int64_t class_id, std::int64_t user_id) = 0;  // kNotFound: no member
  // When the learner first joined one of that teacher's classes that they are still in. kNotFound.
  virtual base::Result<std::int64_t> TaughtSince(std::int64_t teacher_id, std::int64_t user_id) = 0;

  // Those who are members or invited already are passed over, but for what is said of children: of members as by GuardianRepository::Record, for
  // all others until they join; answers how many are new.
  virtual base::Result<int> Invite(std::int64_t class_id, std::span<const model::ClassInvitation> people,
                                   std::int64_t now_ms) = 0;
  virtual base::Result<std::vector<model::ClassInvitation>> Invitations(std::int64_t class_id) = 0;  // by address

  virtual base::Result<model::Assignment> Assign(const model::Assignment& assignment) = 0;      // with its id
  virtual base::Status Unassign(std::int64_t class_id, std::int64_t assignment_id) = 0;         // kNotFound
  virtual base::Result<std::vector<model::Assignment>> Assignments(std::int64_t class_id) = 0;  // in the order they were made
  // What members read of the assigned sentences since both the assignment was made and they joined; of all, or of one member.
  virtual base::Result<std::vector<model::AssignmentWork>> Work(std::int64_t class_id, std::optional<std::int64_t> user_id) = 0;

  // What the members' sessions added to their progress, of those held since both `since_ms` and they joined; the newest `limit`.
  virtual base::Result<std::vector<model::Contribution>> Contributions(std::int64_t class_id, std::int64_t since_ms,
                                                                       int limit) = 0;

  virtual base::Result<model::SessionComment> AddComment(
      const model::SessionComment& comment) = 0;  // with its id; kConflict: no such session
  virtual base::Result<std::vector<model::SessionComment>> Comments(std::string_view session_id) = 0;
  virtual base::Result<std::vector<model::SessionComment>> CommentsBy(std::int64_t author_id) = 0;

  virtual base::Status LogAccess(const model::AccessRecord& record) = 0;
  virtual base::Result<std::vector<model::AccessRecord>> AccessesTo(std::int64_t user_id, std::int64_t before_id,
                                                                    int limit) = 0;  // newest first
};

}  // namespace speechcoach::storage
