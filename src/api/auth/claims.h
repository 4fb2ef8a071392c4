// Claims of a verified token, read strictly: one of another type counts as missing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "model/people.h"

namespace speechcoach::api {

std::string TextClaim(const boost::json::object& claims, std::string_view name);                  // empty where missing
std::optional<std::int64_t> TimeClaim(const boost::json::object& claims, std::string_view name);  // seconds since the epoch
std::optional<model::Role> RoleClaim(const boost::json::object& claims);

// Why the token may not be used now, or nothing. `skew_s` is allowed on both sides. A token without `exp` may not.
std::string_view FaultOfTimes(const boost::json::object& claims, std::int64_t now_s, std::int64_t skew_s);

}  // namespace speechcoach::api
