#include "spool/internal/shared_logs.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "spool/internal/record.h"
#include "spool/internal/refusals.h"

namespace speechcoach::spool {
namespace {

// One key each for all streams: what Redis holds of them, and when each was last heard of (0: its removal has begun).
constexpr const char* kTotalKey = "speechcoach.spool.bytes";
constexpr const char* kIndexKey = "speechcoach.spool.index";

// A stream's state is a hash: `header`, `writer`, `next` (chunks that are safe), `moved` (those of them in segments), `stored` (bytes in
// Redis), `last_seq` once sealed, and `segment:FROM:WRITER` for each blob, "" until it is known to be whole. An entry of its Redis
// stream holds records and is named after the first one's chunk, plus one. Of a removed stream whose segments are still there `writer` is
// left, "", and the segments, noted as not whole: another recording of the same name may begin beside them.

// KEYS: total, index, state; ARGV: writer, header, member, time, most bytes.
constexpr const char* kCreateScript = R"lua(
local writer = redis.call('HGET', KEYS[3], 'writer')
if writer == ARGV[1] then return 'made' end
if writer and writer ~= '' then return 'there' end
if tonumber(redis.call('GET', KEYS[1]) or '0') >= tonumber(ARGV[5]) then return 'full' end
redis.call('HSET', KEYS[3], 'writer', ARGV[1], 'header', ARGV[2], 'next', 0, 'moved', 0, 'stored', 0)
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3])
return 'made'
)lua";

// KEYS: total, index, then entries and state of each stream; ARGV: time, then of each stream: member, writer, first chunk, chunk
// after the last, last_seq or '', records.
constexpr const char* kAddScript = R"lua(
local added = {}
for i = 1, (#KEYS - 2) / 2 do
  local entries, state = KEYS[2 * i + 1], KEYS[2 * i + 2]
  local member, writer, first, after, last, records = unpack(ARGV, 6 * i - 4, 6 * i + 1)
  if redis.call('HGET', state, 'writer') == writer then
    if #records > 0 and redis.call('HGET', state, 'next') == first then
      redis.call('XADD', entries, (first + 1) .. '-0', '', records)
      redis.call('HSET', state, 'next', after)
      redis.call('HINCRBY', state, 'stored', #records)
      redis.call('INCRBY', KEYS[1], #records)
    end
    if last ~= '' then redis.call('HSET', state, 'last_seq', last) end
    redis.call('ZADD', KEYS[2], ARGV[1], member)
    added[i] = {tonumber(redis.call('HGET', state, 'next'))}
  else
    added[i] = {}
  end
end
added[#added + 1] = tonumber(redis.call('GET', KEYS[1]) or '0')
return added
)lua";

// KEYS: index, entries, state; ARGV: the writer that takes over, or '', member, time.
constexpr const char* kReadScript = R"lua(
if redis.call('HEXISTS', KEYS[3], 'header') == 0 then return false end
if ARGV[1] ~= '' then
  redis.call('HSET', KEYS[3], 'writer', ARGV[1])
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[2])
end
return {redis.call('HGETALL', KEYS[3]), redis.call('XRANGE', KEYS[2], '-', '+')}
)lua";

// The segment is noted before it is written: what is cut short between is removed with the stream.
// KEYS: entries, state; ARGV: writer.
constexpr const char* kBeginMoveScript = R"lua(
if redis.call('HGET', KEYS[2], 'writer') ~= ARGV[1] then return false end
local from = redis.call('HGET', KEYS[2], 'moved')
redis.call('HSETNX', KEYS[2], 'segment:' .. from .. ':' .. ARGV[1], '')
return {from, redis.call('HGET', KEYS[2], 'next'), redis.call('XRANGE', KEYS[1], '-', '+')}
)lua";

// 'unused': nothing of the stream is in the segment. Sent again it may find that another writer has gone on behind the segment.
// KEYS: total, entries, state; ARGV: writer, from, chunk after the last one that was in Redis, chunk after the segment's last, bytes
// that were in Redis.
constexpr const char* kEndMoveScript = R"lua(
local segment = 'segment:' .. ARGV[2] .. ':' .. ARGV[1]
if redis.call('HGET', KEYS[3], 'writer') ~= ARGV[1] then
  return redis.call('HGET', KEYS[3], segment) == 'whole' and 'taken over' or 'unused'
end
if redis.call('HGET', KEYS[3], 'moved') == ARGV[2] then
  redis.call('HSET', KEYS[3], segment, 'whole', 'moved', ARGV[4])
  if ARGV[3] ~= ARGV[4] then redis.call('HSET', KEYS[3], 'next', ARGV[4]) end
  redis.call('XTRIM', KEYS[2], 'MINID', (ARGV[3] + 1) .. '-0')
  redis.call('HINCRBY', KEYS[3], 'stored', 0 - ARGV[5])
  redis.call('DECRBY', KEYS[1], ARGV[5])
end
return 'moved'
)lua";

// KEYS: total, index, entries, state; ARGV: member, '' or the time since when nothing was heard of it.
constexpr const char* kRemoveScript = R"lua(
if ARGV[2] ~= '' and tonumber(redis.call('ZSCORE', KEYS[2], ARGV[1]) or '0') > tonumber(ARGV[2]) then return false end
redis.call('DECRBY', KEYS[1], redis.call('HGET', KEYS[4], 'stored') or 0)
redis.call('DEL', KEYS[3])
local segments = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[4])) do
  if string.sub(field, 1, 8) == 'segment:' then segments[#segments + 1] = field end
end
if #segments == 0 then
  redis.call('DEL', KEYS[4])
  redis.call('ZREM', KEYS[2], ARGV[1])
else
  redis.call('HDEL', KEYS[4], 'header', 'next', 'moved', 'stored', 'last_seq')
  for _, segment in ipairs(segments) do redis.call('HSET', KEYS[4], segment, '') end
  redis.call('HSET', KEYS[4], 'writer', '')
  redis.call('ZADD', KEYS[2], 0, ARGV[1])
end
return segments
)lua";

// The segments are gone. KEYS: index, state; ARGV: member, then the segments.
constexpr const char* kForgetScript = R"lua(
for i = 2, #ARGV do redis.call('HDEL', KEYS[2], ARGV[i]) end
if redis.call('HGET', KEYS[2], 'writer') == '' and redis.call('HLEN', KEYS[2]) == 1 then
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[1], ARGV[1])
end
return 'forgotten'
)lua";

constexpr std::string_view kSegmentField = "segment:";
constexpr const char* kMostSilent = "1000";  // at a time

std::string Member(const StreamId& id) { return fmt::format("{}.{}", id.session_id, id.turn); }

std::optional<StreamId> FromMember(std::string_view member) {
  const std::size_t point = member.rfind('.');
  StreamId id;
  if (point == std::string_view::npos) return std::nullopt;
  const auto [end, fault] = std::from_chars(member.data() + point + 1, member.data() + member.size(), id.turn);
  if (fault != std::errc() || end != member.data() + member.size()) return std::nullopt;
  id.session_id = member.substr(0, point);
  return id;
}

std::string EntriesKey(const StreamId& id) { return "speechcoach.spool." + Member(id); }
std::string StateKey(const StreamId& id) { return EntriesKey(id) + ".state"; }

// "segment:FROM:WRITER" -> the blob's key.
std::string BlobKey(const StreamId& id, std::string_view segment) {
  std::string name(segment.substr(kSegmentField.size()));
  std::ranges::replace(name, ':', '.');
  return fmt::format("spool/{}.{}", Member(id), name);
}

template <typename Integer = std::uint32_t>
Integer Number(std::string_view text) {
  Integer number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

template <typename Bytes>
void AppendEntries(const redis::Reply& entries, Bytes& out) {
  for (const redis::Reply& entry : entries.items) {
    const std::string& records = entry.items[1].items[1].text;
    out.insert(out.end(), records.begin(), records.end());
  }
}

// All chunks of a log; what follows a damaged record is left out.
void ParseLog(std::span<const std::uint8_t> log, StreamContent& content) {
  while (const auto record = ParseHeader(log)) {
    const std::size_t size = kRecordHeaderBytes + record->length;
    if (size > log.size() || record->seq != content.next_seq()) return;
    const auto payload = log.subspan(kRecordHeaderBytes, record->length);
    if (!IsIntact(log.first(kRecordHeaderBytes), payload)) return;
    content.bytes.insert(content.bytes.end(), payload.begin(), payload.end());
    content.ends.push_back(static_cast<std::uint32_t>(content.bytes.size()));
    log = log.subspan(size);
  }
}

base::Error Damaged(const StreamId& id) {
  return {base::ErrorCode::kStorageUnavailable, "spool: not all is left of " + Member(id)};
}

}  // namespace

base::Status SharedLogs::Create(const StreamId& id, const std::string& writer, const std::string& header, std::int64_t now_ms,
                                std::int64_t max_total_bytes) {
  static const redis::Script create(kCreateScript);
  const auto made = redis_.Run(create, {kTotalKey, kIndexKey, StateKey(id)},
                               {writer, header, Member(id), std::to_string(now_ms), std::to_string(max_total_bytes)});
  if (!made.ok()) return made.error();
  if (made->text == "there") return {base::ErrorCode::kConflict, "spool: the stream is there"};
  if (made->text == "full") return {base::ErrorCode::kBusy, "spool: full"};
  return {};
}

base::Result<Added> SharedLogs::Add(std::span<const Addition> additions, std::int64_t now_ms) {
  static const redis::Script add(kAddScript);
  std::vector<std::string> keys{kTotalKey, kIndexKey};
  std::vector<std::string> arguments{std::to_string(now_ms)};
  for (const Addition& addition : additions) {
    keys.insert(keys.end(), {EntriesKey(addition.id), StateKey(addition.id)});
    arguments.insert(arguments.end(),
                     {Member(addition.id), addition.writer, std::to_string(addition.records.first),
                      std::to_string(addition.records.next()), addition.last_seq ? std::to_string(*addition.last_seq) : ""});
    arguments.emplace_back(addition.records.bytes.begin(), addition.records.bytes.end());
  }
  const auto reply = redis_.Run(add, keys, arguments);
  if (!reply.ok()) return reply.error();
  Added added;
  for (std::size_t i = 0; i < additions.size(); ++i) {
    const auto& stream = reply->items[i].items;
    added.next_seqs.emplace_back();
    if (!stream.empty()) added.next_seqs.back() = static_cast<std::uint32_t>(stream[0].integer);
  }
  added.total_bytes = reply->items.back().integer;
  return added;
}

base::Result<StoredStream> SharedLogs::Read(const StreamId& id, std::int64_t now_ms, const std::string& new_writer) {
  static const redis::Script read(kReadScript);
  const auto reply =
      redis_.Run(read, {kIndexKey, EntriesKey(id), StateKey(id)}, {new_writer, Member(id), std::to_string(now_ms)});
  if (!reply.ok()) return reply.error();
  if (reply->is_nil()) return NotThere();
  StoredStream stream;
  std::uint32_t next_seq = 0;
  std::map<std::uint32_t, std::string> segments;  // by their first chunk
  const std::vector<redis::Reply>& state = reply->items[0].items;
  for (std::size_t i = 0; i + 1 < state.size(); i += 2) {
    const std::string& name = state[i].text;
    const std::string& value = state[i + 1].text;
    if (name == "header") stream.content.header = value;
    if (name == "next") next_seq = Number(value);
    if (name == "stored") stream.stored_bytes = Number(value);
    if (name == "last_seq") stream.content.last_seq = Number(value);
    if (name.starts_with(kSegmentField) && !value.empty())
      segments.emplace(Number(std::string_view(name).substr(kSegmentField.size())), name);
  }
  std::vector<std::uint8_t> log;
  for (const auto& [from, segment] : segments) {
    const auto bytes = blobs_.Get(BlobKey(id, segment));
    if (!bytes.ok() && bytes.error().code != base::ErrorCode::kNotFound) return bytes.error();
    if (bytes.ok()) log.insert(log.end(), bytes->begin(), bytes->end());
  }
  AppendEntries(reply->items[1], log);
  ParseLog(log, stream.content);
  if (stream.content.next_seq() != next_seq) return Damaged(id);
  return stream;
}

base::Result<std::size_t> SharedLogs::Move(const StreamId& id, const std::string& writer, const Records& behind) {
  static const redis::Script begin(kBeginMoveScript);
  static const redis::Script end(kEndMoveScript);
  const auto begun = redis_.Run(begin, {EntriesKey(id), StateKey(id)}, {writer});
  if (!begun.ok()) return begun.error();
  if (begun->is_nil()) return TakenOver();
  const std::string& from = begun->items[0].text;
  const std::string& stored_to = begun->items[1].text;
  std::vector<std::uint8_t> log;
  AppendEntries(begun->items[2], log);
  const std::size_t stored_bytes = log.size();
  log.insert(log.end(), behind.bytes.begin(), behind.bytes.end());
  const std::string segment = fmt::format("{}{}:{}", kSegmentField, from, writer);
  if (const base::Status put = blobs_.Put(BlobKey(id, segment), log); !put.ok()) return put.error();
  const std::string moved_to = behind.count > 0 ? std::to_string(behind.next()) : stored_to;
  const auto ended = redis_.Run(end, {kTotalKey, EntriesKey(id), StateKey(id)},
                                {writer, from, stored_to, moved_to, std::to_string(stored_bytes)});
  if (!ended.ok()) return ended.error();
  if (ended->text == "moved") return stored_bytes;
  if (ended->text == "unused") {
    const base::Status gone = blobs_.Delete(BlobKey(id, segment));
    if (!gone.ok()) {
      base::Log(base::LogLevel::kWarning, "a part of a recording not removed",
                {{"session_id", id.session_id}, {"reason", gone.error().message}});
    }
  }
  return TakenOver();
}

base::Result<std::vector<std::string>> SharedLogs::Remove(const StreamId& id, std::optional<std::int64_t> silent_since_ms) {
  static const redis::Script remove(kRemoveScript);
  const auto reply = redis_.Run(remove, {kTotalKey, kIndexKey, EntriesKey(id), StateKey(id)},
                                {Member(id), silent_since_ms ? std::to_string(*silent_since_ms) : ""});
  if (!reply.ok()) return reply.error();
  if (reply->is_nil()) return {base::ErrorCode::kConflict, "spool: the stream goes on"};
  std::vector<std::string> segments;
  for (const redis::Reply& segment : reply->items) segments.push_back(segment.text);
  return segments;
}

void SharedLogs::RemoveSegments(const StreamId& id, std::span<const std::string> segments) {
  for (const std::string& segment : segments) {
    if (const base::Status gone = blobs_.Delete(BlobKey(id, segment)); !gone.ok()) {
      base::Log(base::LogLevel::kWarning, "parts of a recording not removed yet",
                {{"session_id", id.session_id}, {"reason", gone.error().message}});
      return;  // the index still names it
    }
  }
  static const redis::Script forget(kForgetScript);
  std::vector<std::string> arguments{Member(id)};
  arguments.insert(arguments.end(), segments.begin(), segments.end());
  const auto gone = redis_.Run(forget, {kIndexKey, StateKey(id)}, arguments);
  if (!gone.ok())
    base::Log(base::LogLevel::kWarning, "a recording's end not noted yet",
              {{"session_id", id.session_id}, {"reason", gone.error().message}});
}

base::Result<StreamSummary> SharedLogs::Find(const StreamId& id) {
  const auto replies = redis_.Run(
      std::vector<redis::Command>{{"HMGET", StateKey(id), "header", "next", "last_seq"}, {"ZSCORE", kIndexKey, Member(id)}});
  if (!replies.ok()) return replies.error();
  const std::vector<redis::Reply>& state = (*replies)[0].items;
  if (!state[0].is_text()) return NotThere();
  StreamSummary summary;
  summary.next_seq = Number(state[1].text);
  if (state[2].is_text()) summary.last_seq = Number(state[2].text);
  summary.last_append_ms = Number<std::int64_t>((*replies)[1].text);
  return summary;
}

base::Status SharedLogs::Touch(std::span<const StreamId> ids, std::int64_t now_ms) {
  if (ids.empty()) return {};
  redis::Command command{"ZADD", kIndexKey, "XX"};
  for (const StreamId& id : ids) command.insert(command.end(), {std::to_string(now_ms), Member(id)});
  const auto touched = redis_.Run(command);
  if (!touched.ok()) return touched.error();
  return {};
}

base::Result<std::vector<StreamId>> SharedLogs::SilentSince(std::int64_t before_ms) {
  const auto reply =
      redis_.Run(redis::Command{"ZRANGEBYSCORE", kIndexKey, "0", std::to_string(before_ms), "LIMIT", "0", kMostSilent});
  if (!reply.ok()) return reply.error();
  std::vector<StreamId> silent;
  for (const redis::Reply& member : reply->items) {
    if (auto id = FromMember(member.text)) silent.push_back(std::move(*id));
  }
  return silent;
}

base::Result<std::int64_t> SharedLogs::TotalBytes() {
  const auto reply = redis_.Run(redis::Command{"GET", kTotalKey});
  if (!reply.ok()) return reply.error();
  return Number<std::int64_t>(reply->text);
}

}  // namespace speechcoach::spool
