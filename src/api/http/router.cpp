#include "api/http/router.h"

#include <algorithm>
#include <optional>

namespace speechcoach::api {
namespace {

struct PathMatch {
  std::map<std::string, std::string> params;
  int fixed_segments = 0;
};

std::string_view NextSegment(std::string_view& rest) {
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, slash);
  rest.remove_prefix(std::min(slash + 1, rest.size()));
  return segment;
}

std::optional<PathMatch> MatchPath(std::string_view pattern, std::string_view path) {
  if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/')) return std::nullopt;
  PathMatch match;
  while (!pattern.empty() || !path.empty()) {
    const std::string_view expected = NextSegment(pattern);
    const std::string_view segment = NextSegment(path);
    if (expected.starts_with('{') && expected.ends_with('}')) {
      if (segment.empty()) return std::nullopt;
      match.params.emplace(expected.substr(1, expected.size() - 2), segment);
    } else if (expected == segment) {
      ++match.fixed_segments;
    } else {
      return std::nullopt;
    }
  }
  return match;
}

}  // namespace

RouteMatch Router::Find(Method method, std::string_view path) const {
  RouteMatch found;
  int most = -1;
  for (const Route& route : routes_) {
    auto match = MatchPath(route.pattern, path);
    if (!match || match->fixed_segments < most) continue;
    if (match->fixed_segments > most) {
      most = match->fixed_segments;
      found = {};
    }
    found.allowed.push_back(route.method);
    if (route.method == Method::kGet) found.allowed.push_back(Method::kHead);
    if (route.method == method || (method == Method::kHead && route.method == Method::kGet)) {
      found.route = &route;
      found.params = std::move(match->params);
    }
  }
  return found;
}

}  // namespace speechcoach::api
