// What a Redis server answers, as a value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace speechcoach::redis {

struct Reply {
  enum class Kind { kNil, kInteger, kText, kArray, kError };

  Kind kind = Kind::kNil;
  std::int64_t integer = 0;
  std::string text;  // of a string, a status or an error
  std::vector<Reply> items;

  bool is_nil() const { return kind == Kind::kNil; }
  bool is_error() const { return kind == Kind::kError; }
  bool is_text() const { return kind == Kind::kText; }
  bool is_array() const { return kind == Kind::kArray; }
};

}  // namespace speechcoach::redis
