// One string of a JSON document, readable while the document still comes in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::llm {

// Follows the document character by character; needs memory for the keys on the way only. What is no JSON yields no text.
// Not thread-safe.
class JsonTextStream {
 public:
  // `path`: member names from the outermost object to the string, joined by dots: "feedback.conversational".
  explicit JsonTextStream(std::string_view path);

  // The part of the string, unescaped, that `bytes` brings.
  std::string Feed(std::string_view bytes);

 private:
  enum class Text { kNone, kKey, kWanted, kOther };
  struct Container {
    bool is_object = false;
    bool expects_key = false;
    std::string key;
  };

  void TakeOutside(char c);
  void TakeInString(char c, std::string& out);
  void TakeEscape(char c, std::string& out);
  void Put(std::string_view bytes, std::string& out);
  void PutCodePoint(unsigned code_point, std::string& out);
  bool IsAtPath() const;

  std::vector<std::string> path_;
  std::vector<Container> open_;
  Text text_ = Text::kNone;
  int escape_ = 0;  // 0: none, 1: after a backslash, 2..5: hexadecimal digits to come
  unsigned unit_ = 0;
  unsigned high_surrogate_ = 0;
  bool is_broken_ = false;
};

}  // namespace speechcoach::llm
