// Plain data <-> JSON: the only place that spells the keys of the wire and of the database's JSON columns.
// contract/ describes the same shapes for clients.
#pragma once

#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "base/result.h"
#include "json/pronunciation_json.h"
#include "json/prosody_json.h"
#include "model/conversation.h"
#include "model/people.h"
#include "model/session.h"
#include "model/session_summary.h"

namespace speechcoach::json {

boost::json::object ToJson(const model::Word& word);
boost::json::object ToJson(const model::Scores& scores);
boost::json::object ToJson(const model::DetailedFeedback& detailed);
boost::json::object ToJson(const model::Feedback& feedback);
boost::json::object ToJson(const model::StageTimes& times);
boost::json::object ToJson(const model::Sentence& sentence);
boost::json::array ToJson(const std::vector<model::Word>& words);
boost::json::object ToJson(const model::Transcript& transcript);
model::Transcript TranscriptFromJson(const boost::json::value& value);  // throws std::exception where it is none
boost::json::array ToJson(const std::vector<model::StageFailure>& failures);

// {code, message, retryable}; the message is the learner's, in `locale`.
boost::json::object ToJson(const base::Error& error, model::Locale locale);

// What speech_practice_sessions.analysis_result holds and `analyze --json` prints.
boost::json::object ToJson(const model::Analysis& analysis);
base::Result<model::Analysis> AnalysisFromJson(const boost::json::value& value);  // kInternal where it is not one

// A session as the REST API shows it.
boost::json::object ToJson(const model::Session& session);
// The part of it that neither its recording nor its analysis says.
boost::json::object SessionHead(const model::Session& session);
// As a list shows it.
boost::json::object ToJson(const model::SessionSummary& summary);

// What a coach says.
boost::json::object ToJson(const model::CoachTurn& coach);
model::CoachTurn CoachTurnFromJson(const boost::json::value& value);  // throws std::exception where it is none

// A turn of a conversation as the REST API shows it; the answer's error in `locale`.
boost::json::object ToJson(const model::Turn& turn, model::Locale locale);

std::string_view Name(model::Role role);  // "learner", "teacher", "admin"

}  // namespace speechcoach::json
