#include "storage/internal/turn_repository.h"

#include <exception>
#include <utility>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "json/model_json.h"
#include "storage/internal/row_columns.h"
#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

// Member names are column names.
struct TurnRow {
  // Read and written.
  std::string session_id;
  int turn = 0;
  std::string coach;
  Nullable<std::string> dialogue;
  Nullable<std::string> audio_url;
  Nullable<std::string> audio_format;
  Nullable<long long> audio_size_bytes;
  Nullable<std::string> analysis_result;
  Nullable<std::string> error_code;
  Nullable<std::string> error_message;
  long long created_at = 0;
  Nullable<long long> completed_at;

  // Parts of analysis_result, only written.
  Nullable<std::string> transcript;
  Nullable<double> overall_score;
};

// Calls visit(column name, member) for each column that is read back.
template <typename Row, typename Visit>
void VisitStored(Row& row, Visit visit) {
  visit("session_id", row.session_id);
  visit("turn", row.turn);
  visit("coach", row.coach);
  visit("dialogue", row.dialogue);
  visit("audio_url", row.audio_url);
  visit("audio_format", row.audio_format);
  visit("audio_size_bytes", row.audio_size_bytes);
  visit("analysis_result", row.analysis_result);
  visit("error_code", row.error_code);
  visit("error_message", row.error_message);
  visit("created_at", row.created_at);
  visit("completed_at", row.completed_at);
}

// The same for every column.
template <typename Row, typename Visit>
void VisitAll(Row& row, Visit visit) {
  VisitStored(row, visit);
  visit("transcript", row.transcript);
  visit("overall_score", row.overall_score);
}

std::string InsertTurnText(const Dialect& dialect) {
  const TurnRow row;
  return InsertText(dialect, "speech_practice_turns", [&](auto visitor) { VisitAll(row, visitor); });
}

std::string UpdateTurnText(const Dialect& dialect) {
  const TurnRow row;
  const std::string assignments = AssignmentsText(dialect, [&](auto visitor) { VisitAll(row, visitor); });
  return fmt::format("UPDATE speech_practice_turns SET {} WHERE session_id = :of_session AND turn = :of_turn", assignments);
}

std::string SelectTurnsText(const Dialect& dialect) {
  const TurnRow row;
  const std::string columns = ColumnsText(dialect, [&](auto visitor) { VisitStored(row, visitor); });
  return fmt::format("SELECT {} FROM speech_practice_turns WHERE session_id = :wanted ORDER BY turn", columns);
}

TurnRow ToRow(const model::Turn& turn) {
  TurnRow row;
  row.session_id = turn.session_id;
  row.turn = turn.number;
  row.coach = boost::json::serialize(json::ToJson(turn.coach));
  row.dialogue = NullIfEmpty(turn.dialogue);
  row.audio_url = NullIfEmpty(turn.audio_key);
  row.audio_format = NullIfEmpty(turn.audio_format);
  if (!turn.audio_key.empty()) row.audio_size_bytes = turn.audio_size_bytes;
  if (turn.analysis) {
    row.analysis_result = boost::json::serialize(json::ToJson(*turn.analysis));
    row.transcript = turn.analysis->transcript.text;
    row.overall_score = turn.analysis->scores.overall;
  }
  if (turn.error) {
    row.error_code = std::string(base::ErrorCodeName(turn.error->code));
    row.error_message = turn.error->message;
  }
  row.created_at = turn.created_at_ms;
  if (turn.completed_at_ms != 0) row.completed_at = turn.completed_at_ms;
  return row;
}

boost::json::value Parse(const std::string& text) { return boost::json::parse(text, {}, {.allow_invalid_utf8 = true}); }

base::Result<model::Turn> FromRow(const TurnRow& row) {
  model::Turn turn;
  turn.session_id = row.session_id;
  turn.number = row.turn;
  try {
    turn.coach = json::CoachTurnFromJson(Parse(row.coach));
  } catch (const std::exception&) {
    return {base::ErrorCode::kInternal, fmt::format("session {}: turn {} has no readable coach", row.session_id, row.turn)};
  }
  if (row.dialogue.has_value()) turn.dialogue = row.dialogue.value;
  if (row.audio_url.has_value()) turn.audio_key = row.audio_url.value;
  if (row.audio_format.has_value()) turn.audio_format = row.audio_format.value;
  if (row.audio_size_bytes.has_value()) turn.audio_size_bytes = row.audio_size_bytes.value;
  if (row.analysis_result.has_value()) {
    auto analysis = json::AnalysisFromJson(Parse(row.analysis_result.value));
    if (!analysis.ok()) return analysis.error();
    turn.analysis = std::move(*analysis);
  }
  if (row.error_code.has_value()) {
    turn.error = base::Error{base::ErrorCodeFromName(row.error_code.value),
                             row.error_message.has_value() ? row.error_message.value : std::string()};
  }
  turn.created_at_ms = row.created_at;
  if (row.completed_at.has_value()) turn.completed_at_ms = row.completed_at.value;
  return turn;
}

void UseAll(const TurnRow& row, Statement& statement) {
  VisitAll(row, [&](const char* name, const auto& value) { statement.Use(name, value); });
}

}  // namespace

SqlTurnRepository::SqlTurnRepository(ConnectionPool& pool, const Dialect& dialect)
    : pool_(pool),
      insert_text_(InsertTurnText(dialect)),
      update_text_(UpdateTurnText(dialect)),
      select_text_(SelectTurnsText(dialect)) {}

base::Status SqlTurnRepository::Add(const model::Turn& turn) {
  const TurnRow row = ToRow(turn);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, insert_text_);
    UseAll(row, statement);
    statement.Execute();
    return {};
  });
}

base::Result<std::vector<model::Turn>> SqlTurnRepository::Of(std::string_view session_id) {
  const std::string wanted(session_id);
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::Turn>> {
    TurnRow row;
    Statement statement(sql, select_text_);
    VisitStored(row, [&](const char*, auto& value) { statement.Into(value); });
    statement.Use("wanted", wanted);
    std::vector<model::Turn> turns;
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      auto turn = FromRow(row);
      if (!turn.ok()) return turn.error();
      turns.push_back(std::move(*turn));
    }
    return turns;
  });
}

base::Status SqlTurnRepository::Update(const model::Turn& turn) {
  const TurnRow row = ToRow(turn);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, update_text_);
    UseAll(row, statement);
    statement.Use("of_session", row.session_id).Use("of_turn", row.turn);
    if (statement.ExecuteForCount() == 0) return {base::ErrorCode::kNotFound, "no such turn"};
    return {};
  });
}

}  // namespace speechcoach::storage
