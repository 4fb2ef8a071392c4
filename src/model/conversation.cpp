#include "model/conversation.h"

namespace speechcoach::model {

std::string_view Name(Correction::Kind kind) { return kind == Correction::Kind::kGrammar ? "grammar" : "vocabulary"; }

}  // namespace speechcoach::model
