// All answers of a conversation as one analysis: what the session's row holds.
#pragma once

#include <optional>
#include <span>

#include "model/conversation.h"

namespace speechcoach::pipeline {

// Words and sounds of all answers one after the other, as if they were one recording; scores, ratings and confidence are means weighted
// by the answers' lengths; the voice's figures and the feedback are those of the newest answer. Nothing where no answer was analysed.
std::optional<model::Analysis> SumUp(std::span<const model::Turn> turns);

}  // namespace speechcoach::pipeline
