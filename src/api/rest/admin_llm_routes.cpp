#include "api/rest/admin_llm_routes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "api/http/text.h"
#include "api/rest/admin_llm_json.h"
#include "api/rest/rest_context.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;
using storage::LlmGrouping;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr double kPicoUsd = 1e12;

const char* Name(llm::CircuitBreaker::State state) {
  if (state == llm::CircuitBreaker::State::kClosed) return "closed";
  return state == llm::CircuitBreaker::State::kOpen ? "open" : "half_open";
}

std::optional<LlmGrouping> GroupingFromName(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, LlmGrouping>, 6> kNames{{{"", LlmGrouping::kNone},
                                                                            {"provider", LlmGrouping::kProvider},
                                                                            {"model", LlmGrouping::kModel},
                                                                            {"key", LlmGrouping::kKey},
                                                                            {"day", LlmGrouping::kDay},
                                                                            {"user", LlmGrouping::kUser}}};
  const auto found = std::ranges::find(kNames, name, &std::pair<std::string_view, LlmGrouping>::first);
  return found == kNames.end() ? std::nullopt : std::optional(found->second);
}

class AdminLlm {
 public:
  AdminLlm(llm::LlmService& llm, double daily_budget_usd, const base::Clock& clock)
      : llm_(llm), repository_(llm.repository()), daily_budget_usd_(daily_budget_usd), clock_(clock) {}

  void ListProviders(const Call& call) {
    const auto providers = repository_.Providers();
    if (!providers.ok()) return call.Fail(providers.error());
    const auto models = repository_.Models();
    if (!models.ok()) return call.Fail(models.error());
    const auto prices = repository_.Prices();
    if (!prices.ok()) return call.Fail(prices.error());
    const auto keys = repository_.Keys();
    if (!keys.ok()) return call.Fail(keys.error());
    const std::vector<llm::ProviderHealth> health = llm_.chain().Health();
    const std::int64_t now_ms = clock_.NowMs();
    bj::array list;
    for (const storage::LlmProvider& provider : *providers) {
      const auto of_provider = [&](const auto& rows, const auto&... more) {
        bj::array members;
        for (const auto& row : rows) {
          if (row.provider_id == provider.id) members.push_back(ToJson(row, more...));
        }
        return members;
      };
      bj::object entry = ToJson(provider);
      const auto known = std::ranges::find(health, provider.name, &llm::ProviderHealth::name);
      entry["circuit"] = known == health.end() ? "closed" : Name(known->circuit);
      entry["first_token_p95_ms"] =
          known != health.end() && known->first_token_p95_ms ? bj::value(*known->first_token_p95_ms) : bj::value();
      entry["models"] = of_provider(*models, *prices, now_ms);
      entry["prices"] = of_provider(*prices);
      entry["keys"] = of_provider(*keys);
      list.push_back(std::move(entry));
    }
    call.Send(200, {{"providers", std::move(list)}});
  }

  void AddProvider(const Call& call) {
    const auto body = call.ReadJson();
    if (!body) return;
    storage::LlmProvider provider;
    if (const std::string wrong = ReadInto(*body, provider); !wrong.empty()) return call.FailField(wrong);
    const auto added = repository_.AddProvider(provider);
    if (!added.ok()) return call.Fail(added.error());
    call.Send(201, ToJson(*added));
  }

  void ChangeProvider(const Call& call) {
    auto provider = Named(call, call.request->params.at("name"));
    if (!provider) return;
    const auto body = call.ReadJson();
    if (!body) return;
    for (const char* fixed : {"name", "kind"}) {
      if (body->contains(fixed)) return call.FailField(fixed);
    }
    if (const std::string wrong = ReadInto(*body, *provider); !wrong.empty()) return call.FailField(wrong);
    if (const base::Status updated = repository_.UpdateProvider(*provider); !updated.ok()) return call.Fail(updated.error());
    call.Send(200, ToJson(*provider));
  }

  void PutModel(const Call& call) {
    const auto provider = Named(call, call.request->params.at("name"));
    if (!provider) return;
    const auto body = call.ReadJson();
    if (!body) return;
    storage::LlmModel model;
    model.provider_id = provider->id;
    if (const std::string wrong = ReadInto(*body, model); !wrong.empty()) return call.FailField(wrong);
    if (const base::Status put = repository_.PutModel(model); !put.ok()) return call.Fail(put.error());
    const auto prices = repository_.Prices();
    if (!prices.ok()) return call.Fail(prices.error());
    call.Send(200, ToJson(model, *prices, clock_.NowMs()));
  }

  void AddPrice(const Call& call) {
    const auto provider = Named(call, call.request->params.at("name"));
    if (!provider) return;
    const auto body = call.ReadJson();
    if (!body) return;
    storage::LlmPrice price;
    price.provider_id = provider->id;
    if (const std::string wrong = ReadInto(*body, price); !wrong.empty()) return call.FailField(wrong);
    const auto added = repository_.AddPrice(price);
    if (!added.ok()) return call.Fail(added.error());
    call.Send(201, ToJson(*added));
  }

  void DeletePrice(const Call& call) {
    const auto id = ParseNumber(call.request->params.at("price_id"));
    if (!id) return call.Fail({base::ErrorCode::kNotFound, "not a price id"});
    if (const base::Status deleted = repository_.DeletePrice(*id); !deleted.ok()) return call.Fail(deleted.error());
    call.Send(200, {});
  }

  void AddKey(const Call& call) {
    const auto body = call.ReadJson();
    if (!body) return;
    llm::NewKey key;
    key.provider = call.request->params.at("name");
    if (const std::string wrong = ReadInto(*body, key); !wrong.empty()) return call.FailField(wrong);
    const auto added = llm_.keys().Add(key);
    if (!added.ok()) return added.error().code == base::ErrorCode::kBadField ? call.FailField("key") : call.Fail(added.error());
    call.Send(201, ToJson(*added));
  }

  void ChangeKey(const Call& call) {
    const auto id = ParseNumber(call.request->params.at("key_id"));
    if (!id) return call.Fail({base::ErrorCode::kNotFound, "not a key id"});
    const auto body = call.ReadJson();
    if (!body) return;
    storage::LlmKeyChange change;
    if (const std::string wrong = ReadInto(*body, change); !wrong.empty()) return call.FailField(wrong);
    if (const base::Status changed = repository_.ChangeKey(*id, change); !changed.ok()) return call.Fail(changed.error());
    const auto keys = repository_.Keys();
    if (!keys.ok()) return call.Fail(keys.error());
    call.Send(200, ToJson(*std::ranges::find(*keys, *id, &storage::LlmKey::id)));
  }

  void TestKey(const Call& call) {
    const auto id = ParseNumber(call.request->params.at("key_id"));
    if (!id) return call.Fail({base::ErrorCode::kNotFound, "not a key id"});
    const auto test = llm_.chain().TestKey(*id);
    if (!test.ok()) return call.Fail(test.error());
    call.Send(200, ToJson(*test));
  }

  void UsageStats(const Call& call) {
    storage::LlmUsageFilter filter;
    std::string group_by;
    std::string provider;
    for (const auto& [name, value] : call.request->query) {
      if (name == "group_by") group_by = value;
      if (name == "provider") provider = value;
      if (name != "from_ms" && name != "to_ms") continue;
      const auto number = ParseNumber(value);
      if (!number || *number < 0) return call.FailField(name);
      (name == "from_ms" ? filter.from_ms : filter.to_ms) = *number;
    }
    const auto grouping = GroupingFromName(group_by);
    if (!grouping) return call.FailField("group_by");
    if (!provider.empty()) {
      const auto named = Named(call, provider);
      if (!named) return;
      filter.provider_id = named->id;
    }
    const auto usage = repository_.Usage(filter, *grouping);
    if (!usage.ok()) return call.Fail(usage.error());
    const auto today = repository_.Usage({.from_ms = clock_.NowMs() / kDayMs * kDayMs}, LlmGrouping::kNone);
    if (!today.ok()) return call.Fail(today.error());
    const double spent_usd = today->empty() ? 0.0 : static_cast<double>(today->front().cost_picousd) / kPicoUsd;

    bj::array groups;
    for (const storage::LlmUsage& row : *usage) groups.push_back(ToJson(row));
    const llm::CacheStatistics cache = llm_.cache_statistics();
    const std::int64_t asked = cache.hits + cache.shared + cache.misses;
    const double hit_rate = asked == 0 ? 0.0 : static_cast<double>(cache.hits + cache.shared) / static_cast<double>(asked);
    call.Send(200,
              {{"usage", std::move(groups)},
               {"today_cost_usd", spent_usd},
               {"daily_budget_usd", daily_budget_usd_},
               {"is_over_budget", daily_budget_usd_ > 0 && spent_usd > daily_budget_usd_},
               {"cache", {{"hits", cache.hits}, {"shared", cache.shared}, {"misses", cache.misses}, {"hit_rate", hit_rate}}}});
  }

 private:
  // Nullopt: there is none of that name, and the client has been told.
  std::optional<storage::LlmProvider> Named(const Call& call, const std::string& name) {
    const auto providers = repository_.Providers();
    if (!providers.ok()) {
      call.Fail(providers.error());
      return std::nullopt;
    }
    const auto found = std::ranges::find(*providers, name, &storage::LlmProvider::name);
    if (found != providers->end()) return *found;
    call.Fail({base::ErrorCode::kNotFound, "no such provider"});
    return std::nullopt;
  }

  llm::LlmService& llm_;
  storage::LlmRepository& repository_;
  const double daily_budget_usd_;
  const base::Clock& clock_;
};

}  // namespace

void AddAdminLlmRoutes(Router& router, const Guard& guard, llm::LlmService& llm, double daily_budget_usd,
                       const base::Clock& clock) {
  const auto admin = std::make_shared<AdminLlm>(llm, daily_budget_usd, clock);
  const auto add = [&](Method method, const char* pattern, void (AdminLlm::*handle)(const Call&)) {
    router.Add({.method = method,
                .pattern = std::string("/api/v1/admin/llm/") + pattern,
                .handler = guard.AdminOnly([admin, handle](const Call& call) { ((*admin).*handle)(call); })});
  };
  add(Method::kGet, "providers", &AdminLlm::ListProviders);
  add(Method::kPost, "providers", &AdminLlm::AddProvider);
  add(Method::kPatch, "providers/{name}", &AdminLlm::ChangeProvider);
  add(Method::kPost, "providers/{name}/models", &AdminLlm::PutModel);
  add(Method::kPost, "providers/{name}/prices", &AdminLlm::AddPrice);
  add(Method::kDelete, "prices/{price_id}", &AdminLlm::DeletePrice);
  add(Method::kPost, "providers/{name}/keys", &AdminLlm::AddKey);
  add(Method::kPatch, "keys/{key_id}", &AdminLlm::ChangeKey);
  add(Method::kPost, "keys/{key_id}/test", &AdminLlm::TestKey);
  add(Method::kGet, "usage/stats", &AdminLlm::UsageStats);
}

}  // namespace speechcoach::api
