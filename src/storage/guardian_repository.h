// Who is a child, and whether a guardian lets them practise. Every call blocks and is thread-safe. Errors everywhere: kStorageUnavailable.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/guardian_consent.h"

namespace speechcoach::storage {

class GuardianRepository {
 public:
  virtual ~GuardianRepository() = default;

  // Said again it changes nothing, and it is never taken back. What people thought of the child's readings is erased, and nobody is to hear them any
  // more. kConflict: no such user.
  virtual base::Status DeclareChild(std::int64_t user_id, std::int64_t now_ms) = 0;
  // Nothing: no child.
  virtual base::Result<std::optional<model::GuardianConsent>> Of(std::int64_t user_id) = 0;
  // Everybody may but children without consent.
  virtual base::Result<bool> MayPractise(std::int64_t user_id) = 0;

  // The code of the guardian's link, in the place of an earlier one, until a guardian has answered. `code_hash`: SHA-256, hexadecimal.
  // kConflict: no child, or answered.
  virtual base::Status PutCode(std::int64_t user_id, std::string_view code_hash) = 0;
  virtual base::Result<model::GuardianConsent> FindByCode(std::string_view code_hash) = 0;  // kNotFound
  // What a guardian says, in the place of what they or the school said before. kNotFound: no child.
  virtual base::Status Give(std::int64_t user_id, std::string_view guardian, std::int64_t now_ms) = 0;
  virtual base::Status Refuse(std::int64_t user_id, std::int64_t now_ms) = 0;

  // What a teacher says: the learner is a child, whose guardian's consent the school holds, or does not hold (any more). A guardian's own
  // word stays as it is. kConflict: no learner, or another teacher said that it is held.
  virtual base::Status Record(std::int64_t user_id, std::int64_t teacher_id, bool is_held, std::int64_t now_ms) = 0;
  // That it was a mistake: no child. kConflict where another has said so too: the learner, a guardian, or another teacher.
  virtual base::Status UndoRecord(std::int64_t user_id, std::int64_t teacher_id) = 0;
  virtual base::Result<std::vector<model::GuardianConsent>> ChildrenIn(std::int64_t class_id) = 0;  // by name
};

}  // namespace speechcoach::storage
