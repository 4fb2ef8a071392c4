// model::ProsodyReport <-> JSON (`prosody_features`).
#pragma once

#include <boost/json.hpp>

#include "model/prosody_report.h"

namespace speechcoach::json {

boost::json::object ToJson(const model::ProsodyReport& report);
// With the level's contour as well, for those who go on measuring.
boost::json::object ToWholeJson(const model::ProsodyReport& report);
// Reads both. Fields that earlier versions did not write may be missing. Throws std::exception where `value` is no report.
model::ProsodyReport ProsodyFromJson(const boost::json::value& value);

}  // namespace speechcoach::json
