#include "metrics/metrics.h"

#include <mutex>
#include <set>
#include <utility>

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "metrics/process_figures.h"
#include "metrics/reading_families.h"

namespace speechcoach::metrics {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using Buckets = Histogram::BucketBoundaries;

// Administrators name providers: beyond so many they are counted together.
constexpr std::size_t kMaxProviders = 32;

// Seconds. 4 is the longest that a learner should wait for a result.
const Buckets kRequestBuckets{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32};
const Buckets kStageBuckets{0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 4, 6, 12, 30, 60};
const Buckets kLlmBuckets{0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 12, 30};

std::string_view Name(Surface surface) {
  switch (surface) {
    case Surface::kRest:
      return "rest";
    case Surface::kWebSocket:
      return "websocket";
    case Surface::kAnalysis:
      return "analysis";
  }
  return "rest";
}

std::string_view Name(LlmAnswer answer) {
  switch (answer) {
    case LlmAnswer::kFirstChoice:
      return "first_choice";
    case LlmAnswer::kFallback:
      return "fallback";
    case LlmAnswer::kNone:
      return "none";
  }
  return "none";
}

double Seconds(int ms) { return ms / 1000.0; }

// Label values of an open set, at most `limit` of them; what comes later is "other".
class BoundedNames {
 public:
  explicit BoundedNames(std::size_t limit) : limit_(limit) {}

  std::string operator()(std::string_view name) {
    const std::lock_guard lock(mutex_);
    if (const auto known = seen_.find(name); known != seen_.end()) return *known;
    if (seen_.size() >= limit_) return "other";
    return *seen_.emplace(name).first;
  }

 private:
  const std::size_t limit_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> seen_;
};

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;
  std::vector<std::string> names;

  Family<Counter>& CounterFamily(const char* name, const char* help) {
    names.emplace_back(name);
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }
  Family<Histogram>& HistogramFamily(const char* name, const char* help) {
    names.emplace_back(name);
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  }
  Family<Gauge>& GaugeFamily(const char* name, const char* help) {
    names.emplace_back(name);
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }

  Family<Gauge>& build_info = GaugeFamily("speechcoach_build_info", "1, with the program's version.");
  Family<Counter>& requests = CounterFamily("speechcoach_http_requests_total", "HTTP requests answered.");
  Family<Histogram>& request_seconds =
      HistogramFamily("speechcoach_http_request_duration_seconds", "From a request's last byte to its answer.");
  Family<Counter>& upgrades =
      CounterFamily("speechcoach_websocket_requests_total", "WebSocket connections asked for, by outcome.");
  Family<Counter>& errors =
      CounterFamily("speechcoach_errors_total", "Errors that a client or learner was told of, by their code.");
  Family<Counter>& sessions = CounterFamily("speechcoach_sessions_total", "Sessions that came to an end, by status.");
  Family<Counter>& feedbacks =
      CounterFamily("speechcoach_feedback_total", "Advice written, by who wrote it: llm, rules, or rules because no llm could.");
  Family<Counter>& audio_seconds = CounterFamily("speechcoach_audio_seconds_total", "Seconds of speech analysed.");
  Family<Histogram>& stage_seconds =
      HistogramFamily("speechcoach_stage_duration_seconds", "What one stage of an analysis took; stt is speech to text.");
  Family<Histogram>& analysis_seconds =
      HistogramFamily("speechcoach_analysis_duration_seconds", "What a whole analysis took, decoding and advice included.");
  Family<Counter>& stage_failures =
      CounterFamily("speechcoach_stage_failures_total", "Stages that were replaced by something simpler.");
  Family<Counter>& llm_requests =
      CounterFamily("speechcoach_llm_requests_total", "Calls to language models, by provider and outcome.");
  Family<Histogram>& llm_seconds =
      HistogramFamily("speechcoach_llm_request_duration_seconds", "What a call to a language model took.");
  Family<Histogram>& llm_first_token =
      HistogramFamily("speechcoach_llm_first_token_seconds", "From a call's beginning to its first word.");
  Family<Counter>& llm_tokens = CounterFamily(
      "speechcoach_llm_tokens_total", "Tokens billed: prompt (not from the provider's cache), cached_prompt, completion.");
  Family<Counter>& llm_cost = CounterFamily("speechcoach_llm_cost_dollars_total", "What calls cost, by the price list.");
  Family<Counter>& llm_answers =
      CounterFamily("speechcoach_llm_answers_total", "Questions, by who answered them: the first choice, a fallback, nobody.");

  BoundedNames provider{kMaxProviders};
  mutable std::mutex sources_mutex;
  std::vector<std::function<void(Reading&)>> sources;
};

Metrics::Metrics(std::string_view version) : families_(std::make_unique<Families>()) {
  Families& of = *families_;
  of.build_info.Add({{"version", std::string(version)}}).Set(1);
  // Series that are there before the first event: an alert sees the first failure as an increase.
  for (const LlmAnswer answer : {LlmAnswer::kFirstChoice, LlmAnswer::kFallback, LlmAnswer::kNone})
    of.llm_answers.Add({{"answered_by", std::string(Name(answer))}});
  for (const model::Mode mode : {model::Mode::kConversation, model::Mode::kSentencePractice})
    for (const model::SessionStatus status :
         {model::SessionStatus::kCompleted, model::SessionStatus::kDegraded, model::SessionStatus::kFailed})
      of.sessions.Add({{"mode", std::string(model::Name(mode))}, {"status", std::string(model::Name(status))}});
  of.audio_seconds.Add({});
}

Metrics::~Metrics() = default;

void Metrics::RequestAnswered(std::string_view method, std::string_view route, int status, double duration_s) {
  const std::string pattern(route);
  families_->requests.Add({{"method", std::string(method)}, {"route", pattern}, {"status", std::to_string(status)}}).Increment();
  families_->request_seconds.Add({{"route", pattern}}, kRequestBuckets).Observe(duration_s);
}

void Metrics::WebSocketAsked(bool was_opened) {
  families_->upgrades.Add({{"outcome", was_opened ? "open" : "refused"}}).Increment();
}

void Metrics::ErrorTold(Surface surface, base::ErrorCode code) {
  families_->errors.Add({{"surface", std::string(Name(surface))}, {"code", std::string(base::ErrorCodeName(code))}}).Increment();
}

void Metrics::SessionEnded(const model::Session& session) {
  Families& of = *families_;
  of.sessions.Add({{"mode", std::string(model::Name(session.mode))}, {"status", std::string(model::Name(session.status))}})
      .Increment();
  if (session.error) ErrorTold(Surface::kAnalysis, session.error->code);
  if (!session.analysis) return;
  const model::Analysis& analysis = *session.analysis;
  of.audio_seconds.Add({}).Increment(analysis.audio_duration_s);
  of.feedbacks.Add({{"writer", analysis.degraded_mode          ? "rules_for_llm"
                               : analysis.llm_provider.empty() ? "rules"
                                                               : "llm"}})
      .Increment();
  const auto stage = [&](const char* name, int ms) {
    of.stage_seconds.Add({{"stage", name}}, kStageBuckets).Observe(Seconds(ms));
  };
  stage("decode", analysis.times.decode_ms);
  stage("stt", analysis.times.stt_ms);
  stage("prosody", analysis.times.prosody_ms);
  stage("scoring", analysis.times.scoring_ms);
  stage("feedback", analysis.times.feedback_ms);
  of.analysis_seconds.Add({}, kStageBuckets).Observe(Seconds(analysis.times.total_ms));
  for (const model::StageFailure& failure : analysis.failures) {
    of.stage_failures
        .Add({{"stage", std::string(model::Name(failure.stage))}, {"code", std::string(base::ErrorCodeName(failure.error.code))}})
        .Increment();
  }
}

void Metrics::LlmCalled(const LlmCall& call) {
  Families& of = *families_;
  const std::string provider = of.provider(call.provider);
  of.llm_requests.Add({{"provider", provider}, {"outcome", std::string(call.outcome)}}).Increment();
  of.llm_seconds.Add({{"provider", provider}}, kLlmBuckets).Observe(call.duration_s);
  if (call.first_token_s) of.llm_first_token.Add({{"provider", provider}}, kLlmBuckets).Observe(*call.first_token_s);
  const auto tokens = [&](const char* kind, int count) {
    of.llm_tokens.Add({{"provider", provider}, {"kind", kind}}).Increment(count);
  };
  tokens("prompt", call.prompt_tokens - call.cached_prompt_tokens);
  tokens("cached_prompt", call.cached_prompt_tokens);
  tokens("completion", call.completion_tokens);
  of.llm_cost.Add({{"provider", provider}}).Increment(call.cost_usd);
}

void Metrics::LlmAnswered(LlmAnswer answer) {
  families_->llm_answers.Add({{"answered_by", std::string(Name(answer))}}).Increment();
}

void Metrics::OnRead(std::function<void(Reading&)> source) {
  const std::lock_guard lock(families_->sources_mutex);
  families_->sources.push_back(std::move(source));
}

std::string Metrics::Text() const {
  Reading reading;
  {
    const std::lock_guard lock(families_->sources_mutex);
    for (const auto& source : families_->sources) source(reading);
  }
  std::vector<prometheus::MetricFamily> all = families_->registry.Collect();
  for (auto read = FamiliesOf(reading, ReadProcessFigures()); prometheus::MetricFamily & family : read)
    all.push_back(std::move(family));
  return prometheus::TextSerializer().Serialize(all);
}

std::vector<std::string> Metrics::Names() {
  std::vector<std::string> names = Families().names;
  for (auto read = ReadingNames(); std::string & name : read) names.push_back(std::move(name));
  return names;
}

}  // namespace speechcoach::metrics
