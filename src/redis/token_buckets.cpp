#include "redis/token_buckets.h"

#include <array>

#include <fmt/format.h>
#include <openssl/sha.h>

namespace speechcoach::redis {
namespace {

// KEYS: the bucket; ARGV: tokens a millisecond, tokens at most. Answers as TokenBuckets::Answer. A clock that is set back only slows the
// refill.
constexpr const char* kTakeScript = R"lua(
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + time[2] / 1000
local per_ms, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local tokens = burst
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at_ms')
if kept[1] then tokens = math.min(burst, kept[1] + math.max(0, now_ms - kept[2]) * per_ms) end
local wait_ms = 0
if tokens < 1 then wait_ms = math.ceil((1 - tokens) / per_ms) else tokens = tokens - 1 end
local ms_until_full = math.ceil((burst - tokens) / per_ms)
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'at_ms', string.format('%.17g', now_ms))
redis.call('PEXPIRE', KEYS[1], ms_until_full + 1)
return {wait_ms, math.floor(tokens), ms_until_full}
)lua";

std::string KeyOf(const BucketRate& rate, const std::string& key) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  ::SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), hash.data());
  std::string name = "speechcoach:limit:" + rate.name + ":";
  for (std::size_t i = 0; i < hash.size() / 2; ++i) name += fmt::format("{:02x}", hash[i]);
  return name;
}

}  // namespace

std::optional<TokenBuckets::Answer> TokenBuckets::Take(const BucketRate& rate, const std::string& key) {
  static const Script script(kTakeScript);
  const auto reply =
      client_.Run(script, {KeyOf(rate, key)}, {fmt::format("{}", rate.per_second / 1000), fmt::format("{}", rate.burst)});
  if (!reply || reply->items.size() != 3) return std::nullopt;
  return Answer{reply->items[0].integer, reply->items[1].integer, reply->items[2].integer};
}

}  // namespace speechcoach::redis
