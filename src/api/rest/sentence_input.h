// Sentences that a teacher writes or imports.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/json.hpp>

#include "api/rest/line_problem.h"
#include "model/classes.h"
#include "model/people.h"

namespace speechcoach::api {

inline constexpr std::size_t kMostImportedRows = 1000;

// The sentence, or the name of the first field that is missing or cannot be.
std::variant<model::Sentence, std::string> SentenceFrom(const boost::json::object& body);

// A table with a first line that names its columns, in any order and case: text and level, and as one likes text_vi, topic, focus_sounds (apart by
// spaces). All rows, or what is wrong in each of them.
std::variant<std::vector<model::Sentence>, LineErrors> SentencesFromCsv(std::string_view text);

// The same with the columns email and name, and as one likes child: "yes", or "consented" where the school holds a guardian's consent.
std::variant<std::vector<model::ClassInvitation>, LineErrors> RosterFromCsv(std::string_view text);

}  // namespace speechcoach::api
