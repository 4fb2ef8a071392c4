// Asks the provider chain many questions at once, as the server does, and prints what came of each. For tests and benchmarks.
//
//   speechcoach-llm-driver ask [--threads N] [--cache]    questions on stdin, one JSON object a line; answers on stdout
//   speechcoach-llm-driver fernet encrypt KEYS TIME_S     one text a line on stdin (hexadecimal); tokens on stdout
//   speechcoach-llm-driver fernet decrypt KEYS [TTL_S NOW_S]   one token a line; texts (hexadecimal), or "refused"
//   speechcoach-llm-driver post CA_FILE                   a JSON array of requests a line on stdin, made at once: {"url", "body",
//                                                         "abandon": after the first piece}; an array of {"status", "body", "failure"}
//
// The configuration comes from SPEECHCOACH_SECTION__KEY variables. A question: {"id", "prompt", "cache_key", "schema",
// "require": member that must be a text with Vietnamese letters, "session_id", "user_id", "cancel_after_ms"}.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/config.h"
#include "base/log.h"
#include "llm/http/http_client.h"
#include "llm/keys/fernet.h"
#include "llm/llm_service.h"
#include "storage/database.h"

namespace {

namespace bj = boost::json;
using namespace speechcoach;

std::string Text(const bj::object& object, const char* key) {
  const bj::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string().c_str()) : std::string();
}

// What is wrong with an answer whose `member` must be a Vietnamese text.
std::string FaultOf(const std::string& answer, const std::string& member) {
  boost::system::error_code fault;
  const bj::value document = bj::parse(answer, fault);
  if (fault || !document.is_object()) return "It is no JSON object.";
  const std::string text = Text(document.get_object(), member.c_str());
  if (text.empty()) return "The member " + member + " is missing.";
  const bool is_vietnamese = std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0xC3; });
  return is_vietnamese ? "" : "It is not in Vietnamese.";
}

llm::ChatRequest ToRequest(const bj::object& question) {
  llm::ChatRequest request;
  request.messages = {{llm::ChatRole::kSystem, "You are a teacher. Answer in JSON: {\"conversational\": \"...\"}."},
                      {llm::ChatRole::kUser, Text(question, "prompt")}};
  request.json_schema = Text(question, "schema");
  request.cache_key = Text(question, "cache_key");
  request.session_id = Text(question, "session_id");
  if (const bj::value* user = question.if_contains("user_id")) request.user_id = user->to_number<std::int64_t>();
  if (const std::string member = Text(question, "require"); !member.empty()) {
    request.fault_of = [member](const std::string& answer) { return FaultOf(answer, member); };
  }
  return request;
}

bj::object Ask(llm::ChatProvider& provider, const bj::object& question) {
  using Clock = std::chrono::steady_clock;
  const auto began = Clock::now();
  const auto since = [&] { return std::chrono::duration<double, std::milli>(Clock::now() - began).count(); };
  double first_text_ms = -1;
  std::string shown;
  int start_overs = 0;
  llm::ChatObserver observer;
  observer.on_text = [&](std::string_view text) {
    if (first_text_ms < 0) first_text_ms = since();
    shown += text;
  };
  observer.on_start_over = [&] {
    shown.clear();
    ++start_overs;
  };
  std::stop_source stop;
  std::jthread canceller;
  if (const bj::value* after = question.if_contains("cancel_after_ms")) {
    canceller = std::jthread([&stop, ms = after->to_number<int>()] {
      std::this_thread::sleep_for(std::chrono::milliseconds(ms));
      stop.request_stop();
    });
  }
  const auto reply = provider.Complete(ToRequest(question), observer, stop.get_token());
  bj::object line{{"id", question.contains("id") ? question.at("id") : bj::value()},
                  {"ms", since()},
                  {"first_text_ms", first_text_ms},
                  {"shown", shown},
                  {"start_overs", start_overs},
                  {"ok", reply.ok()}};
  if (reply.ok()) {
    line["text"] = reply->text;
    line["provider"] = reply->provider;
    line["model"] = reply->model;
    line["from_cache"] = reply->from_cache;
    line["prompt_tokens"] = reply->usage.prompt_tokens;
    line["completion_tokens"] = reply->usage.completion_tokens;
  } else {
    line["error"] = base::ErrorCodeName(reply.error().code);
    line["message"] = reply.error().message;
  }
  return line;
}

const char* Name(llm::CircuitBreaker::State state) {
  if (state == llm::CircuitBreaker::State::kClosed) return "closed";
  return state == llm::CircuitBreaker::State::kOpen ? "open" : "half_open";
}

int RunAsk(const std::vector<std::string>& options) {
  int threads = 1;
  bool with_cache = false;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (options[i] == "--cache") with_cache = true;
    if (options[i] == "--threads" && i + 1 < options.size()) threads = std::stoi(options[++i]);
  }
  const auto config = base::LoadConfig({.file = {}, .environment = base::EnvironmentVariables(), .overrides = {}});
  if (!config.ok()) throw std::runtime_error(config.error().message);
  base::SetUpLogging({config->log.level, config->log.format});
  const auto database = storage::Database::Open(config->database);
  if (!database.ok()) throw std::runtime_error(database.error().message);
  if (const auto migrated = (*database)->MigrateUp(); !migrated.ok()) throw std::runtime_error(migrated.error().message);
  const base::SystemClock clock;
  const auto service = llm::LlmService::Make(*config, (*database)->llm(), clock);
  if (!service.ok()) throw std::runtime_error(service.error().message);
  llm::ChatChain& chain = (*service)->chain();
  llm::ChatProvider& provider = with_cache ? (*service)->provider() : chain;

  std::mutex in;
  std::mutex out;
  const auto work = [&] {
    for (std::string line;;) {
      {
        const std::lock_guard lock(in);
        if (!std::getline(std::cin, line)) return;
      }
      const std::string answer = bj::serialize(Ask(provider, bj::parse(line).as_object()));
      const std::lock_guard lock(out);
      std::cout << answer << std::endl;
    }
  };
  {
    std::vector<std::jthread> pool;
    for (int i = 0; i < threads; ++i) pool.emplace_back(work);
  }
  bj::array health;
  for (const llm::ProviderHealth& one : chain.Health()) health.push_back({{"name", one.name}, {"circuit", Name(one.circuit)}});
  const llm::CacheStatistics statistics = (*service)->cache_statistics();
  std::cout << bj::serialize(bj::object{
                   {"health", health}, {"hits", statistics.hits}, {"shared", statistics.shared}, {"misses", statistics.misses}})
            << std::endl;
  return 0;
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

std::string ToHex(const std::string& bytes) {
  std::string hex;
  for (const char byte : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return hex;
}

bj::object Post(llm::HttpAnswer& answer, bool abandon) {
  const auto deadline = llm::HttpAnswer::Clock::now() + std::chrono::seconds(60);
  std::string body;
  std::string piece;
  auto event = answer.Next(deadline, {}, piece);
  for (; event == llm::HttpAnswer::Event::kData && !abandon; event = answer.Next(deadline, {}, piece)) body += piece;
  const bool is_late = event == llm::HttpAnswer::Event::kDeadline;
  return {{"status", answer.status()}, {"body", abandon ? piece : body}, {"failure", is_late ? "late" : answer.failure()}};
}

int RunPost(const std::vector<std::string>& options) {
  const auto client = llm::MakeHttpClient({.local_only = false, .ca_file = options.at(0)});
  if (!client.ok()) throw std::runtime_error(client.error().message);
  for (std::string line; std::getline(std::cin, line);) {
    const bj::array requests = bj::parse(line).as_array();
    std::vector<std::unique_ptr<llm::HttpAnswer>> answers;
    for (const bj::value& request : requests) {
      answers.push_back((*client)->Post({Text(request.as_object(), "url"), {}, Text(request.as_object(), "body")}));
    }
    bj::array results;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      results.push_back(Post(*answers[i], requests[i].as_object().contains("abandon")));
      answers[i].reset();
    }
    std::cout << bj::serialize(results) << std::endl;
  }
  return 0;
}

int RunFernet(const std::vector<std::string>& options) {
  const auto fernet = llm::Fernet::FromKeys(options.at(1));
  if (!fernet.ok()) throw std::runtime_error(fernet.error().message);
  for (std::string line; std::getline(std::cin, line);) {
    if (options.at(0) == "encrypt") {
      std::cout << fernet->Encrypt(FromHex(line), std::stoll(options.at(2))) << '\n';
      continue;
    }
    const auto text =
        options.size() > 3 ? fernet->Decrypt(line, std::stoll(options.at(2)), std::stoll(options.at(3))) : fernet->Decrypt(line);
    std::cout << (text.ok() ? "text " + ToHex(*text) : "refused") << '\n';
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const std::string what = arguments.empty() ? "" : arguments.front();
    const std::vector<std::string> options(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
    if (what == "ask") return RunAsk(options);
    if (what == "fernet") return RunFernet(options);
    if (what == "post") return RunPost(options);
    fmt::print(stderr, "ask, fernet or post is expected\n");
  } catch (const std::exception& fault) {
    fmt::print(stderr, "speechcoach-llm-driver: {}\n", fault.what());
  }
  return 1;
}
