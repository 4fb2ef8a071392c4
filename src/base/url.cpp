#include "base/url.h"

namespace speechcoach::base {

std::string WithoutCredentials(std::string_view url) {
  constexpr std::string_view kSeparator = "://";
  const std::size_t scheme = url.find(kSeparator);
  if (scheme == std::string_view::npos) return std::string(url);
  const std::size_t after_scheme = scheme + kSeparator.size();
  std::string_view rest = url.substr(after_scheme);
  rest = rest.substr(0, rest.find('?'));
  // The last @: one in a password that was not encoded must not reveal the part behind it.
  const std::size_t at = rest.rfind('@');
  if (at != std::string_view::npos) rest = rest.substr(at + 1);
  return std::string(url.substr(0, after_scheme)) + std::string(rest);
}

}  // namespace speechcoach::base
