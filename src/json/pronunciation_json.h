// The pronunciation report on the wire.
#pragma once

#include <vector>

#include <boost/json.hpp>

#include "model/pronunciation_report.h"

namespace speechcoach::json {

boost::json::object ToJson(const model::PronunciationReport& report);
boost::json::array ToJson(const std::vector<model::Miscue>& miscues);

// Throw std::exception where `value` is of another shape.
model::PronunciationReport PronunciationFromJson(const boost::json::value& value);
std::vector<model::Miscue> MiscuesFromJson(const boost::json::value& value);

std::string_view Name(model::MiscueKind kind);  // "omitted", "inserted", "replaced", "repeated"

}  // namespace speechcoach::json
