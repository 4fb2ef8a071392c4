#include "json/json_slices.h"

#include <algorithm>

namespace speechcoach::json {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool Take(char wanted) {
    SkipSpace();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  // Up to the character that ends it, which is left; nothing where the text ends within.
  std::optional<std::string_view> TakeValue() {
    SkipSpace();
    const std::size_t begin = at_;
    for (int depth = 0; at_ < text_.size(); ++at_) {
      switch (text_[at_]) {
        case '"':
          if (!SkipString()) return std::nullopt;
          break;
        case '{':
        case '[':
          ++depth;
          break;
        case ',':
          if (depth == 0) return Trimmed(begin);
          break;
        case '}':
        case ']':
          if (depth-- == 0) return Trimmed(begin);
          break;
        default:
          break;
      }
    }
    return std::nullopt;
  }

  std::optional<std::string_view> TakeKey() {
    if (!Take('"')) return std::nullopt;
    const std::size_t begin = at_;
    const std::size_t end = text_.find('"', begin);
    if (end == std::string_view::npos) return std::nullopt;
    at_ = end + 1;
    return text_.substr(begin, end - begin);
  }

  bool is_over() {
    SkipSpace();
    return at_ == text_.size();
  }

 private:
  void SkipSpace() { at_ = std::min(text_.find_first_not_of(kSpace, at_), text_.size()); }

  // From one quote to the other, where it stays.
  bool SkipString() {
    while (true) {
      at_ = text_.find_first_of("\"\\", at_ + 1);
      if (at_ == std::string_view::npos) return false;
      if (text_[at_] == '"') return true;
      ++at_;
    }
  }

  std::string_view Trimmed(std::size_t begin) const {
    const std::string_view value = text_.substr(begin, at_ - begin);
    return value.substr(0, value.find_last_not_of(kSpace) + 1);
  }

  const std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string_view Slices::Get(std::string_view key) const {
  const auto found = std::ranges::find(members_, key, [](const auto& member) { return member.first; });
  return found != members_.end() ? found->second : "null";
}

std::optional<Slices> SlicesOf(std::string_view object) {
  Scanner scanner(object);
  std::vector<std::pair<std::string_view, std::string_view>> members;
  if (!scanner.Take('{')) return std::nullopt;
  if (!scanner.Take('}')) {
    do {
      const auto key = scanner.TakeKey();
      if (!key || !scanner.Take(':')) return std::nullopt;
      const auto value = scanner.TakeValue();
      if (!value || value->empty()) return std::nullopt;
      members.emplace_back(*key, *value);
    } while (scanner.Take(','));
    if (!scanner.Take('}')) return std::nullopt;
  }
  if (!scanner.is_over()) return std::nullopt;
  return Slices(std::move(members));
}

}  // namespace speechcoach::json
