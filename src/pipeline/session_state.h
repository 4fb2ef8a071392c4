// The allowed moves of a session, in one table.
#pragma once

#include "model/session.h"

namespace speechcoach::pipeline {

// created -> recording -> processing -> completed | degraded | failed; recording <-> interrupted -> abandoned;
// awaiting_audio (the upload failed) -> processing; a retry takes degraded and failed back to processing, and with `full`
// completed too. In a conversation the next turn leads from completed, degraded, failed and awaiting_audio to recording, and a turn that
// is given up back to how the turns before it ended.
bool MayMove(model::SessionStatus from, model::SessionStatus to);

}  // namespace speechcoach::pipeline
