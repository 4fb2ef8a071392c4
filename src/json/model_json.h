// Plain data <-> JSON: the only place that spells the keys of the wire and of the database's JSON columns.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.h"
#include "model/people.h"
#include "model/session.h"

namespace speechcoach::json {

boost::json::object ToJson(const model::Word& word);
boost::json::object ToJson(const model::Scores& scores);
boost::json::object ToJson(const model::Feedback& feedback);
boost::json::object ToJson(const model::DetailedFeedback& detailed);
boost::json::object ToJson(const model::ProsodyReport& report);
boost::json::object ToJson(const model::Sentence& sentence);
boost::json::object ToJson(const model::StageTimes& times);

// What speech_practice_sessions.analysis_result holds and `analyze --json` prints: transcript, prosody_features, scores,
// feedback, miscues, degraded_mode, failures, times.
boost::json::object ToJson(const model::Analysis& analysis);
base::Result<model::Analysis> AnalysisFromJson(const boost::json::value& value);  // kInternal where it is not one
base::Result<model::ProsodyReport> ProsodyFromJson(const boost::json::value& value);

// A session as the REST API shows it. `locale` chooses the language of an error's message.
boost::json::object ToJson(const model::Session& session);

}  // namespace speechcoach::json
