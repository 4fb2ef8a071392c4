#include "llm/chain/chat_chain.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/trace_context.h"
#include "llm/chain/budget_watch.h"
#include "llm/chain/call_book.h"
#include "llm/chain/provider_table.h"
#include "llm/chain/recent_times.h"
#include "llm/chain/text_gate.h"

namespace speechcoach::llm {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Table = std::shared_ptr<const ProviderTable>;

constexpr int kMaxKeysACall = 5;
constexpr int kMaxModelsACall = 3;
constexpr std::int64_t kMissingModelRestMs = 3'600'000;
// With less time left a call is not begun: it could not end well.
constexpr std::chrono::milliseconds kShortestCall{50};

// What this process knows about a provider, beside its row.
struct ProviderState {
  explicit ProviderState(std::chrono::milliseconds open_for) : circuit(open_for) {}
  CircuitBreaker circuit;
  RecentTimes first_tokens;
};

struct Attempt {
  std::optional<ChatReply> reply;
  std::string fault;  // "openai: rate_limited: HTTP 429"
};

// One Complete: what is asked, by when, and how often it was tried.
struct Question {
  Question(const ChatRequest& asked, const ChatObserver& observer, SteadyClock::time_point deadline)
      : request(asked), gate(observer), end(deadline) {}
  const ChatRequest& request;
  TextGate gate;
  const SteadyClock::time_point end;
  std::atomic<int> attempts = 0;
};

ChatRequest WithObjection(ChatRequest request, const std::string& answer, const std::string& objection) {
  request.messages.push_back({ChatRole::kAssistant, answer});
  request.messages.push_back(
      {ChatRole::kUser, "That answer cannot be used: " + objection + " Answer again, whole, in the same form."});
  return request;
}

ChatRequest SmallRequest() {
  ChatRequest request;
  request.messages = {{ChatRole::kUser, "Reply with the word OK."}};
  request.max_output_tokens = 64;
  request.temperature = 0;
  return request;
}

// Of a small request: a model that thinks first may have no word left when the tokens are used up, and is well all the same.
bool Answers(const BookedCall& call) { return !call.fault || call.was_finished; }

class Chain final : public ChatChain {
 public:
  Chain(const base::LlmConfig& config, bool local_only, storage::LlmRepository& repository, HttpClient& http, KeyStore& keys,
        const base::Clock& clock, metrics::Metrics* metrics)
      : config_(config),
        repository_(repository),
        clock_(clock),
        metrics_(metrics),
        tables_(repository, local_only),
        book_(repository, http, keys, clock, metrics),
        budget_(repository, config.daily_budget_usd),
        prober_([this](const std::stop_token& stop) { Probe(stop); }) {}

  base::Result<ChatReply> Complete(const ChatRequest& request, const ChatObserver& observer, std::stop_token stop) override {
    const auto table = tables_.Get();
    if (!table.ok()) return base::Error{base::ErrorCode::kFeedbackDegraded, table.error().message};
    if ((*table)->providers.empty()) return base::Error{base::ErrorCode::kModelUnavailable, "no language model is set up"};

    Question question(request, observer, SteadyClock::now() + std::chrono::milliseconds(config_.chain_timeout_ms));
    std::string faults;
    std::vector<const ProviderSetup*> askable;
    for (const ProviderSetup& setup : (*table)->providers) {
      if (StateOf(setup).circuit.state() == CircuitBreaker::State::kClosed) {
        askable.push_back(&setup);
      } else {
        faults += fmt::format("; {}: left alone after failures", setup.provider.name);
      }
    }
    for (std::size_t next = 0; next < askable.size();) {
      const std::size_t together = config_.hedge && next + 1 < askable.size() ? 2 : 1;
      Attempt attempt = together == 2 ? AskWithHedge(**table, *askable[next], *askable[next + 1], question, stop)
                                      : Ask(**table, *askable[next], 1, question, stop);
      if (stop.stop_requested()) return base::Error{base::ErrorCode::kCancelled, "the question was withdrawn"};
      if (attempt.reply) {
        const bool is_first_choice = attempt.reply->provider == (*table)->providers.front().provider.name;
        Answered(is_first_choice ? metrics::LlmAnswer::kFirstChoice : metrics::LlmAnswer::kFallback);
        return std::move(*attempt.reply);
      }
      faults += "; " + attempt.fault;
      next += together;
    }
    Answered(metrics::LlmAnswer::kNone);
    faults.erase(0, 2);
    base::Log(base::LogLevel::kWarning, "no language model answered", {{"why", faults}});
    return base::Error{base::ErrorCode::kFeedbackDegraded, faults};
  }

  std::vector<ProviderHealth> Health() const override {
    std::vector<ProviderHealth> health;
    const std::lock_guard lock(states_mutex_);
    for (const auto& [name, state] : states_) {
      const auto p95 = state->first_tokens.P95();
      health.push_back({name, state->circuit.state(), p95 ? std::optional<int>(static_cast<int>(p95->count())) : std::nullopt});
    }
    return health;
  }

  base::Result<KeyTest> TestKey(std::int64_t key_id) override {
    auto keys = repository_.Keys();
    if (!keys.ok()) return keys.error();
    const auto key = std::ranges::find(*keys, key_id, &storage::LlmKey::id);
    if (key == keys->end()) return base::Error{base::ErrorCode::kNotFound, "no such key"};
    const auto table = tables_.Read();
    if (!table.ok()) return table.error();
    const auto setup =
        std::ranges::find_if(table->providers, [&](const ProviderSetup& one) { return one.provider.id == key->provider_id; });
    const storage::LlmModel* model = setup == table->providers.end() ? nullptr : UsableModel(*setup, clock_.NowMs());
    if (model == nullptr)
      return KeyTest{false, "the provider is not active, not allowed here, or has no model that can be used", "", 0};
    const auto lease = repository_.LeaseThisKey(key_id, clock_.NowMs());
    if (!lease.ok()) return lease.error();
    const base::Stopwatch watch;
    const auto limits = Limits(setup->provider, SteadyClock::now() + std::chrono::hours(1));
    const BookedCall call =
        book_.Make(*setup, *model, &*lease, table->prices, SmallRequest(), limits, {}, [](std::string_view) {}, {});
    const bool works = Answers(call);
    return KeyTest{works, works ? "" : fmt::format("{}: {}", Name(call.fault->kind), call.fault->message), model->name,
                   watch.ElapsedMs()};
  }

  base::Result<std::vector<ProviderCheck>> CheckProviders(std::int64_t since_ms, const std::stop_token& stop) override {
    const auto table = tables_.Read();
    if (!table.ok()) return table.error();
    const auto usage = repository_.Usage({.from_ms = since_ms}, storage::LlmGrouping::kProvider);
    if (!usage.ok()) return usage.error();
    std::vector<ProviderCheck> checks;
    for (const ProviderSetup& setup : table->providers) {
      const auto of = std::ranges::find(*usage, setup.provider.name, &storage::LlmUsage::group);
      if (stop.stop_requested() || (of != usage->end() && of->successes > 0)) continue;
      Probed probed = CallSmall(*table, setup, stop);
      checks.push_back({setup.provider.name, probed.answers, std::move(probed.fault)});
    }
    return checks;
  }

 private:
  void Answered(metrics::LlmAnswer answer) {
    if (metrics_ != nullptr) metrics_->LlmAnswered(answer);
  }

  ProviderState& StateOf(const ProviderSetup& setup) {
    const std::lock_guard lock(states_mutex_);
    auto& state = states_[setup.provider.name];
    if (!state) state = std::make_unique<ProviderState>(std::chrono::milliseconds(config_.breaker_open_ms));
    return *state;
  }

  CallLimits Limits(const storage::LlmProvider& provider, SteadyClock::time_point chain_end) const {
    using std::chrono::milliseconds;
    const milliseconds call =
        std::min(milliseconds(config_.call_timeout_ms), milliseconds(std::chrono::seconds(provider.timeout_seconds)));
    CallLimits limits;
    limits.connect = milliseconds(config_.connect_timeout_ms);
    limits.first_token = milliseconds(config_.first_token_timeout_ms);
    limits.token_gap = milliseconds(config_.token_gap_timeout_ms);
    limits.end = std::min(SteadyClock::now() + call, chain_end);
    limits.max_answer_bytes = static_cast<std::size_t>(config_.max_answer_bytes);
    return limits;
  }

  // One provider: its keys one after another, its models where one is gone, and one repair of an answer.
  Attempt Ask(const ProviderTable& table, const ProviderSetup& setup, int asker, Question& question,
              const std::stop_token& stop) {
    ChatRequest request = question.request;
    int keys_left = kMaxKeysACall;
    int models_left = kMaxModelsACall;
    bool may_repeat = true;  // after a blank or objectionable answer, once
    std::vector<storage::LlmModel> models = setup.models;
    const auto fail = [&](std::string_view why) {
      question.gate.Release(asker);
      return Attempt{std::nullopt, fmt::format("{}: {}", setup.provider.name, why)};
    };
    for (;;) {
      if (question.end - SteadyClock::now() < kShortestCall) return fail("no time left");
      const ProviderSetup with_models{setup.provider, models, setup.format};
      const storage::LlmModel* model = UsableModel(with_models, clock_.NowMs());
      if (model == nullptr) return fail("no model that can be used");
      std::optional<storage::LlmKeyLease> lease;
      if (setup.provider.needs_key) {
        auto leased = repository_.LeaseKey(setup.provider.id, clock_.NowMs());
        if (!leased.ok()) return fail(leased.error().message);
        lease = std::move(*leased);
      }
      const int number = ++question.attempts;
      const CallLimits limits = Limits(setup.provider, question.end);
      std::stop_source end_call;
      const std::stop_callback pass_on(stop, [&] { end_call.request_stop(); });
      const auto show = [&](std::string_view text) {
        question.gate.Show(asker, text);
        if (question.gate.IsHeldByAnother(asker)) end_call.request_stop();
      };
      BookedCall call = book_.Make(setup, *model, lease ? &*lease : nullptr, table.prices, request, limits, {number, number > 1},
                                   show, end_call.get_token());
      Learn(setup, call, lease.has_value(), limits.end < question.end || SteadyClock::now() < question.end);
      if (!call.fault) {
        if (!question.gate.Take(asker)) return fail("another was faster");
        return {ChatReply{std::move(call.text), call.usage, setup.provider.name, model->name, false}, {}};
      }
      const std::string why = fmt::format("{}: {}", Name(call.fault->kind), call.fault->message);
      question.gate.Release(asker);
      switch (call.fault->kind) {
        case FaultKind::kInvalidKey:
        case FaultKind::kUnreadableKey:
        case FaultKind::kNoCredit:
        case FaultKind::kRateLimited:
          if (!lease || --keys_left == 0) return fail(why);
          break;
        case FaultKind::kNoSuchModel:
          ForgetModel(*model);
          std::erase_if(models, [id = model->id](const storage::LlmModel& one) { return one.id == id; });
          if (--models_left == 0) return fail(why);
          break;
        case FaultKind::kUnusable:
          if (!may_repeat || (call.objection.empty() && call.fault->message != "blank")) return fail(why);
          may_repeat = false;
          if (!call.objection.empty()) request = WithObjection(std::move(request), call.text, call.objection);
          break;
        case FaultKind::kForbidden:
        case FaultKind::kBadRequest:
        case FaultKind::kServerFault:
        case FaultKind::kTimeout:
        case FaultKind::kConnection:
        case FaultKind::kRefused:
        case FaultKind::kCancelled:
          return fail(why);
      }
    }
  }

  // What a call says about its provider. One that the chain's end cut short says nothing, nor does an answer that its check
  // refused: what a learner says can bring a model to that, and nobody may open a circuit by speaking.
  // Without a key that could rest, what is otherwise a key's fault is the provider's.
  void Learn(const ProviderSetup& setup, const BookedCall& call, bool had_key, bool had_its_time) {
    ProviderState& state = StateOf(setup);
    if (call.first_token) state.first_tokens.Add(*call.first_token);
    if (!call.fault) {
      state.circuit.Succeeded();
    } else if ((IsProvidersFault(call.fault->kind) || (!had_key && IsKeysFault(call.fault->kind))) && call.objection.empty() &&
               had_its_time && state.circuit.Failed(setup.provider.failure_threshold, SteadyClock::now())) {
      base::Log(base::LogLevel::kWarning, "llm provider left alone",
                {{"provider", setup.provider.name}, {"last_fault", Name(call.fault->kind)}});
      probe_wanted_.notify_all();
    }
    budget_.Look(clock_.NowMs());
  }

  void ForgetModel(const storage::LlmModel& model) {
    base::Log(base::LogLevel::kWarning, "llm model unknown to its provider", {{"model", model.name}});
    if (const base::Status set = repository_.SetModelMissing(model.id, clock_.NowMs() + kMissingModelRestMs); !set.ok()) {
      base::Log(base::LogLevel::kWarning, "llm model not marked", {{"error", set.error().message}});
    }
    tables_.Forget();
  }

  // Asks `first`; where it shows nothing for as long as it does 95 % of the time, asks `second` too. The first text wins.
  Attempt AskWithHedge(const ProviderTable& table, const ProviderSetup& first, const ProviderSetup& second, Question& question,
                       const std::stop_token& stop) {
    std::stop_source end_first;
    std::stop_source end_second;
    const std::stop_callback pass_on(stop, [&] {
      end_first.request_stop();
      end_second.request_stop();
    });
    auto asked_first =
        std::async(std::launch::async, base::InThisTrace([&] { return Ask(table, first, 1, question, end_first.get_token()); }));
    const auto patience = StateOf(first).first_tokens.P95().value_or(std::chrono::milliseconds(config_.first_token_timeout_ms));
    const bool is_over = asked_first.wait_for(patience) == std::future_status::ready;
    if (is_over || !question.gate.Take(2)) {
      // It failed, or its text is on the way.
      Attempt attempt = asked_first.get();
      if (attempt.reply || stop.stop_requested()) return attempt;
      Attempt next = Ask(table, second, 2, question, stop);
      if (!next.reply) next.fault = attempt.fault + "; " + next.fault;
      return next;
    }
    question.gate.Release(2);
    auto asked_second = std::async(std::launch::async, base::InThisTrace([&] {
                                     Attempt attempt = Ask(table, second, 2, question, end_second.get_token());
                                     if (attempt.reply) end_first.request_stop();
                                     return attempt;
                                   }));
    Attempt of_first = asked_first.get();
    if (of_first.reply) end_second.request_stop();
    Attempt of_second = asked_second.get();
    if (of_first.reply) return of_first;
    if (!of_second.reply) of_second.fault = of_first.fault + "; " + of_second.fault;
    return of_second;
  }

  // Tries providers whose circuit is open, so that no learner has to.
  void Probe(const std::stop_token& stop) {
    const std::chrono::milliseconds pause(std::clamp(config_.breaker_open_ms / 4, 20, 1000));
    std::unique_lock lock(probe_mutex_);
    while (!stop.stop_requested()) {
      probe_wanted_.wait_for(lock, stop, pause, [] { return false; });
      if (stop.stop_requested()) return;
      if (!IsAnyOpen()) {
        probe_wanted_.wait(lock, stop, [this] { return IsAnyOpen(); });
        continue;
      }
      const auto table = tables_.Get();
      if (!table.ok()) continue;
      ForgetThoseNotIn(**table);
      for (const ProviderSetup& setup : (*table)->providers) {
        ProviderState& state = StateOf(setup);
        if (state.circuit.BeginProbe(SteadyClock::now()))
          state.circuit.EndProbe(ProbeOne(**table, setup, stop), SteadyClock::now());
      }
    }
  }

  // A provider that was turned off meanwhile begins anew when it is turned on.
  void ForgetThoseNotIn(const ProviderTable& table) {
    const std::lock_guard lock(states_mutex_);
    for (const auto& [name, state] : states_) {
      const bool is_there =
          std::ranges::any_of(table.providers, [&](const ProviderSetup& setup) { return setup.provider.name == name; });
      if (!is_there) state->circuit.EndProbe(true, SteadyClock::now());
    }
  }

  bool ProbeOne(const ProviderTable& table, const ProviderSetup& setup, const std::stop_token& stop) {
    const Probed probed = CallSmall(table, setup, stop);
    base::Log(base::LogLevel::kInfo, "llm provider probed",
              {{"provider", setup.provider.name}, {"result", probed.fault.empty() ? "answers" : probed.fault}});
    return probed.answers || !probed.is_providers_fault;
  }

  struct Probed {
    bool answers = false;
    bool is_providers_fault = true;
    std::string fault;  // empty where it answers
  };

  Probed CallSmall(const ProviderTable& table, const ProviderSetup& setup, const std::stop_token& stop) {
    const storage::LlmModel* model = UsableModel(setup, clock_.NowMs());
    if (model == nullptr) return {.fault = "no model that can be used"};
    std::optional<storage::LlmKeyLease> lease;
    if (setup.provider.needs_key) {
      auto leased = repository_.LeaseKey(setup.provider.id, clock_.NowMs());
      if (!leased.ok()) return {.fault = leased.error().message};
      lease = std::move(*leased);
    }
    const CallLimits limits = Limits(setup.provider, SteadyClock::now() + std::chrono::hours(1));
    const BookedCall call = book_.Make(
        setup, *model, lease ? &*lease : nullptr, table.prices, SmallRequest(), limits, {}, [](std::string_view) {}, stop);
    if (Answers(call)) return {.answers = true, .is_providers_fault = false, .fault = {}};
    return {.is_providers_fault = IsProvidersFault(call.fault->kind),
            .fault = fmt::format("{}: {}", Name(call.fault->kind), call.fault->message)};
  }

  bool IsAnyOpen() const {
    const std::lock_guard lock(states_mutex_);
    return std::ranges::any_of(states_,
                               [](const auto& entry) { return entry.second->circuit.state() == CircuitBreaker::State::kOpen; });
  }

  const base::LlmConfig config_;
  storage::LlmRepository& repository_;
  const base::Clock& clock_;
  metrics::Metrics* const metrics_;
  ProviderTables tables_;
  CallBook book_;
  BudgetWatch budget_;
  mutable std::mutex states_mutex_;
  std::map<std::string, std::unique_ptr<ProviderState>> states_;
  std::mutex probe_mutex_;
  std::condition_variable_any probe_wanted_;
  std::jthread prober_;  // last: it uses all of the above
};

}  // namespace

std::unique_ptr<ChatChain> MakeChatChain(const base::LlmConfig& config, bool local_only, storage::LlmRepository& repository,
                                         HttpClient& http, KeyStore& keys, const base::Clock& clock, metrics::Metrics* metrics) {
  return std::make_unique<Chain>(config, local_only, repository, http, keys, clock, metrics);
}

}  // namespace speechcoach::llm
