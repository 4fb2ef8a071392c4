// What the process counts and measures of itself, told in Prometheus' text format. docs/metrics.md lists every metric; a test
// holds the two together. Labels come from small closed sets: no user, session, address or word is ever one.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "metrics/reading.h"
#include "model/session.h"

namespace speechcoach::metrics {

// Where somebody was told of an error.
enum class Surface { kRest, kWebSocket, kAnalysis };

// One call to a language model, whatever came of it.
struct LlmCall {
  std::string_view provider;  // the name of its row
  std::string_view outcome;   // "ok", or the stable name of the fault
  double duration_s = 0;
  std::optional<double> first_token_s = {};
  int prompt_tokens = 0;  // cached ones included
  int cached_prompt_tokens = 0;
  int completion_tokens = 0;
  double cost_usd = 0;
};

// Who answered a question: the provider that is asked first, another one, nobody.
enum class LlmAnswer { kFirstChoice, kFallback, kNone };

// Thread-safe. Counting takes a lock and a hash, no system call.
class Metrics {
 public:
  explicit Metrics(std::string_view version);
  ~Metrics();

  // `route` is a pattern of the router, never a path.
  void RequestAnswered(std::string_view method, std::string_view route, int status, double duration_s);
  void WebSocketAsked(bool was_opened);
  void ErrorTold(Surface surface, base::ErrorCode code);

  // A session that has become completed, degraded or failed.
  void SessionEnded(const model::Session& session);

  void LlmCalled(const LlmCall& call);
  void LlmAnswered(LlmAnswer answer);

  // `source` fills in what it knows whenever the metrics are read; it may block, and is called on the reader's thread. What it
  // uses outlives the last Text().
  void OnRead(std::function<void(Reading&)> source);

  // The text exposition format, version 0.0.4.
  std::string Text() const;

  // Every metric there can be, without the suffixes of histograms.
  static std::vector<std::string> Names();

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

inline constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace speechcoach::metrics
