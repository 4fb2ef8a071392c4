#include "api/fields.h"

namespace speechcoach::api {
namespace {

const boost::json::value* Present(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains({name.data(), name.size()});
  return value != nullptr && !value->is_null() ? value : nullptr;
}

}  // namespace

Field<std::string> TextField(const boost::json::object& object, std::string_view name, std::size_t max_bytes) {
  const boost::json::value* value = Present(object, name);
  if (value == nullptr) return {};
  if (!value->is_string() || value->get_string().size() > max_bytes) return {{}, true};
  return {std::string(value->get_string()), false};
}

Field<std::int64_t> IntegerField(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = Present(object, name);
  if (value == nullptr) return {};
  boost::system::error_code fault;
  const auto number = value->to_number<std::int64_t>(fault);
  return fault ? Field<std::int64_t>{{}, true} : Field<std::int64_t>{number, false};
}

Field<bool> BoolField(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = Present(object, name);
  if (value == nullptr) return {};
  if (!value->is_bool()) return {{}, true};
  return {value->get_bool(), false};
}

}  // namespace speechcoach::api
