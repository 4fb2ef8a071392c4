// Reading the fields of a JSON object that a client sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace speechcoach::api {

// One field: absent (or null), there and good, or there and of another kind.
template <typename T>
struct Field {
  std::optional<T> value;
  bool is_wrong = false;
};

Field<std::string> TextField(const boost::json::object& object, std::string_view name, std::size_t max_bytes);
Field<std::int64_t> IntegerField(const boost::json::object& object, std::string_view name);  // whole numbers, 1.0 too
Field<bool> BoolField(const boost::json::object& object, std::string_view name);

}  // namespace speechcoach::api
