#include "queue/celery/python_repr.h"

#include <string_view>

#include <fmt/format.h>

namespace speechcoach::queue::celery {
namespace {

namespace bj = boost::json;

class Writer {
 public:
  explicit Writer(std::size_t max_size) : max_size_(max_size) {}

  void Value(const bj::value& value) {
    if (text_.size() > max_size_) return;
    switch (value.kind()) {
      case bj::kind::null:
        text_ += "None";
        break;
      case bj::kind::bool_:
        text_ += value.get_bool() ? "True" : "False";
        break;
      case bj::kind::string:
        String(value.get_string());
        break;
      case bj::kind::double_:
        Double(value.get_double());
        break;
      case bj::kind::array:
        List(value.get_array(), '[', ']');
        break;
      case bj::kind::object:
        Dict(value.get_object());
        break;
      default:
        text_ += bj::serialize(value);
    }
  }

  void List(const bj::array& values, char open, char close) {
    text_ += open;
    bool first = true;
    for (const bj::value& item : values) {
      if (!first) text_ += ", ";
      first = false;
      Value(item);
    }
    if (open == '(' && values.size() == 1) text_ += ',';
    text_ += close;
  }

  std::string Take() {
    if (text_.size() <= max_size_) return std::move(text_);
    std::size_t end = max_size_;
    while (end > 0 && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) --end;  // never half a character
    return text_.substr(0, end) + "...";
  }

 private:
  void String(std::string_view value) {
    const char quote = value.find('\'') != std::string_view::npos && value.find('"') == std::string_view::npos ? '"' : '\'';
    text_ += quote;
    for (const char c : value) {
      if (c == quote || c == '\\') {
        text_ += '\\';
        text_ += c;
      } else if (c == '\n') {
        text_ += "\\n";
      } else if (c == '\r') {
        text_ += "\\r";
      } else if (c == '\t') {
        text_ += "\\t";
      } else if (static_cast<unsigned char>(c) < 0x20) {
        text_ += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
      } else {
        text_ += c;
      }
    }
    text_ += quote;
  }

  void Double(double value) {
    const std::string digits = fmt::format("{}", value);
    text_ += digits;
    if (digits.find_first_of(".en") == std::string::npos) text_ += ".0";
  }

  void Dict(const bj::object& object) {
    text_ += '{';
    bool first = true;
    for (const auto& [key, value] : object) {
      if (!first) text_ += ", ";
      first = false;
      String(key);
      text_ += ": ";
      Value(value);
    }
    text_ += '}';
  }

  const std::size_t max_size_;
  std::string text_;
};

}  // namespace

std::string PythonRepr(const bj::value& value, std::size_t max_size) {
  Writer writer(max_size);
  writer.Value(value);
  return writer.Take();
}

std::string PythonReprTuple(const bj::array& values, std::size_t max_size) {
  Writer writer(max_size);
  writer.List(values, '(', ')');
  return writer.Take();
}

}  // namespace speechcoach::queue::celery
