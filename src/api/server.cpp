#include "api/server.h"

#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "api/auth/accounts.h"
#include "api/auth/authenticator.h"
#include "api/auth/jwt_secret.h"
#include "api/cors.h"
#include "api/http/delivery.h"
#include "api/http/http_server.h"
#include "api/http/router.h"
#include "api/http/text.h"
#include "api/http/work_pool.h"
#include "api/rest/admin_llm_routes.h"
#include "api/rest/auth_routes.h"
#include "api/rest/challenge_routes.h"
#include "api/rest/class_routes.h"
#include "api/rest/dispute_routes.h"
#include "api/rest/export_routes.h"
#include "api/rest/guardian_routes.h"
#include "api/rest/habit_routes.h"
#include "api/rest/health_routes.h"
#include "api/rest/lan_routes.h"
#include "api/rest/learning_routes.h"
#include "api/rest/metrics_route.h"
#include "api/rest/model_speech_routes.h"
#include "api/rest/once.h"
#include "api/rest/problem.h"
#include "api/rest/product_routes.h"
#include "api/rest/progress_routes.h"
#include "api/rest/rating_routes.h"
#include "api/rest/request_limit.h"
#include "api/rest/rest_context.h"
#include "api/rest/sentence_routes.h"
#include "api/rest/session_routes.h"
#include "api/rest/topic_routes.h"
#include "api/static/static_files.h"
#include "api/ws/connection_limits.h"
#include "api/ws/practice_socket.h"
#include "api/ws/upgrade.h"
#include "base/log.h"
#include "base/trace_context.h"
#include "trace/span.h"

namespace speechcoach::api {
namespace {

constexpr std::string_view kWebSocketPath = "/api/v1/ws/speech-practice";
constexpr std::string_view kApiPath = "/api/";
constexpr std::size_t kMaxWaitingTasks = 512;
constexpr int kLevelsPerSecond = 1000;

class Server final : public ApiServer, private HttpApplication {
 public:
  Server(const base::Config& config, const ApiParts& parts, std::vector<std::string> secrets, StaticFiles files)
      : config_(config),
        parts_(parts),
        locale_(model::LocaleFromName(config.locale).value_or(model::Locale::kVi)),
        files_(std::move(files)),
        authenticator_(config.auth, std::move(secrets), *parts.users, *parts.accounts, *parts.clock, parts.shared_limits),
        accounts_(config.auth, authenticator_, *parts.users, *parts.accounts, *parts.clock, parts.shared_limits),
        limit_(config.limits.requests_per_minute, *parts.clock, parts.shared_limits),
        once_(*parts.idempotency, *parts.clock),
        limits_(config.live.connections_per_user, config.live.connections_per_address),
        pool_(config.server.work_threads, kMaxWaitingTasks) {
    AddHealthRoutes(router_, parts.ready, locale_);
    AddMetricsRoute(router_, parts.metrics, config.metrics.token, locale_);
    const Guard guard(authenticator_, limit_, once_, locale_);
    AddAuthRoutes(
        router_, guard,
        {&authenticator_, &accounts_, parts.users, parts.accounts, parts.keeper, parts.retention, parts.guardians, parts.clock});
    if (parts.llm != nullptr) AddAdminLlmRoutes(router_, guard, *parts.llm, config.llm.daily_budget_usd, *parts.clock);
    if (parts.speaker != nullptr) AddModelSpeechRoutes(router_, guard, *parts.speaker, *parts.service);
    AddProgressRoutes(router_, guard, *parts.progress, *parts.accounts, *parts.clock);
    AddHabitRoutes(router_, guard, *parts.service);
    AddLearningRoutes(router_, guard, {parts.progress, parts.accounts, parts.sentences, parts.clock});
    AddSentenceRoutes(router_, guard, *parts.sentences, *parts.clock);
    AddTopicRoutes(router_, guard);
    AddLanRoutes(router_, guard, Lan());
    const ClassParts classes{parts.classes, parts.users, parts.sentences, parts.service, parts.clock};
    AddClassRoutes(router_, guard, classes);
    AddCommentRoutes(router_, guard, classes);
    AddAssignmentRoutes(router_, guard, classes);
    AddChallengeRoutes(router_, guard, classes, *parts.challenges);
    AddExportRoutes(router_, guard,
                    {parts.users, parts.accounts, parts.classes, parts.sentences, parts.disputes, parts.product, parts.challenges,
                     parts.ratings, parts.guardians, parts.service, parts.clock});
    AddGuardianRoutes(router_, guard, {parts.guardians, &authenticator_, classes});
    AddProductRoutes(router_, guard, {parts.product, parts.service, parts.clock});
    AddRatingRoutes(router_, guard, {parts.ratings, parts.guardians, classes});
    AddStruggleRoutes(router_, guard, classes);
    AddDisputeRoutes(router_, guard, {parts.disputes, parts.classes, parts.service, parts.clock});
    AddSessionRoutes(router_, guard, {parts.service, parts.events, &pool_, After()}, config);
  }

  ~Server() override { Server::Stop(std::chrono::milliseconds(0)); }

  base::Status Listen() {
    HttpServerOptions options;
    options.host = config_.server.host;
    options.port = config_.server.port;
    options.io_threads = config_.server.io_threads;
    if (parts_.lan) options.tls = TlsIdentity{parts_.lan->certificates, parts_.lan->private_key};
    auto started = HttpServer::Start(options, *this);
    if (!started.ok()) return started.error();
    const std::lock_guard lock(mutex_);
    http_ = std::move(*started);
    return {};
  }

  int web_socket_connections() const override { return limits_.taken(); }

  int port() const override { return http_->port(); }

  void Stop(std::chrono::milliseconds grace) override {
    if (http_) http_->Stop(grace);
    pool_.Stop();
  }

 private:
  std::optional<LanAddress> Lan() {
    if (!parts_.lan) return std::nullopt;
    const auto url = [this] {
      const std::lock_guard lock(mutex_);
      return http_ ? fmt::format("https://{}:{}", parts_.lan->host, http_->port()) : std::string();
    };
    return LanAddress{url, parts_.lan->authority, parts_.lan->fingerprint};
  }

  // The first requests may come before Start has returned.
  std::function<void(std::chrono::milliseconds, std::function<void()>)> After() {
    return [this](std::chrono::milliseconds delay, std::function<void()> task) {
      HttpServer* http = nullptr;
      {
        const std::lock_guard lock(mutex_);
        http = http_.get();
      }
      if (http != nullptr) http->After(delay, std::move(task));
    };
  }

  std::size_t BodyLimit(const Request& head) override {
    const RouteMatch match = router_.Find(head.method, head.path);
    if (match.route == nullptr) return Route{}.max_body_bytes;
    // A recording within JSON is a third longer.
    const bool is_json = EqualIgnoringCase(MediaType(head.headers.Get("Content-Type")), "application/json");
    return match.route->takes_audio && is_json ? match.route->max_body_bytes * 4 / 3 : match.route->max_body_bytes;
  }

  void Handle(std::shared_ptr<Request> request, Reply reply) override {
    RouteMatch match = router_.Find(request->method, request->path);
    if (match.allowed.empty()) return HandleFile(*request, reply);
    const std::string pattern = match.route != nullptr ? match.route->pattern : "(no route)";
    const auto span = SpanOf(*request, pattern);
    const Reply answer = Logged(request, pattern, span, reply);
    if (request->method == Method::kOptions) return answer(AnswerOptions(*request, match.allowed));
    if (match.route == nullptr) {
      Response refused = MakeHttpProblem(405, Context(*request));
      refused.headers.Set("Allow", AllowField(match.allowed));
      return answer(std::move(refused));
    }
    request->params = std::move(match.params);
    const bool is_taken = pool_.Submit([route = match.route, request, answer, context = span->context()] {
      const base::TraceScope scope(context);
      route->handler(request, answer);
    });
    if (!is_taken) answer(MakeProblem({base::ErrorCode::kBusy, ""}, Context(*request)));
  }

  void HandleFile(const Request& request, const Reply& reply) const {
    auto file = request.path.starts_with(kApiPath) ? std::nullopt : files_.Serve(request);
    Response response = file ? std::move(*file) : MakeHttpProblem(404, Context(request));
    response.headers.Set("X-Content-Type-Options", "nosniff");
    Count(request, "(file)", response, 0);
    base::Log(base::LogLevel::kDebug, "request",
              {{"request_id", request.id}, {"method", Name(request.method)}, {"route", "(file)"}, {"status", response.status}});
    reply(std::move(response));
  }

  // Logs the route's pattern, never the path: ids and words in it are the learner's.
  Reply Logged(const std::shared_ptr<Request>& request, std::string pattern, const std::shared_ptr<trace::Span>& span,
               const Reply& reply) const {
    return Reply([this, request, pattern = std::move(pattern), span, reply, watch = base::Stopwatch()](Response response) {
      const base::TraceScope scope(span->context());
      if (response.status == 500 && response.body.view().empty()) {
        response = MakeProblem({base::ErrorCode::kInternal, ""}, Context(*request));
      }
      response.headers.Set("X-Content-Type-Options", "nosniff");
      AddCorsHeaders(*request, config_.server.allowed_origins, response);
      Deliver(*request, response);
      Count(*request, pattern, response, watch.ElapsedMs() / 1000.0);
      base::Log(base::LogLevel::kInfo, "request",
                {{"request_id", request->id},
                 {"method", Name(request->method)},
                 {"route", pattern},
                 {"status", response.status},
                 {"ms", watch.ElapsedMs()}});
      span->Set("http.response.status_code", response.status);
      if (response.status >= 500) span->Fail(response.error ? base::ErrorCodeName(*response.error) : "http_error");
      span->End();
      reply(std::move(response));
    });
  }

  // Of a request's whole time here; a caller's trace goes on, but anybody may say of theirs that it is to be sent.
  static std::shared_ptr<trace::Span> SpanOf(const Request& request, const std::string& pattern) {
    const std::string method(Name(request.method));
    auto span = std::make_shared<trace::Span>(method + " " + pattern, trace::SpanKind::kServer, CallersTrace(request));
    span->Set("http.request.method", method);
    span->Set("http.route", pattern);
    span->Set("speechcoach.request_id", request.id);
    return span;
  }

  static base::TraceContext CallersTrace(const Request& request) {
    return trace::Resampled(base::ParseTraceparent(request.headers.Get("traceparent")).value_or(base::TraceContext{}));
  }

  void Count(const Request& request, std::string_view route, const Response& response, double duration_s) const {
    if (parts_.metrics == nullptr) return;
    parts_.metrics->RequestAnswered(Name(request.method), route, response.status, duration_s);
    if (response.error) parts_.metrics->ErrorTold(metrics::Surface::kRest, *response.error);
  }

  bool IsWebSocketPath(const Request& head) override { return head.path == kWebSocketPath; }

  void Upgrade(std::shared_ptr<Request> request, std::function<void(UpgradeAnswer)> answer) override {
    const bool is_taken = pool_.Submit([this, request, answer] {
      UpgradeAnswer made =
          AnswerUpgrade(*request, authenticator_, config_.server.allowed_origins,
                        [&](std::int64_t user_id) -> std::shared_ptr<WebSocketHandler> {
                          auto place = limits_.Take(user_id, request->remote_address);
                          if (!place) return nullptr;
                          return std::make_shared<PracticeSocket>(Socket(), user_id, CallersTrace(*request), std::move(place));
                        });
      if (parts_.metrics != nullptr) parts_.metrics->WebSocketAsked(made.handler != nullptr);
      base::Log(base::LogLevel::kInfo, "WebSocket",
                {{"request_id", request->id}, {"outcome", made.handler ? std::string("open") : made.reason}});
      answer(std::move(made));
    });
    if (!is_taken) answer({nullptr, {}, CloseCode::kBusy, "busy"});
  }

  Response Refuse(const Request& head, int status) override {
    const RouteMatch match = router_.Find(head.method, head.path);
    Response response = status == 413 && match.route != nullptr && match.route->takes_audio
                            ? MakeProblem({base::ErrorCode::kAudioTooLarge, ""}, Context(head))
                            : MakeHttpProblem(status, Context(head));
    AddCorsHeaders(head, config_.server.allowed_origins, response);
    Count(head, match.route != nullptr ? match.route->pattern : "(none)", response, 0);
    base::Log(base::LogLevel::kInfo, "request",
              {{"request_id", head.id},
               {"method", Name(head.method)},
               {"route", match.route != nullptr ? match.route->pattern : "(none)"},
               {"status", response.status}});
    return response;
  }

  SocketParts Socket() {
    SocketParts socket;
    socket.service = parts_.service;
    socket.live = parts_.live;
    socket.levels = &levels_;
    socket.events = parts_.events;
    socket.pool = &pool_;
    socket.clock = parts_.clock;
    socket.after = After();
    socket.metrics = parts_.metrics;
    socket.limits = {config_.audio.max_bytes, config_.audio.max_seconds};
    socket.turn_pause_ms = config_.live.turn_pause_ms;
    socket.messages_per_second = config_.limits.messages_per_second;
    socket.locale = locale_;
    return socket;
  }

  ProblemContext Context(const Request& request) const { return {request.id, RequestLocale(request, locale_)}; }

  const base::Config config_;
  const ApiParts parts_;
  const model::Locale locale_;
  const StaticFiles files_;
  Authenticator authenticator_;
  Accounts accounts_;
  RequestLimit limit_;
  const Once once_;
  Router router_;
  ConnectionLimits limits_;
  LevelBudget levels_{kLevelsPerSecond};
  WorkPool pool_;
  std::mutex mutex_;
  std::unique_ptr<HttpServer> http_;
};

base::Result<StaticFiles> LoadWebApp(const base::Config& config, const std::filesystem::path& program_dir) {
  if (!config.server.web_root.empty()) return StaticFiles::Load(config.server.web_root);
  const std::filesystem::path beside = program_dir / "web";
  std::error_code ignored;
  if (std::filesystem::exists(beside / "index.html", ignored)) return StaticFiles::Load(beside);
  base::Log(base::LogLevel::kWarning, "no web app beside the program: only the API is served");
  return StaticFiles();
}

}  // namespace

base::Result<std::unique_ptr<ApiServer>> ApiServer::Start(const base::Config& config, const ApiParts& parts,
                                                          const std::filesystem::path& program_dir) {
  auto secrets = TokenSecrets(config);
  if (!secrets.ok()) return secrets.error();
  auto files = LoadWebApp(config, program_dir);
  if (!files.ok()) return files.error();
  auto server = std::make_unique<Server>(config, parts, std::move(*secrets), std::move(*files));
  if (const base::Status listening = server->Listen(); !listening.ok()) return listening.error();
  return std::unique_ptr<ApiServer>(std::move(server));
}

}  // namespace speechcoach::api
