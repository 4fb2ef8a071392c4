// Language models in the database: providers, models, dated prices, keys, and the log of every call. Every call here
// blocks and is thread-safe; each is one transaction, so that any number of processes may share the tables. Errors everywhere:
// kStorageUnavailable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace speechcoach::storage {

struct LlmProvider {
  std::int64_t id = 0;
  std::string name = {};      // "openai": unique, 1..50 of [a-z0-9_-]
  std::string kind = {};      // which wire format: openai, gemini, deepseek, openai_compatible
  std::string base_url = {};  // without the last part: "https://api.openai.com/v1"
  bool is_active = true;
  int priority = 0;  // the lowest is asked first
  bool needs_key = true;
  int requests_per_minute = 60;  // with one key; 0: no limit
  int failure_threshold = 5;     // consecutive failures after which it is left alone
  int timeout_seconds = 60;
};

struct LlmModel {
  std::int64_t id = 0;
  std::int64_t provider_id = 0;
  std::string name = {};
  bool is_active = true;
  int priority = 0;                                 // the lowest that can be used is used
  std::string request_extra = "{}";                 // a JSON object merged into each request
  std::optional<std::int64_t> shutdown_at_ms = {};  // announced; from then on it is not used
  std::optional<std::int64_t> missing_until_ms = {};
};

// Millionths of a dollar for a million tokens: tokens * price are picodollars.
struct LlmPrice {
  std::int64_t id = 0;
  std::int64_t provider_id = 0;
  std::string model_name = {};
  std::int64_t valid_from_ms = 0;
  std::optional<std::int64_t> valid_to_ms = {};  // exclusive
  // All three or none: it holds only within these minutes of these days, UTC.
  std::optional<int> weekdays = {};     // bit 0 is Monday
  std::optional<int> from_minute = {};  // 0..1439
  std::optional<int> to_minute = {};    // exclusive, 1..1440
  std::int64_t input_microusd = 0;
  std::int64_t cached_input_microusd = 0;
  std::int64_t output_microusd = 0;
};

struct LlmKey {
  std::int64_t id = 0;
  std::int64_t provider_id = 0;
  std::string name = {};   // unique within the provider
  std::string token = {};  // the key, encrypted
  std::string last4 = {};
  bool is_active = true;
  std::string disabled_reason = {};  // why the program turned it off: invalid_key, no_credit, address_changed; empty otherwise
  std::optional<std::int64_t> rate_limit_reset_at_ms = {};
  std::int64_t total_requests = 0;
  std::int64_t total_tokens = 0;
  std::int64_t total_cost_picousd = 0;
  std::int64_t month_cost_picousd = 0;  // of the month of its last call, UTC
  int day_requests = 0;                 // of the day of its last call, UTC
  std::optional<std::int64_t> last_used_at_ms = {};
  std::optional<std::int64_t> last_success_at_ms = {};
  std::optional<std::int64_t> last_failure_at_ms = {};
  int consecutive_failures = 0;
  std::optional<int> daily_request_limit = {};
  std::optional<double> monthly_budget_usd = {};
  std::int64_t created_at_ms = 0;
};

// What an admin may change of a key; absent: stays. Turning a key on forgets why it was off and any limit; one that is off because
// its provider moved stays off.
struct LlmKeyChange {
  std::optional<bool> is_active = {};
  std::optional<std::optional<int>> daily_request_limit = {};
  std::optional<std::optional<double>> monthly_budget_usd = {};
};

struct LlmKeyLease {
  std::int64_t key_id = 0;
  std::string token = {};
  int consecutive_failures = 0;
};

// One call that was made.
struct LlmCall {
  std::int64_t provider_id = 0;
  std::int64_t key_id = 0;      // 0: none was needed
  std::string session_id = {};  // empty: none
  std::int64_t user_id = 0;     // 0: none
  std::string model = {};
  int prompt_tokens = 0;
  int cached_prompt_tokens = 0;
  int completion_tokens = 0;
  int response_time_ms = 0;
  bool success = false;
  std::string error = {};  // empty where it succeeded; nothing of the conversation
  std::int64_t cost_picousd = 0;
  bool was_fallback = false;
  int attempt_number = 1;
  std::int64_t began_at_ms = 0;
  // What it means for the key.
  std::optional<std::int64_t> key_rests_until_ms = {};
  std::string key_disabled_reason = {};  // not empty: the key is turned off
  bool is_the_keys_fault = false;        // counts among its consecutive failures
};

enum class LlmGrouping { kNone, kProvider, kModel, kKey, kDay, kUser };

struct LlmUsageFilter {
  std::int64_t from_ms = 0;  // inclusive
  std::int64_t to_ms = 0;    // exclusive; 0: no end
  std::optional<std::int64_t> provider_id = {};
};

struct LlmUsage {
  std::string group = {};  // the provider's name, the model, the key's id, the day ("2026-11-22"), the user's id; empty for kNone
  std::int64_t calls = 0;
  std::int64_t successes = 0;
  std::int64_t fallbacks = 0;
  std::int64_t prompt_tokens = 0;
  std::int64_t cached_prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  std::int64_t cost_picousd = 0;
  double mean_response_ms = 0.0;
};

class LlmRepository {
 public:
  virtual ~LlmRepository() = default;

  virtual base::Result<std::vector<LlmProvider>> Providers() = 0;                  // as they are asked
  virtual base::Result<LlmProvider> AddProvider(const LlmProvider& provider) = 0;  // kConflict: the name is taken
  // All but name and kind. A key was meant for the host it was entered for: where scheme or host change, the provider's keys are
  // turned off for good (address_changed) and have to be entered anew. kNotFound.
  virtual base::Status UpdateProvider(const LlmProvider& provider) = 0;
  virtual base::Result<std::vector<LlmModel>> Models() = 0;  // by provider, priority, id
  virtual base::Status PutModel(const LlmModel& model) = 0;  // by provider and name
  virtual base::Status SetModelMissing(std::int64_t model_id, std::int64_t until_ms) = 0;
  virtual base::Result<std::vector<LlmPrice>> Prices() = 0;            // by provider, model, valid_from
  virtual base::Result<LlmPrice> AddPrice(const LlmPrice& price) = 0;  // kConflict: no such provider
  virtual base::Status DeletePrice(std::int64_t price_id) = 0;         // kNotFound

  virtual base::Result<std::vector<LlmKey>> Keys() = 0;        // by provider, id
  virtual base::Result<LlmKey> AddKey(const LlmKey& key) = 0;  // kConflict: the name is taken, no such provider
  virtual base::Status ChangeKey(std::int64_t key_id,
                                 const LlmKeyChange& change) = 0;  // kNotFound; kConflict: its provider moved
  virtual base::Status SetKeyToken(std::int64_t key_id, const std::string& old_token,
                                   const std::string& token) = 0;  // kConflict: changed meanwhile

  // A new day, UTC: of keys last used on an earlier one, the day's requests, limits that are over and the failures that make pauses longer
  // are forgotten. How many keys it were.
  virtual base::Result<int> ResetKeys(std::int64_t now_ms) = 0;

  // Takes the provider's key that was used longest ago and may be used now, and counts the use. kRateLimited: there is
  // none: all are off, resting, or at their limit of requests or dollars.
  virtual base::Result<LlmKeyLease> LeaseKey(std::int64_t provider_id, std::int64_t now_ms) = 0;
  // The same for one key, whatever its state, to test it. kNotFound; kConflict: its provider moved.
  virtual base::Result<LlmKeyLease> LeaseThisKey(std::int64_t key_id, std::int64_t now_ms) = 0;

  // Writes the call into the log and what it means into its key. A session or user that is gone is left out.
  virtual base::Status RecordCall(const LlmCall& call) = 0;

  virtual base::Result<std::vector<LlmUsage>> Usage(const LlmUsageFilter& filter, LlmGrouping grouping) = 0;  // by group
};

}  // namespace speechcoach::storage
