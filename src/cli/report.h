// An analysis as text for a person.
#pragma once

#include <string>

#include "model/session.h"

namespace speechcoach::cli {

struct ReportOptions {
  model::Locale locale = model::Locale::kVi;
  bool with_colours = false;   // words and scores coloured by how good they are; the text says the same without
  std::string reference_text;  // empty: free conversation
};

std::string FormatReport(const model::Analysis& analysis, const ReportOptions& options);

}  // namespace speechcoach::cli
