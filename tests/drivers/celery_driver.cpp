// The Celery part of the queue alone, for tests that put Python's celery beside it.
//
//   celery_driver worker URL HOSTNAME QUEUES CONCURRENCY [--events]   runs the tasks below until SIGTERM or a remote shutdown
//   celery_driver apply URL SECONDS    a signature as JSON on standard input -> {"id", "status", "result"} on standard output
//   celery_driver send URL QUEUE COUNT PRIORITY    sends test.noop
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <iostream>
#include <iterator>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/json.hpp>

#include "base/id.h"
#include "base/log.h"
#include "queue/celery/names.h"
#include "queue/celery/producer.h"
#include "queue/celery/results.h"
#include "queue/celery/worker.h"

namespace {

namespace bj = boost::json;
namespace celery = speechcoach::queue::celery;
namespace redis = speechcoach::redis;

double NumberOf(const bj::value& value) { return value.to_number<double>(); }

celery::Outcome Sum(const bj::array& numbers) {
  bool are_whole = true;
  double sum = 0;
  for (const bj::value& number : numbers) {
    are_whole = are_whole && number.is_int64();
    sum += NumberOf(number);
  }
  return celery::Success{are_whole ? bj::value(static_cast<std::int64_t>(sum)) : bj::value(sum)};
}

// Until the time is over or it is asked to stop.
celery::Outcome Sleep(const celery::TaskContext& context) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(NumberOf(context.message.args.at(0)));
  while (std::chrono::steady_clock::now() < end) {
    if (context.stop.stop_requested()) return celery::Interrupted{};
    const std::chrono::duration<double> left = end - std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::min(left, std::chrono::duration<double>(0.005)));
  }
  return celery::Success{"slept"};
}

celery::Registry Tasks(redis::Client& client) {
  celery::Registry tasks;
  tasks["test.add"] = {[](const celery::TaskContext& context) { return Sum(context.message.args); }};
  tasks["test.sum"] = {[](const celery::TaskContext& context) { return Sum(context.message.args.at(0).as_array()); }};
  tasks["test.echo"] = {[](const celery::TaskContext& context) -> celery::Outcome {
    return celery::Success{bj::array{context.message.args, context.message.kwargs}};
  }};
  tasks["test.noop"] = {[](const celery::TaskContext&) -> celery::Outcome { return celery::Success{nullptr}; }};
  // When it began, in seconds since the epoch.
  tasks["test.now"] = {[](const celery::TaskContext&) -> celery::Outcome {
    return celery::Success{std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count()};
  }};
  tasks["test.sleep"] = {Sleep};
  // Cares for no stop: what a hard limit is for.
  tasks["test.deaf"] = {[](const celery::TaskContext& context) -> celery::Outcome {
    std::this_thread::sleep_for(std::chrono::duration<double>(NumberOf(context.message.args.at(0))));
    return celery::Success{nullptr};
  }};
  tasks["test.fail"] = {[](const celery::TaskContext& context) -> celery::Outcome {
    return celery::Failure{"ValueError", std::string(context.message.args.at(0).as_string())};
  }};
  // Succeeds at its n-th retry, and says which that was.
  tasks["test.flaky"] = {[](const celery::TaskContext& context) -> celery::Outcome {
                           if (context.message.retries >= NumberOf(context.message.args.at(0)))
                             return celery::Success{context.message.retries};
                           return celery::Retry{"not yet", {}};
                         },
                         {.max_retries = 3, .first_pause = std::chrono::milliseconds(20)}};
  // Notes the order in which tasks ran.
  tasks["test.note"] = {[&client](const celery::TaskContext& context) -> celery::Outcome {
    const auto noted = client.Run(redis::Command{"RPUSH", "test.notes", std::string(context.message.args.at(0).as_string())});
    if (!noted.ok()) return celery::Retry{noted.error().message, {}};
    return celery::Success{nullptr};
  }};
  return tasks;
}

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t comma = std::min(text.find(',', start), text.size());
    parts.push_back(text.substr(start, comma - start));
    start = comma + 1;
  }
  return parts;
}

int RunWorker(const redis::Options& server, const std::vector<std::string>& arguments) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  redis::Client client(server);
  celery::WorkerOptions options;
  options.hostname = arguments.at(0);
  options.queues = Split(arguments.at(1));
  options.concurrency = std::stoi(arguments.at(2));
  for (std::size_t i = 3; i < arguments.size(); ++i) {
    if (arguments[i] == "--events") options.task_events = true;
    if (arguments[i] == "--prefetch") options.prefetch_multiplier = std::stoi(arguments.at(++i));
    if (arguments[i] == "--alive-for") options.alive_for = std::chrono::seconds(std::stoi(arguments.at(++i)));
  }
  const pthread_t main_thread = pthread_self();
  options.on_shutdown = [main_thread] { pthread_kill(main_thread, SIGTERM); };
  options.route = [queue = options.queues.front()](const std::string&) { return queue; };
  celery::Worker worker(server, options, Tasks(client));
  if (const auto started = worker.Start(); !started.ok()) throw std::runtime_error(started.error().message);
  std::puts("ready");
  std::fflush(stdout);
  int received = 0;
  sigwait(&signals, &received);
  if (!worker.Stop(std::chrono::seconds(received == SIGQUIT ? 0 : 10))) std::_Exit(0);
  return 0;
}

int RunApply(const redis::Options& server, const std::vector<std::string>& arguments) {
  redis::Client client(server);
  celery::Producer producer(client);
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const auto id = producer.Apply(bj::parse(text));
  if (!id.ok()) throw std::runtime_error(id.error().message);
  const auto result = celery::WaitForResult(server, *id, std::chrono::seconds(std::stoi(arguments.at(0))));
  if (!result.ok()) throw std::runtime_error(result.error().message);
  bj::object answer{{"id", *id}, {"status", "PENDING"}};
  if (*result) {
    answer["status"] = (**result).status;
    answer["result"] = (**result).result;
  }
  std::cout << bj::serialize(answer) << std::endl;
  return 0;
}

int RunSend(const redis::Options& server, const std::vector<std::string>& arguments) {
  redis::Client client(server);
  const std::string queue = arguments.at(0);
  const int count = std::stoi(arguments.at(1));
  celery::Producer producer(client);
  for (int sent = 0; sent < count;) {
    std::vector<redis::Command> commands;
    for (; sent < count && commands.size() < 500; ++sent) {
      celery::TaskMessage message;
      message.task = "test.noop";
      message.id = speechcoach::base::NewUuid();
      message.origin = celery::OriginName();
      message.priority = std::stoi(arguments.at(2));
      message.routing_key = queue;
      commands.push_back(celery::Broker::SendCommand(message, queue));
    }
    if (const auto done = client.Run(commands); !done.ok()) throw std::runtime_error(done.error().message);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    speechcoach::base::SetUpLogging({"info", "text"});
    const auto server = redis::ParseUrl(arguments.at(1));
    if (!server.ok()) throw std::runtime_error(server.error().message);
    const std::vector<std::string> rest(arguments.begin() + 2, arguments.end());
    if (arguments.at(0) == "worker") return RunWorker(*server, rest);
    if (arguments.at(0) == "apply") return RunApply(*server, rest);
    if (arguments.at(0) == "send") return RunSend(*server, rest);
    throw std::invalid_argument("worker, apply or send");
  } catch (const std::exception& fault) {
    std::cerr << "celery_driver: " << fault.what() << std::endl;
    return 1;
  }
}
