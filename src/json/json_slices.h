// The members of a JSON object as pieces of its text.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace speechcoach::json {

// Points into the text it was made of.
class Slices {
 public:
  explicit Slices(std::vector<std::pair<std::string_view, std::string_view>> members) : members_(std::move(members)) {}

  // The text of the member's value; "null" where there is none.
  std::string_view Get(std::string_view key) const;

 private:
  std::vector<std::pair<std::string_view, std::string_view>> members_;
};

// For text that a JSON library wrote: where members begin and end is looked at, whether their values are JSON is not. Keys have no escapes.
// Nothing where the text is no object.
std::optional<Slices> SlicesOf(std::string_view object);

}  // namespace speechcoach::json
