// A worker: takes tasks from queues in Redis and runs them, as Celery's own workers and tools expect it of one of theirs.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <boost/json.hpp>

#include "base/result.h"
#include "queue/celery/broker.h"
#include "queue/celery/canvas.h"
#include "queue/celery/events.h"
#include "queue/celery/lamport_clock.h"
#include "queue/celery/message.h"
#include "queue/celery/pidbox.h"
#include "queue/celery/revoked_set.h"
#include "queue/celery/settling.h"
#include "queue/celery/task.h"
#include "redis/client.h"

namespace speechcoach::queue::celery {

struct WorkerOptions {
  std::string hostname;  // "speechcoach@machine": how Celery's tools name it; no two workers share one
  std::vector<std::string> queues;
  int concurrency = 4;  // tasks at once, each on a thread
  // How many of them at most from one queue; one that is not named here may take all. What pool_grow and pool_shrink add counts for each.
  std::map<std::string, int> slots;
  // Messages taken per thread, running ones counted. 1: none waits here while another worker is free, and a more urgent one is
  // always next. More saves the way to Redis between small tasks.
  int prefetch_multiplier = 1;
  std::chrono::seconds visibility_timeout{3600};  // as all workers of the queues have it
  int result_expires_s = 86'400;
  bool task_events = false;  // tell of each task from the start on, not only when asked to
  Route route;               // of signatures that name no queue; empty: "celery"
  std::chrono::milliseconds heartbeat{2'000};
  std::chrono::seconds alive_for{15};  // a worker that does not say so for longer is dead: the others take its messages
  std::function<void()> on_shutdown;   // asked for by remote control, on another thread; must return at once
};

// Thread-safe. At least once: a handler may see a task again whose worker died. At most once at a time as long as no worker is
// silent for longer than `alive_for`.
class Worker {
 public:
  Worker(redis::Options server, WorkerOptions options, Registry registry);
  ~Worker();  // Stop(0), where it still runs; then waits for handlers that do not stop

  // Errors: where Redis refuses this program (kBadConfig) or cannot be reached (kStorageUnavailable).
  base::Status Start();

  // Takes nothing new, gives back what has not begun, lets running tasks end for `grace`, then asks them to stop and gives back
  // theirs. False where one does not stop.
  bool Stop(std::chrono::milliseconds grace);

  struct Health {
    bool is_connected = false;
    int active = 0;
    int reserved = 0;
    int scheduled = 0;
    std::int64_t processed = 0;
    int concurrency = 0;
  };
  Health health() const;

 private:
  struct Request {
    TaskMessage message;
    std::string queue;
    std::string payload;
    const Task* task = nullptr;
    std::stop_source stop;
    double time_start_s = 0;  // UTC, since the epoch; 0 until it runs
    std::chrono::steady_clock::time_point started;
    bool is_held_back = false;  // by a rate limit: waits, and counts as taken
    bool is_over_soft_limit = false;
    bool is_terminated = false;
    bool is_abandoned = false;
  };
  using RequestPtr = std::shared_ptr<Request>;
  using Ready = std::map<std::pair<int, std::uint64_t>, RequestPtr>;
  using Clock = std::chrono::steady_clock;
  struct Limits {
    double rate_per_s = 0;
    Clock::time_point next_start{};
    std::optional<double> soft_s;
    std::optional<double> hard_s;
  };

  // Taking.
  void FetchLoop();
  base::Status FetchOnce(redis::Connection& connection, class Bells& bells);
  void Accept(Delivery delivery);
  void MoveDueLocked();
  void MakeReadyLocked(const RequestPtr& request);
  int CapacityLocked() const;
  int SlotsLocked(const std::string& queue) const;
  int FreeSlotsLocked(const std::string& queue) const;
  bool MayRunLocked(const Request& request) const;
  std::vector<std::string> ListsLocked();
  std::chrono::milliseconds UntilDueLocked() const;
  void RestoreUnknown();
  void Wake();
  // Running.
  Ready::iterator NextLocked();  // the end where nothing may run
  void RunLoop();
  void Execute(const RequestPtr& request);
  void Conclude(const RequestPtr& request, Outcome outcome);
  void Done(const RequestPtr& request, const Settlement& settlement);
  void TryAgain(const RequestPtr& request, const Retry& retry);
  static bool IsFailureNoted(const Request& request, const Failure& failure);
  void Fail(const RequestPtr& request, const Failure& failure);
  void GiveBack(const std::string& tag, bool lost);
  template <typename Call>
  auto Insist(Call&& call) -> decltype(call());
  void StartThreadLocked();
  // Keeping house.
  void HouseLoop();
  void EnforceLimits();
  void Heartbeat(bool with_tags);
  boost::json::object HeartbeatFields() const;
  // Remote control: worker_control.cpp.
  boost::json::value Control(const std::string& method, const boost::json::object& arguments);
  boost::json::value Inspect(const std::string& method, const boost::json::object& arguments);
  boost::json::value Revoke(const boost::json::object& arguments);
  boost::json::value Resize(int by);
  boost::json::value Consume(const std::string& queue, bool add);
  boost::json::object InfoLocked(const Request& request) const;
  boost::json::object Stats() const;

  const redis::Options server_;
  const WorkerOptions options_;
  const Registry registry_;
  const std::string id_;  // of this process: a restart under the same name is another
  redis::Client client_;
  Broker broker_;
  LamportClock clock_;
  Events events_;
  const Settler settler_;
  std::unique_ptr<Pidbox> pidbox_;
  const Clock::time_point born_ = Clock::now();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> queues_;
  std::size_t next_queue_ = 0;                            // which comes first within a priority, in turn
  Ready ready_;                                           // by priority, then in the order of arrival
  std::multimap<Clock::time_point, RequestPtr> waiting_;  // for their time
  std::set<RequestPtr> active_;
  std::set<std::string> tags_;  // all that this worker holds
  std::map<std::string, Limits> limits_;
  std::map<std::string, std::int64_t> totals_;
  RevokedSet revoked_;
  std::uint64_t arrivals_ = 0;
  int held_back_ = 0;
  int pool_size_ = 0;
  int threads_running_ = 0;
  int threads_abandoned_ = 0;  // whose task was failed under them and who have not come back yet
  std::atomic<bool> is_stopping_ = false;
  std::atomic<bool> is_giving_up_ = false;
  std::atomic<bool> is_connected_ = false;
  bool is_started_ = false;
  bool is_house_closed_ = false;
  int wake_fd_ = -1;
  std::vector<std::thread> threads_;
  std::thread fetcher_;
  std::thread house_;
};

}  // namespace speechcoach::queue::celery
