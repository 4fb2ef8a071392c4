// Sessions as routes read and answer them: for their learner, and for a teacher.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/rest/rest_context.h"
#include "base/result.h"
#include "model/conversation.h"
#include "pipeline/audio_source.h"
#include "storage/repositories.h"

namespace speechcoach::api {

// As base::NewUuid makes them.
bool IsUuid(std::string_view text);

// The id in the path; what is no id is answered like an unknown one. These tell the client where they answer nothing.
std::optional<std::string> SessionIdOf(const Call& call);
// limit, cursor, mode, status, from and to of the query.
std::optional<storage::SessionFilter> SessionFilterOf(const Call& call);

// `turn` of the query, or nothing; false where it is not valid: the client has been told.
bool ReadTurn(const Call& call, std::optional<int>& turn);

// All of one session as JSON, with its turns where it is a conversation.
base::Result<std::string> WholeText(const storage::StoredSession& stored, const base::Result<std::vector<model::Turn>>& turns);
void SendWhole(const Call& call, const storage::StoredSession& stored, const base::Result<std::vector<model::Turn>>& turns);
void SendPage(const Call& call, const base::Result<storage::SummaryPage>& page);
// The recording, or the range of it that was asked for.
void SendRecording(const Call& call, base::Result<pipeline::Recording> recording);

}  // namespace speechcoach::api
