#include "llm/cache/answer_cache.h"

#include <array>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <openssl/sha.h>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "llm/wire/json_access.h"

namespace speechcoach::llm {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::string HashOf(const ChatRequest& request) {
  const std::string text = fmt::format("{}\n{}\n{}", request.schema_name, request.json_schema, request.cache_key);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return {digest.begin(), digest.end()};
}

class MemoryStore final : public AnswerStore {
 public:
  MemoryStore(std::size_t entries, std::chrono::seconds ttl) : entries_(entries), ttl_(ttl) {}

  std::optional<std::string> Get(const std::string& key) override {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    if (SteadyClock::now() >= found->second->made_at + ttl_) {
      by_use_.erase(found->second);
      by_key_.erase(found);
      return std::nullopt;
    }
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return found->second->answer;
  }

  void Put(const std::string& key, const std::string& answer) override {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
      by_use_.erase(found->second);
      by_key_.erase(found);
    }
    by_use_.push_front({key, answer, SteadyClock::now()});
    by_key_[key] = by_use_.begin();
    if (by_use_.size() > entries_) {
      by_key_.erase(by_use_.back().key);
      by_use_.pop_back();
    }
  }

 private:
  struct Entry {
    std::string key;
    std::string answer;
    SteadyClock::time_point made_at;
  };
  const std::size_t entries_;
  const std::chrono::seconds ttl_;
  std::mutex mutex_;
  std::list<Entry> by_use_;  // the latest first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
};

// A question somebody is asking; others with the same one wait for it.
struct Flight {
  std::mutex mutex;
  std::condition_variable_any changed;
  bool is_over = false;
  std::optional<ChatReply> reply;
  std::optional<base::Error> error;  // neither: it was withdrawn, and somebody else may ask
};

std::string ToText(const ChatReply& reply) {
  return boost::json::serialize(boost::json::object{{"text", reply.text}, {"provider", reply.provider}, {"model", reply.model}});
}

std::optional<ChatReply> FromText(const std::string& text) {
  const auto object = ParseObject(text);
  if (!object) return std::nullopt;
  return ChatReply{TextMember(*object, "text"), {}, TextMember(*object, "provider"), TextMember(*object, "model"), true};
}

class Cached final : public CachedProvider {
 public:
  Cached(ChatProvider& provider, std::unique_ptr<AnswerStore> store) : provider_(provider), store_(std::move(store)) {}

  base::Result<ChatReply> Complete(const ChatRequest& request, const ChatObserver& observer, std::stop_token stop) override {
    if (request.cache_key.empty()) return provider_.Complete(request, observer, stop);
    const std::string key = HashOf(request);
    for (;;) {
      // Joined before the store is asked: an answer that lands in between is in the one or the other.
      auto [flight, is_mine] = Join(key);
      if (is_mine) return Ask(key, *flight, request, observer, stop);
      Count(&CacheStatistics::waiting);
      std::unique_lock lock(flight->mutex);
      flight->changed.wait(lock, stop, [&] { return flight->is_over; });
      Count(&CacheStatistics::waiting, -1);
      if (stop.stop_requested()) return base::Error{base::ErrorCode::kCancelled, "the question was withdrawn"};
      // Where nobody could answer, asking once more would only double the learner's wait, and everybody's at once.
      if (flight->error) return *flight->error;
      std::optional<ChatReply> reply = flight->reply;
      lock.unlock();
      if (!reply) continue;
      if (IsFaulty(request, reply->text)) {
        Count(&CacheStatistics::misses);
        return provider_.Complete(request, observer, stop);
      }
      reply->usage = {};
      reply->from_cache = true;
      Count(&CacheStatistics::shared);
      observer.on_text(reply->text);
      return std::move(*reply);
    }
  }

  CacheStatistics statistics() const override {
    const std::lock_guard lock(mutex_);
    return statistics_;
  }

 private:
  static bool IsFaulty(const ChatRequest& request, const std::string& text) {
    return request.fault_of && !request.fault_of(text).empty();
  }

  std::optional<ChatReply> Kept(const std::string& key, const ChatRequest& request) {
    const auto text = store_->Get(key);
    auto reply = text ? FromText(*text) : std::nullopt;
    if (!reply || IsFaulty(request, reply->text)) return std::nullopt;
    Count(&CacheStatistics::hits);
    return reply;
  }

  std::pair<std::shared_ptr<Flight>, bool> Join(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto [place, is_new] = flights_.try_emplace(key);
    if (is_new) place->second = std::make_shared<Flight>();
    return {place->second, is_new};
  }

  base::Result<ChatReply> Ask(const std::string& key, Flight& flight, const ChatRequest& request, const ChatObserver& observer,
                              const std::stop_token& stop) {
    const Landing landing(*this, key, flight);
    if (auto kept = Kept(key, request)) {
      {
        const std::lock_guard lock(flight.mutex);
        flight.reply = *kept;
      }
      observer.on_text(kept->text);
      return std::move(*kept);
    }
    Count(&CacheStatistics::misses);
    auto reply = provider_.Complete(request, observer, stop);
    if (reply.ok()) {
      store_->Put(key, ToText(*reply));
      const std::lock_guard lock(flight.mutex);
      flight.reply = *reply;
    } else if (reply.error().code != base::ErrorCode::kCancelled) {
      const std::lock_guard lock(flight.mutex);
      flight.error = reply.error();
    }
    return reply;
  }

  // Ends a flight however its question ended.
  class Landing {
   public:
    Landing(Cached& cache, const std::string& key, Flight& flight) : cache_(cache), key_(key), flight_(flight) {}
    Landing(const Landing&) = delete;
    Landing& operator=(const Landing&) = delete;
    ~Landing() {
      // Gone before it is told: whoever asks again begins a flight of its own.
      {
        const std::lock_guard lock(cache_.mutex_);
        cache_.flights_.erase(key_);
      }
      const std::lock_guard lock(flight_.mutex);
      flight_.is_over = true;
      flight_.changed.notify_all();
    }

   private:
    Cached& cache_;
    const std::string& key_;
    Flight& flight_;
  };

  void Count(std::int64_t CacheStatistics::* counter, int change = 1) {
    const std::lock_guard lock(mutex_);
    statistics_.*counter += change;
  }

  ChatProvider& provider_;
  const std::unique_ptr<AnswerStore> store_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Flight>> flights_;
  CacheStatistics statistics_;
};

}  // namespace

std::unique_ptr<AnswerStore> MakeMemoryAnswerStore(std::size_t entries, std::chrono::seconds ttl) {
  return std::make_unique<MemoryStore>(entries, ttl);
}

std::unique_ptr<CachedProvider> MakeCachedProvider(ChatProvider& provider, std::unique_ptr<AnswerStore> store) {
  return std::make_unique<Cached>(provider, std::move(store));
}

}  // namespace speechcoach::llm
