// A language model's answer as data.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/scores.h"
#include "scoring/fact_sheet.h"

namespace speechcoach::advice {

struct Answer {
  model::Feedback feedback;  // talk, strengths and improvements as the model wrote them: figures' names still in braces
  std::optional<model::Scores> scores;  // its own opinion; absent where the answer was cut before it: nobody is shown it
};

// Exactly the schema's members and types; a fence of backquotes around the document is overlooked.
// Errors: kBadJson, with the fault in a sentence for the model.
base::Result<Answer> ParseAnswer(std::string_view text);

// The figures' names in `text` replaced by their values. A name that is not known stays as it is.
std::string FillFigures(std::string_view text, const scoring::FactSheet& facts);

}  // namespace speechcoach::advice
