#include "api/watch_server.h"

#include <charconv>
#include <chrono>
#include <utility>

#include "api/http/http_server.h"
#include "api/http/router.h"
#include "api/http/work_pool.h"
#include "api/rest/health_routes.h"
#include "api/rest/metrics_route.h"
#include "api/rest/problem.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kMaxConnections = 64;
constexpr std::size_t kMaxWaitingTasks = 64;
constexpr std::chrono::seconds kStopGrace{1};

class Server final : public WatchServer, private HttpApplication {
 public:
  explicit Server(WatchParts parts) : pool_(1, kMaxWaitingTasks) {
    AddHealthRoutes(router_, std::move(parts.ready), model::Locale::kEn);
    AddMetricsRoute(router_, parts.metrics, std::move(parts.token), model::Locale::kEn);
  }

  ~Server() override {
    if (http_) http_->Stop(kStopGrace);
    pool_.Stop();
  }

  base::Status Listen(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    HttpServerOptions options;
    options.host = address.substr(0, colon);
    if (options.host.starts_with('[') && options.host.ends_with(']'))
      options.host = options.host.substr(1, options.host.size() - 2);
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), options.port);
    options.max_connections = kMaxConnections;
    auto started = HttpServer::Start(options, *this);
    if (!started.ok()) return started.error();
    http_ = std::move(*started);
    return {};
  }

  int port() const override { return http_->port(); }

 private:
  std::size_t BodyLimit(const Request&) override { return 0; }

  void Handle(std::shared_ptr<Request> request, Reply reply) override {
    const RouteMatch match = router_.Find(request->method, request->path);
    if (match.route == nullptr) return reply(MakeHttpProblem(match.allowed.empty() ? 404 : 405, {request->id}));
    const bool is_taken = pool_.Submit([route = match.route, request, reply] { route->handler(request, reply); });
    if (!is_taken) reply(MakeProblem({base::ErrorCode::kBusy, ""}, {request->id}));
  }

  bool IsWebSocketPath(const Request&) override { return false; }
  void Upgrade(std::shared_ptr<Request>, std::function<void(UpgradeAnswer)> answer) override { answer({}); }
  Response Refuse(const Request& head, int status) override { return MakeHttpProblem(status, {head.id}); }

  Router router_;
  WorkPool pool_;
  std::unique_ptr<HttpServer> http_;
};

}  // namespace

base::Result<std::unique_ptr<WatchServer>> WatchServer::Start(const std::string& address, WatchParts parts) {
  auto server = std::make_unique<Server>(std::move(parts));
  if (const base::Status listening = server->Listen(address); !listening.ok()) return listening.error();
  return std::unique_ptr<WatchServer>(std::move(server));
}

}  // namespace speechcoach::api
