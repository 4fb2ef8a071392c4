#include "storage/internal/finding_repository.h"

#include "storage/internal/statement.h"

namespace speechcoach::storage {

base::Result<StageFindings> SqlFindingRepository::Of(std::string_view session_id) {
  const std::string wanted(session_id);
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<StageFindings> {
    Nullable<std::string> voice, analysis;
    Statement statement(sql, "SELECT voice_found, analysis_found FROM speech_practice_sessions WHERE id = :id");
    statement.Into(voice).Into(analysis).Use("id", wanted);
    if (!statement.ExecuteForOne()) return {base::ErrorCode::kSessionNotFound, "no such session"};
    return StageFindings{voice.has_value() ? voice.value : std::string(), analysis.has_value() ? analysis.value : std::string()};
  });
}

base::Status SqlFindingRepository::KeepVoice(std::string_view session_id, std::string_view audio_key, const std::string& json) {
  return Keep(
      "UPDATE speech_practice_sessions SET voice_found = :json WHERE id = :id AND audio_url = :audio AND status = 'processing'",
      session_id, audio_key, json);
}

base::Status SqlFindingRepository::KeepAnalysis(std::string_view session_id, std::string_view audio_key,
                                                const std::string& json) {
  return Keep(
      "UPDATE speech_practice_sessions SET analysis_found = :json WHERE id = :id AND audio_url = :audio AND status = "
      "'processing'",
      session_id, audio_key, json);
}

base::Status SqlFindingRepository::Keep(const char* text, std::string_view session_id, std::string_view audio_key,
                                        const std::string& json) {
  const std::string id(session_id);
  const std::string audio(audio_key);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, text);
    if (statement.Use("json", json).Use("id", id).Use("audio", audio).ExecuteForCount() == 0) {
      return {base::ErrorCode::kWrongState, "the session is not being analysed with that recording"};
    }
    return {};
  });
}

}  // namespace speechcoach::storage
