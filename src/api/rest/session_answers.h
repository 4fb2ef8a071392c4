// Sessions as routes read and answer them: for their learner, and for a teacher.
#pragma once

#include <optional>
#include <string>

#include "api/rest/rest_context.h"
#include "base/result.h"
#include "pipeline/audio_source.h"
#include "storage/repositories.h"

namespace speechcoach::api {

// The id in the path; what is no id is answered like an unknown one. These tell the client where they answer nothing.
std::optional<std::string> SessionIdOf(const Call& call);
// limit, cursor, mode, status, from and to of the query.
std::optional<storage::SessionFilter> SessionFilterOf(const Call& call);

void SendPage(const Call& call, const base::Result<storage::SessionPage>& page);
// The recording, or the range of it that was asked for.
void SendRecording(const Call& call, base::Result<pipeline::Recording> recording);

}  // namespace speechcoach::api
