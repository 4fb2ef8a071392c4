// Reading JSON of others: what is missing or of another type is empty, never an exception.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace speechcoach::llm {

// nullopt where it is no JSON object.
std::optional<boost::json::object> ParseObject(std::string_view text);

const boost::json::value* Member(const boost::json::object& object, std::string_view key);
const boost::json::object* ObjectMember(const boost::json::object& object, std::string_view key);
const boost::json::array* ArrayMember(const boost::json::object& object, std::string_view key);
const boost::json::object* FirstObject(const boost::json::array* array);
std::string TextMember(const boost::json::object& object, std::string_view key);
int IntMember(const boost::json::object& object, std::string_view key);  // 0 where missing, negative or too large

// Merges objects member by member; any other value of `extra` replaces.
void Merge(boost::json::object& into, const boost::json::object& extra);

}  // namespace speechcoach::llm
