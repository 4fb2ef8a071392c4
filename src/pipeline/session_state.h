// The allowed moves of a session, in one table.
#pragma once

#include "model/session.h"

namespace speechcoach::pipeline {

// created -> recording -> processing -> completed | degraded | failed; recording <-> interrupted -> abandoned;
// awaiting_audio (the upload failed) -> processing; a retry takes degraded and failed back to processing, and with `full`
// completed too.
bool MayMove(model::SessionStatus from, model::SessionStatus to);

}  // namespace speechcoach::pipeline
