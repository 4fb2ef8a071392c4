// The steps that Redis does as one.
#pragma once

namespace speechcoach::queue::celery {

// KEYS: unacked, its index, held, dead, dead's index, lists...; ARGV: how many. Answers tag, list, message, tag, ...
inline constexpr const char* kFetchScript = R"lua(
local now = redis.call('TIME')
local seconds = now[1] + now[2] / 1000000
local wanted = tonumber(ARGV[1])
local got = {}
for i = 6, #KEYS do
  while wanted > 0 do
    local payload = redis.call('RPOP', KEYS[i])
    if not payload then break end
    local is_json, message = pcall(cjson.decode, payload)
    local properties = is_json and type(message) == 'table' and type(message.properties) == 'table' and message.properties or {}
    local tag = properties.delivery_tag
    if type(tag) == 'string' then
      local info = type(properties.delivery_info) == 'table' and properties.delivery_info or {}
      local exchange = type(info.exchange) == 'string' and info.exchange or ''
      local routing_key = type(info.routing_key) == 'string' and info.routing_key or ''
      redis.call('HSET', KEYS[1], tag, '[' .. payload .. ', ' .. cjson.encode(exchange) .. ', ' .. cjson.encode(routing_key) .. ']')
      redis.call('ZADD', KEYS[2], seconds, tag)
      redis.call('SADD', KEYS[3], tag)
      got[#got + 1] = tag
      got[#got + 1] = KEYS[i]
      got[#got + 1] = payload
      wanted = wanted - 1
    else
      local id = 'unreadable-' .. redis.sha1hex(payload)
      redis.call('HSET', KEYS[4], id, cjson.encode({task = '', queue = KEYS[i], reason = 'unreadable', died_at = seconds, message = payload}))
      redis.call('ZADD', KEYS[5], seconds, id)
    end
  end
end
return got
)lua";

// KEYS: unacked, its index, held, result; ARGV: tag, result or '', its seconds, then commands: number of words, words...
inline constexpr const char* kFinishScript = R"lua(
local held = redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('SREM', KEYS[3], ARGV[1])
if ARGV[2] ~= '' then
  local known = redis.call('GET', KEYS[4])
  if not (known and string.find(known, '"status": ?"SUCCESS"')) then
    redis.call('SETEX', KEYS[4], ARGV[3], ARGV[2])
    redis.call('PUBLISH', KEYS[4], ARGV[2])
  end
end
if held == 1 then
  local i = 4
  while i <= #ARGV do
    local words = tonumber(ARGV[i])
    redis.call(unpack(ARGV, i + 1, i + words))
    i = i + words + 1
  end
end
return held
)lua";

// KEYS: unacked, its index, held, the list it goes to; ARGV: tag, the message as it goes back
inline constexpr const char* kRestoreScript = R"lua(
local held = redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('SREM', KEYS[3], ARGV[1])
if held == 1 then redis.call('RPUSH', KEYS[4], ARGV[2]) end
return held
)lua";

// KEYS: workers, unacked's index; ARGV: worker, seconds, tags...
inline constexpr const char* kAliveScript = R"lua(
local now = redis.call('TIME')
redis.call('ZADD', KEYS[1], now[1] + ARGV[2], ARGV[1])
for i = 3, #ARGV do redis.call('ZADD', KEYS[2], 'XX', now[1], ARGV[i]) end
return now[1]
)lua";

// KEYS: workers, unacked's index; ARGV: visibility timeout. Answers the workers that are dead, and the tags nobody finished.
inline constexpr const char* kLostScript = R"lua(
local now = redis.call('TIME')
return {redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now[1]), redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now[1] - ARGV[1], 'LIMIT', 0, 100)}
)lua";

// KEYS: workers, held; ARGV: worker. Forgets a worker that holds nothing and has not come back.
inline constexpr const char* kForgetScript = R"lua(
local now = redis.call('TIME')
local until_when = redis.call('ZSCORE', KEYS[1], ARGV[1])
if redis.call('SCARD', KEYS[2]) == 0 and until_when and tonumber(until_when) <= tonumber(now[1]) then redis.call('ZREM', KEYS[1], ARGV[1]) end
return 1
)lua";

// KEYS: parts, their number's change, their number; ARGV: part, its place, seconds. Answers the parts once all are there.
inline constexpr const char* kChordPartScript = R"lua(
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
local size = redis.call('GET', KEYS[3])
for i = 1, 3 do redis.call('EXPIRE', KEYS[i], ARGV[3]) end
if not size then return {} end
local total = tonumber(size) + tonumber(redis.call('GET', KEYS[2]) or '0')
if redis.call('ZCARD', KEYS[1]) ~= total then return {} end
return redis.call('ZRANGE', KEYS[1], 0, -1)
)lua";

}  // namespace speechcoach::queue::celery
