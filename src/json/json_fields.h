// Reading and writing single fields, for the files of this room.
#pragma once

#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <boost/json.hpp>

namespace speechcoach::json {

namespace bj = boost::json;

// JSON has no NaN and no infinity, and a client that meets one cannot read the rest.
inline double Finite(double value) { return std::isfinite(value) ? value : 0.0; }

inline bj::value OrNull(const std::optional<double>& value) { return value ? bj::value(Finite(*value)) : bj::value(nullptr); }

// Readers throw std::exception on a missing key or a wrong type; AnalysisFromJson turns that into an Error.
inline const bj::value& At(const bj::value& value, std::string_view key) { return value.as_object().at(key); }
inline double Number(const bj::value& value, std::string_view key) { return At(value, key).to_number<double>(); }
inline int Integer(const bj::value& value, std::string_view key) { return At(value, key).to_number<int>(); }
inline bool Bool(const bj::value& value, std::string_view key) { return At(value, key).as_bool(); }
inline std::string Text(const bj::value& value, std::string_view key) { return std::string(At(value, key).as_string()); }

inline std::optional<double> NumberOrNull(const bj::value& value, std::string_view key) {
  const bj::value& item = At(value, key);
  return item.is_null() ? std::nullopt : std::optional(item.to_number<double>());
}

inline std::vector<std::string> Texts(const bj::value& value, std::string_view key) {
  std::vector<std::string> texts;
  for (const bj::value& item : At(value, key).as_array()) texts.emplace_back(item.as_string());
  return texts;
}

inline bj::array ToArray(const std::vector<std::string>& texts) {
  bj::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

template <typename Enum>
Enum ByName(std::string_view name, int count, std::string_view (*name_of)(Enum)) {
  for (int i = 0; i < count; ++i) {
    if (name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  throw std::invalid_argument(fmt::format("unknown name '{}'", name));
}

}  // namespace speechcoach::json
