// Progress <-> JSON.
#pragma once

#include <cstdint>
#include <string>

#include <boost/json.hpp>

#include "model/progress.h"

namespace speechcoach::json {

boost::json::object ToJson(const model::Contribution& contribution);
model::Contribution ContributionFromJson(const boost::json::value& value);  // throws where it is none

boost::json::object ToJson(const model::WeakAreas& areas);
boost::json::object ToJson(const model::SkillMeans& means);  // two decimals

std::string FormatDate(std::int64_t day);  // "2026-11-22" for days since 1970-01-01

}  // namespace speechcoach::json
