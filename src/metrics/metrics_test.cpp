#include "metrics/metrics.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/process_figures.h"

namespace speechcoach::metrics {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

model::Session Completed() {
  model::Session session;
  session.mode = model::Mode::kSentencePractice;
  session.status = model::SessionStatus::kCompleted;
  session.reference_text = "The girl was four at the time.";
  session.analysis.emplace();
  session.analysis->audio_duration_s = 2.5;
  session.analysis->times = {10, 400, 50, 5, 1200, 1700};
  return session;
}

TEST(Metrics, CountsRequestsByRouteAndStatus) {
  Metrics metrics("1.2.3");
  metrics.RequestAnswered("GET", "/sentences/{id}", 200, 0.02);
  metrics.RequestAnswered("GET", "/sentences/{id}", 200, 0.7);
  metrics.RequestAnswered("GET", "/sentences/{id}", 404, 0.001);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_http_requests_total{method="GET",route="/sentences/{id}",status="200"} 2)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_http_request_duration_seconds_bucket{route="/sentences/{id}",le="0.005"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_http_request_duration_seconds_count{route="/sentences/{id}"} 3)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_build_info{version="1.2.3"} 1)"));
}

TEST(Metrics, MeasuresTheStagesOfASession) {
  Metrics metrics("1");
  metrics.SessionEnded(Completed());
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_sessions_total{mode="sentence_practice",status="completed"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_stage_duration_seconds_sum{stage="stt"} 0.4)"));
  EXPECT_THAT(text, HasSubstr("speechcoach_analysis_duration_seconds_bucket{le=\"1.5\"} 0"));
  EXPECT_THAT(text, HasSubstr("speechcoach_analysis_duration_seconds_bucket{le=\"3\"} 1"));
  EXPECT_THAT(text, HasSubstr("speechcoach_audio_seconds_total 2.5"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_feedback_total{writer="rules"} 1)"));
  // What was read or said is nobody's business here.
  EXPECT_THAT(text, Not(HasSubstr("girl")));
}

TEST(Metrics, AFailedSessionTellsItsErrorAndMeasuresNothing) {
  Metrics metrics("1");
  model::Session session;
  session.status = model::SessionStatus::kFailed;
  session.error = base::Error{base::ErrorCode::kNoSpeech, "no speech"};
  metrics.SessionEnded(session);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_sessions_total{mode="conversation",status="failed"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_errors_total{code="no_speech",surface="analysis"} 1)"));
  EXPECT_THAT(text, Not(HasSubstr("speechcoach_stage_duration_seconds_count")));
}

TEST(Metrics, CountsTokensOnceEachAndMoney) {
  Metrics metrics("1");
  metrics.LlmCalled({.provider = "openai",
                     .outcome = "ok",
                     .duration_s = 1.9,
                     .first_token_s = 0.3,
                     .prompt_tokens = 100,
                     .cached_prompt_tokens = 60,
                     .completion_tokens = 20,
                     .cost_usd = 0.25});
  metrics.LlmCalled({.provider = "openai", .outcome = "timeout", .duration_s = 4});
  metrics.LlmAnswered(LlmAnswer::kFallback);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_llm_requests_total{outcome="timeout",provider="openai"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_llm_tokens_total{kind="prompt",provider="openai"} 40)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_llm_tokens_total{kind="cached_prompt",provider="openai"} 60)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_llm_cost_dollars_total{provider="openai"} 0.25)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_llm_first_token_seconds_count{provider="openai"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_llm_answers_total{answered_by="fallback"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_llm_answers_total{answered_by="none"} 0)"));
}

TEST(Metrics, HoweverManyProvidersThereAreTheSeriesAreFew) {
  Metrics metrics("1");
  for (int i = 0; i < 500; ++i) metrics.LlmCalled({.provider = "provider-" + std::to_string(i), .outcome = "ok"});
  const std::string text = metrics.Text();
  const std::regex series(R"re(speechcoach_llm_requests_total\{outcome="ok",provider="([^"]+)"\} (\d+))re");
  std::set<std::string> providers;
  int calls = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), series); match != std::sregex_iterator(); ++match) {
    providers.insert((*match)[1]);
    calls += std::stoi((*match)[2]);
  }
  EXPECT_EQ(calls, 500);
  EXPECT_LE(providers.size(), 33u);
  EXPECT_THAT(providers, Contains("other"));
}

TEST(Metrics, AsksItsSourcesWhenItIsRead) {
  Metrics metrics("1");
  int waiting = 3;
  metrics.OnRead([&](Reading& reading) { reading.queue_waiting = waiting; });
  metrics.OnRead([](Reading& reading) {
    reading.tasks_waiting = {{"stt", 4}, {"llm", 0}};
    reading.llm_circuits = {{"openai", "open"}};
    reading.llm_keys = {{"openai", 2, 1, 0}};
    reading.llm_cache = {7, 1, 2};
  });
  EXPECT_THAT(metrics.Text(), HasSubstr("speechcoach_queue_waiting 3"));
  waiting = 150;
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("speechcoach_queue_waiting 150"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_queue_tasks_waiting{queue="stt"} 4)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_queue_tasks_waiting{queue="llm"} 0)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_llm_circuit{provider="openai",state="open"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_llm_circuit{provider="openai",state="closed"} 0)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_llm_keys{provider="openai",state="resting"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(speechcoach_llm_cache_lookups_total{result="hit"} 7)"));
  EXPECT_THAT(text, Not(HasSubstr("speechcoach_database_up")));
}

TEST(Metrics, ProcessFiguresAreThoseOfThisProcess) {
  const ProcessFigures figures = ReadProcessFigures();
  EXPECT_GT(figures.resident_bytes.value(), 1'000'000);
  EXPECT_GE(figures.threads.value(), 1);
  EXPECT_GE(figures.open_descriptors.value(), 3);
  EXPECT_GE(figures.max_descriptors.value(), figures.open_descriptors.value());
  EXPECT_GT(figures.started_at_s.value(), 1.6e9);
  EXPECT_GE(figures.cpu_s.value(), 0);
}

// The table of docs/metrics.md and the program name the same metrics.
TEST(Metrics, TheDocumentListsEveryMetric) {
  std::ifstream file(std::filesystem::path(SPEECHCOACH_TEST_DATA) / "../../docs/metrics.md");
  const std::string document{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(document.empty());
  const std::regex row(R"(\n\| `([a-z_]+)`)");
  std::set<std::string> documented;
  for (std::sregex_iterator match(document.begin(), document.end(), row); match != std::sregex_iterator(); ++match)
    documented.insert((*match)[1]);
  const auto names = Metrics::Names();
  EXPECT_EQ(documented, std::set<std::string>(names.begin(), names.end()));
  EXPECT_EQ(names.size(), documented.size()) << "a name twice";
}

}  // namespace
}  // namespace speechcoach::metrics
