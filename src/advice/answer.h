// A language model's answer as data.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "scoring/fact_sheet.h"

namespace speechcoach::advice {

// One point in the model's words: figures' names still in braces.
struct Answer {
  std::string say;
  std::string item;  // the same for a list
};

// Exactly the schema's members and types; a fence of backquotes around the document is overlooked.
// Errors: kBadJson, with the fault in a sentence for the model.
base::Result<Answer> ParseAnswer(std::string_view text);

// The figures' names in `text` replaced by their values. A name that is not known stays as it is.
std::string FillFigures(std::string_view text, const scoring::FactSheet& facts);

}  // namespace speechcoach::advice
