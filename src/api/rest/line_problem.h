// What is wrong in a table that somebody sent, line by line.
#pragma once

#include <string>
#include <vector>

#include "api/http/message.h"
#include "api/rest/problem.h"

namespace speechcoach::api {

struct LineError {
  int line = 0;       // from 1
  std::string field;  // the column's name, or "csv", "header", "rows"
};
using LineErrors = std::vector<LineError>;

// A bad_field problem for the field `csv` with an `errors` list, each in words for the teacher.
Response MakeLineProblem(const LineErrors& errors, ProblemContext context);

}  // namespace speechcoach::api
