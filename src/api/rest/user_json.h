// Users and their settings <-> JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "model/people.h"

namespace speechcoach::api {

boost::json::object UserJson(const model::User& user);  // id, name, role
boost::json::object ToJson(const model::LearnerSettings& settings);
boost::json::object MeJson(const model::User& user, const model::LearnerSettings& settings);  // as the user sees it

// A person's name: UTF-8 without control characters, at most 80 characters.
bool IsName(std::string_view name);
bool IsPassword(std::string_view password);  // 8..256 bytes of UTF-8

std::optional<model::Role> RoleFromName(std::string_view name);

// Takes over the members that `body` has; answers the name of the first that cannot be, or nothing.
std::string ReadInto(const boost::json::object& body, model::LearnerSettings& settings);

}  // namespace speechcoach::api
