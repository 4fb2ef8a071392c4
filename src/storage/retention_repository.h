// What is to be forgotten: old recordings, old texts, whole users. Every call blocks and is thread-safe. Errors everywhere:
// kStorageUnavailable.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/session.h"

namespace speechcoach::storage {

class RetentionRepository {
 public:
  virtual ~RetentionRepository() = default;

  // Sessions created before `before_ms`, finished or waiting for a better recording, that still have a recording, or still have a
  // transcript, the oldest first.
  virtual base::Result<std::vector<model::Session>> WithAudioBefore(std::int64_t before_ms, int limit) = 0;
  virtual base::Result<std::vector<model::Session>> WithTextBefore(std::int64_t before_ms, int limit) = 0;

  // The session has no recording any more; one that has got another meanwhile stays as it is.
  virtual base::Status DropAudio(const std::string& session_id, const std::string& audio_key) = 0;

  // Records of who saw what, from before that moment; answers how many there were.
  virtual base::Result<int> DropAccessesBefore(std::int64_t before_ms) = 0;

  // Answers kept for those who ask twice, from before that moment.
  virtual base::Status DropAnswersBefore(std::int64_t before_ms) = 0;

  // Keys of all recordings of that user.
  virtual base::Result<std::vector<std::string>> AudioKeysOf(std::int64_t user_id) = 0;
  // The user and all rows about it, in one step. What others' rows say of it stays without its number. kNotFound.
  virtual base::Status EraseUser(std::int64_t user_id) = 0;
};

}  // namespace speechcoach::storage
