// Members of a JSON object as Python writes them: null and absent are the same, and so is what has another type.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace speechcoach::queue::celery {

// Null where it is absent or null.
inline const boost::json::value* Find(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

// Empty where it is no text.
inline std::string Text(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = Find(object, key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

inline std::optional<double> Number(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = Find(object, key);
  return value != nullptr && value->is_number() ? std::optional(value->to_number<double>()) : std::nullopt;
}

}  // namespace speechcoach::queue::celery
