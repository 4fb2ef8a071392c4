// Findings in columns of speech_practice_sessions: what changes a session's status forgets them in the same statement.
#pragma once

#include <string>

#include "storage/finding_repository.h"
#include "storage/internal/connection_pool.h"

namespace speechcoach::storage {

class SqlFindingRepository final : public FindingRepository {
 public:
  explicit SqlFindingRepository(ConnectionPool& pool) : pool_(pool) {}

  base::Result<StageFindings> Of(std::string_view session_id) override;
  base::Status KeepVoice(std::string_view session_id, std::string_view audio_key, const std::string& json) override;
  base::Status KeepAnalysis(std::string_view session_id, std::string_view audio_key, const std::string& json) override;

 private:
  base::Status Keep(const char* text, std::string_view session_id, std::string_view audio_key, const std::string& json);

  ConnectionPool& pool_;
};

}  // namespace speechcoach::storage
