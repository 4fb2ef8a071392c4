// A row of speech_practice_sessions <-> model::Session.
#pragma once

#include <string>

#include "base/result.h"
#include "model/session.h"
#include "model/session_summary.h"
#include "storage/internal/statement.h"

namespace speechcoach::storage {

// Member names are column names.
struct SessionRow {
  // Read and written.
  std::string id;
  long long user_id = 0;
  std::string mode;
  std::string locale;
  Nullable<long long> sentence_id;
  Nullable<std::string> reference_text;
  std::string status;
  Nullable<std::string> audio_url;
  Nullable<std::string> audio_format;
  Nullable<long long> audio_size_bytes;
  Nullable<std::string> error_code;
  Nullable<std::string> error_message;
  Nullable<std::string> analysis_result;
  long long created_at = 0;
  Nullable<long long> completed_at;

  // Parts of analysis_result: written, and read for lists.
  Nullable<double> audio_duration_seconds;
  Nullable<std::string> transcript;
  Nullable<double> transcription_confidence;
  Nullable<std::string> prosody_features;
  Nullable<double> overall_score;
  Nullable<double> pronunciation_score;
  Nullable<double> prosody_score;
  Nullable<double> emotion_score;
  Nullable<double> confidence_score;
  Nullable<double> fluency_score;
  Nullable<std::string> conversational_feedback;
  Nullable<std::string> detailed_feedback;
  Nullable<std::string> llm_provider_used;
  Nullable<int> processing_time_ms;
  int was_degraded_mode = 0;
};

// Calls visit(column name, member) for each column of what a session is besides its analysis.
template <typename Row, typename Visit>
void VisitHeadColumns(Row& row, Visit visit) {
  visit("id", row.id);
  visit("user_id", row.user_id);
  visit("mode", row.mode);
  visit("locale", row.locale);
  visit("sentence_id", row.sentence_id);
  visit("reference_text", row.reference_text);
  visit("status", row.status);
  visit("audio_url", row.audio_url);
  visit("audio_format", row.audio_format);
  visit("audio_size_bytes", row.audio_size_bytes);
  visit("error_code", row.error_code);
  visit("error_message", row.error_message);
  visit("created_at", row.created_at);
  visit("completed_at", row.completed_at);
}

// The same for the columns that are read back.
template <typename Row, typename Visit>
void VisitStoredColumns(Row& row, Visit visit) {
  VisitHeadColumns(row, visit);
  visit("analysis_result", row.analysis_result);
}

template <typename Row, typename Visit>
void VisitScoreColumns(Row& row, Visit visit) {
  visit("overall_score", row.overall_score);
  visit("pronunciation_score", row.pronunciation_score);
  visit("prosody_score", row.prosody_score);
  visit("emotion_score", row.emotion_score);
  visit("confidence_score", row.confidence_score);
  visit("fluency_score", row.fluency_score);
}

// The same for the columns that a list shows.
template <typename Row, typename Visit>
void VisitSummaryColumns(Row& row, Visit visit) {
  VisitHeadColumns(row, visit);
  visit("audio_duration_seconds", row.audio_duration_seconds);
  visit("transcript", row.transcript);
  VisitScoreColumns(row, visit);
  visit("was_degraded_mode", row.was_degraded_mode);
}

// The same for every column.
template <typename Row, typename Visit>
void VisitAllColumns(Row& row, Visit visit) {
  VisitStoredColumns(row, visit);
  visit("audio_duration_seconds", row.audio_duration_seconds);
  visit("transcript", row.transcript);
  visit("transcription_confidence", row.transcription_confidence);
  visit("prosody_features", row.prosody_features);
  VisitScoreColumns(row, visit);
  visit("conversational_feedback", row.conversational_feedback);
  visit("detailed_feedback", row.detailed_feedback);
  visit("llm_provider_used", row.llm_provider_used);
  visit("processing_time_ms", row.processing_time_ms);
  visit("was_degraded_mode", row.was_degraded_mode);
}

SessionRow ToRow(const model::Session& session);
// kInternal where a column holds what no program wrote.
base::Result<model::Session> FromRow(const SessionRow& row);
base::Result<model::Session> HeadFromRow(const SessionRow& row);  // without its analysis
base::Result<model::SessionSummary> SummaryFromRow(const SessionRow& row);

}  // namespace speechcoach::storage
