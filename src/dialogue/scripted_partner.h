// The partner that follows a topic's tree. Needs no network.
#pragma once

#include "dialogue/dialogue_partner.h"

namespace speechcoach::dialogue {

// A turn without words is answered by the same question once more, in the words of A1.
class ScriptedPartner final : public DialoguePartner {
 public:
  base::Result<CoachTurn> Begin(DialogueState& state) override;
  base::Result<CoachTurn> Reply(DialogueState& state, std::string_view heard) override;
};

}  // namespace speechcoach::dialogue
