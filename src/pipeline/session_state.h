// How a session may stand, and what may follow: its allowed moves, in one table.
#pragma once

#include "model/conversation.h"
#include "model/session.h"

namespace speechcoach::pipeline {

// How an analysis leaves its session: completed, or degraded.
model::SessionStatus StatusOf(const model::Analysis& analysis);

// How the session stands when its next recording does not come: a conversation as its answers left it (`newest`: the newest of them,
// null where there is none), anything else abandoned.
model::SessionStatus StatusWithoutMore(const model::Session& session, const model::Turn* newest);

// created -> recording -> processing -> completed | degraded | failed; recording <-> interrupted -> abandoned;
// awaiting_audio (the upload failed) -> processing; a retry takes degraded and failed back to processing, and with `full`
// completed too. In a conversation the next turn leads from completed, degraded, failed and awaiting_audio to recording, and a turn that
// is given up back to how the turns before it ended.
bool MayMove(model::SessionStatus from, model::SessionStatus to);

}  // namespace speechcoach::pipeline
