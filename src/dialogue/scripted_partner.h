// The partner that follows a topic's tree. Needs no network.
#pragma once

#include "dialogue/dialogue_partner.h"

namespace speechcoach::dialogue {

// A turn without words is answered by the same question once more, in the words of A1.
class ScriptedPartner final : public DialoguePartner {
 public:
  base::Result<CoachTurn> Begin(DialogueState& state, std::stop_token stop = {}) override;
  base::Result<CoachTurn> Reply(DialogueState& state, std::string_view heard, std::stop_token stop = {}) override;
};

}  // namespace speechcoach::dialogue
