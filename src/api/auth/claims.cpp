#include "api/auth/claims.h"

#include "json/model_json.h"

namespace speechcoach::api {

std::string TextClaim(const boost::json::object& claims, std::string_view name) {
  const boost::json::value* value = claims.if_contains({name.data(), name.size()});
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<std::int64_t> TimeClaim(const boost::json::object& claims, std::string_view name) {
  const boost::json::value* value = claims.if_contains({name.data(), name.size()});
  if (value == nullptr || !value->is_number()) return std::nullopt;
  boost::system::error_code fault;
  // A NumericDate may have a fraction (RFC 7519, 2).
  const double seconds = value->to_number<double>(fault);
  if (fault || !(seconds > -1e12 && seconds < 1e12)) return std::nullopt;
  return static_cast<std::int64_t>(seconds);
}

std::optional<model::Role> RoleClaim(const boost::json::object& claims) {
  const std::string name = TextClaim(claims, "role");
  for (const model::Role role : {model::Role::kLearner, model::Role::kTeacher, model::Role::kAdmin}) {
    if (json::Name(role) == name) return role;
  }
  return std::nullopt;
}

std::string_view FaultOfTimes(const boost::json::object& claims, std::int64_t now_s, std::int64_t skew_s) {
  const auto expires = TimeClaim(claims, "exp");
  if (!expires || *expires + skew_s <= now_s) return "expired";
  for (const char* name : {"nbf", "iat"}) {
    if (claims.contains(name) && (!TimeClaim(claims, name) || *TimeClaim(claims, name) - skew_s > now_s)) return "not valid yet";
  }
  return {};
}

}  // namespace speechcoach::api
