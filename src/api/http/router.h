// Method and path -> handler.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/message.h"

namespace speechcoach::api {

// Runs on the work pool and may block; answers through `reply`, then or later.
using Handler = std::function<void(const std::shared_ptr<const Request>& request, const Reply& reply)>;

struct Route {
  Method method = Method::kGet;
  std::string pattern;  // "/sentences/{id}": a name in braces takes one whole segment
  Handler handler;
  std::size_t max_body_bytes = 64 * 1024;
  bool takes_audio = false;  // a body above the limit is then audio_too_large
};

struct RouteMatch {
  const Route* route = nullptr;  // null: nothing there for this method
  std::map<std::string, std::string> params;
  std::vector<Method> allowed;  // methods the path does know; empty: an unknown path
};

// Filled once, then read from any thread. Of the patterns that match a path those with the most fixed segments are meant, for every
// method: a name in braces does not take what another pattern spells out.
class Router {
 public:
  void Add(Route route) { routes_.push_back(std::move(route)); }
  // HEAD takes the route of GET.
  RouteMatch Find(Method method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace speechcoach::api
