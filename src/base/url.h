// Addresses in settings.
#pragma once

#include <string>
#include <string_view>

namespace speechcoach::base {

// For logs and messages: SCHEME://HOST... without user, password and options. What holds no "://" comes back as it is.
std::string WithoutCredentials(std::string_view url);

}  // namespace speechcoach::base
