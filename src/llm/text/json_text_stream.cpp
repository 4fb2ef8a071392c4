#include "llm/text/json_text_stream.h"

#include <cctype>
#include <cstdlib>

namespace speechcoach::llm {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr unsigned kReplacement = 0xFFFD;

}  // namespace

JsonTextStream::JsonTextStream(std::string_view path) {
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    path_.emplace_back(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
}

std::string JsonTextStream::Feed(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    if (is_broken_) break;
    if (text_ == Text::kNone) {
      TakeOutside(c);
    } else if (escape_ > 0) {
      TakeEscape(c, out);
    } else {
      TakeInString(c, out);
    }
  }
  return out;
}

void JsonTextStream::TakeOutside(char c) {
  switch (c) {
    case '{':
    case '[':
      is_broken_ = open_.size() >= kMaxDepth;
      open_.push_back({c == '{', c == '{', {}});
      break;
    case '}':
    case ']':
      is_broken_ = open_.empty() || open_.back().is_object != (c == '}');
      if (!is_broken_) open_.pop_back();
      break;
    case ',':
      if (!open_.empty()) open_.back().expects_key = open_.back().is_object;
      break;
    case '"':
      if (!open_.empty() && open_.back().expects_key) {
        open_.back().key.clear();
        open_.back().expects_key = false;
        text_ = Text::kKey;
      } else {
        text_ = IsAtPath() ? Text::kWanted : Text::kOther;
      }
      break;
    default:
      break;
  }
}

bool JsonTextStream::IsAtPath() const {
  if (open_.size() != path_.size()) return false;
  for (std::size_t i = 0; i < path_.size(); ++i) {
    if (!open_[i].is_object || open_[i].key != path_[i]) return false;
  }
  return true;
}

void JsonTextStream::TakeInString(char c, std::string& out) {
  if (c == '\\') {
    escape_ = 1;
  } else if (c == '"') {
    if (high_surrogate_ != 0) PutCodePoint(kReplacement, out);
    high_surrogate_ = 0;
    text_ = Text::kNone;
  } else {
    Put({&c, 1}, out);
  }
}

void JsonTextStream::TakeEscape(char c, std::string& out) {
  if (escape_ == 1) {
    constexpr std::string_view kNames = "bfnrt";
    constexpr std::string_view kMeanings = "\b\f\n\r\t";
    if (c == 'u') {
      escape_ = 2;
      unit_ = 0;
      return;
    }
    escape_ = 0;
    const std::size_t name = kNames.find(c);
    Put(name == std::string_view::npos ? std::string_view(&c, 1) : kMeanings.substr(name, 1), out);
    return;
  }
  if (std::isxdigit(static_cast<unsigned char>(c)) == 0) {
    is_broken_ = true;
    return;
  }
  const char digit[] = {c, '\0'};
  unit_ = unit_ * 16 + static_cast<unsigned>(std::strtoul(digit, nullptr, 16));
  if (++escape_ <= 5) return;
  escape_ = 0;
  const bool is_high = unit_ >= 0xD800 && unit_ < 0xDC00;
  const bool is_low = unit_ >= 0xDC00 && unit_ < 0xE000;
  if (is_high) {
    if (high_surrogate_ != 0) PutCodePoint(kReplacement, out);
    high_surrogate_ = unit_;
  } else if (is_low) {
    PutCodePoint(high_surrogate_ == 0 ? kReplacement : 0x10000 + ((high_surrogate_ - 0xD800) << 10) + (unit_ - 0xDC00), out);
    high_surrogate_ = 0;
  } else {
    if (high_surrogate_ != 0) PutCodePoint(kReplacement, out);
    high_surrogate_ = 0;
    PutCodePoint(unit_, out);
  }
}

void JsonTextStream::Put(std::string_view bytes, std::string& out) {
  if (high_surrogate_ != 0) {
    high_surrogate_ = 0;
    PutCodePoint(kReplacement, out);
  }
  if (text_ == Text::kKey) open_.back().key += bytes;
  if (text_ == Text::kWanted) out += bytes;
}

void JsonTextStream::PutCodePoint(unsigned code_point, std::string& out) {
  std::string bytes;
  const auto put = [&](unsigned value) { bytes += static_cast<char>(value); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
  if (text_ == Text::kKey) open_.back().key += bytes;
  if (text_ == Text::kWanted) out += bytes;
}

}  // namespace speechcoach::llm
